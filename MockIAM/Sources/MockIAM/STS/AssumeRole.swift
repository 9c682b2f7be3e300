extension QueryOperation {
    /// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html. The policies and tags that a session is
    /// given are checked and not heeded.
    static let assumeRole = QueryOperation(.sts, "AssumeRole", of: .arn(of: "RoleArn")) {
        call, result throws(AWSError) in
        let arn = call.parameters.requiredText("RoleArn", .arn)
        let session = call.parameters.requiredText("RoleSessionName", .sessionName)
        let duration = try call.parameters.number("DurationSeconds", in: 900...43_200)
        let externalID = call.parameters.text("ExternalId", .externalID)
        let serial = call.parameters.text("SerialNumber", .serialNumber)
        let code = call.parameters.text("TokenCode", .tokenCode)
        let askedIdentity = call.parameters.text("SourceIdentity", .sourceIdentity)
        let policies = SessionPolicies(of: &call.parameters)
        let tags = SessionTags(of: &call.parameters)
        try call.parameters.check()
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
            role.externalID == nil || role.externalID == externalID,
            role.mfaSerial == nil || role.mfaSerial == serial
        else { throw denied }
        let identity = try call.sourceIdentity(asked: askedIdentity, for: arn)
        try call.refuseWrongCode(code)
        if call.identity.isRoleSession, let duration, duration > 3600 {
            throw .validation(
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
        }
        let credentials = try call.issue(
            role, session: session, in: account, lasting: duration, sourceIdentity: identity)
        result.credentials(credentials)
        result.assumedRoleUser(credentials)
        if let size = policies.packedSize(besides: tags) { result.field("PackedPolicySize", size) }
        result.field("SourceIdentity", identity)
        call.warning = policies.warning
    }
}
