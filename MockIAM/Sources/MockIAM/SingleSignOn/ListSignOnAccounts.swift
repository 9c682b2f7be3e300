import CanonicalJSON

extension ServiceOperation {
    /// https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccounts.html
    static let listSignOnAccounts = ServiceOperation(
        name: "ListAccounts", errors: .portal, shown: ["max_result", "next_token"]
    ) { call throws(ServiceError) in
        _ = try call.accessToken()
        let page = try call.portalPage(of: "sso:ListAccounts")
        let (accounts, next) = page.cut(call.world.accounts)
        return call.json { json in
            json.name("accountList")
            json.array { json in
                for account in accounts {
                    json.object { json in
                        json.member("accountId", account.id)
                        json.member("accountName", account.account.name)
                        json.member("emailAddress", account.account.email)
                    }
                }
            }
            json.member("nextToken", orNull: next)
        }
    }
}
