import CanonicalJSON
import FoundationEssentials
import NIOCore
import NIOHTTP1

extension ServiceOperation {
    /// https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
    static let getRoleCredentials = ServiceOperation(
        name: "GetRoleCredentials", errors: .portal, shown: ["account_id", "role_name"]
    ) { call throws(ServiceError) in
        _ = try call.accessToken()
        let name = try call.required("role_name")
        let account = try call.portalAccount()
        // Seen, though not documented: a role that one hasn't is no access, and not a role that isn't there
        // (aws-sam-cli#2129).
        guard let role = PermissionSet.named(name, in: account) else {
            throw ServiceError(status: 403, code: "ForbiddenException", message: "No access")
        }
        let credentials = call.issue(
            role: role.roleName, denied: role.denied, session: MockIAM.TestSignOn.user, in: account, lasting: 3600)
        return call.json { json in
            json.name("roleCredentials")
            json.object { json in
                json.member("accessKeyId", credentials.accessKeyID)
                json.member("expiration", Int(credentials.expiration.timeIntervalSince1970 * 1000))
                json.member("secretAccessKey", credentials.secretAccessKey)
                json.member("sessionToken", credentials.sessionToken)
            }
        }
    }

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

    /// https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_Logout.html
    static let logout = ServiceOperation(name: "Logout", errors: .portal, method: .POST) { call throws(ServiceError) in
        call.world.signOn.signOut(try call.accessToken())
        return Answer(status: 200, headers: [], body: ByteBuffer())
    }
}

extension ServiceCall {
    /// - Throws: UnauthorizedException, also where there is no token at all.
    fileprivate func accessToken() throws(ServiceError) -> String {
        guard let token = request.headers.first(name: "x-amz-sso_bearer_token"), world.signOn.isSignedIn(token) else {
            throw ServiceError(
                status: 401, code: "UnauthorizedException", message: "Session token not found or invalid")
        }
        return token
    }

    fileprivate func required(_ name: String) throws(ServiceError) -> String {
        guard let value = input.text(name), !value.isEmpty else { throw .invalidPortalRequest("\(name) is required") }
        return value
    }

    fileprivate func portalAccount() throws(ServiceError) -> ServedAccount {
        let id = try required("account_id")
        guard id.isAccountID else { throw .invalidPortalRequest("account_id has twelve digits") }
        guard let account = world.account(id) else {
            throw ServiceError(
                status: 404, code: "ResourceNotFoundException", message: "The specified resource doesn't exist.")
        }
        return account
    }

    fileprivate func portalPage(of query: String) throws(ServiceError) -> TokenPage {
        let size = input.text("max_result").map { Int($0) ?? 0 } ?? 20
        guard 1...100 ~= size else { throw .invalidPortalRequest("max_result is from 1 to 100") }
        guard let page = TokenPage(paging, size: size, token: input.text("next_token"), of: query) else {
            throw .invalidPortalRequest("Invalid next_token")
        }
        return page
    }
}

extension ServiceError {
    fileprivate static func invalidPortalRequest(_ message: String) -> ServiceError {
        ServiceError(status: 400, code: "InvalidRequestException", message: message)
    }
}
