/// The JSON Schemas of the files that KeyWitness writes, and the controls crosswalk, embedded so that a binary stands
/// alone.
package enum EvidenceSchema: String, CaseIterable, Sendable {
    case report
    case manifest
    case recordingLine = "recording-line"
    case controls
    case describe

    /// The schema's file name in `evidence-schemas/`.
    package var fileName: String { "\(rawValue).schema.json" }

    /// The schema's `$id`.
    package var id: String { "urn:keywitness:schema:\(rawValue):1" }

    /// The schema: JSON Schema 2020-12.
    package var json: [UInt8] {
        switch self {
        case .report: PackageResources.report_schema_json
        case .manifest: PackageResources.manifest_schema_json
        case .recordingLine: PackageResources.recording_line_schema_json
        case .controls: PackageResources.controls_schema_json
        case .describe: PackageResources.describe_schema_json
        }
    }

    /// The crosswalk: which controls each control test speaks to.
    package static var crosswalk: [UInt8] { PackageResources.controls_json }
}
