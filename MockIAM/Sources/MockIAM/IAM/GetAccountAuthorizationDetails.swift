extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
    ///
    /// Only users are served: it is the one list that has their tags. There is no key in it.
    static let getAccountAuthorizationDetails = QueryOperation(.iam, "GetAccountAuthorizationDetails") {
        call, result throws(AWSError) in
        let kinds = call.parameters.list(
            "Filter", oneOf: ["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"])
        let page = try call.page()
        let account = call.account
        let wantsUsers = kinds.isEmpty || kinds.contains("User")
        let (users, next) = wantsUsers ? account.users(on: page, pathPrefix: nil, at: call.now) : ([], nil)
        result.pagination(page, next: next)
        result.list("UserDetailList", of: users) { result, user in
            result.field("Path", user.path)
            result.field("UserName", user.name)
            result.field("UserId", account.userID(of: user))
            result.field("Arn", account.arn(of: user))
            result.field("CreateDate", user.created)
            result.list("GroupList", of: EmptyCollection<String>()) { _, _ in }
            result.list("AttachedManagedPolicies", of: EmptyCollection<String>()) { _, _ in }
            result.tags(of: user)
        }
        for name in ["GroupDetailList", "RoleDetailList", "Policies"] {
            result.list(name, of: EmptyCollection<String>()) { _, _ in }
        }
    }
}
