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
    var oscal_version: String
    var link: ChainLink
    var signature: Signature?
    var timestamp: Timestamp?
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

    struct Previous: JSONWritable {
        let link: ChainLink.PreviousRun

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("run", link.run)
                json.member("sha256", link.sha256)
            }
        }
    }

    struct Signature: JSONWritable {
        let key: SigningKeyName

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("key_fingerprint", key.fingerprint)
                json.member("key_type", key.type)
                json.member("namespace", KeyWitnessTool.signatureNamespace)
                json.member("path", BundleMember.signature.path)
            }
        }
    }

    struct Timestamp: JSONWritable {
        let authority: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("authority", authority)
                json.member("path", BundleMember.timestamp.path)
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
            let traffic = snapshot.traffic
            json.object { json in
                json.member("account_summary", orNull: Report.AccountSummaryReading(snapshot))
                json.member("as_of_gap_days", assessment.asOfGap?.days)
                json.member("clock_skew_seconds", traffic.clockSkew)
                json.member("credential_report", orNull: Report.CredentialReportReading(snapshot))
                json.member("duplicates", snapshot.listedTwice)
                json.member("errors", traffic.errors)
                json.member("facts", assessment.factSources.counts)
                json.member("failures_needed", assessment.blockingFailures.count)
                json.member("failures_other", assessment.otherFailures.count)
                json.member("keys_with_doubtful_dates", assessment.doubtfulKeys)
                json.member("notes_explained", snapshot.notes.count { $0.explanation != nil })
                json.member("notes_unexplained", snapshot.notes.count { $0.explanation == nil })
                json.member("population", Report.Population(assessment))
                json.member("requests", traffic.requests)
                json.member("requests_total", traffic.total)
                json.member("retries", traffic.retries)
                json.member("source", snapshot.source.rawValue)
                json.member("throttles", traffic.throttles)
                json.member("user_list_complete", snapshot.userListing.isComplete)
                json.member("user_list_pages", snapshot.userListing.pages)
                json.member("users_listed", snapshot.usersListed)
            }
        }
    }

    init(_ assessment: Assessment, _ packaging: Packaging, _ link: ChainLink, files: [BundleFile]) {
        let snapshot = assessment.snapshot
        tool = Tool(name: KeyWitnessTool.name, version: KeyWitnessTool.version)
        account = snapshot.account.id
        partition = snapshot.account.partition
        as_of = assessment.asOf.iso8601
        as_of_source = packaging.asOfSource.rawValue
        window = Window(started: snapshot.window.started.iso8601, ended: snapshot.window.ended.iso8601)
        policy = Report.PolicyReference(policy: assessment.policy)
        exceptions =
            assessment.exceptions.isEmpty
            ? nil : Report.FileReference(path: BundleMember.exceptions.path, sha256: assessment.exceptions.digest)
        frameworks = assessment.shown.frameworks.map(\.id)
        complete = assessment.isComplete
        completeness = Completeness(assessment)
        read_failures = snapshot.failures.count
        overall_status = assessment.overallStatus.rawValue
        oscal_version = packaging.oscalVersion.rawValue
        self.link = link
        signature = packaging.signingKey.map(Signature.init)
        timestamp = packaging.timestampAuthority.map(Timestamp.init)
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
            json.member("oscal_version", oscal_version)
            json.member("overall_status", overall_status)
            json.member("partition", partition)
            json.member("policy", policy)
            json.member("previous", orNull: link.previous.map(Previous.init))
            json.member("read_failures", read_failures)
            json.member("schema", schema)
            json.member("sequence", link.sequence)
            json.member("signature", orNull: signature)
            json.member("timestamp", orNull: timestamp)
            json.member("tool", tool)
            json.name("unreadable_runs")
            json.array(link.unreadableRuns)
            json.member("window", window)
        }
    }
}
