package import CanonicalJSON

/// `manifest.json`: what a bundle is and what is in it. `evidence-schemas/manifest.schema.json` says what each field
/// means.
package struct Manifest: JSONWritable {
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

    struct Tool: JSONWritable {
        var name: String
        var version: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("name", name)
                json.member("version", version)
            }
        }
    }

    struct Window: JSONWritable {
        var started: String
        var ended: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("ended", ended)
                json.member("started", started)
            }
        }
    }

    struct PolicyReference: JSONWritable {
        var name: String
        var sha256: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("name", name)
                json.member("sha256", sha256)
            }
        }
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

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("account", account)
            json.member("as_of", as_of)
            json.member("as_of_source", as_of_source)
            json.member("complete", complete)
            json.member("files", files)
            json.member("overall_status", overall_status)
            json.member("partition", partition)
            json.member("policy", policy)
            json.member("read_failures", read_failures)
            json.member("schema", schema)
            json.member("tool", tool)
            json.member("window", window)
        }
    }
}
