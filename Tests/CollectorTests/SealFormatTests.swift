import Crypto
import FoundationEssentials
import Testing

@testable import Collector

/// Keys and signatures by their bytes: what is nearly one is none. That OpenSSH takes ours and we take theirs is for
/// `Tests/Interop/test_seals.py` to say.
@Suite struct SealFormatTests {
    private static let ed25519 = Curve25519.Signing.PrivateKey()
    private static let p256 = P256.Signing.PrivateKey()

    private func bytes(_ write: (inout SSHWireWriter) -> Void) -> [UInt8] {
        var writer = SSHWireWriter()
        write(&writer)
        return writer.bytes
    }

    private var ed25519Blob: [UInt8] {
        bytes {
            $0.append(text: "ssh-ed25519")
            $0.append(string: Array(Self.ed25519.publicKey.rawRepresentation))
        }
    }

    private func p256Blob(curve: String = "nistp256") -> [UInt8] {
        bytes {
            $0.append(text: "ecdsa-sha2-nistp256")
            $0.append(text: curve)
            $0.append(string: Array(Self.p256.publicKey.x963Representation))
        }
    }

    private func reason(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch { return "\(error)" }
    }

    // MARK: Public keys

    @Test func `a key is of its curve, and nothing follows it`() throws {
        for blob in [ed25519Blob, p256Blob()] {
            #expect(reason { _ = try SSHPublicKey(blob: blob) } == nil)
            #expect(reason { _ = try SSHPublicKey(blob: blob + [0]) } == "something follows the key")
        }
        #expect(reason { _ = try SSHPublicKey(blob: p256Blob(curve: "nistp384")) } == "the key's curve isn't nistp256")
    }

    @Test func `a signature is of its key's type, and nothing follows it, nor its numbers`() throws {
        let message: [UInt8] = [1, 2, 3]
        let value = Array(try Self.ed25519.signature(for: message))
        let key = try SSHPublicKey(blob: ed25519Blob)
        func signature(_ type: String, _ value: [UInt8]) -> [UInt8] {
            bytes {
                $0.append(text: type)
                $0.append(string: value)
            }
        }
        #expect(key.isValid(signature("ssh-ed25519", value), over: message))
        #expect(!key.isValid(signature("ssh-ed25519", value) + [0], over: message))
        #expect(!key.isValid(signature("ecdsa-sha2-nistp256", value), over: message))
        #expect(!key.isValid(signature("ssh-ed25519", value), over: [1, 2]))

        let raw = try Self.p256.signature(for: message).rawRepresentation
        let numbers = bytes {
            $0.append(number: raw.prefix(32))
            $0.append(number: raw.suffix(32))
        }
        let other = try SSHPublicKey(blob: p256Blob())
        #expect(other.isValid(signature("ecdsa-sha2-nistp256", numbers), over: message))
        #expect(!other.isValid(signature("ecdsa-sha2-nistp256", numbers + [0]), over: message))
        #expect(!other.isValid(signature("ssh-ed25519", numbers), over: message))
    }

    /// RFC 4251, section 5: one whose first bit is set would be negative.
    @Test func `a number has no zeros before it but the one that it needs`() {
        for (number, expected) in [
            ([0x7f], [0x7f]), ([0x80], [0, 0x80]), ([0xfe, 1], [0, 0xfe, 1]), ([0, 0, 1], [1]), ([0], []),
        ] as [([UInt8], [UInt8])] {
            #expect(bytes { $0.append(number: number) } == [0, 0, 0, UInt8(expected.count)] + expected)
        }
    }

    // MARK: Private keys

    /// A file as `ssh-keygen` writes it.
    private func file(keys: UInt32 = 1, checks: (UInt32, UInt32) = (7, 7), point: [UInt8]? = nil) -> String {
        let own = Array(Self.ed25519.publicKey.rawRepresentation)
        let secrets = bytes {
            $0.append(checks.0)
            $0.append(checks.1)
            $0.append(text: "ssh-ed25519")
            $0.append(string: point ?? own)
            $0.append(string: Array(Self.ed25519.rawRepresentation) + own)
            $0.append(text: "a comment")
        }
        let whole = bytes {
            $0.append(raw: Array("openssh-key-v1\0".utf8))
            for text in ["none", "none", ""] { $0.append(text: text) }
            $0.append(keys)
            $0.append(string: ed25519Blob)
            $0.append(string: secrets)
        }
        return """
            -----BEGIN OPENSSH PRIVATE KEY-----
            \(Data(whole).base64EncodedString())
            -----END OPENSSH PRIVATE KEY-----
            """
    }

    @Test func `a private key file has one key, whole`() throws {
        let read = try SSHPrivateKeyFile(file())
        let signature = try #require(read.privateKey).signature(over: [1])
        #expect(read.publicKey.isValid(signature, over: [1]))
        #expect(reason { _ = try SSHPrivateKeyFile(file(keys: 2)) } == "it has more than one key")
        // What a wrong passphrase makes of it.
        let damaged = "its private key and its public key don't belong together"
        #expect(reason { _ = try SSHPrivateKeyFile(file(checks: (7, 8))) } == damaged)
        let other = Array(Curve25519.Signing.PrivateKey().publicKey.rawRepresentation)
        #expect(reason { _ = try SSHPrivateKeyFile(file(point: other)) } == damaged)
    }

    // MARK: Signatures over files

    private func armored(version: UInt32 = 1, hash: String = "sha512", rest: [UInt8] = []) -> String {
        let whole = bytes {
            $0.append(raw: Array("SSHSIG".utf8))
            $0.append(version)
            $0.append(string: ed25519Blob)
            for text in ["keywitness-bundle-v1", "", hash, ""] { $0.append(text: text) }
            $0.append(raw: rest)
        }
        return """
            -----BEGIN SSH SIGNATURE-----
            \(Data(whole).base64EncodedString())
            -----END SSH SIGNATURE-----
            """
    }

    @Test func `a signature over a file is of the version that is known, and nothing follows it`() {
        func reason(_ text: String) -> String? { self.reason { _ = try SSHSignature(armored: text) } }
        #expect(reason(armored()) == nil)
        #expect(reason(armored(version: 2)) == "it isn't an SSH signature of version 1")
        #expect(reason(armored(hash: "sha1")) == "it is made with 'sha1'")
        #expect(reason(armored(rest: [0])) == "something follows the signature")
    }
}
