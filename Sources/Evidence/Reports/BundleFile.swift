package import CanonicalJSON

/// A file of a bundle as manifests and back matter name it.
package struct BundleFile: Sendable, Equatable, JSONWritable {
    /// Relative to the bundle, with `/`.
    package var path: String
    /// In bytes.
    package var size: Int
    /// Lower-case hexadecimal.
    package var sha256: String
    package var mediaType: String
    /// What it is, in a few words.
    package var role: String

    package init(path: String, size: Int, sha256: String, mediaType: String, role: String) {
        self.path = path
        self.size = size
        self.sha256 = sha256
        self.mediaType = mediaType
        self.role = role
    }

    /// `raw/exchanges.jsonl`
    package static func recording(size: Int, sha256: String) -> BundleFile {
        BundleFile(
            path: BundlePath.recording, size: size, sha256: sha256, mediaType: "application/x-ndjson",
            role: "Recorded AWS exchanges")
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("mediaType", mediaType)
            json.member("path", path)
            json.member("role", role)
            json.member("sha256", sha256)
            json.member("size", size)
        }
    }
}

/// Where things are in a bundle.
package enum BundlePath {
    package static let report = "report.json"
    package static let keys = "keys.csv"
    package static let summary = "summary.csv"
    package static let assessmentResults = "oscal/assessment-results.json"
    package static let policy = "policy.json"
    package static let exceptions = "exceptions.json"
    package static let controls = "controls.json"
    package static let assessmentPlan = "oscal/assessment-plan.json"
    package static let systemSecurityPlan = "oscal/ssp.json"
    package static let profile = "oscal/profile.json"
    package static let indexCatalog = "oscal/index-catalog.json"
    package static let verifyPage = "VERIFY.md"
    package static let recording = "raw/exchanges.jsonl"
    package static let manifest = "manifest.json"
    package static let checksums = "SHA256SUMS"
    /// Over the checksums, and so not among them.
    package static let signature = "SHA256SUMS.sig"
    /// Over the checksums too: an RFC 3161 time-stamp response.
    package static let timestamp = "SHA256SUMS.tsr"
}
