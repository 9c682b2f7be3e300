package import FoundationEssentials

/// `root-key`: nothing limits what a key of the root user may do.
package struct RootKey: ControlTest {
    package var id: ControlTestID { .rootKey }
    package var title: String { "The root user has no access key" }
    package var question: String { "Has the account's root user no access key?" }
    package var facts: Set<FactKind> { [.rootKeys] }
    package var parameters: [TestParameter] { [] }

    package init() {}

    package func evaluate(_ subject: ControlSubject, at asOf: Date) -> Verdict? {
        guard case .rootUser(let facts) = subject else { return nil }
        func verdict(_ conclusion: Conclusion, _ observed: String, _ source: Provenance?) -> Verdict {
            Verdict(conclusion, Reason(.rootAccessKeys, observed: .text(observed), source: source))
        }
        switch facts.finding {
        case .bySummary(let hasKeys)?:
            let observed = hasKeys ? "present by the account summary" : "none by the account summary"
            return verdict(hasKeys ? .notSatisfied : .satisfied, observed, facts.root.summary)
        case .byReport(let keys)?:
            let observed = "\(keys == 0 ? "none" : "\(keys)") by the credential report"
            return verdict(keys == 0 ? .satisfied : .notSatisfied, observed, facts.reportSource)
        case nil: break
        }
        let observed =
            facts.failure.map(Reason.Observed.unread)
            ?? .text(facts.root.summary == nil ? "no source was read" : "neither source says it")
        return Verdict(.undetermined, Reason(.rootAccessKeys, observed: observed))
    }
}
