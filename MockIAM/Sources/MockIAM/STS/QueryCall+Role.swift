extension QueryCall {
    /// The role that an ARN names, of whichever account it is.
    ///
    /// - Parameter denied: what is thrown for a role that isn't there, which AWS doesn't tell from one that one may not
    ///   have.
    func role(
        _ arn: String, orElse denied: AWSError
    ) throws(AWSError) -> (account: ServedAccount, role: MockIAM.Role) {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[5].hasPrefix("role/") else {
            throw .validation("\(arn) is invalid")
        }
        let names = parts[5].split(separator: "/").dropFirst().map(String.init)
        guard let account = world.account(parts[4]), account.account.partition == parts[1], let name = names.last else {
            throw denied
        }
        guard let roles = account.account.roles else {
            return (account, MockIAM.Role(name, maximumSessionDuration: 43_200))
        }
        let path = names.dropLast().map { "/" + $0 }.joined() + "/"
        guard let role = roles.first(where: { $0.name == name && $0.path == path }) else { throw denied }
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
