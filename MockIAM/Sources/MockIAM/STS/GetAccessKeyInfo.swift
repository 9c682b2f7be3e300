extension QueryOperation {
    /// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html. The sessions of GetSessionToken may
    /// call AssumeRole and GetCallerIdentity of STS, and nothing else of it.
    static let getAccessKeyInfo = QueryOperation(
        .sts, "GetAccessKeyInfo", isForUserSessions: false, of: .nothing,
        reading: { $0.requiredText("AccessKeyId", .accessKeyID) }
    ) { call, id, result throws(AWSError) in
        guard let account = call.world.owner(ofKey: id)?.id ?? call.world.signer(id)?.identity.accountID else {
            throw .validation("Invalid access key id: \(id)")
        }
        result.field("Account", account)
    }
}
