extension QueryOperation {
    /// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: no permission is needed.
    static let getCallerIdentity = QueryOperation(.sts, "GetCallerIdentity", needsPermission: false) {
        call, result throws(AWSError) in
        result.field("Arn", call.identity.arn)
        result.field("UserId", call.identity.userID)
        result.field("Account", call.identity.accountID)
    }
}
