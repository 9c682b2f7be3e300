import FoundationEssentials

/// Keys that STS, SSO, a container or an instance hands out, and that work until they expire.
struct TemporaryCredentials: Sendable {
    let accessKeyID: String
    let secretAccessKey: String
    let sessionToken: String
    private(set) var expiration: Date
    let identity: Identity
    /// How far the clock had been moved by hand when they were made: they age by what came after.
    let advanced: TimeInterval

    /// Numbers begin again where the server forgets what it has handed out, and somebody may still hold the credentials
    /// of before: so whose they are is in all three of their texts, and they never become anybody else's.
    ///
    /// - Parameters:
    ///   - identity: who gets them; its access key id, where it has one, is the one that asked for them.
    ///   - number: tells these credentials from all others of the run.
    init(_ identity: Identity, number: Int, seed: UInt64, expiration: Date, advanced: TimeInterval) {
        let parts = ["credentials", "\(seed)", "\(number)"] + identity.distinction
        accessKeyID = "ASIA" + Identifier.letters(16, of: parts + ["key id"], alphabet: .base32)
        secretAccessKey = Identifier.letters(40, of: parts + ["secret"], alphabet: .base64)
        // As long as AWS's usually are.
        sessionToken = "FwoGZXIvYXdzE" + Identifier.letters(343, of: parts + ["token"], alphabet: .base64)
        self.expiration = expiration
        self.identity = identity.signing(with: accessKeyID)
        self.advanced = advanced
    }

    /// The same, but no longer good.
    func expired() -> TemporaryCredentials {
        var copy = self
        copy.expiration = .distantPast
        return copy
    }
}
