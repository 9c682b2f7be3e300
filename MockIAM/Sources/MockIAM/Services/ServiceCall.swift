import CanonicalJSON
import NIOCore

/// One call of an operation: what was asked, by whom, and of whom.
struct ServiceCall {
    let request: HTTPRequest
    let input: ServiceInput
    /// For an unsigned operation, whoever can't be told.
    var caller: Authenticator.Caller
    let world: World
    let paging: Paging
    let requestID: String

    /// An answer in JSON. The members are written in the order of their names.
    func json(type: String = "application/json", _ members: (inout JSONWriter) -> Void) -> Answer {
        var json = JSONWriter()
        json.object(members)
        return Answer(status: 200, type: type, requestID: requestID, body: ByteBuffer(bytes: json.bytes))
    }

    /// Temporary credentials of a role, valid for `seconds` by the caller's clock. From here on the caller is the
    /// session that was made.
    mutating func issue(
        role: String, denied: [String], session: String, in account: ServedAccount, lasting seconds: Int
    ) -> TemporaryCredentials {
        let credentials = world.issueCredentials(
            for: Identity(role: role, session: session, in: account, denied: denied), lasting: seconds,
            from: caller.now)
        caller.identity = credentials.identity
        return credentials
    }
}
