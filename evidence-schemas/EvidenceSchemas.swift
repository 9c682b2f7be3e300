/// The JSON Schemas of the files that KeyWitness writes and reads, the controls crosswalk and the built-in policies,
/// embedded so that a binary stands alone.
package enum EvidenceSchema: String, CaseIterable, Sendable {
    case report
    case manifest
    case recordingLine = "recording-line"
    case controls
    case policy
    case exceptions
    case describe
    case verification

    /// The schema's `$id`; the number is its major version.
    package var id: String { "urn:keywitness:schema:\(rawValue):\(self == .report ? 2 : 1)" }

    /// The schema: JSON Schema 2020-12.
    package var json: [UInt8] {
        switch self {
        case .report: PackageResources.report_schema_json
        case .manifest: PackageResources.manifest_schema_json
        case .recordingLine: PackageResources.recording_line_schema_json
        case .controls: PackageResources.controls_schema_json
        case .policy: PackageResources.policy_schema_json
        case .exceptions: PackageResources.exceptions_schema_json
        case .describe: PackageResources.describe_schema_json
        case .verification: PackageResources.verification_schema_json
        }
    }

    /// The crosswalk: which controls of NIST SP 800-53 and SOC 2 each control test speaks to.
    package static var crosswalk: [UInt8] { PackageResources.controls_json }

    /// Crosswalks to further frameworks, by file name.
    package static var furtherFrameworks: [(name: String, file: [UInt8])] {
        [
            ("cis-aws-3.0.json", PackageResources.cis_aws_3_0_json),
            ("iso-27001-2022.json", PackageResources.iso_27001_2022_json),
            ("pci-dss-4.0.json", PackageResources.pci_dss_4_0_json),
        ]
    }

    /// The ids of NIST SP 800-53's controls, statements and assessment objectives: a line for each control in NIST's
    /// baselines, its id and those of its parts without it.
    package static var nistIDs: [UInt8] { PackageResources.nist_800_53_rev5_ids_txt }

    package static var defaultPolicy: [UInt8] { PackageResources.default_yaml }
    package static var cisAWSPolicy: [UInt8] { PackageResources.cis_aws_yaml }
    package static var strictPolicy: [UInt8] { PackageResources.strict_yaml }
}
