extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html: the root user's keys, too, for itself
    /// only, and without a user name.
    static let listAccessKeys = QueryOperation(
        .iam, "ListAccessKeys", of: .ownUser,
        reading: { parameters throws(AWSError) in try PageParameters(of: &parameters, user: .userName) }
    ) { call, asked, result throws(AWSError) in
        let page = try call.page(ofUser: asked)
        let user = call.isRootItself ? nil : try call.user(namedOrCaller: asked.userName)
        let now = call.now
        let (keys, next) = page.cut(
            (user?.accessKeys ?? call.account.account.root.accessKeys).filter { $0.isThere(at: now) }, by: \.id)
        result.pagination(page, next: next)
        result.list("AccessKeyMetadata", of: keys) { result, key in
            result.field("UserName", user?.name)
            result.field("AccessKeyId", key.id)
            result.field("Status", key.status)
            result.field("CreateDate", key.created)
        }
    }
}
