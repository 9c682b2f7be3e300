import Crypto
package import FoundationEssentials

/// Fresh credentials of `aws login` for a refresh token, with a proof that whoever asks holds the key that signed in
/// (DPoP).
///
/// Source: botocore's service model `signin`; https://datatracker.ietf.org/doc/html/rfc9449 for the proof.
package struct CreateOAuth2Token: JSONOperation {
    package static let name = "CreateOAuth2Token"
    package static let service = AWSService.signin
    package static let isSigned = false
    private static let path = "/v1/token"

    private let clientID: String
    private let refreshToken: Secret
    private let key: P256.Signing.PrivateKey
    private let endpoint: EndpointURL
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - key: the private key of the proof, in PEM.
    ///   - endpoint: where the request goes: the proof is for that URL only.
    ///   - now: the time of a proof.
    /// - Throws: `CryptoKitError` and the like for a key that isn't one.
    package init(
        clientID: String, refreshToken: Secret, key: Secret, endpoint: EndpointURL, now: @escaping @Sendable () -> Date
    ) throws {
        self.clientID = clientID
        self.refreshToken = refreshToken
        self.key = try P256.Signing.PrivateKey(pemRepresentation: key.exposed)
        self.endpoint = endpoint
        self.now = now
    }

    package var secrets: [Secret] { [refreshToken] }

    /// With a proof of its own each time, as each is good for one request.
    package var content: RequestContent {
        let body = Body(clientId: clientID, refreshToken: refreshToken.exposed)
        var headers = [HTTPHeader(name: "Content-Type", value: "application/json")]
        if let proof = try? proof() { headers.append(HTTPHeader(name: "DPoP", value: proof)) }
        // Strings alone always can be encoded.
        return RequestContent(
            path: Self.path, headers: headers, body: (try? JSONEncoder().encode(body)).map(Array.init) ?? [])
    }

    private struct Body: Encodable {
        var clientId: String
        var grantType = "refresh_token"
        var refreshToken: String
    }

    package struct Output: Decodable, Sendable {
        var accessToken: AccessToken
        /// Seconds from now, 900 at most.
        var expiresIn: Int
        /// A new one, as each is good for one use.
        var refreshToken: String

        struct AccessToken: Decodable {
            var accessKeyId: String
            var secretAccessKey: String
            var sessionToken: String
        }
    }

    // MARK: The proof

    private struct Header: Encodable {
        var typ = "dpop+jwt"
        var alg = "ES256"
        var jwk: Key

        struct Key: Encodable {
            var kty = "EC"
            var crv = "P-256"
            var x: String
            var y: String
        }
    }

    private struct Claims: Encodable {
        var htm = "POST"
        var htu: String
        var iat: Int
        var jti: String
    }

    private func proof() throws -> String {
        let point = key.publicKey.rawRepresentation
        let header = Header(jwk: .init(x: point.prefix(32).base64URL, y: point.suffix(32).base64URL))
        let claims = Claims(
            htu: endpoint.appending(Self.path).description, iat: Int(now().timeIntervalSince1970),
            jti: UUID().uuidString.lowercased())
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let signed = "\(try encoder.encode(header).base64URL).\(try encoder.encode(claims).base64URL)"
        let signature = try key.signature(for: Array(signed.utf8)).rawRepresentation
        return "\(signed).\(signature.base64URL)"
    }
}

extension Data {
    /// As JSON Web Tokens have it (https://datatracker.ietf.org/doc/html/rfc7515#section-2).
    fileprivate var base64URL: String {
        Data(self).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
