/// The program's name and version, as every document carries them.
package enum KeyWitnessTool {
    package static let name = "keywitness"
    package static let version = "0.4.0"
    /// As servers are told who asks (RFC 9110, 10.1.5).
    package static let userAgent = "\(name)/\(version)"
    /// What signatures over a bundle's checksums are for; a signature of the same key for anything else doesn't pass.
    package static let signatureNamespace = "keywitness-bundle-v1"
}
