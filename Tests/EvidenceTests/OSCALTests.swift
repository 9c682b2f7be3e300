import CanonicalJSON
import Evidence
import FoundationEssentials
import StrictYAML
import Testing

/// What the OSCAL documents say, by value; that they are valid OSCAL is for the validators to say.
@Suite struct OSCALTests {
    private func document(_ member: BundleMember, _ assessment: Assessment) throws -> JSONValue {
        try JSONValue(parsing: try #require(BundleDocuments.inMemory(assessment)[member]))
    }

    private func result(_ assessment: Assessment) throws -> JSONValue {
        try document(.assessmentResults, assessment)["assessment-results"]["results"][0]
    }

    // MARK: The population

    @Test func `the numbers that the population should have stand with their sources`() throws {
        var snapshot = AccountSnapshot.made()
        func expected() throws -> [[String?]] {
            try result(.made(snapshot))["props"].array.filter { $0["name"] == .string("population-users-expected") }
                .map { [$0["class"].string, $0["value"].string] }
        }
        #expect(try expected().isEmpty)
        snapshot.accountSummary = .read(SummaryFacts(users: 7), .made(.getAccountSummary, 1))
        snapshot.credentialReport = .read(
            ReportFacts(users: 6, keys: 1, wasMadeDuringRun: true), .made(.getCredentialReport, 9))
        #expect(try expected() == [["account-summary", "7"], ["credential-report", "6"]])
    }

    @Test func `of two counts of users the one at the end of the run is expected, here as in the report`() throws {
        var snapshot = AccountSnapshot.made()
        snapshot.accountSummary = .read(SummaryFacts(users: 7, usersAtEnd: 1), .made(.getAccountSummary, 1))
        let assessment = try Assessment.made(snapshot)
        let report = try document(.report, assessment)["completeness"]["population"]
        #expect(report["users_expected_by_account_summary"] == .number(1))
        #expect(try result(assessment).property("population-users-expected") == "1")
    }

    @Test func `twenty failures are named, and how many more there are`() throws {
        for (count, more) in [(20, "."), (21, " and 1 more.")] {
            let failures = (1...count).map { (number: Int) in
                ReadFailure(
                    fact: .lastUse, operation: "GetAccessKeyLastUsed", subject: .accessKey("AKIA\(number + 10)"),
                    code: "Denied",
                    message: "no", exchange: 1)
            }
            let population = try result(.made(.made(failures: failures)))["observations"][0]["description"].string
            let named = (1...20).map { "GetAccessKeyLastUsed of AKIA\($0 + 10): Denied" }.joined(separator: "; ")
            #expect(population == "1 user listed in 1 page, 1 access key. Not read: \(named)\(more)")
            #expect(
                try result(.made(.made(failures: failures)))["observations"][0].property("read-failures") == "\(count)")
        }
    }

    @Test func `who and what went during the run is named and counted`() throws {
        let notes = [
            (PopulationNote.Kind.userVanished, ReadSubject.user("gone")), (.keyVanished, .accessKey("AKIA7")),
            (.userRenamed, .user("other")),
        ].map {
            PopulationNote(kind: $0, subject: $1, observed: "seen", explanation: "so", exchanges: [2])
        }
        let population = try result(.made(.made(notes: notes)))["observations"][0]
        let said = try #require(population["description"].string)
        #expect(said.hasSuffix(" Deleted during the run: AKIA7, gone."), "\(said)")
        #expect(population.property("vanished") == "2")
    }

    @Test func `what the population was read from is said as it was`() throws {
        func source(_ keys: [AccessKey]) throws -> String? {
            try result(.made(.made(users: [.made(keys: .listed(keys))], source: .report)))
                .property("population-source")
        }
        func slot(_ number: Int) -> AccessKey {
            AccessKey(
                id: nil, slot: number, status: .active, created: .before(days: 10), lastUse: .never,
                listed: .made(.getCredentialReport, 9))
        }
        #expect(try source([slot(1), slot(2)]) == "iam:GetCredentialReport")
        #expect(try source([slot(1), .made()]) == "iam:GetCredentialReport x iam:ListAccessKeys")
        #expect(try source([.made()]) == "iam:GetCredentialReport x iam:ListAccessKeys")
    }

    @Test func `the result is from the first call to the last`() throws {
        let result = try result(.made())
        #expect(result["start"] == .string("2026-11-22T20:45:00Z"))
        #expect(result["end"] == .string("2026-11-22T20:45:05Z"))
    }

    // MARK: Controls

    @Test func `failures that somebody answers for are counted apart`() throws {
        let keys = [AccessKey.made("AKIA1", age: 100), .made("AKIA2", age: 100), .made("AKIA3", age: 100)]
        let result = try result(.made(keys: keys, exceptions: [.made(.key("AKIA1"))]))
        let finding = try #require(
            result["findings"].array.first {
                $0.property("scope") == "control" && $0["title"].string?.hasSuffix(": key-rotation") == true
            })
        let counts = ["subjects-tested", "failed", "excepted", "undetermined"].map(finding.property)
        #expect(counts == ["3", "2", "1", "0"])
    }

    /// The credential report has no user ids.
    @Test func `an objective that a test decides isn't satisfied where the test couldn't be made`() throws {
        let findings = try result(.made(.made(source: .report)))["findings"].array
        func status(_ target: String) throws -> (state: String?, reason: String?, finding: JSONValue) {
            let finding = try #require(
                findings.first {
                    $0.property("scope") == "control" && $0["target"]["target-id"] == .string(target)
                })
            let status = finding["target"]["status"]
            return (status["state"].string, status["reason"].string, finding)
        }
        for target in ["ia-4_obj", "ia-4_obj.d"] {
            let found = try status(target)
            #expect(found.state == "not-satisfied" && found.reason == "other", "\(target)")
        }
        let part = try status("ia-4_obj.d").finding
        #expect(part.property("control-test-not-run") == "identifier-unique")
        #expect(part["title"].string == "IA-4: identifier-unique")
        #expect(
            part["description"].string?.hasPrefix("identifier-unique: not run, as the credential report has") == true)
        #expect(try status("ia-4_obj").finding["description"].string?.contains("ia-4_obj.d is undetermined") == true)
        for target in ["ac-2.3_obj.d", "cc6.1_smt"] { #expect(try status(target).state == "satisfied", "\(target)") }
        // Where it could, nothing is said of it.
        let live = try result(.made())["findings"].array
        #expect(live.allSatisfy { $0.property("control-test-not-run") == nil })
    }

    @Test func `a finding leads to each control once`() throws {
        for finding in try result(.made(frameworks: Set(Crosswalk.builtIn().frameworks.map(\.id))))["findings"].array {
            let controls = finding["props"].array.filter { $0["name"] == .string("maps-to") }
                .map { "\($0["class"].string ?? "") \($0["value"].string ?? "")" }
            #expect(controls.count == Set(controls).count)
        }
    }

    @Test func `the days to act in are those of a key that has just come to be unused`() throws {
        func days(_ policy: Policy) throws -> [String] {
            try result(.made(policy: policy))["props"].array.compactMap { $0["value"].string }
                .filter { $0.hasPrefix("ac-02.03_odp.01 = ") }
        }
        #expect(try days(Policy()) == ["ac-02.03_odp.01 = 7 days"])
        var early = Policy()
        early.rules.limits.lastUsed = 30
        #expect(try days(early) == ["ac-02.03_odp.01 = 90 days"])
        let key = AccessKey.made(age: 35, lastUse: .used(daysAgo: 30))
        #expect(try Assessment.made(keys: [key], policy: early).keys[0].recommendation.due == .before(days: -90))
        early.rules.limits.lastUsed = 65
        #expect(try days(early) == ["ac-02.03_odp.01 = 30 days"])
        early.rules.limits.lastUsed = 125
        #expect(try days(early) == ["ac-02.03_odp.01 = 0 days"])
        // An old key: whoever was last used so long ago is at least as old.
        early.rules.limits.lastUsed = 50
        (early.rules.levels.high, early.rules.levels.medium) = (Band(age: 40), Band(age: 35))
        #expect(try days(early) == ["ac-02.03_odp.01 = 7 days"])
    }

    @Test func `a control's finding has the rationales of its own mappings and no others`() throws {
        let assessment = try Assessment.made()
        let mappings = try Crosswalk.builtIn().tests.filter { assessment.policy.tests.contains($0.test) }
            .flatMap(\.mappings)
        var seen = 0
        for finding in try result(assessment)["findings"].array where finding.property("scope") == "control" {
            let (target, framework) = (finding["target"]["target-id"].string, finding.property("framework"))
            let rationales = mappings.filter { $0.target == target && $0.framework == framework }.map(\.rationale)
            let text = try #require(finding["description"].string)
            #expect(text.hasSuffix("satisfied it. " + rationales.joined(separator: " ")))
            seen += rationales.count
        }
        #expect(seen == mappings.count { Crosswalk.standardFrameworks.contains($0.framework) })
    }

    @Test func `that a control is only supported is said where it is so`() throws {
        var relationships: Set<String> = []
        let unread = AccessKey.made(lastUse: .undetermined(.denied))
        let findings = try [Assessment.made(), .made(keys: [unread])].flatMap { try result($0)["findings"].array }
        for finding in findings {
            guard let relationship = finding.property("mapping-relationship") else { continue }
            relationships.insert(relationship)
            let remarks = finding["target"]["status"]["remarks"].string ?? ""
            #expect(remarks.contains("Supporting evidence: ") == (relationship == "supporting"))
        }
        #expect(relationships == ["direct", "supporting"])
    }

    @Test func `the reviewed controls are those of each framework that tests speak to`() throws {
        let assessment = try Assessment.made(frameworks: [Crosswalk.soc2, Crosswalk.nist])
        let selections = try result(assessment)["reviewed-controls"]["control-selections"].array
        let mappings = assessment.tests.flatMap { assessment.crosswalk.mappings(of: $0.id) }
        #expect(selections.count == 2)
        for (selection, framework) in zip(selections, [Crosswalk.nist, Crosswalk.soc2]) {
            let controls = Set(mappings.filter { $0.framework == framework }.map(\.control)).sorted()
            #expect(selection["include-controls"].array.compactMap { $0["control-id"].string } == controls)
            #expect(selection["include-all"] == .string("no member 'include-all'"))
        }
        // OSCAL wants a selection, also where nothing is selected.
        let none = try result(.made(frameworks: []))["reviewed-controls"]["control-selections"].array
        #expect(none.count == 1 && none[0]["include-all"] == .object([:]))
    }

    @Test func `the index of controls has each part once, as what it is`() throws {
        let assessment = try Assessment.made(frameworks: [Crosswalk.soc2, "cis-aws-3.0"])
        let mappings = assessment.tests.flatMap { assessment.crosswalk.mappings(of: $0.id) }
        let groups = try document(.indexCatalog, assessment)["catalog"]["groups"].array
        #expect(groups.compactMap { $0["id"].string }.sorted() == ["cis-aws-3.0", Crosswalk.soc2])
        for group in groups {
            for control in group["controls"].array {
                let parts = control["parts"].array.map { "\($0["id"].string ?? "") \($0["name"].string ?? "")" }
                let expected = mappings.filter {
                    $0.framework == group["id"].string && $0.control == control["id"].string
                }.map { "\($0.target) \($0.targetType == .objective ? "assessment-objective" : "statement")" }
                #expect(parts.count == Set(parts).count && Set(parts) == Set(expected) && !parts.isEmpty)
            }
        }
    }

    // MARK: Names

    @Test func `runs of one instant that differ share the names of keys and risks, and no others`() throws {
        let keys = [AccessKey.made(age: 100, lastUse: .never)]
        var later = AccountSnapshot.made(users: [.made(keys: .listed(keys))])
        later.window.started += 1
        let runs = [
            try Assessment.made(keys: keys), try Assessment.made(keys: keys, policy: try Policy(.strict)),
            try Assessment.made(keys: keys, exceptions: [.made()]), try Assessment.made(later),
            try Assessment.made(.made(users: [.made(keys: .listed(keys))], source: .auto)),
        ]
        let documents = try runs.map {
            try JSONValue(parsing: try #require(BundleDocuments.inMemory($0)[.assessmentResults]))
        }
        func uuids(_ parts: (JSONValue) -> [JSONValue]) -> [Set<String>] {
            documents.map { Set(parts($0["assessment-results"]["results"][0]).compactMap { $0["uuid"].string }) }
        }
        #expect(Set(documents.map { $0["assessment-results"]["uuid"].string }).count == runs.count)
        for names in [uuids { [$0] }, uuids { $0["findings"].array }, uuids { $0["observations"].array }] {
            #expect(names.reduce(Set<String>()) { $0.union($1) }.count == names.reduce(0) { $0 + $1.count })
        }
        #expect(Set(uuids { $0["risks"].array }.prefix(3)).count == 1)
    }

    /// As where AWS answers wrongly: nobody knows whose it is.
    @Test func `an id that two users seem to have stands for two things`() throws {
        let twice = [IAMUser.made("a", keys: .listed([.made("K")])), .made("b", keys: .listed([.made("K")]))]
        let failure = ReadFailure(
            fact: .population, operation: "ListAccessKeys", subject: .accessKey("K"), code: .duplicate,
            message: "twice",
            exchange: 3)
        let result = try result(.made(.made(users: twice, failures: [failure])))
        for items in [result["local-definitions"]["inventory-items"].array, result["observations"].array] {
            let uuids = items.compactMap { $0["uuid"].string }
            #expect(uuids.count >= 2 && Set(uuids).count == uuids.count, "\(uuids)")
        }
    }

    // MARK: Risks

    @Test func `a failure of the account's or the root user's is a risk that its controls lead to`() throws {
        let twice = [IAMUser.made("a", keys: .listed([.made("K")])), .made("b", keys: .listed([.made("K")]))]
        let root = RootUser(accessKeysPresent: true, summary: .made(.getAccountSummary, 1))
        let result = try result(.made(.made(users: twice, root: root)))
        let titles = Dictionary(
            uniqueKeysWithValues: result["risks"].array.map { ($0["uuid"].string ?? "", $0["title"].string ?? "") })
        #expect(titles.values.sorted() == ["Access key of the root user", "Identifiers that aren't unique"])
        for (target, title) in [
            ("ac-6_obj", "Access key of the root user"), ("ia-4_obj.d", "Identifiers that aren't unique"),
        ] {
            let finding = try #require(
                result["findings"].array.first {
                    $0.property("scope") == "control" && $0["target"]["target-id"] == .string(target)
                })
            #expect(finding["related-risks"].array.map { titles[$0["risk-uuid"].string ?? ""] } == [title])
        }
    }

    @Test func `a risk names what failed, and whether somebody answers for it`() throws {
        let key = AccessKey.made(age: 100, lastUse: .never)
        func risk(_ exceptions: ControlException...) throws -> JSONValue {
            try result(.made(keys: [key], exceptions: exceptions))["risks"][0]
        }
        let open = try risk()
        #expect(open["status"] == .string("open") && open.property("failed-tests") == "unused-key key-rotation")
        #expect(open["deadline"] == .string("2026-11-12T20:45:00Z"))
        // For one of the two.
        #expect(try risk(.made())["status"] == .string("open"))
        let both = ControlException.made(tests: [.unusedKey, .keyRotation], expires: -30)
        let approved = try risk(both)
        #expect(approved["status"] == .string("deviation-approved"))
        #expect(approved["deadline"] == .string("2026-12-22T20:45:00Z"))
        #expect(try risk(.made(tests: [.unusedKey, .keyRotation], expires: 1))["status"] == .string("open"))
        // Open again as soon as one of the two is.
        let first = try risk(.made(expires: -60), .made(ticket: "SEC-2", tests: [.unusedKey], expires: -30))
        #expect(first["status"] == .string("deviation-approved"))
        #expect(first["deadline"] == .string("2026-12-22T20:45:00Z"))
    }

    @Test func `of a user with several things to do, all are said, and the first deadline counts`() throws {
        let keys = [AccessKey.made("A", age: 80), .made("B", age: 20)]
        let policy = try Policy(
            reading: YAMLValue(parsing: "{name: a, owner_tags: [owner]}", file: "policy.yaml"))
        let assessment = try Assessment.made(
            .made(users: [.made("ci", keys: .listed(keys), tags: [:])]), policy: policy)
        let all = assessment.users[0].recommendations
        #expect(all.count == 2)
        let risk = try #require(
            try result(assessment)["risks"].array.first { $0["title"] == .string("Access keys of IAM user ci") })
        let text = (risk["description"].string ?? "") + (risk["remediations"][0]["description"].string ?? "")
        for what in all { #expect(text.contains(what.issue) && text.contains(what.action), "\(text)") }
        #expect(risk["deadline"].string == all.compactMap(\.due).min()?.iso8601)
    }

    @Test(arguments: [
        ("a@example.com", "a@example.com"), ("A  B", "A B"), (" A", "A"), ("A ", "A"), ("A\u{a0}B", "A B"),
        ("Zoë Ω", "Zoë Ω"), ("Zoë  Ω ", "Zoë Ω"), ("   ", "none"), ("~ ~", "~ ~"),
    ])
    func `a value has no white space at its ends, and never two blanks`(owner: String, expected: String) throws {
        var exception = ControlException.made()
        exception.owner = owner
        let risk = try result(.made(keys: [.made(age: 100)], exceptions: [exception]))["risks"][0]
        #expect(risk.property("exception-owner") == expected)
    }
}
