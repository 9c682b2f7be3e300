/// Who a request comes from.
struct Identity: Sendable, Equatable {
    /// Who somebody is within an account.
    enum Principal: Sendable, Equatable {
        case root
        case user(String)
        case role(String, session: String)

        /// Reads `root`, `user/NAME` or `assumed-role/ROLE/SESSION`; nil for all else. A name that IAM would refuse may have
        /// a slash in it.
        init?(_ text: String) {
            let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let rest = parts.count > 1 ? parts[1] : nil
            switch (parts[0], rest) {
            case ("root", nil): self = .root
            case ("user", let name?) where !name.isEmpty: self = .user(name)
            case ("assumed-role", let rest?):
                let names = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                guard names.count == 2, !names.contains("") else { return nil }
                self = .role(names[0], session: names[1])
            default: return nil
            }
        }

        /// Whoever has a key of a test.
        static let auditor = Principal.role("SecurityAudit", session: "mock-iam")
    }

    let accountID: String
    let partition: String
    private(set) var accessKeyID: String
    let principal: Principal
    let arn: String
    /// What GetCallerIdentity calls `UserId`.
    let userID: String
    /// Patterns of actions that are denied.
    let denied: [String]
    /// For the credentials of GetSessionToken, which are the user's own; nil for others.
    var userSession: UserSession?
    /// The source identity of a role's session, which all sessions that it assumes have as well; nil for none.
    private(set) var sourceIdentity: String?
    /// Whether it came by a test key, which stands for whoever a test wants.
    private(set) var isOfTestKey = false

    enum UserSession: Sendable, Equatable {
        case withMFA, withoutMFA
    }

    /// Whether it came by temporary credentials of STS.
    var isSession: Bool { isRoleSession || userSession != nil }

    /// Whether it came by temporary credentials of a role: sessions got by sessions are short.
    var isRoleSession: Bool {
        if case .role = principal { true } else { false }
    }

    /// The ARN of the session's role, without its path; nil for others.
    var roleARN: String? {
        if case .role(let name, _) = principal { iamARN("role/\(name)") } else { nil }
    }

    /// The ARN of its account's root user.
    var rootARN: String { iamARN("root") }

    private func iamARN(_ resource: String) -> String {
        "arn:\(partition):iam::\(accountID):\(resource)"
    }

    /// The user's name, for operations that mean the caller where no user is named.
    var userName: String? {
        if case .user(let name) = principal { name } else { nil }
    }

    /// What AWS calls the caller where it speaks of a user: the user's name, or that of a role's session.
    var callerName: String? {
        switch principal {
        case .root: nil
        case .user(let name): name
        case .role(_, let session): session
        }
    }

    func isDenied(_ action: String) -> Bool {
        denied.contains { Glob.matches(action, $0) }
    }
}

extension Identity {
    /// - Parameter denied: besides what the role is denied whose session it is.
    init(_ principal: Principal, in account: ServedAccount, accessKeyID: String, denied: [String]) {
        switch principal {
        case .root: self.init(root: account, accessKeyID: accessKeyID, denied: denied)
        case .user(let name):
            let user = account.user(named: name) ?? MockIAM.User(name, created: account.account.created)
            self.init(user: user, in: account, accessKeyID: accessKeyID, denied: denied)
        case .role(let role, let session):
            let ofRole = account.account.roles?.first { $0.name == role }?.denied ?? []
            self.init(
                role: role, session: session, in: account, accessKeyID: accessKeyID, denied: denied + ofRole)
        }
    }

    init(root account: ServedAccount, accessKeyID: String, denied: [String] = []) {
        self.init(.root, account, accessKeyID, arn: account.arn("root"), userID: account.id, denied)
    }

    init(user: MockIAM.User, in account: ServedAccount, accessKeyID: String, denied: [String] = []) {
        self.init(
            .user(user.name), account, accessKeyID, arn: account.arn(of: user), userID: account.userID(of: user), denied
        )
    }

    /// - Parameter accessKeyID: empty for a session whose credentials are still to be made.
    init(
        role: String, session: String, in account: ServedAccount, accessKeyID: String = "", denied: [String],
        sourceIdentity: String? = nil
    ) {
        self.init(
            .role(role, session: session), account, accessKeyID,
            arn: "arn:\(account.account.partition):sts::\(account.id):assumed-role/\(role)/\(session)",
            userID: "\(Identifier.unique("AROA", account.id, role)):\(session)", denied)
        self.sourceIdentity = sourceIdentity
    }

    private init(
        _ principal: Principal, _ account: ServedAccount, _ accessKeyID: String, arn: String, userID: String,
        _ denied: [String]
    ) {
        self.init(
            accountID: account.id, partition: account.account.partition, accessKeyID: accessKeyID, principal: principal,
            arn: arn, userID: userID, denied: denied)
    }

    /// The same by a test key.
    func ofTestKey() -> Identity {
        var identity = self
        identity.isOfTestKey = true
        return identity
    }

    /// The same in a session of GetSessionToken.
    func session(_ kind: UserSession) -> Identity {
        var identity = self
        identity.userSession = kind
        return identity
    }

    /// The same by other credentials.
    func signing(with accessKeyID: String) -> Identity {
        var identity = self
        identity.accessKeyID = accessKeyID
        return identity
    }

    /// What tells it from everybody else: account and principal with partition and session name, also from somebody of the
    /// same name and another unique id; the source identity; the key that asked for a user's session; and its kind.
    var distinction: [String] {
        let kind =
            switch userSession {
            case .withMFA: "with MFA"
            case .withoutMFA: "without MFA"
            case nil: "role"
            }
        return [arn, userID, accessKeyID, kind] + (sourceIdentity.map { [$0] } ?? [])
    }
}
