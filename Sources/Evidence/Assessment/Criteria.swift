/// What an account is judged by. Together with a snapshot and an instant it decides every byte of the documents.
package struct Criteria: Sendable, Equatable {
    package var policy: Policy
    package var exceptions: ExceptionList
    /// Every mapping that is known.
    package var crosswalk: Crosswalk
    /// The ids of the frameworks that documents show.
    package var frameworks: Set<String>

    package init(
        policy: Policy, exceptions: ExceptionList = .none, crosswalk: Crosswalk,
        frameworks: Set<String> = Crosswalk.standardFrameworks
    ) {
        self.policy = policy
        self.exceptions = exceptions
        self.crosswalk = crosswalk
        self.frameworks = frameworks
    }

    /// What an account is judged by, of what several are.
    package func limited(to account: String) -> Criteria {
        var criteria = self
        criteria.exceptions = exceptions.limited(to: account)
        return criteria
    }

    /// Whether users' tags must be known to judge by it.
    package var looksAtTags: Bool { policy.looksAtTags || exceptions.looksAtTags }
}
