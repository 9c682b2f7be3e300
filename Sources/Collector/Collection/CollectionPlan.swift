import AWSClient
package import Evidence
package import FoundationEssentials

/// What a collection reads, and how.
package struct CollectionPlan: Sendable {
    package var source = CollectionSource.auto
    /// With ``CollectionSource/report``: not even the keys' ids.
    package var withoutKeyIDs = false
    /// What to read about users beyond their keys.
    package var include: Set<OptionalSource> = []
    /// Those of them on which conclusions depend: without them a scan is incomplete.
    package private(set) var decisive: Set<OptionalSource> = []
    /// Whether it is asked if the root user has keys.
    package private(set) var asksAboutRoot = true
    /// How many users are looked at at the same time: so many at first, and so many at most while AWS refuses nothing.
    package var concurrency = Self.usualConcurrency
    /// For how long AWS is waited for to make a credential report.
    package var reportPatience = Duration.seconds(300)
    /// Whether what is concluded about a key stays the same, however the key was used within a span of time.
    package var isSettled: @Sendable (AccessKey, IAMUser, ClosedRange<Date>) -> Bool

    package static let usualConcurrency = 2...64

    var readsNoKeyIDs: Bool { source == .report && withoutKeyIDs }

    package init(isSettled: @escaping @Sendable (AccessKey, IAMUser, ClosedRange<Date>) -> Bool) {
        self.isSettled = isSettled
    }

    /// Settled is what risk level and control tests make of a key.
    package init(criteria: Criteria, asOf: Date) {
        let shown = criteria.crosswalk.limited(to: criteria.frameworks)
        let judge = Judge(criteria.policy, limits: FrameworkLimits(of: shown), at: asOf)
        self.init { key, user, uses in judge.isSettled(key, of: user, whateverUsesIn: uses) }
        if criteria.looksAtTags { include.insert(.tags) }
        // An exception by tags that aren't known doesn't hold, and nothing is undetermined for it.
        if criteria.policy.looksAtTags { decisive.insert(.tags) }
        asksAboutRoot = criteria.policy.tests.contains(.rootKey)
    }
}

/// Facts that a scan can do without.
package enum OptionalSource: String, CaseIterable, Sendable {
    case tags
    case mfaDevices = "mfa-devices"
    case serviceSpecificCredentials = "service-specific-credentials"
    case signingCertificates = "signing-certificates"
    case sshPublicKeys = "ssh-public-keys"

    /// The AWS operation that is asked.
    var operation: String {
        switch self {
        case .tags: ListUserTags.name
        case .mfaDevices: ListMFADevices.name
        case .serviceSpecificCredentials: ListServiceSpecificCredentials.name
        case .signingCertificates: ListSigningCertificates.name
        case .sshPublicKeys: ListSSHPublicKeys.name
        }
    }
}
