package import FoundationEssentials

/// One question that an auditor can answer with pass or fail. A value: its limits are in it.
package protocol ControlTest: Sendable {
    var id: ControlTestID { get }
    var title: String { get }
    /// What the test asks.
    var question: String { get }
    /// The kinds of facts that it looks at, besides the population.
    var facts: Set<FactKind> { get }
    /// What it holds its subjects to.
    var parameters: [TestParameter] { get }

    /// Nil where the test doesn't apply to the subject.
    func evaluate(_ subject: ControlSubject, at asOf: Date) -> Verdict?
}

/// A limit of a control test.
package struct TestParameter: Sendable, Equatable {
    /// As policies call it: `last_used`.
    package var name: String
    /// Whole days.
    package var days: Int
}

/// What a control test looks at.
package enum ControlSubject: Sendable {
    case accessKey(AccessKey)
    case user(IAMUser)
    case rootUser(RootFacts)
    case account(AccountIdentifiers)
}

/// What a test concludes, and why.
package struct Verdict: Sendable, Equatable {
    package var conclusion: Conclusion
    package var reason: Reason

    package init(_ conclusion: Conclusion, _ reason: Reason) {
        self.conclusion = conclusion
        self.reason = reason
    }
}

/// Three values, because what could not be read is neither pass nor fail.
package enum Conclusion: String, Sendable, Equatable {
    case satisfied
    case notSatisfied = "not-satisfied"
    case undetermined

    /// Of several: one failure decides, and satisfied is only what all are.
    package static func all(_ conclusions: some Sequence<Conclusion>) -> Conclusion {
        var result = Conclusion.satisfied
        for conclusion in conclusions {
            switch conclusion {
            case .notSatisfied: return .notSatisfied
            case .undetermined: result = .undetermined
            case .satisfied: continue
            }
        }
        return result
    }
}
