import Testing

@testable import MockIAM

@Suite("Faults that answer with an error")
struct FaultErrorTests {
    @Test("A bucket lets a burst through at once, and then its rate")
    func throttle() {
        let engine = FaultEngine(FaultRule(throttle: .init(rate: 2, burst: 3)))
        func passed(_ count: Int, at elapsed: Duration) -> Int {
            (0..<count).count { _ in engine.next(at: elapsed).code == nil }
        }
        #expect(passed(10, at: .zero) == 3)
        #expect(passed(10, at: .milliseconds(499)) == 0)
        #expect(passed(10, at: .milliseconds(500)) == 1)
        #expect(passed(10, at: .seconds(2)) == 3)
        #expect(passed(10, at: .seconds(3600)) == 3)
        #expect(passed(1, at: .seconds(7200)) == 1)
        #expect(passed(10, at: .seconds(7199)) == 2, "time that goes back neither fills nor empties")
        #expect(passed(10, at: .seconds(7200.5)) == 1)
    }

    @Test("A rate of a tenth lets one through every ten seconds, without fail")
    func slowThrottle() {
        let engine = FaultEngine(FaultRule(throttle: .init(rate: 0.1)))
        let passed = (0..<100).filter { engine.next(at: .seconds($0)).code == nil }
        #expect(passed == Array(stride(from: 0, to: 100, by: 10)))
    }

    @Test("Beyond the rate it is AWS's Throttling, or what the plan says")
    func throttleError() {
        let engine = FaultEngine(FaultRule(name: "slow down", when: .after(0), throttle: .init(rate: 1)))
        #expect(engine.next() == FaultDecision())
        var expected = FaultDecision(hits: [.init(rule: 0, name: "slow down", isCertain: true)])
        expected.replacement = .error(AWSError(status: 400, code: "Throttling", message: "Rate exceeded"))
        #expect(engine.next() == expected)
        engine.replace(
            .init(rules: [.init(throttle: .init(rate: 0.001, error: .code("ServiceUnavailable")))]), at: .zero)
        #expect([engine.next().code, engine.next().code] == [nil, "ServiceUnavailable"])
    }

    @Test("Callers may have a bucket each")
    func throttlePerCaller() {
        let engine = FaultEngine(FaultRule(per: .caller, throttle: .init(rate: 1)))
        let codes = ["A", "A", "B", "B"].map { engine.next(.made(by: $0)).code }
        #expect(codes == [nil, "Throttling", nil, "Throttling"])
    }

    @Test("Credentials that expired stay so, for every request of theirs; others don't mind")
    func expiry() {
        let rule = FaultRule(name: "expiry", match: .init(action: "ListAccessKeys"), when: .calls(2), expireToken: true)
        let engine = FaultEngine(rule)
        let codes = [
            engine.next(.made("ListAccessKeys", by: "A")), engine.next(.made("ListUsers", by: "A")),
            engine.next(.made("ListAccessKeys", by: "A")), engine.next(.made("ListUsers", by: "A")),
            engine.next(.made("ListAccessKeys", by: "A")), engine.next(.made("ListUsers", by: "B")),
        ].map(\.code)
        #expect(codes == [nil, nil, "ExpiredToken", "ExpiredToken", "ExpiredToken", nil])
        let decision = engine.next(.made("GetUser", by: "A"))
        #expect(decision.hits.map(\.name) == ["expiry"])
        let message = "The security token included in the request is expired"
        #expect(decision.replacement == .error(AWSError(status: 403, code: "ExpiredToken", message: message)))
        engine.replace(engine.plan, at: .zero)
        #expect(engine.next(.made("ListUsers", by: "A")).isEmpty)
    }

    @Test("Whoever expired credentials first has it in the journal")
    func expiredTwice() {
        let engine = FaultEngine(
            FaultRule(name: "a", when: .calls(1), expireToken: true),
            FaultRule(name: "b", when: .calls(2), expireToken: true))
        #expect((1...3).map { _ in engine.next().hits.map(\.name) } == [["a"], ["a"], ["a"]])
    }

    @Test("An unsigned request expires nobody's credentials")
    func unsignedExpiry() {
        let engine = FaultEngine(FaultRule(when: .calls(1), expireToken: true))
        #expect(engine.next(.made(by: nil)).code == "ExpiredToken")
        #expect(engine.next(.made(by: nil)).code == nil)
    }

    @Test("Who is gone can't be asked about, though still listed")
    func vanished() {
        let engine = FaultEngine(FaultRule(vanish: .init(user: "ci-*", accessKey: "AKIAGONE*")))
        #expect(engine.next(.made("ListUsers")).isEmpty)
        #expect(engine.next(.made("ListAccessKeys", ["UserName": "alice"])).isEmpty)
        #expect(engine.next(.made("GetAccessKeyLastUsed", ["AccessKeyId": "AKIAHERE"])).isEmpty)
        let user = engine.next(.made("ListAccessKeys", ["UserName": "ci-deploy"])).replacement
        var query = FaultQuery.made("GetAccessKeyLastUsed", ["AccessKeyId": "AKIAGONE1"])
        query.caller = "arn:aws:iam::111122223333:user/alice"
        let key = engine.next(query).replacement
        #expect(user == .error(noSuchEntity("The user with name ci-deploy cannot be found.")))
        let denial =
            "User: arn:aws:iam::111122223333:user/alice is not authorized to perform iam:GetAccessKeyLastUsed on resource: "
            + "access key AKIAGONE1"
        #expect(key == .error(AWSError(status: 403, code: "AccessDenied", message: denial)))
        query.action = "GetAccessKeyInfo"
        query.service = .sts
        #expect(engine.next(query).isEmpty)
    }

    private func noSuchEntity(_ message: String) -> AWSError {
        AWSError(status: 404, code: "NoSuchEntity", message: message)
    }

    @Test(
        "An error known by its status or its code has what AWS sends with it",
        arguments: [
            (.status(503), "503 ServiceUnavailable"), (.status(500), "500 InternalFailure"),
            (.status(403), "403 AccessDenied"), (.status(502), "502 InternalFailure"),
            (.code("Throttling"), "400 Throttling"), (.code("ServiceFailure"), "500 ServiceFailure"),
            (.code("LimitExceeded"), "409 LimitExceeded"), (.code("Whatever"), "400 Whatever"),
            (.code("ReportNotPresent"), "410 ReportNotPresent"),
            (.init(status: 418, code: "Teapot", message: "short"), "418 Teapot"),
        ] as [(MockIAM.FaultPlan.Failure, String)]
    )
    func errors(failure: MockIAM.FaultPlan.Failure, expected: String) {
        guard case .error(let error) = FaultEngine(FaultRule(error: failure)).next().replacement else {
            Issue.record("no error")
            return
        }
        #expect("\(error.status) \(error.code)" == expected)
        #expect(error.message?.isEmpty == (error.code == "ReportNotPresent" ? nil : false))
    }

    @Test("The error speaks for the service that was asked")
    func service() {
        var query = FaultQuery.made("GetCallerIdentity")
        query.service = .sts
        let expected = AWSError(status: 403, code: "ExpiredToken", message: "m", service: .sts)
        let failure = MockIAM.FaultPlan.Failure(status: 403, code: "ExpiredToken", message: "m")
        #expect(FaultEngine(FaultRule(error: failure)).next(query).replacement == .error(expected))
    }

    @Test("Of several errors the first one counts, and latencies add up")
    func precedence() {
        let engine = FaultEngine(
            FaultRule(name: "a", latency: .seconds(1), error: .status(500)), FaultRule(name: "b", error: .status(503)),
            FaultRule(name: "c", latency: .seconds(2), refuse: .seconds(1), clockSkew: .seconds(-60)),
            FaultRule(name: "d", refuse: .seconds(9), clockSkew: .seconds(5)))
        let decision = engine.next()
        #expect(decision.code == "InternalFailure")
        #expect(decision.wire.latency == .seconds(3))
        #expect(decision.refusal == .seconds(1))
        #expect(decision.clockSkew == -60)
        #expect(decision.hits.map(\.name) == ["a", "c"])
    }

    @Test("A rule without a name is known by its place")
    func names() {
        let engine = FaultEngine(FaultRule(when: .calls(9), error: .status(500)), FaultRule(error: .status(503)))
        #expect(engine.next().hits.map(\.name) == ["faults[1]"])
    }
}
