import Crypto
import FoundationEssentials

/// Signs requests by AWS's Signature Version 4, in the `Authorization` header.
struct RequestSigner: Sendable {
    var accessKeyID: String
    var secret: String
    var sessionToken: String?
    var region: String
    /// The name that requests to the service are signed with: `iam`, `sts`, `organizations`.
    var service: String

    init(accessKeyID: String, secret: String, sessionToken: String? = nil, region: String, service: String) {
        self.accessKeyID = accessKeyID
        self.secret = secret
        self.sessionToken = sessionToken
        self.region = region
        self.service = service
    }

    /// The message with this signature instead of any that it had, in headers or query.
    ///
    /// - Throws: MalformedQueryString for a query that nobody could sign.
    func signed(_ message: SignedMessage, at date: Date) throws(SignatureError) -> SignedMessage {
        var message = message.withoutSignature
        message.headers += try headers(for: message, at: date)
        return message
    }

    /// The headers to add to a message: `X-Amz-Date`, `X-Amz-Security-Token` with a temporary key, `Authorization`.
    ///
    /// Signed are the host, which the message must have, the content's type, and everything that starts with `x-amz-`:
    /// what AWS asks for. Others may change on their way.
    ///
    /// - Parameter message: a message without a signature.
    /// - Throws: MalformedQueryString for a query that nobody could sign.
    func headers(
        for message: SignedMessage, at date: Date
    ) throws(SignatureError) -> [(name: String, value: String)] {
        let date = SigningDate(date)
        let text = date.text
        var headers = [(name: "X-Amz-Date", value: text)]
        if let sessionToken { headers.append((name: "X-Amz-Security-Token", value: sessionToken)) }
        var message = message
        message.headers += headers
        let names = Set(message.headers.map { $0.name.lowercased() })
            .filter { ["host", "content-type"].contains($0) || $0.hasPrefix("x-amz-") }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .joined(separator: ";")
        let request = CanonicalRequest(
            message, query: try QueryString(message.query), signedHeaders: SignedHeaderNames(names.utf8),
            payloadHash: CanonicalRequest.payloadHash(message.body)
        )
        guard let request else { throw .mismatch }
        let scope = CredentialScope(day: String(text.prefix(8)), region: region, service: service)
        let signature = HMAC<SHA256>(key: SymmetricKey(signingWith: secret, scope: scope))
            .signature(of: request.stringToSign(scope, date: date))
        headers.append(
            (
                name: "Authorization",
                value: "AWS4-HMAC-SHA256 Credential=\(accessKeyID)/\(scope.text), SignedHeaders=\(names), "
                    + "Signature=\(String(decoding: signature, as: UTF8.self))"
            )
        )
        return headers
    }
}

extension SignedMessage {
    /// Without what a signature consists of, its date and token included.
    fileprivate var withoutSignature: SignedMessage {
        let headerNames = ["authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"]
        let parameterNames = [
            "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders",
            "X-Amz-Signature", "X-Amz-Security-Token",
        ]
        var message = self
        message.headers.removeAll { header in headerNames.contains { header.name.utf8.isSpelled($0.utf8) } }
        let pairs = query.split(separator: UInt8(ascii: "&"))
        let kept = pairs.filter { pair in
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            return !parameterNames.contains { name.elementsEqual($0.utf8) }
        }
        if kept.count < pairs.count {
            let rest = kept.map { String(Substring($0)) }.joined(separator: "&")
            message.target = String(Substring(path)) + (rest.isEmpty ? "" : "?" + rest)
        }
        return message
    }
}
