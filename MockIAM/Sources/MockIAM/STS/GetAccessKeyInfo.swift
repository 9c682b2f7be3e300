extension QueryOperation {
    /// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html. The sessions of GetSessionToken may
    /// call AssumeRole and GetCallerIdentity of STS, and nothing else of it.
    static let getAccessKeyInfo = QueryOperation(.sts, "GetAccessKeyInfo", isForUserSessions: false) {
        call, result throws(AWSError) in
        let id = call.parameters.requiredText("AccessKeyId", .accessKeyID)
        try call.parameters.check()
        guard let account = call.world.owner(ofKey: id)?.id ?? call.world.signer(id)?.identity.accountID else {
            throw .validation("Invalid access key id: \(id)")
        }
        result.field("Account", account)
    }
}
