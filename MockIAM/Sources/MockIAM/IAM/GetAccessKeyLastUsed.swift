extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html
    ///
    /// A key that was never used has no date, and `N/A` for service and region. A key of the root user has no user name.
    static let getAccessKeyLastUsed = QueryOperation(
        .iam, "GetAccessKeyLastUsed", of: .ownerOfKey, reading: { $0.requiredText("AccessKeyId", .accessKeyID) }
    ) { call, id, result throws(AWSError) in
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
