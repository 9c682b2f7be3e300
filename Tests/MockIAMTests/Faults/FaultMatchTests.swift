import Testing

@testable import MockIAM

@Suite("Which requests a fault is about")
struct FaultMatchTests {
    @Test(
        "All that is given has to match",
        arguments: [
            (.init(), true),
            (.init(action: "List*"), true), (.init(action: "Get*"), false),
            (.init(action: ["Get*", "ListAcc*"]), true),
            (.init(account: "111122223333"), true), (.init(account: "2*"), false),
            (.init(accessKey: "AKIA*"), true), (.init(accessKey: "ASIA*"), false),
            (.init(parameters: ["UserName": "ci-*"]), true), (.init(parameters: ["UserName": "ci-?"]), false),
            (.init(parameters: ["Marker": "*"]), false),
            (.init(action: "List*", account: "1*", parameters: ["UserName": "*deploy"]), true),
            (.init(action: "List*", account: "2*", parameters: ["UserName": "*deploy"]), false),
        ] as [(MockIAM.FaultPlan.Match, Bool)]
    )
    func match(match: MockIAM.FaultPlan.Match, expected: Bool) {
        let engine = FaultEngine(FaultRule(match: match, error: .status(500)))
        #expect(engine.next(.made("ListAccessKeys", ["UserName": "ci-deploy"])).hits.isEmpty != expected)
    }

    @Test("What a request doesn't have isn't matched by anything")
    func absent() {
        let engine = FaultEngine(
            FaultRule(match: .init(accessKey: "*"), latency: .seconds(1)),
            FaultRule(match: .init(account: "*"), latency: .seconds(1)))
        #expect(engine.next(.made(account: nil, by: nil)).isEmpty)
    }

    @Test("A rule counts only what it matches")
    func counting() {
        let engine = FaultEngine(FaultRule(match: .init(action: "ListUsers"), when: .calls(2), error: .status(500)))
        let queries = ["ListUsers", "GetUser", "GetUser", "ListUsers", "ListUsers"]
        #expect(queries.map { engine.next(.made($0)).isEmpty } == [true, true, true, false, true])
    }

    @Test("A rule counts what it matches whatever the rules before it did")
    func countingWhatFailed() {
        let engine = FaultEngine(
            FaultRule(name: "a", when: .calls(1), error: .status(500)),
            FaultRule(name: "b", when: .calls(2), error: .status(503)))
        #expect([engine.next().code, engine.next().code] == ["InternalFailure", "ServiceUnavailable"])
    }
}
