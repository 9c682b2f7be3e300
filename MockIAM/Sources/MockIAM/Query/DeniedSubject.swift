import FoundationEssentials
import Recording

/// What a call is about, as AWS's denials name it after "on resource:".
///
/// The forms are those of live answers. Whoever may not ask isn't told whether there is such a user.
enum DeniedSubject: Sendable {
    /// No resource is named.
    case nothing
    /// `*`
    case everything
    /// `user NAME`: the one that is named, or the caller, be it the name of a role's session.
    case user
    /// The same, but for a caller that names nobody `user nullNAME`: AWS means to write a path before the name.
    case ownUser
    /// The user that has the key.
    case ownerOfKey
    /// The path below which users are listed: `arn:aws:iam::111122223333:user/`
    case users
    /// The ARN that this parameter has.
    case arn(of: String)

    /// Nil where nothing is named.
    func named(in request: RequestKey, by identity: Identity, of account: ServedAccount, at now: Date) -> String? {
        func parameter(_ name: String) -> String? {
            request.parameters.first { $0.name == name }?.value.printable(limit: 2048)
        }
        switch self {
        case .nothing: return nil
        case .everything: return "*"
        case .user: return (parameter("UserName") ?? identity.callerName).map { "user \($0)" } ?? "*"
        case .ownUser:
            if let name = parameter("UserName") { return "user \(name)" }
            return identity.callerName.map { "user null\($0)" } ?? "*"
        case .ownerOfKey:
            guard let id = parameter("AccessKeyId") else { return "*" }
            return account.accessKey(id, at: now)?.user.map { "user \($0.name)" } ?? "access key \(id)"
        case .users: return account.arn("user\(parameter("PathPrefix") ?? "/")")
        case .arn(let name): return parameter(name) ?? "*"
        }
    }
}
