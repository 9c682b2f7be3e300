package import EvidenceSchemas

/// A file that a bundle has or may have, and what is known of it before it is written.
///
/// Whoever writes, checks, describes or reads the files of a bundle goes by these: a file that isn't here is none of a
/// bundle's.
package enum BundleMember: String, CaseIterable, Sendable {
    case report = "report.json"
    case keys = "keys.csv"
    case summary = "summary.csv"
    case assessmentResults = "oscal/assessment-results.json"
    case assessmentPlan = "oscal/assessment-plan.json"
    case systemSecurityPlan = "oscal/ssp.json"
    case profile = "oscal/profile.json"
    case indexCatalog = "oscal/index-catalog.json"
    case policy = "policy.json"
    case exceptions = "exceptions.json"
    case controls = "controls.json"
    case recording = "raw/exchanges.jsonl"
    case manifest = "manifest.json"
    case verifyPage = "VERIFY.md"
    case checksums = "SHA256SUMS"
    case signature = "SHA256SUMS.sig"
    /// An RFC 3161 time-stamp response.
    case timestamp = "SHA256SUMS.tsr"

    /// Relative to the bundle, with `/`.
    package var path: String { rawValue }

    /// What there is to know of a member.
    private struct Facts {
        var mediaType: String
        var role: String
        var about: String
        var schema: EvidenceSchema?
        var isOptional = false
        var growth = Growth.bounded
    }

    /// What its size depends on.
    private enum Growth {
        /// On nothing.
        case fixed
        /// On what the bundle is made with: a policy, exceptions, a crosswalk. The manifest counts AWS's error codes, which
        /// may be anything.
        case bounded
        /// On the account.
        case withAccount
    }

    private var facts: Facts {
        switch self {
        case .report:
            Facts(
                mediaType: "application/json", role: "Report", about: "Everything, for scripts and platforms.",
                schema: .report, growth: .withAccount)
        case .keys:
            Facts(mediaType: "text/csv", role: "Keys, one row each", about: "One row a key.", growth: .withAccount)
        case .summary:
            Facts(mediaType: "text/csv", role: "Summary, one row", about: "One row a run.", growth: .fixed)
        case .assessmentResults:
            Facts(
                mediaType: Self.oscal, role: "OSCAL assessment results",
                about: "OSCAL assessment results, by NIST's own schema.", growth: .withAccount)
        case .assessmentPlan:
            Facts(
                mediaType: Self.oscal, role: "OSCAL assessment plan",
                about: "OSCAL assessment plan: what each test does.")
        case .systemSecurityPlan:
            Facts(
                mediaType: Self.oscal, role: "OSCAL system security plan, a stub",
                about: "OSCAL system security plan: a stub, to be replaced by the system's own.")
        case .profile:
            Facts(
                mediaType: Self.oscal, role: "OSCAL profile",
                about: "OSCAL profile: the controls that the evidence speaks to.")
        case .indexCatalog:
            Facts(
                mediaType: Self.oscal, role: "OSCAL catalog of control identifiers",
                about: "OSCAL catalog: identifiers of controls that have no catalog of their own.", isOptional: true)
        case .policy:
            Facts(mediaType: "application/json", role: "Policy", about: "What keys were held to.", schema: .policy)
        case .exceptions:
            Facts(
                mediaType: "application/json", role: "Exceptions",
                about: "The exceptions; only where some were given.", schema: .exceptions, isOptional: true)
        case .controls:
            Facts(
                mediaType: "application/json", role: "Crosswalk from control tests to controls",
                about: "The crosswalk from control tests to controls.", schema: .controls)
        case .recording:
            Facts(
                mediaType: "application/x-ndjson", role: "Recorded AWS exchanges",
                about: "The recorded AWS exchanges; the schema is that of one line.", schema: .recordingLine,
                growth: .withAccount)
        case .manifest:
            Facts(
                mediaType: "application/json", role: "Manifest", about: "What the bundle is and holds.",
                schema: .manifest)
        case .verifyPage:
            Facts(
                mediaType: "text/markdown", role: "How to check the bundle",
                about: "How to check the bundle with stock tools.", growth: .fixed)
        case .checksums:
            Facts(mediaType: "text/plain", role: "Checksums", about: "For sha256sum -c.", growth: .fixed)
        case .signature:
            Facts(
                mediaType: "application/x-pem-file", role: "Signature",
                about: "An SSH signature over the checksums; only with --sign.", isOptional: true, growth: .fixed)
        case .timestamp:
            Facts(
                mediaType: "application/timestamp-reply", role: "Timestamp",
                about: "An RFC 3161 timestamp over the checksums; only with --timestamp-url.", isOptional: true,
                growth: .fixed)
        }
    }

    private static let oscal = "application/oscal+json"

    package var mediaType: String { facts.mediaType }

    /// What it is, in a few words: as manifests and OSCAL's back matter have it.
    package var role: String { facts.role }

    /// What it is, in a sentence.
    package var about: String { facts.about }

    /// Of a JSON file, or of each line of one; nil where there is none of ours. OSCAL's are NIST's.
    package var schema: EvidenceSchema? { facts.schema }

    /// Whether there are whole bundles without it.
    package var isOptional: Bool { facts.isOptional }

    /// Whether the checksums have it. What is made over them can't be among them.
    package var isSummed: Bool {
        switch self {
        case .checksums, .signature, .timestamp: false
        default: true
        }
    }

    /// What nobody reads past, in bytes. An account of 200,000 users stays far below it.
    package var largestSize: Int {
        switch facts.growth {
        case .fixed: 1 << 20
        case .bounded: 64 << 20
        case .withAccount: 2 << 30
        }
    }
}

extension BundleMember: CustomStringConvertible {
    package var description: String { path }
}
