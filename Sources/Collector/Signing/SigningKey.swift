package import Evidence
import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What signs bundles: a private key file, or an agent that has the key.
package struct SigningKey: Sendable {
    package let publicKey: SSHPublicKey
    private let signer: Signer

    private enum Signer: Sendable {
        case file(SSHPrivateKey)
        case agent(SSHAgent)
    }

    /// No key file is larger.
    private static let largestFile = 64 << 10

    /// - Parameters:
    ///   - path: a private key file of OpenSSH, or the file of a public key whose private one an agent has.
    ///   - agentSocket: what `SSH_AUTH_SOCK` says; asked where the file is a public key, or protected by a passphrase.
    package init(path: String, agentSocket: String?) async throws(SigningError) {
        // Mounted secrets are links.
        let path = URL(filePath: path).resolvingSymlinksInPath().path
        let text = try Self.contents(path)
        if SSHPrivateKeyFile.isOne(text) {
            try Self.checkPrivate(path)
            let file: SSHPrivateKeyFile
            do { file = try SSHPrivateKeyFile(text) } catch {
                throw SigningError("'\(path)' can't be used as a signing key: \(error)")
            }
            publicKey = file.publicKey
            if let key = file.privateKey {
                signer = .file(key)
                return
            }
        } else if text.hasPrefix("-----BEGIN") {
            throw SigningError(
                "'\(path)' isn't a private key in OpenSSH's own form. `ssh-keygen -p -f FILE` writes it in that form")
        } else {
            do { publicKey = try SSHPublicKey(line: text.prefix { !$0.isNewline }) } catch {
                throw SigningError("'\(path)' is neither a private key of OpenSSH nor a public one: \(error)")
            }
        }
        guard let agentSocket, !agentSocket.isEmpty else {
            throw SigningError(
                "'\(path)' alone can't sign: it is a public key, or protected by a passphrase, and SSH_AUTH_SOCK names no "
                    + "ssh-agent that has the private key. Start one and add the key: eval \"$(ssh-agent)\"; ssh-add FILE"
            )
        }
        let agent = SSHAgent(socket: agentSocket)
        guard try await agent.publicKeys().contains(publicKey.blob) else {
            throw SigningError(
                "ssh-agent at \(agentSocket) doesn't have the key of '\(path)' (\(publicKey.fingerprint)). Add it with ssh-add"
            )
        }
        signer = .agent(agent)
    }

    package var name: SigningKeyName { publicKey.name }

    /// Signs the checksums of a bundle.
    func sign(_ message: [UInt8]) async throws(SigningError) -> SSHSignature {
        let made: SSHSignature
        do {
            made = try await SSHSignature(of: message, for: KeyWitnessTool.signatureNamespace, by: publicKey) { data in
                switch signer {
                case .file(let key): try key.signature(over: data)
                case .agent(let agent): try await agent.signature(by: publicKey, over: data)
                }
            }
        } catch let error as SigningError { throw error } catch {
            throw SigningError("the key \(publicKey.fingerprint) can't sign: \(error)")
        }
        // An agent's word isn't enough.
        guard made.isValid(over: message) else {
            throw SigningError("what \(publicKey.fingerprint) signed is no good signature")
        }
        return made
    }

    private static func contents(_ path: String) throws(SigningError) -> String {
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            guard attributes[.type] as? FileAttributeType != .typeDirectory else {
                throw SigningError("the signing key '\(path)' is a folder")
            }
            guard (attributes[.size] as? Int ?? 0) <= largestFile else {
                throw SigningError("the signing key '\(path)' is larger than any key")
            }
            return String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        } catch let error as SigningError { throw error } catch {
            throw SigningError("the signing key '\(path)' can't be read: \(error.plainReason)")
        }
    }

    /// As ssh has it: a private key of one's own that others may read isn't private.
    private static func checkPrivate(_ path: String) throws(SigningError) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let mode = attributes?[.posixPermissions] as? Int, mode & 0o077 != 0,
            attributes?[.ownerAccountID] as? Int == Int(getuid())
        else { return }
        throw SigningError("others may read or write the signing key '\(path)'. Keep it to yourself: chmod 600 FILE")
    }
}

/// Why nothing can be signed.
package struct SigningError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
