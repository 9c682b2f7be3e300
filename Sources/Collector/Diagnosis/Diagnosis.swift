package import AWSClient

/// What a scan with these credentials would meet, found out by the smallest calls there are.
package struct Diagnosis: Sendable {
    package var identity: GetCallerIdentity.Output
    /// By how many seconds AWS's clock is ahead of this machine's; nil where AWS doesn't tell.
    package var clockSkew: Int?
    /// From sending a request to having the whole answer: of STS, and of IAM's first.
    package var latencies: [AWSService: Duration]
    package var permissions: [Finding]
    package var privilege: Privilege
    /// The access key that was asked with.
    package var accessKeyID: String
    /// Whether a scan asks about the root user's keys.
    package var asksAboutRoot: Bool
    /// Why IAM can't be asked at all, whatever is permitted: its first call came to no answer, and nothing else was asked.
    package var unanswered: AWSError?

    /// What became of a permission.
    package struct Finding: Sendable {
        package var permission: Permission
        package var demand: Permission.Demand
        package var result: Result
    }

    package enum Result: Sendable, Equatable {
        case granted
        /// AWS's words.
        case denied(String)
        /// Why it could not be tried.
        case untried(String)
        /// IAM doesn't know the access key, or takes no session of its kind. AWS's words.
        case keyRefused(String)
        /// Something else went wrong.
        case failed(String)
    }

    /// Whether the credentials can do more than a collector should.
    package enum Privilege: Sendable, Equatable {
        /// They are the root user's, who can do everything.
        case root
        /// These actions, which change something, are allowed.
        case writes([String])
        /// None of the actions asked about.
        case readsOnly
        /// Why nobody could tell.
        case unknown(String)
    }

    /// What a scan needs, or what would tell of the root user where it asks for that, and nobody could try: whether it is
    /// granted isn't known.
    package var untried: [Permission] {
        let ofRoot = asksAboutRoot ? Self.rootSources.flatMap(\.self) : []
        return permissions.filter { finding in
            guard case .untried = finding.result else { return false }
            return finding.demand == .required || finding.demand == .wanted && ofRoot.contains(finding.permission)
        }.map(\.permission)
    }

    /// What a scan asks for and wouldn't get, though it can do without.
    package var missed: [Permission] {
        permissions.filter { $0.demand == .wanted && $0.result.isRefusal }.map(\.permission)
    }

    /// Whether nothing that a scan needs is known to be missing; see ``untried``, too.
    package var isSufficient: Bool { unanswered == nil && !hidesRoot && lacking.isEmpty }

    /// What tells whether the root user has keys, which a control test asks: any one of these sets is enough, and it takes
    /// the whole of one. A report that nobody may have made isn't there, or is gone in four hours.
    package static let rootSources = [
        [GetAccountSummary.name], [GenerateCredentialReport.name, GetCredentialReport.name],
    ].map { operations in Permission.all.filter { operations.contains($0.operation) } }

    /// Whether something of each of them can't be had.
    package var hidesRoot: Bool {
        guard asksAboutRoot else { return false }
        let missed = missed
        return Self.rootSources.allSatisfy { source in source.contains(where: missed.contains) }
    }

    /// What no scan can do without, and what was denied or failed.
    package var lacking: [Permission] {
        permissions.filter { $0.demand == .required && $0.result.isRefusal }.map(\.permission)
    }

    /// Whether no grant would help: the session is of a kind that IAM takes no call of.
    package var isRefusedAsSession: Bool {
        let isRefused = permissions.contains { finding in
            if case .keyRefused = finding.result { true } else { false }
        }
        return isRefused && UserSession.isOne(accessKeyID, caller: identity.arn)
    }
}

extension Diagnosis.Result {
    /// Whether a scan would meet the same: an answer, and none that helps.
    fileprivate var isRefusal: Bool {
        switch self {
        case .granted, .untried: false
        case .denied, .keyRefused, .failed: true
        }
    }
}

/// The sessions that GetSessionToken gives to a user, or to the root user. Without MFA they may call no operation of IAM,
/// which says then that it doesn't know the token, while STS answers.
///
/// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
package enum UserSession {
    /// IAM's code for such a session.
    package static let refusal = AWSErrorCode(rawValue: "InvalidClientTokenId")

    /// Whether these credentials are of such a session.
    package static func isOne(_ accessKeyID: String, caller: String) -> Bool {
        guard accessKeyID.hasPrefix("ASIA"), let arn = ARN(caller) else { return false }
        return arn.resource == "root" || arn.resource.hasPrefix("user/")
    }
}
