import CanonicalJSON
import Evidence
import FoundationEssentials
import StrictYAML
import Testing

/// CIS AWS names its own limits: 45 days without use, 90 days to rotation, no overlap.
@Suite struct FrameworkLimitsTests {
    private static let cis = "cis-aws-3.0"

    private func assessment(
        _ users: [IAMUser], policy: Policy = Policy(), frameworks: Set<String> = [cis]
    ) throws -> Assessment {
        try .made(.made(users: users), policy: policy, frameworks: frameworks)
    }

    private func idle(_ days: Int, seconds: Int = 0) -> IAMUser {
        let key = AccessKey.made("AKIA\(days)", age: 89, lastUse: .used(daysAgo: days, seconds: seconds))
        return .made("user-\(days)", keys: .listed([key]))
    }

    private func control(_ id: String, _ assessment: Assessment) throws -> JSONValue {
        let report = try JSONValue(
            parsing: try #require(BundleDocuments.inMemory(assessment)[.report]))
        return try #require(
            report["compliance_assessment"]["controls"].array.first { $0["control"] == .string(id) })
    }

    @Test func `a control with a limit of its own isn't shown to hold by a policy that allows more`() throws {
        let within = try assessment([idle(44, seconds: 86_399)])
        #expect(within.status(ofControl: "cis-aws-1.12", of: Self.cis) == .compliant)
        let beyond = try assessment([idle(45), idle(89), idle(3)])
        #expect(beyond.conclusion(of: .unusedKey) == .satisfied && !beyond.hasOpenFailures(of: .unusedKey))
        #expect(beyond.status(ofControl: "cis-aws-1.12", of: Self.cis) == .nonCompliant)
        #expect(beyond.status(ofControl: "cis-aws-1.14", of: Self.cis) == .compliant)
        #expect(beyond.status(of: .ia4) == .compliant && beyond.status(of: .cc6_1) == .compliant)

        let reported = try control("cis-aws-1.12", beyond)
        #expect(reported["status"] == .string("NON_COMPLIANT") && reported["subjects_beyond_limits"] == .number(2))
        #expect(try control("cis-aws-1.14", beyond)["subjects_beyond_limits"] == .number(0))
        // Without a limit of its own there is nothing to be beyond.
        #expect(
            try control("cis-aws-1.4", beyond)["subjects_beyond_limits"]
                == .string("no member 'subjects_beyond_limits'"))
    }

    /// AWS lets a user have two keys; CIS lets both be Active for no day.
    @Test func `a rotation's overlap is beyond a framework that allows none`() throws {
        let rotating = IAMUser.made(keys: .listed([.made("AKIA1", age: 20), .made("AKIA2", age: 0)]))
        let assessment = try assessment([rotating])
        #expect(assessment.conclusion(of: .singleActiveKey) == .satisfied)
        #expect(assessment.status(ofControl: "cis-aws-1.13", of: Self.cis) == .nonCompliant)
        // A user with one key has none too many.
        let single = try Assessment.made(.made(users: [.made()]), frameworks: [Self.cis])
        #expect(single.status(ofControl: "cis-aws-1.13", of: Self.cis) == .compliant)
    }

    @Test func `an override that allows more is held to the framework's limit as well`() throws {
        let policy = try Policy(
            reading: YAMLValue(
                parsing: """
                    name: ours
                    extends: cis-aws
                    overrides:
                      - name: vendors
                        match: {users: ["vendor-*"]}
                        limits: {key_age: 365}
                    """, file: "policy.yaml"))
        let old = AccessKey.made(age: 200)
        let assessment = try assessment([.made("vendor-1", keys: .listed([old])), .made()], policy: policy)
        #expect(assessment.conclusion(of: .keyRotation) == .satisfied)
        #expect(assessment.status(ofControl: "cis-aws-1.14", of: Self.cis) == .nonCompliant)
    }

    /// One that fails the policy's limit is counted there, and an exception for it holds.
    @Test func `whoever fails the test is not counted once more`() throws {
        let assessment = try Assessment.made(
            .made(users: [.made(keys: .listed([.made(age: 100)]))]), exceptions: [.made()], frameworks: [Self.cis])
        #expect(assessment.status(ofControl: "cis-aws-1.14", of: Self.cis) == .partiallyCompliant)
        #expect(try control("cis-aws-1.14", assessment)["subjects_beyond_limits"] == .number(0))
    }

    @Test func `who is beyond two limits of one test is one`() throws {
        func mapping(_ target: String, days: Int) -> String {
            """
            {"framework": "acme", "control": "a-1", "label": "A-1", "targetType": "objective-id", "target": "\(target)", \
            "limitDays": \(days), "relationship": "direct", "rationale": "So it is."}
            """
        }
        let own = """
            {"version": "1", "frameworks": [{"id": "acme", "title": "Acme", "label": "Acme"}], "tests": [{"test": \
            "unused-key", "mappings": [\(mapping("a-1_obj.a", days: 45)), \(mapping("a-1_obj.b", days: 60))]}]}
            """
        let crosswalk = try Crosswalk.builtIn().adding(
            Crosswalk(reading: YAMLValue(parsing: Array(own.utf8), file: "acme.json")))
        let criteria = Criteria(policy: Policy(), crosswalk: crosswalk, frameworks: ["acme"])
        let assessment = Assessment(of: .made(users: [idle(50), idle(70)]), by: criteria, at: .asOf)
        #expect(try control("a-1", assessment)["subjects_beyond_limits"] == .number(2))
    }

    // MARK: What says so

    @Test func `OSCAL's findings of the key and of the control are not satisfied, and say by which limit`() throws {
        let assessment = try assessment([idle(50)])
        let oscal = try JSONValue(
            parsing: try #require(BundleDocuments.inMemory(assessment)[.assessmentResults]))
        let findings = oscal["assessment-results"]["results"][0]["findings"].array.filter {
            $0["target"]["target-id"] == .string("cis-aws-1.12_smt")
        }
        #expect(findings.count == 2)
        for finding in findings { #expect(finding["target"]["status"]["state"] == .string("not-satisfied")) }
        let texts = findings.compactMap { $0["description"].string }
        #expect(texts[0].contains("1 key satisfied the policy's limit, and not the framework's of 45 days."))
        #expect(
            texts[1]
                == "unused-key satisfied: idle-days 50, limit 90. Not satisfied by the framework's own limit of 45 days."
        )
        let props = findings[0]["props"].array
        #expect(
            props.contains {
                $0["name"] == .string("beyond-framework-limit") && $0["value"] == .string("1")
            })
    }

    @Test func `what a policy allows beyond a framework is said before a scan`() throws {
        func remarks(_ policy: Policy, _ frameworks: Set<String>) throws -> [String] {
            Criteria(policy: policy, crosswalk: try .builtIn(), frameworks: frameworks).remarks
        }
        #expect(
            try remarks(Policy(), [Self.cis]) == [
                "CIS AWS 1.12 allows 45 days, and policy 'default' 90 days for unused-key: what is between the two passes "
                    + "the test, and not the control",
                "CIS AWS 1.13 allows 0 days, and policy 'default' 14 days for single-active-key: what is between the two "
                    + "passes the test, and not the control",
            ])
        #expect(try remarks(Policy(.cisAWS), [Self.cis]) == [])
        #expect(try remarks(Policy(), Crosswalk.standardFrameworks) == [])
    }

    // MARK: What a use could change

    /// `auto` asks AWS where a use since the report could change what a control comes to.
    @Test func `a key isn't settled where a use could bring it below a framework's limit`() throws {
        let key = AccessKey.made(age: 50, lastUse: .used(daysAgo: 46))
        let user = IAMUser.made(keys: .listed([key]))
        let uses = Date.asOf.addingTimeInterval(-4 * 3600)...Date.asOf
        func isSettled(_ frameworks: Set<String>) throws -> Bool {
            let limits = FrameworkLimits(of: try Crosswalk.builtIn().limited(to: frameworks))
            return Judge(Policy(), limits: limits, at: .asOf).isSettled(key, of: user, whateverUsesIn: uses)
        }
        #expect(try isSettled(Crosswalk.standardFrameworks))
        #expect(try !isSettled([Self.cis]))
    }

    // MARK: Files

    private func crosswalk(_ test: String, _ limit: String) throws -> Crosswalk {
        try Crosswalk(
            reading: YAMLValue(
                parsing: """
                    version: "1"
                    frameworks: [{id: ours, title: Ours}]
                    tests:
                      - test: \(test)
                        mappings:
                          - framework: ours
                            control: o-1
                            targetType: statement-id
                            target: o-1_smt
                            relationship: direct
                            limitDays: \(limit)
                            rationale: We ask for it.
                    """, file: "ours.yaml"))
    }

    @Test func `a file's limit is read, and can be read back`() throws {
        let read = try crosswalk("inactive-key-removed", "30")
        #expect(read.mappings(of: .inactiveKeyRemoved).map(\.limitDays) == [30])
        let written = String(decoding: CanonicalJSON.document(read), as: UTF8.self)
        #expect(try Crosswalk(reading: YAMLValue(parsing: written, file: "controls.json")) == read)
    }

    @Test(arguments: [
        ("root-key", "0", "root-key counts no days, so that there is nothing to limit"),
        ("unused-key", "-1", "expected whole days from 0 to 36500, found '-1'"),
        ("unused-key", "45d", "expected whole days from 0 to 36500, found '45d'"),
    ])
    func `a limit that means nothing is refused by its line`(_ test: String, _ limit: String, _ error: String) throws {
        let found = #expect(throws: YAMLError.self) { try crosswalk(test, limit) }
        #expect(found.map { "\($0)".hasPrefix("ours.yaml:11: ") && "\($0)".contains(error) } == true)
    }

    @Test(arguments: ControlTestID.allCases)
    func `every test that counts days can be limited, and no other`(_ test: ControlTestID) throws {
        var policy = Policy()
        policy.tests = [test]
        let counts = try assessment([.made()], policy: policy).tests.contains { !$0.parameters.isEmpty }
        let isRead = (try? crosswalk(test.rawValue, "1")) != nil
        #expect(isRead == counts)
    }
}
