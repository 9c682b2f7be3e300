extension QueryOperation {
    /// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: no permission is needed.
    static let getCallerIdentity = QueryOperation(.sts, "GetCallerIdentity") { call, result throws(AWSError) in
        result.field("Arn", call.identity.arn)
        result.field("UserId", call.identity.userID)
        result.field("Account", call.identity.accountID)
    }

    /// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html
    static let getAccessKeyInfo = QueryOperation(.sts, "GetAccessKeyInfo") { call, result throws(AWSError) in
        let id = call.parameters.requiredText("AccessKeyId", .accessKeyID)
        try call.parameters.check()
        guard let account = call.world.owner(ofKey: id)?.id ?? call.world.signer(id)?.identity.accountID else {
            throw .validation("Invalid access key id: \(id)")
        }
        result.field("Account", account)
    }
}
