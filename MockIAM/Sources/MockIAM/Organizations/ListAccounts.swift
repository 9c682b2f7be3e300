import CanonicalJSON
import FoundationEssentials
import NIOHTTP1

extension ServiceOperation {
    /// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html
    static let listAccounts = ServiceOperation(
        name: "ListAccounts", errors: .organizations, method: .POST, isSigned: true,
        shown: ["MaxResults", "NextToken"]
    ) { call throws(ServiceError) in
        let organization = try call.organization()
        guard call.caller.identity.accountID == organization.management.id else {
            throw .accessDenied("You don't have permissions to access this resource.")
        }
        let size = try call.organizationsNumber("MaxResults", in: 1...20) ?? 20
        let token = try call.organizationsText("NextToken")
        let query = "organizations:ListAccounts \(organization.id)"
        guard let page = TokenPage(call.paging, size: size, token: token, of: query) else {
            throw .invalidInput("You specified an invalid value for nextToken.", "INVALID_NEXT_TOKEN")
        }
        let (accounts, next) = page.cut(organization.accounts, mayBeEmpty: true)
        return call.organizationsJSON { json in
            json.name("Accounts")
            json.array { json in
                for account in accounts { organization.write(account, to: &json) }
            }
            json.member("NextToken", next)
        }
    }
}

extension Organization {
    fileprivate func write(_ account: ServedAccount, to json: inout JSONWriter) {
        json.object { json in
            json.member("Arn", arn(of: account))
            json.member("Email", account.account.email)
            json.member("Id", account.id)
            // A management account counts as invited.
            json.member("JoinedMethod", account.id == management.id ? "INVITED" : "CREATED")
            json.member("JoinedTimestamp", account.account.created.timeIntervalSince1970)
            json.member("Name", account.account.name)
            json.member("State", "ACTIVE")
            // Retired on 9 September 2026 in favour of State, and still sent.
            json.member("Status", "ACTIVE")
        }
    }
}
