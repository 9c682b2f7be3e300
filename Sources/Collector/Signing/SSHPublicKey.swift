import Crypto
package import Evidence
import FoundationEssentials

/// A public key of OpenSSH: Ed25519 (RFC 8709) or ECDSA on P-256 (RFC 5656).
package struct SSHPublicKey: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case ed25519 = "ssh-ed25519"
        case p256 = "ecdsa-sha2-nistp256"
    }

    package let kind: Kind
    /// As the second word of a line in `id_ed25519.pub` has it, decoded.
    let blob: [UInt8]
    /// 32 bytes of Ed25519; of P-256 an uncompressed point (SEC 1, 2.3.3).
    private let point: [UInt8]

    init(blob: [UInt8]) throws(SealFormatError) {
        var reader = SSHWireReader(blob)
        let name = try reader.text()
        guard let kind = Kind(rawValue: name) else {
            throw SealFormatError(
                "keys of type '\(name.prefix(60))' can't be used, only ssh-ed25519 and ecdsa-sha2-nistp256")
        }
        if kind == .p256, try reader.text() != "nistp256" { throw SealFormatError("the key's curve isn't nistp256") }
        point = try reader.string()
        guard reader.isAtEnd else { throw SealFormatError("something follows the key") }
        self.kind = kind
        self.blob = blob
        switch kind {
        case .ed25519 where point.count == 32: break
        case .p256 where (try? P256.Signing.PublicKey(x963Representation: point)) != nil: break
        default: throw SealFormatError("the key isn't a point of its curve")
        }
    }

    /// Reads `TYPE BASE64 [COMMENT]`.
    init(line: some StringProtocol) throws(SealFormatError) {
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard words.count >= 2, let blob = Data(base64Encoded: String(words[1])) else {
            throw SealFormatError("not a public key: '\(line.prefix(60))'")
        }
        try self.init(blob: Array(blob))
        guard words[0] == kind.rawValue else {
            throw SealFormatError("the key isn't of the type \(words[0].prefix(60))")
        }
    }

    /// As `ssh-keygen -l` prints it.
    package var fingerprint: String {
        let digest = Data(SHA256.hash(data: blob)).base64EncodedString()
        return "SHA256:\(digest.prefix { $0 != "=" })"
    }

    package var name: SigningKeyName { SigningKeyName(type: kind.rawValue, fingerprint: fingerprint) }

    /// - Parameter signature: `TYPE` and what the type's own RFC says, as agents answer and signatures hold it.
    func isValid(_ signature: [UInt8], over data: [UInt8]) -> Bool {
        var reader = SSHWireReader(signature)
        guard let name = try? reader.text(), name == kind.rawValue, let value = try? reader.string(), reader.isAtEnd
        else {
            return false
        }
        switch kind {
        case .ed25519:
            guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: point) else { return false }
            return key.isValidSignature(value, for: data)
        case .p256:
            var numbers = SSHWireReader(value)
            guard let key = try? P256.Signing.PublicKey(x963Representation: point),
                let r = try? numbers.number(size: 32), let s = try? numbers.number(size: 32), numbers.isAtEnd,
                let ecdsa = try? P256.Signing.ECDSASignature(rawRepresentation: r + s)
            else { return false }
            return key.isValidSignature(ecdsa, for: data)
        }
    }
}
