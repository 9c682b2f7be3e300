import CanonicalJSON
import Evidence
import FoundationEssentials
import Testing

/// What an importer makes of findings and properties that it knows nothing else about.
@Suite struct OSCALMeaningTests {
    private func document(_ member: BundleMember, _ assessment: Assessment) throws -> JSONValue {
        try JSONValue(parsing: try #require(BundleDocuments.inMemory(assessment)[member]))
    }

    private func result(_ assessment: Assessment) throws -> JSONValue {
        try document(.assessmentResults, assessment)["assessment-results"]["results"][0]
    }

    private func values(_ name: String, _ value: JSONValue) -> [String] {
        value["props"].array.filter { $0["name"] == .string(name) }.compactMap { $0["value"].string }
    }

    private func controlFinding(_ target: String, _ result: JSONValue) throws -> JSONValue {
        try #require(
            result["findings"].array.first {
                values("scope", $0) == ["control"] && $0["target"]["target-id"] == .string(target)
            })
    }

    // MARK: Findings of controls

    /// NIST SP 800-53A: `ia-5_obj` asks for all that its parts ask for.
    @Test func `an objective isn't satisfied while a part of it isn't`() throws {
        let result = try result(.made(keys: [.made(age: 100)]))
        let (whole, part) = (try controlFinding("ia-5_obj", result), try controlFinding("ia-5_obj.f", result))
        #expect(part["target"]["status"]["state"] == .string("not-satisfied"))
        #expect(whole["target"]["status"]["state"] == .string("not-satisfied"))
        #expect(whole["description"].string?.contains("Its part ia-5_obj.f is not-satisfied.") == true)
        // Its own counts are those of its own tests, and it leads to what is at risk.
        #expect(values("control-test", whole) == ["single-active-key"] && values("failed", whole) == ["0"])
        let risks = { (finding: JSONValue) in finding["related-risks"].array.map { $0["risk-uuid"] } }
        #expect(risks(whole) == risks(part) && risks(whole).count == 1)
        // Another control's, and one whose id only begins like it, is no part of it.
        #expect(try controlFinding("ac-2.3_obj", result)["target"]["status"]["state"] == .string("satisfied"))
    }

    @Test func `an objective stays open while a part of it is`() throws {
        let unknown = AccountSnapshot.made(
            users: [.made(keys: .listed([.made(lastUse: .undetermined(.denied))]))], failures: [.denied])
        let result = try result(.made(unknown))
        for target in ["ac-2.3_obj", "ac-2.3_obj.d"] {
            #expect(try controlFinding(target, result)["target"]["status"]["reason"] == .string("other"))
        }
    }

    @Test func `the root user's finding leads to what was observed of the root user`() throws {
        let result = try result(.made())
        let titles = Dictionary(
            uniqueKeysWithValues: result["observations"].array.map { ($0["uuid"].string, $0["title"].string) })
        func observed(_ target: String) throws -> [String?] {
            try controlFinding(target, result)["related-observations"].array.map {
                titles[$0["observation-uuid"].string] ?? nil
            }
        }
        let (population, root) = ("Population of IAM users and access keys", "Access keys of the root user")
        #expect(try observed("ac-6_obj") == [root])
        #expect(try observed("ia-5_obj.f") == [population])
        #expect(try observed("ia-4_obj") == [population, root])
    }

    // MARK: Limits

    private func overridden() throws -> Assessment {
        var policy = Policy()
        policy.name = "ours"
        var change = RulesChange()
        change.keyAge = 365
        policy.overrides = [
            PolicyOverride(name: "vendors", match: UserPattern(names: [Glob("vendor-*")]), change: change)
        ]
        return try .made(
            .made(users: [
                .made("vendor-1", keys: .listed([.made("AKIA1", age: 200)])),
                .made("other", keys: .listed([.made("AKIA2", age: 20)])),
            ]), policy: policy)
    }

    @Test func `an override's limit stands beside the policy's, and with the keys that it decides`() throws {
        let assessment = try overridden()
        let result = try result(assessment)
        let parameters = result["props"].array.filter { $0["name"] == .string("organization-defined-parameter") }
        let rotation = parameters.filter { $0["value"].string?.hasPrefix("ia-05_odp.01") == true }
        #expect(rotation.compactMap { $0["value"].string } == ["ia-05_odp.01 = 90 days", "ia-05_odp.01 = 365 days"])
        #expect(
            rotation[1]["remarks"] == .string("By override 'vendors' of the policy, for the users that it matches."))
        let keys = result["observations"].array.filter { !values("classification", $0).isEmpty }
        #expect(keys.map { values("policy-override", $0) } == [[], ["vendors"]])

        let plan = try document(.assessmentPlan, assessment)
        let activities = plan["assessment-plan"]["local-definitions"]["activities"].array
        let texts = activities.compactMap { $0["description"].string }
        #expect(texts.contains { $0.hasSuffix("Limit: key_age = 90 days (365 by override 'vendors').") })
        #expect(texts.contains { $0.hasSuffix("Limit: last_used = 90 days.") })
    }

    @Test func `so does the time in which an override wants something done`() throws {
        var policy = Policy()
        var (quick, other) = (RulesChange(), RulesChange())
        quick.dueHigh = 1
        other.dueLow = 5
        policy.overrides = [("quick", quick), ("other", other)].map { name, change in
            PolicyOverride(name: name, match: UserPattern(names: [Glob("\(name)-*")]), change: change)
        }
        let result = try result(.made(.made(users: [.made(keys: .listed([.made()]))]), policy: policy))
        let due = result["props"].array.filter { $0["value"].string?.hasPrefix("ac-02.03_odp.01") == true }
        #expect(due.compactMap { $0["value"].string } == ["ac-02.03_odp.01 = 7 days", "ac-02.03_odp.01 = 1 days"])
        #expect(due[1]["remarks"] == .string("By override 'quick' of the policy, for the users that it matches."))
    }

    @Test func `tables and summary say which keys an override decides`() throws {
        let assessment = try overridden()
        let documents = BundleDocuments.inMemory(assessment)
        let rows = String(decoding: try #require(documents[.keys]), as: UTF8.self).split(
            separator: "\r\n")
        #expect(rows[0].hasSuffix(",policy_override"))
        #expect(
            rows.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false).last } == ["", "vendors"])
        let summary = TerminalSummary(assessment, style: TerminalStyle(color: false)).text
        #expect(summary.contains("Policy                ours (1 key by override 'vendors')\n"))
    }

    // MARK: Time

    /// `--source report` takes users and keys from a report that AWS may have made four hours ago.
    @Test func `a population of an older report is of that report's time, and says so`() throws {
        var snapshot = AccountSnapshot.made(source: .report)
        let report = Date.before(days: 0, seconds: 3 * 3600)
        func read(duringRun: Bool) -> Reading<ReportFacts> {
            .read(
                ReportFacts(users: 1, keys: 1, wasMadeDuringRun: duringRun),
                Provenance(.getCredentialReport, asOf: report, exchange: 5))
        }
        snapshot.credentialReport = read(duringRun: false)
        let cached = try Assessment.made(snapshot)
        let result = try result(cached)
        #expect(values("population-as-of", result) == ["2026-11-22T17:45:00Z"])
        #expect(result["description"].string?.contains("as of the credential report of 2026-11-22T17:45:00Z") == true)
        let summary = TerminalSummary(cached, style: TerminalStyle(color: false)).text
        #expect(
            summary.contains(
                "2026-11-22T17:45:00Z, 3 hours old: what was made, deleted or switched since isn't in it\n"))

        snapshot.credentialReport = read(duringRun: true)
        #expect(try values("population-as-of", self.result(.made(snapshot))) == [])
    }

    // MARK: Names

    @Test func `a key that is COMPLIANT by its level isn't called so where it failed something`() throws {
        let titles = try result(.made(keys: [.made(status: .inactive, age: 10)]))["risks"].array.map { $0["title"] }
        #expect(titles == [.string("Access key AKIA1 of user-0")])
        let old = try result(.made(keys: [.made(age: 100)]))["risks"].array.map { $0["title"] }
        #expect(old == [.string("MEDIUM access key AKIA1 of user-0")])
    }
}
