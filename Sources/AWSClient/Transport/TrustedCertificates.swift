import NIOSSL

/// Certificates of authorities that are trusted instead of the system's.
package struct TrustedCertificates: Sendable {
    let certificates: [NIOSSLCertificate]

    /// - Parameter pem: a file as `AWS_CA_BUNDLE` names it: one certificate or many.
    /// - Throws: ``NotCertificates``.
    package init(pem: [UInt8]) throws(NotCertificates) {
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(pem), !certificates.isEmpty else {
            throw NotCertificates()
        }
        self.certificates = certificates
    }

    /// A file that was to have certificates in PEM has none.
    package struct NotCertificates: Error {}
}
