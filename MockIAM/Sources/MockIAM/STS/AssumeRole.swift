import FoundationEssentials

extension QueryOperation {
    /// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    static let assumeRole = QueryOperation(.sts, "AssumeRole", of: .arn(of: "RoleArn")) {
        call, result throws(AWSError) in
        let arn = call.parameters.requiredText("RoleArn", .arn)
        let session = call.parameters.requiredText("RoleSessionName", .sessionName)
        let duration = try call.parameters.number("DurationSeconds", in: 900...43_200)
        let externalID = call.parameters.text("ExternalId", .externalID)
        let serial = call.parameters.text("SerialNumber", .serialNumber)
        let code = call.parameters.text("TokenCode", .tokenCode)
        try call.parameters.check()
        try call.checkDevice(serial, code: code)
        let denied = AWSError.accessDenied(
            "User: \(call.identity.arn) is not authorized to perform: sts:AssumeRole on resource: \(arn)", .sts)
        let (account, role) = try call.role(arn, orElse: denied)
        guard call.identity.principal != .root else {
            throw .accessDenied("Roles may not be assumed by root accounts.", .sts)
        }
        guard role.trusts(call.identity), role.externalID == nil || role.externalID == externalID,
            role.mfaSerial == nil || role.mfaSerial == serial
        else { throw denied }
        try refuseWrongCode(code)
        if call.identity.isRoleSession, let duration, duration > 3600 {
            throw .validation(
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
        }
        let credentials = try call.issue(role, session: session, in: account, lasting: duration)
        result.credentials(credentials)
        result.assumedRoleUser(credentials)
    }

    /// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html: a root user's session is an hour long
    /// at most; a longer one that is asked for becomes that.
    static let getSessionToken = QueryOperation(.sts, "GetSessionToken") { call, result throws(AWSError) in
        let duration = try call.parameters.number("DurationSeconds", in: 900...129_600)
        let serial = call.parameters.text("SerialNumber", .serialNumber)
        let code = call.parameters.text("TokenCode", .tokenCode)
        try call.parameters.check()
        let identity = call.identity
        guard !identity.isSession else {
            throw .accessDenied("Cannot call GetSessionToken with session credentials", .sts)
        }
        try call.checkDevice(serial, code: code)
        try refuseWrongCode(code)
        let isRoot = identity.principal == .root
        let credentials = call.world.issueCredentials(
            for: { id in
                Identity(
                    accountID: identity.accountID, accessKeyID: id, principal: identity.principal, arn: identity.arn,
                    userID: identity.userID, denied: identity.denied,
                    userSession: code != nil ? .withMFA : .withoutMFA)
            }, lasting: isRoot ? min(duration ?? 3600, 3600) : duration ?? 43_200, from: call.callerNow)
        result.credentials(credentials)
    }
}

/// There is one code that never is right, so that a wrong one can be tested.
private func refuseWrongCode(_ code: String?) throws(AWSError) {
    if code == "000000" {
        throw .accessDenied("MultiFactorAuthentication failed with invalid MFA one time pass code. ", .sts)
    }
}

extension QueryCall {
    /// Holds the MFA device that a call names against those of the user that calls. Where the account names none for
    /// it, any device of the account will do, so that not every account file has to say so.
    ///
    /// The messages are AWS's [live].
    ///
    /// - Throws: AccessDenied, also where there is a device without a code or the other way round.
    func checkDevice(_ serial: String?, code: String?) throws(AWSError) {
        guard let serial, code != nil else {
            guard serial == nil, code == nil else {
                throw .accessDenied(
                    "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. ",
                    .sts)
            }
            return
        }
        guard let name = identity.userName else { return }
        let devices = account.user(named: name, at: now)?.mfaDevices.map(\.serialNumber) ?? []
        let isOurs = !serial.hasPrefix("arn:") || serial.hasPrefix(account.arn("mfa/"))
        guard devices.isEmpty ? isOurs : devices.contains(serial) else {
            throw .accessDenied(
                "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is "
                    + "valid and associated with this user.", .sts)
        }
    }

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

extension MockIAM.Role {
    /// Whether its trust policy lets somebody have it: by account, by ARN (also with `*`), or everybody. A role's ARN
    /// stands for all its sessions; that of a root user is another way to write its account
    /// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts).
    func trusts(_ identity: Identity) -> Bool {
        trusts.contains { trusted in
            if trusted == identity.accountID || trusted == identity.rootARN { return true }
            if Glob.matches(identity.arn, trusted, ignoringCase: false) { return true }
            guard let role = identity.roleARN, let resource = trusted.firstRange(of: ":role/") else { return false }
            // A session's ARN doesn't tell its role's path.
            let name = trusted[resource.upperBound...].split(separator: "/").last ?? ""
            return trusted[..<resource.upperBound] + name == role
        }
    }
}

extension ResultXML {
    mutating func credentials(_ credentials: TemporaryCredentials) {
        structure("Credentials") { result in
            result.field("AccessKeyId", credentials.accessKeyID)
            result.field("SecretAccessKey", credentials.secretAccessKey)
            result.field("SessionToken", credentials.sessionToken)
            result.field("Expiration", credentials.expiration)
        }
    }

    mutating func assumedRoleUser(_ credentials: TemporaryCredentials) {
        structure("AssumedRoleUser") { result in
            result.field("AssumedRoleId", credentials.identity.userID)
            result.field("Arn", credentials.identity.arn)
        }
    }
}
