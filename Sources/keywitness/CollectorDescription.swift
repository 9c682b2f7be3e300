import ArgumentParser
import CanonicalJSON
import Collector
import Evidence
import EvidenceSchemas

/// What a GRC platform needs to know to plug the collector in. `evidence-schemas/describe.schema.json` says what each
/// field means.
struct CollectorDescription: Encodable {
    var schema = EvidenceSchema.describe.id
    var name = KeyWitnessTool.name
    var version = KeyWitnessTool.version
    var summary = "Collects and judges the access keys of all IAM users of an AWS account."
    var command = ["keywitness", "collect", "--format", "json"]
    var collects = [
        Collected(subject: "IAM users", facts: ["name, id, ARN, creation date", "console password: present or not"]),
        Collected(subject: "Root user", facts: ["access keys: present or not", "MFA: present or not"]),
        Collected(
            subject: "IAM access keys",
            facts: [
                "id, status, creation date", "last use: instant, service, region", "risk level",
                "control test verdicts",
            ]),
    ]
    var controls: [Control]
    var permissions =
        Collector.Permission.needed(for: []).map {
            Permission(action: $0.action, required: $0.need == .required, reason: $0.reason)
        } + [
            Permission(
                action: "sts:GetCallerIdentity", required: false,
                reason: "Which account it is; AWS allows it to everybody.")
        ]
    var options = Self.options
    var exitCodes =
        ExitStatus.ofCollect.map { ExitCodeMeaning(code: $0.rawValue, meaning: $0.meaning) } + [
            ExitCodeMeaning(
                code: ExitCode.validationFailure.rawValue,
                meaning: "wrong usage, or a mistake in a policy, exceptions or crosswalk file: AWS was asked nothing")
        ]
    var outputs: [Output]

    struct Collected: Encodable {
        var subject: String
        var facts: [String]
    }

    struct Control: Encodable {
        var framework: String
        var frameworkTitle: String
        var control: String
        var target: String
        var tests: [String]
        var relationship: String
    }

    struct Permission: Encodable {
        var action: String
        var required: Bool
        var reason: String
    }

    struct Option: Encodable {
        var name: String
        /// `string`, `integer`, `number`, `instant`, `flag`, or the values allowed.
        var type: String
        var values: [String]?
        var defaultValue: String?
        var help: String
    }

    struct ExitCodeMeaning: Encodable {
        var code: Int32
        var meaning: String
    }

    struct Output: Encodable {
        var path: String
        var mediaType: String
        var about: String
        /// The JSON Schema, whole.
        var jsonSchema: JSONValue?
    }

    init() throws {
        let crosswalk = try Crosswalk.standard()
        let titles = Dictionary(crosswalk.frameworks.map { ($0.id, $0.title) }) { first, _ in first }
        controls = crosswalk.objectives.map { objective in
            Control(
                framework: objective.mapping.framework,
                frameworkTitle: titles[objective.mapping.framework] ?? objective.mapping.framework,
                control: objective.mapping.control, target: objective.mapping.target,
                tests: objective.tests.map(\.rawValue),
                relationship: objective.mapping.relationship.rawValue)
        }
        outputs = try BundleMember.allCases.map { member in
            Output(
                path: member.path, mediaType: member.mediaType, about: member.about,
                jsonSchema: try member.schema.map { try JSONValue(parsing: $0.json) })
        }
    }

    private static let options = [
        Option(name: "--profile", type: "string", help: "AWS profile."),
        Option(
            name: "--region", type: "string", defaultValue: "us-east-1", help: "Decides partition and STS endpoint."),
        Option(name: "--endpoint-url", type: "string", help: "Sends all calls there instead of AWS."),
        Option(name: "--role-arn", type: "string", help: "A role to assume first."),
        Option(name: "--external-id", type: "string", help: "The external id that the role asks for."),
        Option(name: "--session-name", type: "string", help: "What CloudTrail calls the session of the role."),
        Option(name: "--ca-bundle", type: "string", help: "Certificates to trust instead of the system's."),
        Option(name: "--max-requests-per-second", type: "number", help: "No more than this, however much AWS takes."),
        Option(name: "--insecure-http", type: "flag", help: "Allows plain http:// to other machines."),
        Option(name: "--debug", type: "flag", help: "Says on standard error what is asked, without secrets."),
        Option(
            name: "--policy", type: "string", defaultValue: Policy.BuiltIn.default.rawValue,
            help: "What keys are held to: a file, or a built-in policy."),
        Option(name: "--key-age-threshold", type: "integer", help: "Rotation limit in days; else the policy's."),
        Option(name: "--last-used-threshold", type: "integer", help: "Unused limit in days; else the policy's."),
        Option(
            name: "--exceptions", type: "string", help: "A file of failures that somebody answers for, until a day."),
        Option(name: "--controls", type: "string", help: "A file of mappings to another framework's controls."),
        Option(name: "--framework", type: "string", help: "Show the controls of this framework only."),
        Option(name: "--as-of", type: "instant", help: "The instant at which ages are counted; now, without it."),
        Option(
            name: "--source", type: "choice", values: CollectionSource.allCases.map(\.rawValue), defaultValue: "auto",
            help: "Where facts come from."),
        Option(name: "--without-key-ids", type: "flag", help: "With --source report: four calls for any account."),
        Option(
            name: "--include", type: "choice", values: OptionalSource.allCases.map(\.rawValue) + ["all"],
            help: "More facts about users; may be given more than once."),
        Option(
            name: "--output-dir", type: "string", defaultValue: "keywitness-evidence", help: "Where bundles are put."),
        Option(
            name: "--oscal-version", type: "choice", values: OSCALVersion.allCases.map(\.rawValue),
            defaultValue: OSCALVersion.standard.rawValue, help: "The version that OSCAL documents state."),
        Option(name: "--sign", type: "string", help: "An OpenSSH key that signs the bundle."),
        Option(name: "--timestamp-url", type: "string", help: "An RFC 3161 authority that timestamps the bundle."),
        Option(
            name: "--format", type: "choice", values: Collect.Format.allCases.map(\.rawValue), defaultValue: "text",
            help: "What goes to standard output: a summary, report.json, or the bundle's path."),
        Option(
            name: "--fail-on", type: "choice", values: RiskLevel.allValueStrings,
            help:
                "Exit with 3 from this level on, other than for keys all of whose failures exceptions answer for; without it a failed control test decides."
        ),
        Option(name: "--exit-zero", type: "flag", help: "Masks exit code 3, never 4."),
        Option(name: "--quiet", type: "flag", help: "No progress, no summary."),
        Option(name: "--no-color", type: "flag", help: "No color."),
    ]

    var text: String {
        var lines = ["\(name) \(version): \(summary)", "", "Collects"]
        for item in collects { lines.append("  \(item.subject): \(item.facts.joined(separator: "; "))") }
        lines += ["", "Controls"]
        for control in controls {
            lines.append(
                "  \(control.control) (\(control.frameworkTitle)), \(control.relationship), by "
                    + control.tests.joined(separator: ", "))
        }
        lines += ["", "Permissions"] + permissions.map { "  \($0.action): \($0.reason)" }
        lines += ["", "Writes"] + outputs.map { "  \($0.path): \($0.about)" }
        lines += ["", "Exit codes"] + exitCodes.map { "  \($0.code): \($0.meaning)" }
        return lines.joined(separator: "\n") + "\n"
    }
}
