import Evidence
package import FoundationEssentials

/// A run, as its manifest has it.
package struct ChainRun: Sendable {
    package let path: String
    package let account: String
    package let sequence: Int
    /// `20261122T204500Z`
    package let run: String
    /// The digest of its `SHA256SUMS`.
    package let digest: String
    package let asOf: Date
    /// When the first call was made, and the last.
    package let started: Date
    package let ended: Date
    package let isComplete: Bool
    package let overallStatus: String
    package let signature: SignatureFinding

    init(path: String, digest: String, manifest: ManifestReading, signature: SignatureFinding) {
        self.path = path
        account = manifest.account
        sequence = manifest.link.sequence
        run = manifest.run
        self.digest = digest
        asOf = manifest.asOf
        started = manifest.started
        ended = manifest.ended
        isComplete = manifest.isComplete
        overallStatus = manifest.overallStatus
        self.signature = signature
    }
}
