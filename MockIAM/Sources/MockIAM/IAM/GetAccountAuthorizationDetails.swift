extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
    ///
    /// Only users are served: it is the one list that has their tags. There is no key in it.
    static let getAccountAuthorizationDetails = QueryOperation(
        .iam, "GetAccountAuthorizationDetails",
        reading: { parameters throws(AWSError) in
            (
                kinds: try parameters.list(
                    "Filter", oneOf: ["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"]),
                page: try PageParameters(of: &parameters)
            )
        }
    ) { call, asked, result throws(AWSError) in
        let kinds = asked.kinds
        let page = try call.page(asked.page, of: Set(kinds).sorted())
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
