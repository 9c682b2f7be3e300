package import Evidence

/// What signs bundles: a private key file, or an agent that has the key.
package struct SigningKey: Sendable {
    package let publicKey: SSHPublicKey
    private let signer: Signer

    private enum Signer: Sendable {
        case file(SSHPrivateKey)
        case agent(SSHAgent)
    }

    /// - Parameter agentSocket: what `SSH_AUTH_SOCK` says; asked where the file is a public key, or protected by a
    ///   passphrase.
    /// - Throws: ``SigningError`` where that takes an agent, and there is none that has the key.
    package init(_ file: SigningKeyFile, agentSocket: String?) async throws(SigningError) {
        publicKey = file.publicKey
        if let key = file.privateKey {
            signer = .file(key)
            return
        }
        guard let agentSocket, !agentSocket.isEmpty else {
            throw SigningError(
                "'\(file.path)' alone can't sign: it is a public key, or protected by a passphrase, and SSH_AUTH_SOCK names "
                    + "no ssh-agent that has the private key. Start one and add the key: eval \"$(ssh-agent)\"; ssh-add FILE"
            )
        }
        let agent = SSHAgent(socket: agentSocket)
        guard try await agent.publicKeys().contains(publicKey.blob) else {
            throw SigningError(
                "ssh-agent at \(agentSocket) doesn't have the key of '\(file.path)' (\(publicKey.fingerprint)). Add it with "
                    + "ssh-add"
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
}

/// Why nothing can be signed.
package struct SigningError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
