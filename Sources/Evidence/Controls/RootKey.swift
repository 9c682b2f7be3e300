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
        let byReport = facts.root.keys.map { $0.isEmpty ? "none" : "\($0.count)" }
        // The summary is asked for during the run, the report may be older.
        switch facts.root.accessKeysPresent {
        case true?: return verdict(.notSatisfied, "present by the account summary", facts.root.summary)
        case false? where facts.sourcesContradict: break
        case false?: return verdict(.satisfied, "none by the account summary", facts.root.summary)
        case nil: break
        }
        if let byReport, let keys = facts.root.keys {
            return verdict(
                keys.isEmpty ? .satisfied : .notSatisfied, "\(byReport) by the credential report", facts.reportSource)
        }
        let observed =
            facts.failure.map(Reason.Observed.unread)
            ?? .text(facts.root.summary == nil ? "no source was read" : "neither source says it")
        return Verdict(.undetermined, Reason(.rootAccessKeys, observed: observed))
    }
}

/// What is known of the root user, and from where.
package struct RootFacts: Sendable, Equatable {
    package var root: RootUser
    package var reportSource: Provenance?
    /// Why the account summary wasn't read.
    package var failure: ReadFailure?
    /// Account summary and credential report disagree, and nothing explains it.
    package var sourcesContradict: Bool

    package init(_ snapshot: AccountSnapshot) {
        root = snapshot.root
        reportSource = snapshot.credentialReport.provenance
        failure = snapshot.accountSummary.failure
        sourcesContradict = snapshot.notes.contains { $0.kind == .rootKeys && $0.explanation == nil }
    }
}
