import NIOCore

@testable import MockIAM

typealias FaultRule = MockIAM.FaultPlan.Rule

extension FaultEngine {
    /// An engine with one rule, which answers with 503 where it is hit.
    static func failing(
        seed: Int = 0, _ when: MockIAM.FaultPlan.When, per scope: MockIAM.FaultPlan.Scope = .rule
    ) -> FaultEngine {
        FaultEngine(MockIAM.FaultPlan(seed: seed, rules: [FaultRule(when: when, per: scope, error: .status(503))]))
    }

    convenience init(_ rules: FaultRule...) {
        self.init(MockIAM.FaultPlan(rules: rules))
    }

    /// What becomes of the next request.
    func next(_ query: FaultQuery = .made(), at elapsed: Duration = .zero) -> FaultDecision {
        decide(query, at: elapsed)
    }

    /// Which of the next requests are hit, by number.
    func hits(among count: Int, _ query: FaultQuery = .made(), at elapsed: Duration = .zero) -> [Int] {
        (1...count).filter { _ in !next(query, at: elapsed).hits.isEmpty }
    }
}

extension FaultQuery {
    static func made(
        _ action: String = "ListUsers", _ parameters: [String: String] = [:], account: String? = "111122223333",
        by accessKeyID: String? = "AKIAIOSFODNN7EXAMPLE"
    ) -> FaultQuery {
        FaultQuery(action: action, parameters: parameters, account: account, accessKeyID: accessKeyID)
    }
}

extension FaultDecision {
    /// The code of the error that is answered.
    var code: String? {
        if case .error(let error) = replacement { error.code } else { nil }
    }
}

extension Answer {
    static func xml(_ body: String, status: Int = 200) -> Answer {
        Answer(status: status, type: "text/xml", requestID: "1", body: ByteBuffer(string: body))
    }

    var text: String {
        String(buffer: body)
    }
}
