/// What became of a subject in each control test, packed: a large account has very many.
package struct TestOutcomes: Sendable, Equatable {
    package enum Outcome: UInt32, Sendable {
        case notApplicable, satisfied, failed
        /// Failed, and an exception in force answers for it.
        case excepted
        case undetermined

        /// Nil where the test doesn't apply.
        var conclusion: Conclusion? {
            switch self {
            case .notApplicable: nil
            case .satisfied: .satisfied
            case .failed, .excepted: .notSatisfied
            case .undetermined: .undetermined
            }
        }
    }

    // Three bits for each test, the outcome's raw value. The middle one says that it failed, and then the last one that it
    // is excepted.
    private var bits: UInt32 = 0
    private static let failure = ControlTestID.allCases.reduce(into: UInt32(0)) { $0 |= 2 << $1.shift }

    package init() {}

    package subscript(test: ControlTestID) -> Outcome {
        get { Outcome(rawValue: bits >> test.shift & 7) ?? .notApplicable }
        set { bits = bits & ~(7 << test.shift) | newValue.rawValue << test.shift }
    }

    mutating func note(_ verdict: TestVerdict) {
        self[verdict.test] =
            switch verdict.verdict.conclusion {
            case .satisfied: .satisfied
            case .notSatisfied: verdict.isOpenFailure ? .failed : .excepted
            case .undetermined: .undetermined
            }
    }

    /// Whether any test failed, excepted or not.
    package var hasFailures: Bool { bits & Self.failure != 0 }

    /// Whether any test failed that no exception in force answers for.
    package var hasOpenFailures: Bool { hasFailures && !isExcused }

    /// How many tests failed, excepted or not.
    var failureCount: Int { (bits & Self.failure).nonzeroBitCount }

    /// Whether tests failed, and exceptions answer for all of them.
    var isExcused: Bool {
        let failed = bits & Self.failure
        return failed != 0 && bits & failed >> 1 == failed >> 1
    }

    /// Whether a test failed, excepted or not.
    package func failed(_ test: ControlTestID) -> Bool { bits >> test.shift & 2 != 0 }

    /// Whether one of some tests failed, excepted or not.
    func failedAny(of tests: [ControlTestID]) -> Bool { hasFailures && tests.contains { failed($0) } }

    /// The tests that failed, excepted or not, in their order.
    package var failed: [ControlTestID] { hasFailures ? ControlTestID.allCases.filter { failed($0) } : [] }

    /// The tests whose failures exceptions answer for, in their order.
    var excepted: [ControlTestID] { hasFailures ? ControlTestID.allCases.filter { self[$0] == .excepted } : [] }

    /// Both together; they are about different tests.
    func union(_ other: TestOutcomes) -> TestOutcomes {
        var union = self
        union.bits |= other.bits
        return union
    }
}

extension ControlTestID {
    fileprivate var shift: UInt32 { UInt32(3 * place) }
}

/// How many subjects of a test came out how.
package struct TestTally: Sendable, Equatable {
    package var satisfied = 0
    /// Excepted ones not among them.
    package var failed = 0
    package var excepted = 0
    package var undetermined = 0

    package init() {}

    package var tested: Int { satisfied + failed + excepted + undetermined }

    mutating func note(_ outcome: TestOutcomes.Outcome) {
        switch outcome {
        case .notApplicable: break
        case .satisfied: satisfied += 1
        case .failed: failed += 1
        case .excepted: excepted += 1
        case .undetermined: undetermined += 1
        }
    }

    /// An excepted failure is a failure.
    var conclusion: Conclusion {
        if failed + excepted > 0 { return .notSatisfied }
        return undetermined > 0 ? .undetermined : .satisfied
    }
}
