/// Credentials of a role in an account, for whoever is signed in to IAM Identity Center.
///
/// Source: https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
package struct GetRoleCredentials: JSONOperation {
    package static let name = "GetRoleCredentials"
    package static let service = AWSService.sso
    package static let isSigned = false

    package var roleName: String
    package var accountID: String
    package var accessToken: Secret

    package init(roleName: String, accountID: String, accessToken: Secret) {
        self.roleName = roleName
        self.accountID = accountID
        self.accessToken = accessToken
    }

    package var secrets: [Secret] { [accessToken] }

    package var content: RequestContent {
        RequestContent(
            method: "GET", path: "/federation/credentials",
            query: "role_name=\(PercentEncoding.encode(roleName))&account_id=\(PercentEncoding.encode(accountID))",
            headers: [HTTPHeader(name: "x-amz-sso_bearer_token", value: accessToken.exposed)])
    }

    package struct Output: Decodable, Sendable {
        var roleCredentials: RoleCredentials

        struct RoleCredentials: Decodable {
            var accessKeyId: String
            var secretAccessKey: String
            var sessionToken: String
            /// Milliseconds since 1970.
            var expiration: Double
        }
    }
}
