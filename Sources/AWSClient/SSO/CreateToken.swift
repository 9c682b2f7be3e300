import FoundationEssentials

/// A fresh access token of IAM Identity Center for a refresh token.
///
/// Source: https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html
package struct CreateToken: JSONOperation {
    package static let name = "CreateToken"
    package static let service = AWSService.ssoOIDC
    package static let isSigned = false

    package var clientID: String
    package var clientSecret: Secret
    package var refreshToken: Secret

    package init(clientID: String, clientSecret: Secret, refreshToken: Secret) {
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.refreshToken = refreshToken
    }

    package var secrets: [Secret] { [clientSecret, refreshToken] }

    package var content: RequestContent {
        let body = Body(clientId: clientID, clientSecret: clientSecret.exposed, refreshToken: refreshToken.exposed)
        return RequestContent(
            path: "/token", headers: [HTTPHeader(name: "Content-Type", value: "application/json")],
            // Strings alone always can be encoded.
            body: (try? JSONEncoder().encode(body)).map(Array.init) ?? [])
    }

    private struct Body: Encodable {
        var clientId: String
        var clientSecret: String
        var grantType = "refresh_token"
        var refreshToken: String
    }

    package struct Output: Decodable, Sendable {
        var accessToken: String
        /// Seconds from now.
        var expiresIn: Int
        /// A new one, as each is good for one use.
        var refreshToken: String?
    }
}
