package import FoundationEssentials

/// What only a manifest knows of a bundle, read back from `manifest.json`.
package struct ManifestReading: Sendable {
    package let account: String
    /// The name of the run's folder when it was published, `20261122T204500Z`: its as-of instant.
    package let run: String
    /// The instant at which it is judged.
    package let asOf: Date
    /// When the first call of the run was made, and the last: see ``ended``.
    package let started: Date
    /// When the last call of the run had been made: by the collector's clock, or by AWS's where the manifest says that
    /// the collector's was wrong.
    package let ended: Date
    /// Whether everything in scope was read and judged.
    package let isComplete: Bool
    /// What it all came to, as ``ComplianceStatus`` has it.
    package let overallStatus: String
    package let packaging: Packaging
    package let link: ChainLink
    /// The files that it names: size in bytes and digest by path.
    package let files: [String: (size: Int, sha256: String)]

    /// - Throws: `DecodingError` for what isn't a manifest of this version.
    package init(_ bytes: [UInt8]) throws {
        let file = try JSONDecoder().decode(ManifestFile.self, from: Data(bytes))
        guard let source = AsOfSource(rawValue: file.as_of_source) else {
            throw Self.error("unknown as_of_source '\(file.as_of_source)'")
        }
        guard let version = OSCALVersion(rawValue: file.oscal_version) else {
            throw Self.error("unknown oscal_version '\(file.oscal_version)'")
        }
        guard (1...Self.largestSequence).contains(file.sequence) else {
            throw Self.error("\(file.sequence) is no sequence number")
        }
        try CountLimits.check([file.completeness.clock_skew_seconds ?? 0])
        account = file.account
        run = file.as_of.date.compactISO8601
        asOf = file.as_of.date
        let skew = Double(file.completeness.clock_skew_seconds ?? 0)
        started = file.window.started.date + skew
        ended = file.window.ended.date + skew
        isComplete = file.complete
        overallStatus = file.overall_status
        packaging = Packaging(
            asOfSource: source, oscalVersion: version,
            signingKey: file.signature.map { SigningKeyName(type: $0.key_type, fingerprint: $0.key_fingerprint) },
            timestampAuthority: file.timestamp?.authority)
        link = ChainLink(
            sequence: file.sequence,
            previous: file.previous.map { ChainLink.PreviousRun(run: $0.run, sha256: $0.sha256) },
            unreadableRuns: file.unreadable_runs)
        files = Dictionary(file.files.map { ($0.path, ($0.size, $0.sha256)) }) { first, _ in first }
    }

    /// A run a second for a century.
    package static let largestSequence = 3_200_000_000

    private static func error(_ text: String) -> DecodingError {
        DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: text))
    }
}

private struct ManifestFile: Decodable {
    var account: String
    var as_of: ReportFile.Instant
    var as_of_source: String
    var complete: Bool
    var completeness: Completeness
    var files: [File]
    var oscal_version: String
    var overall_status: String
    var previous: Previous?
    var sequence: Int
    var signature: Signature?
    var timestamp: Timestamp?
    var unreadable_runs: [String]
    var window: Window

    struct Completeness: Decodable {
        var clock_skew_seconds: Int?
    }

    struct File: Decodable {
        var path: String
        var size: Int
        var sha256: String
    }

    struct Previous: Decodable {
        var run: String
        var sha256: String
    }

    struct Signature: Decodable {
        var key_type: String
        var key_fingerprint: String
    }

    struct Timestamp: Decodable {
        var authority: String
    }

    struct Window: Decodable {
        var started: ReportFile.Instant
        var ended: ReportFile.Instant
    }
}
