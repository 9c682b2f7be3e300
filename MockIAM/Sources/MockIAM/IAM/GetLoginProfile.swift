extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetLoginProfile.html; NoSuchEntity means: no password.
    static let getLoginProfile = QueryOperation(
        .iam, "GetLoginProfile", of: .user, reading: { $0.text("UserName", .newUserName) }
    ) { call, name, result throws(AWSError) in
        let user = try call.user(namedOrCaller: name)
        guard let password = user.password else {
            throw .noSuchEntity("Login Profile for User \(user.name) cannot be found.")
        }
        result.structure("LoginProfile") { result in
            result.field("UserName", user.name)
            result.field("CreateDate", password.created)
            result.field("PasswordResetRequired", password.resetRequired)
        }
    }
}
