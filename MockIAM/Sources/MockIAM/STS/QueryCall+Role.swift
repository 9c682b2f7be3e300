extension QueryCall {
    /// The role that an ARN names, of whichever account it is.
    ///
    /// - Parameter denied: what is thrown for a role that isn't there, which AWS doesn't tell from one that one may not
    ///   have.
    func role(
        _ arn: String, orElse denied: AWSError
    ) throws(AWSError) -> (account: ServedAccount, role: MockIAM.Role) {
        guard let entity = EntityARN(arn), entity.kind == .role else { throw .validation("\(arn) is invalid") }
        guard let account = world.account(entity.account), account.account.partition == entity.partition else {
            throw denied
        }
        guard let roles = account.account.roles else {
            return (account, MockIAM.Role(entity.name, trusts: ["*"], maximumSessionDuration: 43_200))
        }
        guard let role = roles.first(where: { $0.name == entity.name && $0.path == entity.path }) else { throw denied }
        return (account, role)
    }

    /// Temporary credentials of a role.
    func issue(
        _ role: MockIAM.Role, session: String, in account: ServedAccount, lasting duration: Int?
    ) throws(AWSError) -> TemporaryCredentials {
        let duration = duration ?? 3600
        guard duration <= role.maximumSessionDuration else {
            throw .validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
        }
        return world.issueCredentials(
            for: { id in
                Identity(role: role.name, session: session, in: account, accessKeyID: id, denied: role.denied)
            }, lasting: duration, from: callerNow)
    }
}
