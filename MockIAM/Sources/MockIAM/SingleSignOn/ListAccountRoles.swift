import CanonicalJSON

extension ServiceOperation {
    /// https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccountRoles.html
    static let listAccountRoles = ServiceOperation(
        name: "ListAccountRoles", errors: .portal, shown: ["account_id", "max_result", "next_token"]
    ) { call throws(ServiceError) in
        _ = try call.accessToken()
        let account = try call.portalAccount()
        let page = try call.portalPage(of: "sso:ListAccountRoles \(account.id)")
        let (roles, next) = page.cut(PermissionSet.all(in: account))
        return call.json { json in
            json.member("nextToken", orNull: next)
            json.name("roleList")
            json.array { json in
                for role in roles {
                    json.object { json in
                        json.member("accountId", account.id)
                        json.member("roleName", role.name)
                    }
                }
            }
        }
    }
}
