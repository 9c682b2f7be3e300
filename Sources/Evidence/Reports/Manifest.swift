/// `manifest.json`: what a bundle is and what is in it. `evidence-schemas/manifest.schema.json` says what each field
/// means.
package struct Manifest: Encodable {
    var schema = "urn:keywitness:schema:manifest:1"
    var tool: Tool
    var account: String
    var partition: String
    var as_of: String
    var as_of_source: String
    var window: Window
    var policy: PolicyReference
    var complete: Bool
    var read_failures: Int
    var overall_status: String
    var files: [BundleFile]

    struct Tool: Encodable {
        var name: String
        var version: String
    }

    struct Window: Encodable {
        var started: String
        var ended: String
    }

    struct PolicyReference: Encodable {
        var name: String
        var sha256: String
    }

    package init(_ assessment: Assessment, asOfSource: AsOfSource, files: [BundleFile]) {
        let snapshot = assessment.snapshot
        tool = Tool(name: KeyWitnessTool.name, version: KeyWitnessTool.version)
        account = snapshot.account.id
        partition = snapshot.account.partition
        as_of = assessment.asOf.iso8601
        as_of_source = asOfSource.rawValue
        window = Window(started: snapshot.window.started.iso8601, ended: snapshot.window.ended.iso8601)
        policy = PolicyReference(name: assessment.policy.name, sha256: assessment.policy.digest)
        complete = assessment.isComplete
        read_failures = snapshot.failures.count
        overall_status = assessment.overallStatus.rawValue
        self.files = files.sorted { $0.path < $1.path }
    }
}
