import Crypto
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
        let stamp = keys.timestamp(instant)
        let day = String(stamp.prefix(8))
        var request = request
        request.headers.append(HTTPHeader(name: "Host", value: request.url.authority))
        request.headers.append(HTTPHeader(name: "X-Amz-Date", value: stamp))
        if let token = credentials.sessionToken {
            request.headers.append(HTTPHeader(name: "X-Amz-Security-Token", value: token.exposed))
        }
        let headers = Self.canonicalHeaders(request.headers)
        let signedHeaders = headers.map(\.name).joined(separator: ";")
        // One text that grows, since a session token is long and each text in between would be another copy of it.
        var canonicalRequest = request.method
        canonicalRequest += "\n"
        canonicalRequest += PercentEncoding.encode(Self.normalized(request.url.path), keepingSlash: true)
        canonicalRequest += "\n"
        canonicalRequest += Self.canonicalQuery(request.query)
        canonicalRequest += "\n"
        for header in headers {
            canonicalRequest += header.name
            canonicalRequest += ":"
            canonicalRequest += header.value
            canonicalRequest += "\n"
        }
        canonicalRequest += "\n"
        canonicalRequest += signedHeaders
        canonicalRequest += "\n"
        canonicalRequest += Hexadecimal.encode(SHA256.hash(data: request.body))
        let credentialScope = "\(day)/\(scope.region)/\(scope.service)/aws4_request"
        let digest = Hexadecimal.encode(SHA256.hash(data: Array(canonicalRequest.utf8)))
        let stringToSign = [Self.algorithm, stamp, credentialScope, digest].joined(separator: "\n")
        let key = keys.key(for: credentials, scope: scope, day: day)
        let signature = HMAC<SHA256>.authenticationCode(for: Array(stringToSign.utf8), using: key)
        return Steps(
            request: request, canonicalRequest: canonicalRequest, stringToSign: stringToSign,
            credentialScope: credentialScope, signedHeaders: signedHeaders, signature: Hexadecimal.encode(signature)
        )
    }

    /// The parameters decoded and encoded as AWS writes them, in order of encoded name, then value; `=` even without a
    /// value.
    private static func canonicalQuery(_ query: String) -> String {
        guard !query.isEmpty else { return "" }
        let parameters = query.utf8.split(separator: UInt8(ascii: "&")).map { pair in
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            let value = pair[name.endIndex...].dropFirst()
            return (name: PercentEncoding.normalized(name), value: PercentEncoding.normalized(value))
        }
        return
            parameters
            .sorted { left, right in
                left.name == right.name
                    ? left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
                    : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
            }
            .map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }

    /// Lower-case names in order, values trimmed and their inner runs of spaces folded, equal names joined by commas.
    private static func canonicalHeaders(_ headers: [HTTPHeader]) -> [HTTPHeader] {
        var canonical: [HTTPHeader] = []
        for header in headers {
            let name = header.name.lowercased()
            guard !unsigned.contains(name) else { continue }
            if let index = canonical.firstIndex(where: { $0.name == name }) {
                canonical[index].value += ",\(folded(header.value))"
            } else {
                canonical.append(HTTPHeader(name: name, value: folded(header.value)))
            }
        }
        return canonical.sorted { $0.name < $1.name }
    }

    private static func folded(_ value: String) -> String {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        // A session token has a thousand characters and none.
        if value.allBytes({ !isSpace($0) }) { return value }
        let words = value.utf8.split(whereSeparator: isSpace)
        return words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }

    /// Proxies on the way may change these, and AWS's own clients leave them out of the signature.
    private static let unsigned: Set<String> = ["expect", "transfer-encoding", "user-agent", "x-amzn-trace-id"]

    /// The path without empty and dot segments, as SigV4 signs it for every service but S3.
    private static func normalized(_ path: String) -> String {
        if path == "/" { return path }
        var segments: [Substring] = []
        for segment in path.split(separator: "/") {
            switch segment {
            case ".": continue
            case "..": _ = segments.popLast()
            default: segments.append(segment)
            }
        }
        let isFolder = path.hasSuffix("/") && !segments.isEmpty
        return "/" + segments.joined(separator: "/") + (isFolder ? "/" : "")
    }
}
