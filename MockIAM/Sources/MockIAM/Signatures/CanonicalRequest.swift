import Crypto
import FoundationEssentials

/// What Signature Version 4 signs of a request.
///
/// Source: AWS IAM User Guide, "Create a signed AWS API request" (reference_sigv-create-signed-request.html).
struct CanonicalRequest {
    /// The canonical request itself.
    let bytes: [UInt8]

    /// Fails for a request that no signature can fit: a path without its first slash, or a list of signed headers
    /// that isn't canonical or names one that isn't there.
    init?(_ message: SignedMessage, query: QueryString, signedHeaders: SignedHeaderNames, payloadHash: [UInt8]) {
        guard let path = CanonicalPath(message.path) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        bytes += message.method.utf8
        bytes.append(UInt8(ascii: "\n"))
        path.append(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        query.appendCanonical(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        guard signedHeaders.appendCanonical(of: message, to: &bytes) else { return nil }
        bytes.append(UInt8(ascii: "\n"))
        bytes += payloadHash
        self.bytes = bytes
    }

    /// The lower-case hexadecimal SHA-256 of a body.
    static func payloadHash(_ body: [UInt8]) -> [UInt8] {
        var hash: [UInt8] = []
        hash.reserveCapacity(SHA256.byteCount * 2)
        hash.appendHex(SHA256.hash(data: body))
        return hash
    }

    /// The string to sign.
    func stringToSign(_ credential: CredentialScope, date: SigningDate) -> [UInt8] {
        var string: [UInt8] = []
        string.reserveCapacity(160)
        string += "AWS4-HMAC-SHA256\n".utf8
        string += date.text.utf8
        string.append(UInt8(ascii: "\n"))
        string += credential.text.utf8
        string.append(UInt8(ascii: "\n"))
        string.appendHex(SHA256.hash(data: bytes))
        return string
    }
}
