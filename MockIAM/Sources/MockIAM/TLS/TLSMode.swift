extension MockIAM {
    /// How a server serves over TLS. In every mode there is an authority that clients may trust
    /// (``Server/caCertificatePEM``), so that a bad certificate has exactly the one fault.
    public enum TLSMode: String, CaseIterable, Sendable {
        /// A certificate that the authority has signed. Who trusts the authority can connect.
        case trusted
        /// A certificate that nobody but itself has signed.
        case selfSigned = "self-signed"
        /// A certificate that ended yesterday.
        case expired
        /// A certificate that begins tomorrow.
        case notYetValid = "not-yet-valid"
        /// A certificate for another host, `another-host.example.com`.
        case wrongHost = "wrong-host"
        /// A certificate of another authority than the one to be trusted.
        case untrustedCA = "untrusted-ca"
        /// The connection ends when the client has said hello.
        case brokenHandshake = "broken-handshake"
    }
}
