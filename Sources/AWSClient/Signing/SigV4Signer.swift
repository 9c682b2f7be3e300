import Crypto
package import FoundationEssentials

/// Signs requests with AWS Signature Version 4.
///
/// Source: "Create a signed AWS API request", IAM User Guide
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
package struct SigV4Signer: Sendable {
    private static let algorithm = "AWS4-HMAC-SHA256"

    package let scope: SigningScope

    package init(scope: SigningScope) {
        self.scope = scope
    }

    /// The request with `Host`, `X-Amz-Date`, with temporary credentials `X-Amz-Security-Token`, and `Authorization`
    /// added. Every header that the request has already is signed too.
    package func sign(_ request: HTTPRequest, with credentials: Credentials, at instant: Date) -> HTTPRequest {
        let steps = steps(for: request, with: credentials, at: instant)
        var signed = steps.request
        let value =
            "\(Self.algorithm) Credential=\(credentials.accessKeyID)/\(steps.credentialScope), "
            + "SignedHeaders=\(steps.signedHeaders), Signature=\(steps.signature)"
        signed.headers.append(HTTPHeader(name: "Authorization", value: value))
        return signed
    }

    /// The intermediate values of one signature, by the names in AWS's documentation: for tests against AWS's published
    /// examples.
    package struct Steps {
        package var request: HTTPRequest
        package var canonicalRequest: String
        package var stringToSign: String
        package var credentialScope: String
        package var signedHeaders: String
        package var signature: String
    }

    package func steps(for request: HTTPRequest, with credentials: Credentials, at instant: Date) -> Steps {
        let stamp = Self.timestamp(instant)
        let day = String(stamp.prefix(8))
        var request = request
        request.headers.append(HTTPHeader(name: "Host", value: request.url.authority))
        request.headers.append(HTTPHeader(name: "X-Amz-Date", value: stamp))
        if let token = credentials.sessionToken {
            request.headers.append(HTTPHeader(name: "X-Amz-Security-Token", value: token.exposed))
        }
        let headers = Self.canonicalHeaders(request.headers)
        let signedHeaders = headers.map(\.name).joined(separator: ";")
        let canonicalRequest = [
            request.method,
            PercentEncoding.encode(request.url.path, keepingSlash: true),
            "",  // no query: the Query protocol sends its parameters in the body
            headers.map { "\($0.name):\($0.value)\n" }.joined(),
            signedHeaders,
            Hexadecimal.encode(SHA256.hash(data: request.body)),
        ].joined(separator: "\n")
        let credentialScope = "\(day)/\(scope.region)/\(scope.service)/aws4_request"
        let digest = Hexadecimal.encode(SHA256.hash(data: Array(canonicalRequest.utf8)))
        let stringToSign = [Self.algorithm, stamp, credentialScope, digest].joined(separator: "\n")
        let key = signingKey(secret: credentials.secretAccessKey, day: day)
        let signature = HMAC<SHA256>.authenticationCode(for: Array(stringToSign.utf8), using: key)
        return Steps(
            request: request, canonicalRequest: canonicalRequest, stringToSign: stringToSign,
            credentialScope: credentialScope, signedHeaders: signedHeaders, signature: Hexadecimal.encode(signature)
        )
    }

    private func signingKey(secret: Secret, day: String) -> SymmetricKey {
        var key = SymmetricKey(data: Array("AWS4\(secret.exposed)".utf8))
        for part in [day, scope.region, scope.service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        return key
    }

    /// Lower-case names in order, values trimmed and their inner runs of spaces folded, equal names joined by commas.
    private static func canonicalHeaders(_ headers: [HTTPHeader]) -> [HTTPHeader] {
        var folded: [String: [String]] = [:]
        for header in headers {
            let words = header.value.split(omittingEmptySubsequences: true) { $0 == " " || $0 == "\t" }
            folded[header.name.lowercased(), default: []].append(words.joined(separator: " "))
        }
        return folded.sorted { $0.key < $1.key }.map {
            HTTPHeader(name: $0.key, value: $0.value.joined(separator: ","))
        }
    }

    /// `20261122T204500Z`
    private static func timestamp(_ instant: Date) -> String {
        let style = Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)
        return instant.formatted(style)
    }
}
