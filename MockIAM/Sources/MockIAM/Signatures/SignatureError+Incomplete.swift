import Crypto
import FoundationEssentials

extension SignatureError {
    private static func incomplete(_ message: String) -> SignatureError {
        SignatureError(status: 400, code: "IncompleteSignature", message: message)
    }

    /// `Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'.` What is too long for a name may be a secret.
    static func unsupportedAlgorithm(_ name: String) -> SignatureError {
        incomplete("Unsupported AWS 'algorithm': '\(name.utf8.count > 32 ? "..." : name.echo)'.")
    }

    /// AWS used to quote the whole header; since 2024 it is hashed, as seen from API Gateway.
    static func withoutEqualSign(header: String) -> SignatureError {
        incomplete(
            "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded "
                + "with Base64): '\(header.hashed)'."
        )
    }

    /// `Authorization header requires 'Credential' parameter. …`, with a sentence for each.
    ///
    /// - Parameter needsDate: whether there was no date header either.
    static func incompleteHeader(_ missing: [String], needsDate: Bool, header: String) -> SignatureError {
        var sentences = missing.map { "Authorization header requires '\($0)' parameter. " }
        if needsDate {
            sentences.append(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
            )
        }
        return incomplete(
            sentences.joined() + "(Hashed with SHA-256 and encoded with Base64) Authorization=\(header.hashed)"
        )
    }

    static func incompleteQuery(_ missing: [String]) -> SignatureError {
        incomplete(
            missing.map { "AWS query-string parameters must include '\($0)'. " }.joined()
                + "Re-examine the query-string parameters."
        )
    }

    /// amazonka#5, lua-aws#18.
    static func malformedDate(_ text: String) -> SignatureError {
        incomplete(
            "Date must be in ISO-8601 'basic format'. Got '\(text.echo)'. See http://en.wikipedia.org/wiki/ISO_8601"
        )
    }

    /// S3's words, where AWS documents the limits; the other services were not heard on it.
    static let malformedExpiry = incomplete("X-Amz-Expires must be a number of seconds from 1 to 604800.")

    /// aws-iam-authenticator#374, boto3#1752.
    static func malformedCredential(_ text: String) -> SignatureError {
        incomplete(
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got "
                + "'\(text.echo)'"
        )
    }

    static let incompleteEscape = SignatureError(
        status: 400, code: "MalformedQueryString", message: "Incomplete trailing escape % sequence"
    )

    static func illegalEscape(_ characters: [UInt8]) -> SignatureError {
        SignatureError(
            status: 400, code: "MalformedQueryString",
            message: "Illegal hex character in escape % pattern: %\(String(decoding: characters, as: UTF8.self).echo)"
        )
    }
}

extension String {
    /// Text of a request, fit to be quoted in an answer: printable ASCII, 256 characters at most.
    var echo: String {
        let printable = utf8.prefix(256).map { 0x20...0x7E ~= $0 ? $0 : UInt8(ascii: "?") }
        return String(decoding: printable, as: UTF8.self)
    }

    /// The SHA-256 in Base64, which tells a developer which header it was without telling anybody what it said.
    fileprivate var hashed: String {
        Data(SHA256.hash(data: Array(utf8))).base64EncodedString()
    }
}
