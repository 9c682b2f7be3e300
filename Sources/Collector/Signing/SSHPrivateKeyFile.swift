import Crypto
import FoundationEssentials

/// A private key file of OpenSSH (its PROTOCOL.key).
struct SSHPrivateKeyFile: Sendable {
    let publicKey: SSHPublicKey
    /// Nil where a passphrase protects it.
    let privateKey: SSHPrivateKey?

    private static let begin = "-----BEGIN OPENSSH PRIVATE KEY-----"
    private static let end = "-----END OPENSSH PRIVATE KEY-----"
    private static let magic = Array("openssh-key-v1\0".utf8)

    static func isOne(_ text: String) -> Bool { text.hasPrefix(begin) }

    init(_ text: String) throws(SealFormatError) {
        let lines = text.split(whereSeparator: \.isNewline)
        guard lines.first == Self.begin[...], lines.last == Self.end[...],
            let bytes = Data(base64Encoded: lines.dropFirst().dropLast().joined())
        else { throw SealFormatError("it isn't whole") }
        var reader = SSHWireReader(Array(bytes))
        guard try reader.bytes(Self.magic.count) == Self.magic else { throw SealFormatError("it isn't of version 1") }
        let cipher = try reader.text()
        _ = try reader.string()
        _ = try reader.string()
        guard try reader.uint32() == 1 else { throw SealFormatError("it has more than one key") }
        publicKey = try SSHPublicKey(blob: try reader.string())
        let secrets = try reader.string()
        privateKey = cipher == "none" ? try SSHPrivateKey(secrets, of: publicKey) : nil
    }
}

/// Signs. It never shows itself.
struct SSHPrivateKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private enum Key: Sendable {
        case ed25519(Curve25519.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
    }

    private let key: Key

    /// - Parameter secrets: the part of a key file that a passphrase would protect.
    fileprivate init(_ secrets: [UInt8], of publicKey: SSHPublicKey) throws(SealFormatError) {
        var reader = SSHWireReader(secrets)
        let damaged = SealFormatError("its private key and its public key don't belong together")
        guard try reader.uint32() == (try reader.uint32()), try reader.text() == publicKey.kind.rawValue else {
            throw damaged
        }
        switch publicKey.kind {
        case .ed25519:
            let point = try reader.string()
            let seed = Array(try reader.string().prefix(32))
            guard let private25519 = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
                Array(private25519.publicKey.rawRepresentation) == point
            else { throw damaged }
            key = .ed25519(private25519)
        case .p256:
            _ = try reader.text()
            let point = try reader.string()
            let scalar = try reader.number(size: 32)
            guard let private256 = try? P256.Signing.PrivateKey(rawRepresentation: scalar),
                Array(private256.publicKey.x963Representation) == point
            else { throw damaged }
            key = .p256(private256)
        }
        guard publicBlob == publicKey.blob else { throw damaged }
    }

    private var publicBlob: [UInt8] {
        var writer = SSHWireWriter()
        switch key {
        case .ed25519(let key):
            writer.append(text: SSHPublicKey.Kind.ed25519.rawValue)
            writer.append(string: Array(key.publicKey.rawRepresentation))
        case .p256(let key):
            writer.append(text: SSHPublicKey.Kind.p256.rawValue)
            writer.append(text: "nistp256")
            writer.append(string: Array(key.publicKey.x963Representation))
        }
        return writer.bytes
    }

    /// The signature with its type before it.
    func signature(over data: [UInt8]) throws -> [UInt8] {
        var writer = SSHWireWriter()
        switch key {
        case .ed25519(let key):
            writer.append(text: SSHPublicKey.Kind.ed25519.rawValue)
            writer.append(string: Array(try key.signature(for: data)))
        case .p256(let key):
            let raw = try key.signature(for: data).rawRepresentation
            var numbers = SSHWireWriter()
            numbers.append(number: raw.prefix(32))
            numbers.append(number: raw.suffix(32))
            writer.append(text: SSHPublicKey.Kind.p256.rawValue)
            writer.append(string: numbers.bytes)
        }
        return writer.bytes
    }

    var description: String { "<redacted>" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
