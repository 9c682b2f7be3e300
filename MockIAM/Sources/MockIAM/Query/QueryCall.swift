import FoundationEssentials
import Recording

/// One call of an operation: what was asked, by whom, of which account, and at what time.
struct QueryCall {
    let operation: QueryOperation
    let request: RequestKey
    let account: ServedAccount
    let identity: Identity
    /// The time in the emulated AWS.
    let now: Date
    /// The caller's time, from which what is handed out to it expires.
    let callerNow: Date
    let world: World
    let paging: Paging
    var parameters: Parameters
    /// What the log is to warn of: where the emulator does less than it was asked for.
    var warning: String?

    /// - Throws: AccessDenied for who may not call the operation.
    func authorize() throws(AWSError) {
        guard operation.isForUserSessions || identity.userSession == nil else {
            throw .accessDenied("Cannot call \(operation.name) with session credentials", operation.service)
        }
        if operation.needsPermission, identity.isDenied(operation.permission) {
            let subject = operation.subject.named(in: request, by: identity, of: account, at: now)
            let resource = subject.map { " on resource: \($0)" } ?? ""
            let reason =
                operation.tellsWhyDenied
                ? " because no identity-based policy allows the \(operation.permission) action" : ""
            throw .accessDenied(
                "User: \(identity.arn) is not authorized to perform: \(operation.permission)\(resource)\(reason)",
                operation.service)
        }
    }

    /// Whether the root user asks for what is its own, by naming nobody. Lists answer that, and GetUser; for
    /// GetLoginProfile it has to name a user, as a role has.
    var isRootItself: Bool {
        identity.principal == .root && !namesUser
    }

    /// Whether the request says which user it means.
    var namesUser: Bool {
        request.parameters.contains { $0.name == "UserName" }
    }

    /// The user that is meant: the one that is named, or the caller.
    ///
    /// - Throws: ValidationError where neither is a user; NoSuchEntity.
    func user(namedOrCaller name: String?) throws(AWSError) -> MockIAM.User {
        guard let name = name ?? identity.userName else {
            throw .validation("Must specify userName when calling with non-User credentials")
        }
        return try user(name)
    }

    /// - Throws: NoSuchEntity.
    func user(_ name: String) throws(AWSError) -> MockIAM.User {
        guard let user = account.user(named: name, at: now) else {
            throw .noSuchEntity("The user with name \(name) cannot be found.")
        }
        return user
    }

    /// The page that is asked for.
    ///
    /// - Parameter list: which of the operation's lists is meant, from what the parameters mean: not from how they are
    ///   written, and without those that the operation doesn't have.
    /// - Throws: ValidationError for a marker that isn't of this list.
    func page(_ asked: PageParameters, of list: [String] = []) throws(AWSError) -> Page {
        let query = [account.id, request.action] + list
        return try paging.page(size: asked.size, marker: asked.marker, of: query.joined(separator: "\n"))
    }
}

extension QueryCall {
    /// The page of a list that a user has.
    func page(ofUser asked: PageParameters) throws(AWSError) -> Page {
        try page(asked, of: [(asked.userName ?? identity.userName ?? "").lowercased()])
    }
}

/// Which page of a list is asked for, as the request says it.
struct PageParameters {
    let size: Int?
    let marker: String?
    /// Whose list it is, where the operation takes a user's name and was told one.
    let userName: String?

    /// - Parameter user: what `UserName` has to keep, where the operation takes one.
    init(of parameters: inout Parameters, user: TextConstraint? = nil) throws(AWSError) {
        size = try parameters.number("MaxItems", in: 1...1000)
        marker = parameters.text("Marker", .marker)
        userName = user.flatMap { parameters.text("UserName", $0) }
    }
}
