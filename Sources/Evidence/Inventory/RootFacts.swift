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

    /// Who says whether there are access keys.
    enum Finding {
        case bySummary(hasKeys: Bool)
        /// How many there are.
        case byReport(keys: Int)
    }

    /// By the account summary, which is asked for during the run, or else by the report, which may be older. Where they
    /// contradict each other it is by the one that has a key. Nil where neither says.
    var finding: Finding? {
        switch (root.accessKeysPresent, root.keys) {
        case (false?, let keys?) where sourcesContradict: .byReport(keys: keys.count)
        case (let hasKeys?, _): .bySummary(hasKeys: hasKeys)
        case (nil, let keys?): .byReport(keys: keys.count)
        case (nil, nil): nil
        }
    }

    /// Whether there are access keys; nil where nobody knows.
    package var hasKeys: Bool? {
        switch finding {
        case .bySummary(let hasKeys)?: hasKeys
        case .byReport(let keys)?: keys > 0
        case nil: nil
        }
    }
}
