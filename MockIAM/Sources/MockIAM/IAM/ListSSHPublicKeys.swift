extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListSSHPublicKeys.html
    static let listSSHPublicKeys = QueryOperation(
        .iam, "ListSSHPublicKeys", of: .ownUser,
        reading: { parameters throws(AWSError) in try PageParameters(of: &parameters, user: .newUserName) }
    ) { call, asked, result throws(AWSError) in
        let page = try call.page(ofUser: asked)
        // The root user has none.
        let user = call.isRootItself ? nil : try call.user(namedOrCaller: asked.userName)
        let (keys, next) = page.cut(user?.sshPublicKeys ?? [], by: \.id)
        result.pagination(page, next: next)
        result.list("SSHPublicKeys", of: keys) { result, key in
            result.field("UserName", user?.name)
            result.field("SSHPublicKeyId", key.id)
            result.field("Status", key.status)
            result.field("UploadDate", key.uploaded)
        }
    }
}
