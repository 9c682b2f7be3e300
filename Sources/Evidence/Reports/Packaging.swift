/// What a bundle has besides an assessment: how it was asked for, and what holds it together with others.
package struct Packaging: Sendable, Equatable {
    package var asOfSource: AsOfSource
    package var oscalVersion: OSCALVersion
    /// The key that signs the bundle; nil for none.
    package var signingKey: SigningKeyName?
    /// The URL of the authority that is asked for a timestamp; nil for none.
    package var timestampAuthority: String?

    package init(
        asOfSource: AsOfSource, oscalVersion: OSCALVersion = .standard, signingKey: SigningKeyName? = nil,
        timestampAuthority: String? = nil
    ) {
        self.asOfSource = asOfSource
        self.oscalVersion = oscalVersion
        self.signingKey = signingKey
        self.timestampAuthority = timestampAuthority
    }
}

/// A signing key as a manifest names it, so that a bundle whose signature was taken away still says that it had one.
package struct SigningKeyName: Sendable, Equatable {
    /// `ssh-ed25519` or `ecdsa-sha2-nistp256`.
    package var type: String
    /// As `ssh-keygen -l` prints it: `SHA256:` and the digest of the public key, in base64 without padding.
    package var fingerprint: String

    package init(type: String, fingerprint: String) {
        self.type = type
        self.fingerprint = fingerprint
    }
}

/// A bundle's place among those of its account and folder.
package struct ChainLink: Sendable, Equatable {
    /// 1 for the first.
    package var sequence: Int
    /// Nil for the first.
    package var previous: PreviousRun?
    /// Runs in the folder that couldn't be read when this one was published: where the chain is broken.
    package var unreadableRuns: [String]

    package init(sequence: Int, previous: PreviousRun?, unreadableRuns: [String] = []) {
        self.sequence = sequence
        self.previous = previous
        self.unreadableRuns = unreadableRuns
    }

    package struct PreviousRun: Sendable, Equatable {
        /// The name of its folder.
        package var run: String
        /// The digest of its `SHA256SUMS`, and so of everything in it.
        package var sha256: String

        package init(run: String, sha256: String) {
            self.run = run
            self.sha256 = sha256
        }
    }
}
