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
    mutating func userNamedOrCaller(_ constraint: TextConstraint = .userName) throws(AWSError) -> MockIAM.User {
        let name = parameters.text("UserName", constraint)
        try parameters.check()
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

    /// Which page of a list is asked for.
    ///
    /// - Parameter user: what `UserName` has to keep, where the operation takes one.
    mutating func page(user: TextConstraint? = nil) throws(AWSError) -> Page {
        let size = try parameters.number("MaxItems", in: 1...1000)
        let marker = parameters.text("Marker", .marker)
        // Read here as well, so that the error for a wrong one names the others, too.
        if let user { _ = parameters.text("UserName", user) }
        try parameters.check()
        let asked = request.parameters.filter { $0.name != "MaxItems" && $0.name != "Marker" }
        let query = [account.id, request.action] + asked.map { "\($0.name)=\($0.value)" }
        return try paging.page(size: size, marker: marker, of: query.joined(separator: "\n"))
    }
}
