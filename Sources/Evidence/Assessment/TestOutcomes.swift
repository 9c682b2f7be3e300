/// What became of a subject in each control test, packed: a large account has very many.
package struct TestOutcomes: Sendable, Equatable {
    package enum Outcome: UInt32, Sendable {
        case notApplicable, satisfied, failed
        /// Failed, and an exception in force answers for it.
        case excepted
        case undetermined
    }

    // Three bits for each test.
    private var bits: UInt32 = 0

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

    /// The tests that failed, excepted or not, in their order.
    package var failed: [ControlTestID] {
        bits == 0 ? [] : ControlTestID.allCases.filter { [.failed, .excepted].contains(self[$0]) }
    }

    /// Both together; they are about different tests.
    func union(_ other: TestOutcomes) -> TestOutcomes {
        var union = self
        union.bits |= other.bits
        return union
    }
}

extension ControlTestID {
    fileprivate var shift: UInt32 {
        switch self {
        case .unusedKey: 0
        case .keyRotation: 3
        case .inactiveKeyRemoved: 6
        case .singleActiveKey: 9
        case .rootKey: 12
        case .identifierUnique: 15
        case .identifierAssigned: 18
        }
    }
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
