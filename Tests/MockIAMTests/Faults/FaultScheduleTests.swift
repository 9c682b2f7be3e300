import Testing

@testable import MockIAM

@Suite("Which requests a fault hits")
struct FaultScheduleTests {
    @Test(
        "Each condition by itself",
        arguments: [
            (.always, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
            (.calls(3, 5), [3, 5]),
            (.from(3, to: 5), [3, 4, 5]),
            (.from(11), [11, 12]),
            (.after(10), [11, 12]),
            (.every(5), [5, 10]),
            (.times(2), [1, 2]),
            (.probability(1), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
            (.probability(0), []),
        ] as [(MockIAM.FaultPlan.When, [Int])]
    )
    func conditions(when: MockIAM.FaultPlan.When, expected: [Int]) {
        #expect(FaultEngine.failing(when).hits(among: 12) == expected)
    }

    @Test(
        "Conditions together have to be met together, and the number of times counts last",
        arguments: [
            (.init(from: 4, every: 3), [6, 9, 12]),
            (.init(from: 4, every: 3, times: 2), [6, 9]),
            (.init(calls: [1, 2, 7], after: 1), [2, 7]),
            (.init(to: 7, after: 5), [6, 7]),
        ] as [(MockIAM.FaultPlan.When, [Int])]
    )
    func together(when: MockIAM.FaultPlan.When, expected: [Int]) {
        #expect(FaultEngine.failing(when).hits(among: 12) == expected)
    }

    @Test("Conditions that make no sense hit nothing, and break nothing", arguments: [0, -1])
    func senseless(number: Int) {
        #expect(FaultEngine.failing(.every(number)).hits(among: 5).isEmpty)
        #expect(FaultEngine.failing(.times(number)).hits(among: 5).isEmpty)
    }

    @Test("A span of time counts from the start, its end not included")
    func during() {
        let engine = FaultEngine.failing(.during(.seconds(10)..<(.seconds(20))))
        let times: [Duration] = [.zero, .seconds(9.999), .seconds(10), .seconds(19.999), .seconds(20), .seconds(100)]
        #expect(times.map { engine.next(at: $0).hits.count } == [0, 0, 1, 1, 0, 0])
    }

    @Test("A reset starts counts and time anew")
    func reset() {
        let engine = FaultEngine(
            FaultRule(name: "first", when: .times(1), error: .status(500)),
            FaultRule(name: "early", when: .during(.zero..<(.seconds(1))), latency: .seconds(1)))
        #expect(engine.next(at: .zero).hits.map(\.name) == ["first", "early"])
        #expect(engine.next(at: .seconds(60)).hits.isEmpty)
        engine.replace(engine.plan, at: .seconds(60))
        #expect(engine.next(at: .seconds(60)).hits.map(\.name) == ["first", "early"])
    }

    @Test("Another plan takes its place at once, and knows nothing of the one before")
    func replace() {
        let engine = FaultEngine(FaultRule(name: "old", expireToken: true))
        #expect(!engine.isIdle)
        #expect(engine.next().code == "ExpiredToken")
        let plan = MockIAM.FaultPlan(rules: [FaultRule(name: "new", when: .calls(1), error: .status(500))])
        engine.replace(plan, at: .seconds(5))
        #expect(engine.plan == plan)
        #expect(engine.next(at: .seconds(5)).hits.map(\.name) == ["new"])
        engine.replace(MockIAM.FaultPlan(), at: .seconds(6))
        #expect(engine.isIdle)
        #expect(engine.next(at: .seconds(6)) == FaultDecision())
    }

    @Test(
        "What is counted together",
        arguments: [
            (.rule, [false, true, true, true, true]), (.caller, [false, false, true, true, true]),
            (.account, [false, true, true, false, true]), (.action, [false, true, false, true, true]),
            (.request, [false, true, false, false, true]),
        ] as [(MockIAM.FaultPlan.Scope, [Bool])]
    )
    func scopes(scope: MockIAM.FaultPlan.Scope, expected: [Bool]) {
        let engine = FaultEngine.failing(.after(1), per: scope)
        let hits = [
            FaultQuery.made(by: "A"), .made(by: "B"), .made("ListAccessKeys", by: "A"),
            .made(account: "2", by: "A"), .made(by: "B"),
        ].map { !engine.next($0).isEmpty }
        #expect(hits == expected)
    }

    @Test("The same parameters in other words are another request")
    func requestKeys() {
        let queries: [FaultQuery] = [
            .made("A", ["b": "c"]), .made("A", ["b": "", "c": ""]), .made("A", ["bc": ""]), .made("Ab", ["c": ""]),
        ]
        #expect(Set(queries.map { $0.key(of: .request) }).count == 4)
    }
}
