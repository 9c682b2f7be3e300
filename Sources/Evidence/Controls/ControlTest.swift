package import FoundationEssentials

/// One question about a key that an auditor can answer with pass or fail.
package protocol ControlTest: Sendable {
    /// As in the crosswalk: `unused-key`.
    var id: String { get }
    var title: String { get }
    /// What the test asks.
    var question: String { get }

    /// The kinds of facts that it looks at, besides the population.
    var facts: Set<FactKind> { get }

    /// The policy's limit that the test holds keys to, in days.
    func limit(in policy: Policy) -> Int

    /// Nil where the test doesn't apply to the key.
    func evaluate(_ key: AccessKey, policy: Policy, at asOf: Date) -> Verdict?
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
