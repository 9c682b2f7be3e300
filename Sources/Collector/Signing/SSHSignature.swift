import Crypto
import FoundationEssentials

/// A signature over a file, as `ssh-keygen -Y sign` makes and `-Y verify` reads it (OpenSSH's PROTOCOL.sshsig).
package struct SSHSignature: Sendable {
    package let publicKey: SSHPublicKey
    /// What the signature is for.
    package let namespace: String
    private let hash: Hash
    private let signature: [UInt8]

    private enum Hash: String {
        case sha256, sha512

        func digest(of message: [UInt8]) -> [UInt8] {
            switch self {
            case .sha256: Array(SHA256.hash(data: message))
            case .sha512: Array(SHA512.hash(data: message))
            }
        }
    }

    private static let magic = Array("SSHSIG".utf8)
    private static let version: UInt32 = 1
    private static let begin = "-----BEGIN SSH SIGNATURE-----"
    private static let end = "-----END SSH SIGNATURE-----"
    private static let lineLength = 70

    /// - Parameter sign: makes the key's signature over some bytes, with its type before it.
    init(
        of message: [UInt8], for namespace: String, by publicKey: SSHPublicKey,
        _ sign: ([UInt8]) async throws -> [UInt8]
    ) async throws {
        self.publicKey = publicKey
        self.namespace = namespace
        hash = .sha512
        signature = try await sign(Self.signedBytes(namespace, hash, message))
    }

    /// Reads the form with lines of base64.
    init(armored: String) throws(SealFormatError) {
        let lines = armored.split(whereSeparator: \.isNewline)
        guard lines.first == Self.begin[...], lines.last == Self.end[...], lines.count > 2,
            let bytes = Data(base64Encoded: lines[1..<(lines.count - 1)].joined())
        else { throw SealFormatError("it isn't an SSH signature") }
        var reader = SSHWireReader(Array(bytes))
        guard try reader.bytes(Self.magic.count) == Self.magic, try reader.uint32() == Self.version else {
            throw SealFormatError("it isn't an SSH signature of version 1")
        }
        publicKey = try SSHPublicKey(blob: try reader.string())
        namespace = try reader.text()
        _ = try reader.string()
        let name = try reader.text()
        guard let hash = Hash(rawValue: name) else { throw SealFormatError("it is made with '\(name.prefix(60))'") }
        self.hash = hash
        signature = try reader.string()
        guard reader.isAtEnd else { throw SealFormatError("something follows the signature") }
    }

    package var armored: String {
        var writer = SSHWireWriter()
        writer.append(raw: Self.magic)
        writer.append(Self.version)
        writer.append(string: publicKey.blob)
        writer.append(text: namespace)
        writer.append(text: "")
        writer.append(text: hash.rawValue)
        writer.append(string: signature)
        var text = Data(writer.bytes).base64EncodedString()[...]
        var lines = [Self.begin]
        while !text.isEmpty {
            lines.append(String(text.prefix(Self.lineLength)))
            text = text.dropFirst(Self.lineLength)
        }
        return (lines + [Self.end]).joined(separator: "\n") + "\n"
    }

    /// Whether its key has signed the message for its namespace.
    func isValid(over message: [UInt8]) -> Bool {
        publicKey.isValid(signature, over: Self.signedBytes(namespace, hash, message))
    }

    private static func signedBytes(_ namespace: String, _ hash: Hash, _ message: [UInt8]) -> [UInt8] {
        var writer = SSHWireWriter()
        writer.append(raw: magic)
        writer.append(text: namespace)
        writer.append(text: "")
        writer.append(text: hash.rawValue)
        writer.append(string: hash.digest(of: message))
        return writer.bytes
    }
}
