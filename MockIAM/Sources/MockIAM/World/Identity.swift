/// Who a request comes from.
struct Identity: Sendable, Equatable {
    enum Principal: Sendable, Equatable {
        case root
        case user(String)
        case role(String, session: String)
    }

    let accountID: String
    let accessKeyID: String
    let principal: Principal
    let arn: String
    /// What GetCallerIdentity calls `UserId`.
    let userID: String
    /// Patterns of actions that are denied.
    let denied: [String]
    /// For the credentials of GetSessionToken, which are the user's own; nil for others.
    var userSession: UserSession?

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
        let partition = arn.split(separator: ":", maxSplits: 2).dropFirst().first ?? "aws"
        return "arn:\(partition):iam::\(accountID):\(resource)"
    }

    /// The user's name, for operations that mean the caller where no user is named.
    var userName: String? {
        if case .user(let name) = principal { name } else { nil }
    }

    func isDenied(_ action: String) -> Bool {
        denied.contains { Glob.matches(action, $0) }
    }
}

extension Identity {
    /// - Parameters:
    ///   - principal: `root`, `user/NAME` or `assumed-role/ROLE/SESSION`.
    ///   - denied: besides what the role is denied whose session it is.
    init(_ principal: String, in account: ServedAccount, accessKeyID: String, denied: [String]) {
        let parts = principal.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let name = parts.last ?? ""
        switch parts.first {
        case "root":
            self.init(
                accountID: account.id, accessKeyID: accessKeyID, principal: .root, arn: account.arn("root"),
                userID: account.id, denied: denied
            )
        case "user":
            let user = account.user(named: name)
            self.init(
                accountID: account.id, accessKeyID: accessKeyID, principal: .user(name),
                arn: user.map(account.arn(of:)) ?? account.arn(principal),
                userID: user.map(account.userID(of:)) ?? Identifier.unique("AIDA", account.id, name), denied: denied
            )
        default:
            let role = parts.count > 1 ? parts[1] : "SecurityAudit"
            let ofRole = account.account.roles?.first { $0.name == role }?.denied ?? []
            self.init(
                role: role, session: parts.count > 2 ? name : "mock-iam", in: account, accessKeyID: accessKeyID,
                denied: denied + ofRole)
        }
    }

    init(role: String, session: String, in account: ServedAccount, accessKeyID: String, denied: [String]) {
        self.init(
            accountID: account.id, accessKeyID: accessKeyID, principal: .role(role, session: session),
            arn: "arn:\(account.account.partition):sts::\(account.id):assumed-role/\(role)/\(session)",
            userID: "\(Identifier.unique("AROA", account.id, role)):\(session)", denied: denied
        )
    }
}
