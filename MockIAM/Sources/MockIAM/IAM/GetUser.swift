extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html. The root user, who isn't an IAM user, has
    /// neither name nor path; its id is the account's.
    static let getUser = QueryOperation(.iam, "GetUser", of: .user, reading: { $0.text("UserName", .userName) }) {
        call, name, result throws(AWSError) in
        let account = call.account
        guard !call.isRootItself else {
            result.structure("User") { result in
                result.field("UserId", account.id)
                result.field("Arn", account.arn("root"))
                result.field("CreateDate", account.account.created)
                result.field("PasswordLastUsed", account.account.root.passwordLastUsed)
            }
            return
        }
        let user = try call.user(namedOrCaller: name)
        result.structure("User") { result in
            result.members(of: user, in: account)
            if !user.tags.isEmpty { result.tags(of: user) }
        }
    }
}
