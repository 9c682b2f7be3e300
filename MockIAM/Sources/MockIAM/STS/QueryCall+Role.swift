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

    /// The source identity of a session that the caller assumes: the caller's own, or else the one that is asked for. The
    /// first session to have one hands it on, and nobody can change it
    /// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html).
    ///
    /// - Throws: AccessDenied for another one than the caller's.
    func sourceIdentity(asked: String?, for role: String) throws(AWSError) -> String? {
        guard let own = identity.sourceIdentity else { return asked }
        guard asked == nil || asked == own else {
            throw .accessDenied(
                "User: \(identity.arn) is not authorized to perform: sts:SetSourceIdentity on resource: \(role)", .sts)
        }
        return own
    }

    /// Temporary credentials of a role.
    func issue(
        _ role: MockIAM.Role, session: String, in account: ServedAccount, lasting duration: Int?,
        sourceIdentity: String? = nil
    ) throws(AWSError) -> TemporaryCredentials {
        let duration = duration ?? 3600
        guard duration <= role.maximumSessionDuration else {
            throw .validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
        }
        return world.issueCredentials(
            for: Identity(
                role: role.name, session: session, in: account, denied: role.denied, sourceIdentity: sourceIdentity),
            lasting: duration, from: callerNow)
    }
}
