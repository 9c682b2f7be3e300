extension QueryOperation {
    /// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html. The policies and tags that a session is
    /// given are checked and not heeded.
    ///
    /// A role that wants MFA takes a session of GetSessionToken that was got with MFA as well: its requests have
    /// `aws:MultiFactorAuthPresent`, which is all that a trust policy can ask for
    /// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html).
    static let assumeRole = QueryOperation(
        .sts, "AssumeRole", of: .arn(of: "RoleArn"),
        reading: { parameters throws(AWSError) in
            (
                arn: parameters.requiredText("RoleArn", .arn),
                session: parameters.requiredText("RoleSessionName", .sessionName),
                duration: try parameters.number("DurationSeconds", in: 900...43_200),
                externalID: parameters.text("ExternalId", .externalID),
                serial: parameters.text("SerialNumber", .serialNumber), code: parameters.text("TokenCode", .tokenCode),
                sourceIdentity: parameters.text("SourceIdentity", .sourceIdentity),
                policies: try SessionPolicies(of: &parameters), tags: try SessionTags(of: &parameters)
            )
        }
    ) { call, asked, result throws(AWSError) in
        let (arn, serial, code, policies, tags) = (asked.arn, asked.serial, asked.code, asked.policies, asked.tags)
        try policies.check()
        try tags.check()
        try call.checkDevice(serial, code: code)
        let denied = AWSError.accessDenied(
            "User: \(call.identity.arn) is not authorized to perform: sts:AssumeRole on resource: \(arn)", .sts)
        let (account, role) = try call.role(arn, orElse: denied)
        guard call.identity.principal != .root else {
            throw .accessDenied("Roles may not be assumed by root accounts.", .sts)
        }
        guard role.mayBeAssumed(by: call.identity, in: account),
            role.externalID == nil || role.externalID == asked.externalID,
            role.mfaSerial == nil || role.mfaSerial == serial || call.identity.userSession == .withMFA
        else { throw denied }
        let identity = try call.sourceIdentity(asked: asked.sourceIdentity, for: arn)
        try call.refuseWrongCode(code)
        if call.identity.isRoleSession, let duration = asked.duration, duration > 3600 {
            throw .validation(
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
        }
        let credentials = try call.issue(
            role, session: asked.session, in: account, lasting: asked.duration, sourceIdentity: identity)
        result.assumedRoleUser(credentials)
        result.credentials(credentials)
        if let size = policies.packedSize(besides: tags) { result.field("PackedPolicySize", size) }
        result.field("SourceIdentity", identity)
        call.warning = policies.warning
    }
}
