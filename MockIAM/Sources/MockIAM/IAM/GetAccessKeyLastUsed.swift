extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html
    ///
    /// A key that was never used has no date, and `N/A` for service and region. A key of the root user has no user name.
    static let getAccessKeyLastUsed = QueryOperation(.iam, "GetAccessKeyLastUsed", of: .ownerOfKey) {
        call, result throws(AWSError) in
        let id = call.parameters.requiredText("AccessKeyId", .accessKeyID)
        try call.parameters.check()
        guard let (key, user) = call.account.accessKey(id, at: call.now) else {
            throw .noKeyOfTheAccount(id, askedBy: call.identity.arn)
        }
        result.field("UserName", user?.name)
        result.structure("AccessKeyLastUsed") { result in
            result.field("LastUsedDate", key.lastUse?.date)
            result.field("ServiceName", key.lastUse?.service ?? "N/A")
            result.field("Region", key.lastUse?.region ?? "N/A")
        }
    }
}
