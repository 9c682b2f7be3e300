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
    var policy: Report.PolicyReference
    var exceptions: Report.FileReference?
    var frameworks: [String]
    var complete: Bool
    var completeness: Completeness
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

    /// The numbers of the report's completeness section.
    struct Completeness: JSONWritable {
        let assessment: Assessment

        init(_ assessment: Assessment) {
            self.assessment = assessment
        }

        func write(to json: inout JSONWriter) {
            let snapshot = assessment.snapshot
            json.object { json in
                json.member("credential_report", orNull: Report.CredentialReportReading(snapshot))
                json.member("failures_needed", assessment.blockingFailures.count)
                json.member("failures_other", assessment.otherFailures.count)
                json.member("notes_explained", snapshot.notes.count { $0.explanation != nil })
                json.member("notes_unexplained", snapshot.notes.count { $0.explanation == nil })
                json.member("population", Report.Population(assessment))
                json.member("requests_total", snapshot.traffic.total)
                json.member("source", snapshot.source.rawValue)
                json.member("user_list_complete", snapshot.userListing.isComplete)
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
        policy = Report.PolicyReference(policy: assessment.policy)
        exceptions =
            assessment.exceptions.isEmpty
            ? nil : Report.FileReference(path: BundlePath.exceptions, sha256: assessment.exceptions.digest)
        frameworks = assessment.shown.frameworks.map(\.id)
        complete = assessment.isComplete
        completeness = Completeness(assessment)
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
            json.member("completeness", completeness)
            json.member("exceptions", orNull: exceptions)
            json.member("files", files)
            json.name("frameworks")
            json.array(frameworks)
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
