import CanonicalJSON
import Evidence
import FoundationEssentials
import Testing

@Suite struct DocumentTests {
    @Test func `the table's levels are read back as they were written`() throws {
        var random = PolicyDice(seed: 5)
        for _ in 0..<100 {
            let assessment = try Assessment.made(random.snapshot(), policy: random.policy())
            let table = try #require(BundleDocuments.inMemory(assessment)[.keys])
            let expected = Dictionary(assessment.keys.map { ($0.levelName, 1) }, uniquingKeysWith: +)
            #expect(try KeysCSV.levels(in: table) == expected)
        }
        func levels(_ text: String) throws -> [String: Int] { try KeysCSV.levels(in: Array(text.utf8)) }
        #expect(
            try levels("a,risk_level,b\r\n\"x\"\"y,\r\n\",LOW,\"1,2\"\r\n,LOW,\r\nonly\r\n") == ["LOW": 2, "none": 1])
        for (text, why) in [
            ("", "its last row doesn't end"), ("a,b\r\n", "it has no column risk_level"),
            ("risk_level\r\nLOW", "its last row doesn't end"), ("risk_level\r\n\"LOW\r\n", "its last row doesn't end"),
        ] {
            #expect(throws: KeysCSV.ReadingError(description: why)) { try levels(text) }
        }
    }

    private func documents(_ assessment: Assessment) throws -> [BundleMember: [UInt8]] {
        BundleDocuments.inMemory(assessment)
    }

    private func json(_ assessment: Assessment, _ member: BundleMember = .report) throws -> JSONValue {
        try JSONValue(parsing: try #require(try documents(assessment)[member]))
    }

    private static let mixed = AccountSnapshot.made(
        users: [
            .made("=cmd", console: .yes, keys: .listed([.made("AKIA1", age: 500, lastUse: .never)])),
            .made("b", keys: .listed([.made("AKIA2", lastUse: .undetermined(.denied)), .made("AKIA3")])),
            .made("none", console: .undetermined(.denied), keys: .listed([])),
            .made("closed", keys: .undetermined(.denied)),
        ], failures: [.denied])

    @Test func `the same input gives the same bytes`() throws {
        #expect(try documents(.made(Self.mixed)) == documents(.made(Self.mixed)))
    }

    @Test func `the report's known fields are there for every key, as null where there is no value`() throws {
        let report = try json(.made(Self.mixed))
        let users = report["analysis_results"]["user_analysis"]
        let never = users[0]["access_keys"][0]
        #expect(never["never_used"] == .boolean(true))
        #expect(never["last_used_date"] == .null)
        #expect(never["risk_level"] == .string("CRITICAL"))
        let unknown = users[1]["access_keys"][0]
        #expect(unknown["never_used"] == .null)
        #expect(unknown["last_used_determined"] == .boolean(false))
        #expect(unknown["risk_level"] == .string("UNDETERMINED"))
        #expect(users[0]["has_console_access"] == .boolean(true))
        #expect(users[3]["has_console_access"] == .null)
        #expect(users[2]["access_keys_listed"] == .boolean(false))
        #expect(users[2]["highest_risk_level"] == .string("UNDETERMINED"))
        #expect(users[3]["highest_risk_level"] == .null)
        #expect(report["analysis_results"]["summary"]["compliance_rate"] == .null)
        #expect(report["compliance_assessment"]["overall_status"] == .string("NON_COMPLIANT"))
        #expect(report["completeness"]["complete"] == .boolean(false))
    }

    @Test(arguments: [
        // MEDIUM beside one that is LOW at least; CRITICAL beside one that can't be worse.
        (AccessKey.made(age: 70), 40, "UNDETERMINED"), (.made(age: 200, lastUse: .never), 40, "CRITICAL"),
        (.made(age: 5), 400, "UNDETERMINED"),
    ])
    func `a user's highest level passes over no key whose level isn't known`(
        key: AccessKey, age: Int, expected: String
    ) throws {
        let unknown = AccessKey.made("AKIA2", age: age, lastUse: .undetermined(.denied))
        let report = try json(.made(.made(users: [.made(keys: .listed([key, unknown]))])))
        let user = report["analysis_results"]["user_analysis"][0]
        #expect(user["highest_risk_level"] == .string(expected))
    }

    @Test func `a control's finding counts subjects over its tests, and calls that no population`() throws {
        let assessment = try Assessment.made(.made(users: [.made(keys: .listed([.made()]))]))
        let results = try JSONValue(
            parsing: try #require(BundleDocuments.inMemory(assessment)[.assessmentResults]))
        var sums: [String] = []
        for finding in results["assessment-results"]["results"][0]["findings"].array {
            let props = finding["props"].array
            #expect(!props.contains { $0["name"] == .string("population") })
            guard props.contains(where: { $0["name"] == .string("scope") && $0["value"] == .string("control") }) else {
                continue
            }
            guard props.contains(where: { $0["value"] == .string("ia-4") }) else { continue }
            sums += props.filter { $0["name"] == .string("subjects-tested") }.compactMap { $0["value"].string }
        }
        // The control as a whole: unused-key and key-rotation of one key, and root-key. Its objective d: identifier-unique.
        #expect(sums.sorted() == ["1", "3"])
    }

    @Test func `keys.csv has one header row, one row a key, and no formula`() throws {
        let assessment = try Assessment.made(Self.mixed)
        let table = try #require(try documents(assessment)[.keys])
        let rows = String(decoding: table, as: UTF8.self).split(separator: "\r\n")
        #expect(rows.count == 1 + 3)
        #expect(rows[0].hasPrefix("account_id,username,user_arn,"))
        #expect(rows[1].hasPrefix("111122223333,'=cmd,"))
        #expect(rows[2].contains(",undetermined,undetermined,undetermined,undetermined,undetermined,UNDETERMINED,"))
    }

    @Test(arguments: [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("\"", "\"\"\"\""), ("a\"b,c\"", "\"a\"\"b,c\"\"\""),
        ("a\nb", "\"a\nb\""), ("a\r", "\"a\r\""), ("=1", "'=1"), ("+1,2", "\"'+1,2\""), ("@\"x\"", "\"'@\"\"x\"\"\""),
        ("-", "'-"), ("'", "'"), ("\t", "'\t"), ("\r", "\"'\r\""), ("ü,é", "\"ü,é\""),
    ])
    func `a cell is quoted and neutralised where it must be`(name: String, cell: String) throws {
        var output = OutputBuffer()
        KeysCSV.write(try .made(.made(users: [.made(name)])), to: &output)
        let table = String(decoding: output.bytes, as: UTF8.self)
        let header = try #require(table.split(separator: "\r\n").first) + "\r\n"
        // As bytes: to Swift, CR and LF are one character where they stand together.
        #expect(table.utf8.dropFirst(header.utf8.count).starts(with: "111122223333,\(cell),".utf8))
    }

    @Test func `no cell is a formula, whatever the date`() throws {
        for age in [10, 600_000, 800_000, 900_000, -4_000_000] {
            var output = OutputBuffer()
            KeysCSV.write(try .made(keys: [.made(age: age, lastUse: .used(daysAgo: age))]), to: &output)
            let rows = String(decoding: output.bytes, as: UTF8.self).split(separator: "\r\n")
            #expect(rows.count == 2)
            for cell in rows.dropFirst().joined().split(separator: ",") {
                #expect(!"=+-@".contains(cell.first ?? " "), "\(age): \(cell)")
            }
        }
    }

    @Test func `a control's finding leads to the risks of what failed, and a risk to its observation`() throws {
        let results = try json(.made(Self.mixed), .assessmentResults)["assessment-results"]["results"][
            0]
        let rotation = try #require(
            results["findings"].array.first {
                $0.property("scope") == "control" && $0["target"]["target-id"] == .string("ia-5_obj.f")
            })
        let risks = Set(rotation["related-risks"].array.compactMap { $0["risk-uuid"].string })
        let failed = results["findings"].array.filter {
            $0.property("control-test") == "key-rotation" && $0.property("scope") == "access-key"
                && $0["target"]["status"]["reason"] == .string("fail")
        }
        #expect(!failed.isEmpty)
        #expect(risks == Set(failed.compactMap { $0["related-risks"][0]["risk-uuid"].string }))
        for risk in results["risks"].array where risks.contains(risk["uuid"].string ?? "") {
            let finding = failed.first { $0["related-risks"][0]["risk-uuid"] == risk["uuid"] }
            #expect(risk["related-observations"] == finding?["related-observations"])
        }
    }

    @Test func `excepted tests stand in one cell, with a blank between them`() throws {
        let key = AccessKey.made(age: 100, lastUse: .never)
        for (tests, cell) in [
            ([ControlTestID.keyRotation], "key-rotation"), ([.unusedKey, .keyRotation], "unused-key key-rotation"),
        ] {
            let assessment = try Assessment.made(keys: [key], exceptions: [.made(tests: tests)])
            let table = try #require(try documents(assessment)[.keys])
            let rows = String(decoding: table, as: UTF8.self).split(separator: "\r\n")
                .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
            let column = try #require(rows[0].firstIndex(of: "excepted_tests"))
            // Counted from the end: a text before it has commas.
            #expect(rows[1][rows[1].count - (rows[0].count - column)] == cell)
        }
    }

    @Test func `a control has the tests that speak to it, and a test about the account its verdict`() throws {
        let crosswalk = try Crosswalk.builtIn()
        let assessment = try Assessment.made(frameworks: Set(crosswalk.frameworks.map(\.id)))
        let report = try json(assessment)
        for control in report["compliance_assessment"]["controls"].array {
            let expected = assessment.tests.map(\.id).filter { test in
                crosswalk.mappings(of: test).contains {
                    $0.framework == control["framework"].string && $0.control == control["control"].string
                }
            }
            #expect(control["tests"].array.compactMap(\.string) == expected.map(\.rawValue), "\(control)")
        }
        let verdicts = Dictionary(
            uniqueKeysWithValues: report["control_tests"].array.map { ($0["test"].string ?? "", $0["verdict"]) })
        #expect(verdicts["root-key"]?["conclusion"] == .string("satisfied"))
        #expect(verdicts["identifier-unique"]?["test"] == .string("identifier-unique"))
        #expect(verdicts["key-rotation"]?["test"].string?.hasPrefix("no ") == true)
    }

    @Test func `a key's facts rest on each exchange once`() {
        #expect(AccessKey.made().exchanges == [3, 4])
        #expect(AccessKey.made(lastUse: .undetermined(.denied)).exchanges == [3, 7])
        #expect(AccessKey.made(lastUse: .read(.never, .made(.getCredentialReport, 3))).exchanges == [3])
    }

    /// AWS says when it made the report by its own clock.
    @Test(arguments: [(nil, 65), (3600, 3665), (-3600, 0)])
    func `how old a report is goes by AWS's clock`(skew: Int?, age: Double) throws {
        var snapshot = AccountSnapshot.made()
        snapshot.traffic.clockSkew = skew
        snapshot.credentialReport = .read(
            ReportFacts(users: 1, keys: 1, wasMadeDuringRun: false),
            Provenance(.getCredentialReport, asOf: .before(days: 0, seconds: 60), exchange: 9))
        let completeness = try json(.made(snapshot))["completeness"]
        #expect(completeness["credential_report"]["age_seconds"] == .number(age))
    }

    @Test func `what a key rests on has its user's tags among it, read or not`() throws {
        for (tags, expected) in [
            (.read([], .made(.listUserTags, 6, further: [8])), [3, 4, 6, 8]), (.failed(.denied), [3, 4, 7]),
            (.notAsked, [3, 4]),
        ] as [(Reading<[OptionalFacts.Tag]>, [Int])] {
            var user = IAMUser.made()
            user.optional.tags = tags
            let report = try json(.made(.made(users: [user])))
            let key = report["analysis_results"]["user_analysis"][0]["access_keys"][0]
            #expect(key["evidence_exchanges"] == .array(expected.map { .number(Double($0)) }))
        }
    }

    @Test func `VERIFY.md says how to check what there is`() throws {
        let key = SigningKeyName(type: "ssh-ed25519", fingerprint: "SHA256:abc")
        for (signingKey, authority) in [(nil, nil), (key, nil), (nil, "https://ts.example.com"), (key, "x")]
            as [(SigningKeyName?, String?)]
        {
            let packaging = Packaging(asOfSource: .clock, signingKey: signingKey, timestampAuthority: authority)
            var page = ""
            _ = try BundleDocuments.write(.made(), packaging, recording: .recording) { document in
                var output = OutputBuffer()
                document.write(&output)
                if document.member == .verifyPage {
                    page = String(decoding: output.bytes, as: UTF8.self)
                }
                return .recording
            }
            #expect(page.contains("ssh-keygen -Y verify") == (signingKey != nil))
            #expect(page.contains("SHA256:abc") == (signingKey != nil))
            #expect(page.contains("made the whole bundle anew who has the key.") == (signingKey != nil))
            #expect(page.contains("openssl ts -verify") == (authority != nil))
        }
    }

    @Test func `summary.csv is one header row and one row of as many cells`() throws {
        let table = try #require(try documents(.made(Self.mixed))[.summary])
        let rows = String(decoding: table, as: UTF8.self).split(separator: "\r\n")
        #expect(rows.count == 2)
        let cells = rows.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }
        #expect(cells[0] == cells[1])
    }

    @Test func `SHA256SUMS names every other file, sorted, as sha256sum reads it`() throws {
        let documents = try documents(.made())
        let sums = String(decoding: try #require(documents[.checksums]), as: UTF8.self)
        let paths = sums.split(separator: "\n").map { String($0.split(separator: "  ")[1]) }
        #expect(paths == paths.sorted())
        let all = Set(documents.keys).subtracting([.checksums]).union([.recording])
        #expect(Set(paths) == Set(all.map(\.path)))
    }

    @Test func `every key finding leads to IA-4 and CC6.1, and fails where the key fails`() throws {
        let results = try json(.made(Self.mixed), .assessmentResults)["assessment-results"]["results"][
            0]
        let findings = results["findings"].array.filter { $0.property("scope") == "access-key" }
        // Three keys and two tests.
        #expect(findings.count == 6)
        for finding in findings {
            let controls = finding["props"].array.filter { $0["name"] == .string("maps-to") }.map { $0["value"] }
            #expect(controls.contains(.string("ia-4")) && controls.contains(.string("cc6.1")))
        }
        func status(_ key: String, _ target: String) -> JSONValue? {
            findings.first {
                $0.property("access-key-id") == key && $0["target"]["target-id"] == .string(target)
            }?["target"]["status"]
        }
        #expect(status("AKIA1", "ia-5_obj.f")?["state"] == .string("not-satisfied"))
        #expect(status("AKIA3", "ac-2.3_obj.d")?["state"] == .string("satisfied"))
        #expect(status("AKIA2", "ac-2.3_obj.d")?["state"] == .string("not-satisfied"))
        #expect(status("AKIA2", "ac-2.3_obj.d")?["reason"] == .string("other"))
        let control = results["findings"].array.first {
            $0.property("scope") == "control" && $0["target"]["target-id"] == .string("ia-5_obj.f")
        }
        #expect(control?["target"]["status"]["reason"] == .string("fail"))
    }

    @Test func `OSCAL of an account without keys has no empty array`() throws {
        let document = try json(.made(.made(users: [])), .assessmentResults)
        #expect(!document.hasEmptyArray)
    }

    @Test func `UUIDs are version 5, stable, and differ by every part`() {
        let uuid = UUIDv5.of("inventory-item", "111122223333", "AKIA1")
        #expect(uuid == UUIDv5.of("inventory-item", "111122223333", "AKIA1"))
        // By another implementation of RFC 9562.
        #expect(uuid == "7c8c6987-7370-570a-8f75-e6fc7f83044e")
        #expect(uuid != UUIDv5.of("inventory-item", "111122223333AKIA1"))
        #expect(
            UUIDv5.Namespace("inventory-item", "111122223333")("AKIA1").text == "9c1b04b2-6209-5805-8a5b-1f6890980338")
        #expect(Array(uuid)[14] == "5" && "89ab".contains(Array(uuid)[19]) && uuid.count == 36)
    }

    @Test func `the policy's digest changes with a limit and with nothing else`() {
        #expect(Policy().digest == Policy(keyAgeThreshold: 90, lastUsedThreshold: 90).digest)
        #expect(Policy().digest != Policy(keyAgeThreshold: 91).digest)
    }

    @Test func `the terminal summary shows no control character of a name, and says what was not read`() throws {
        let snapshot = AccountSnapshot.made(
            users: [.made("evil\u{1b}[31m\u{202e}", keys: .listed([.made(age: 300, lastUse: .never)]))],
            failures: [.denied])
        let text = TerminalSummary(try .made(snapshot), style: TerminalStyle(color: false)).text
        #expect(!text.contains("\u{1b}") && !text.contains("\u{202e}"))
        #expect(text.contains("evil\\u{1b}[31m\\u{202e}"))
        #expect(text.contains("GetAccessKeyLastUsed of AKIA1: AccessDenied: not authorized"))
        #expect(text.contains("this run proves nothing about what is missing"))
    }
}

extension JSONValue {
    subscript(name: String) -> JSONValue {
        if case .object(let members) = self {
            members[name] ?? .string("no member '\(name)'")
        } else {
            .string("no object")
        }
    }

    subscript(index: Int) -> JSONValue {
        index < array.count ? array[index] : .string("no element \(index)")
    }

    var array: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// The value of an OSCAL prop.
    func property(_ name: String) -> String? {
        guard case .string(let value)? = self["props"].array.first(where: { $0["name"] == .string(name) })?["value"]
        else { return nil }
        return value
    }

    var hasEmptyArray: Bool {
        switch self {
        case .array(let elements): elements.isEmpty || elements.contains(where: \.hasEmptyArray)
        case .object(let members): members.values.contains(where: \.hasEmptyArray)
        default: false
        }
    }
}
