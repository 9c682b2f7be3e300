import CanonicalJSON
import FoundationEssentials

extension ServiceOperation {
    /// https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
    static let getRoleCredentials = ServiceOperation(
        name: "GetRoleCredentials", errors: .portal, shown: ["account_id", "role_name"]
    ) { call throws(ServiceError) in
        _ = try call.accessToken()
        let name = try call.portalInput("role_name")
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
}
