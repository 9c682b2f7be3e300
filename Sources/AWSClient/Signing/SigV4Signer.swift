import Crypto
import Digests
package import FoundationEssentials
import PlainText

/// Signs requests with AWS Signature Version 4.
///
/// Source: "Create a signed AWS API request", IAM User Guide
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
package struct SigV4Signer: Sendable {
    private static let algorithm = "AWS4-HMAC-SHA256"

    package let scope: SigningScope
    private let keys: SigningKeys

    package init(scope: SigningScope) {
        self.init(scope: scope, keys: SigningKeys())
    }

    /// - Parameter keys: shared among the signers of a client, so that each key is derived once.
    init(scope: SigningScope, keys: SigningKeys) {
        self.scope = scope
        self.keys = keys
    }

    /// The request with `Host`, `X-Amz-Date`, with temporary credentials `X-Amz-Security-Token`, and `Authorization`
    /// added. The headers that the request has already are signed too, but for those that a proxy may rewrite.
    package func sign(_ request: HTTPRequest, with credentials: Credentials, at instant: Date) -> HTTPRequest {
        let steps = steps(for: request, with: credentials, at: instant)
        var signed = steps.request
        signed.headers.append(
            HTTPHeader(
                name: "Authorization",
                value: """
                    \(Self.algorithm) Credential=\(credentials.accessKeyID)/\(steps.credentialScope), \
                    SignedHeaders=\(steps.signedHeaders), Signature=\(steps.signature)
                    """))
        return signed
    }

    /// The intermediate values of one signature, by the names in AWS's documentation: for tests against AWS's published
    /// examples.
    package struct Steps {
        package var request: HTTPRequest
        /// In UTF-8, as the string to sign.
        package var canonicalRequest: [UInt8]
        package var stringToSign: [UInt8]
        package var credentialScope: String
        package var signedHeaders: String
        package var signature: String
    }

    package func steps(for request: HTTPRequest, with credentials: Credentials, at instant: Date) -> Steps {
        let stamp = keys.timestamp(instant)
        var request = request
        request.headers.reserveCapacity(request.headers.count + 4)
        request.headers.append(HTTPHeader(name: "Host", value: request.url.authority))
        request.headers.append(HTTPHeader(name: "X-Amz-Date", value: stamp))
        if let token = credentials.sessionToken {
            request.headers.append(HTTPHeader(name: "X-Amz-Security-Token", value: token.exposed))
        }
        let key = keys.key(for: credentials, scope: scope, day: String(stamp.prefix(8)))
        let canonical = CanonicalRequest(request)
        var stringToSign: [UInt8] = []
        stringToSign.reserveCapacity(160)
        for line in [Self.algorithm, stamp, key.credentialScope] {
            stringToSign += line.utf8
            stringToSign.append(UInt8(ascii: "\n"))
        }
        stringToSign += SHA256.hexadecimal(of: canonical.bytes).utf8
        return Steps(
            request: request, canonicalRequest: canonical.bytes, stringToSign: stringToSign,
            credentialScope: key.credentialScope, signedHeaders: canonical.signedHeaders,
            signature: String(hexadecimal: key.authenticationCode(for: stringToSign))
        )
    }
}
