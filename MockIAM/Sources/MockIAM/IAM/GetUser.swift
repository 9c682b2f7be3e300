extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html
    static let getUser = QueryOperation(.iam, "GetUser", of: .user) { call, result throws(AWSError) in
        let user = try call.userNamedOrCaller()
        let account = call.account
        result.structure("User") { result in
            result.members(of: user, in: account)
            if !user.tags.isEmpty { result.tags(of: user) }
        }
    }
}
