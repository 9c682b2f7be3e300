import FileContents
import FoundationEssentials
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The file that names a key to sign with: OpenSSH's private key, or the public one of a key that an agent has.
package struct SigningKeyFile: Sendable {
    let path: String
    let publicKey: SSHPublicKey
    /// Nil where the file is a public key, or protected by a passphrase.
    let privateKey: SSHPrivateKey?

    /// No key file is larger.
    private static let largest = 64 << 10

    /// - Throws: ``SigningError`` where it can't be read, isn't such a file, or others may read it.
    package init(path: String) throws(SigningError) {
        // Mounted secrets are links.
        let path = URL(filePath: path).resolvingSymlinksInPath().path
        self.path = path
        let text = try Self.contents(path)
        if SSHPrivateKeyFile.isOne(text) {
            try Self.checkPrivate(path)
            do {
                let file = try SSHPrivateKeyFile(text)
                (publicKey, privateKey) = (file.publicKey, file.privateKey)
            } catch {
                throw SigningError("'\(path)' can't be used as a signing key: \(error)")
            }
        } else if text.hasPrefix("-----BEGIN") {
            throw SigningError(
                "'\(path)' isn't a private key in OpenSSH's own form. `ssh-keygen -p -f FILE` writes it in that form")
        } else {
            do { publicKey = try SSHPublicKey(line: text.prefix { !$0.isNewline }) } catch {
                throw SigningError("'\(path)' is neither a private key of OpenSSH nor a public one: \(error)")
            }
            privateKey = nil
        }
    }

    private static func contents(_ path: String) throws(SigningError) -> String {
        do { return String(decoding: try FilePath(path).contents(atMost: largest), as: UTF8.self) } catch {
            switch error {
            case .folder: throw SigningError("the signing key '\(path)' is a folder")
            case .larger: throw SigningError("the signing key '\(path)' is larger than any key")
            case .missing, .system: throw SigningError("the signing key '\(path)' can't be read: \(error)")
            }
        }
    }

    /// As ssh has it: a private key of one's own that others may read isn't private.
    private static func checkPrivate(_ path: String) throws(SigningError) {
        let others: FilePermissions = [.groupReadWriteExecute, .otherReadWriteExecute]
        guard let status = try? FilePath(path).stat(), !status.permissions.isDisjoint(with: others),
            status.userID.rawValue == getuid()
        else { return }
        throw SigningError("others may read or write the signing key '\(path)'. Keep it to yourself: chmod 600 FILE")
    }
}
