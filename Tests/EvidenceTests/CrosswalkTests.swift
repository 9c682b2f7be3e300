import CanonicalJSON
import Evidence
import EvidenceSchemas
import FoundationEssentials
import StrictYAML
import Testing

@Suite struct CrosswalkTests {
    @Test func `the crosswalk names every test, each with IA-4 and CC6.1 and one direct objective at most`() throws {
        let crosswalk = try Crosswalk.standard()
        #expect(crosswalk.tests.map(\.test) == ControlTestID.allCases)
        for test in crosswalk.tests {
            let controls = test.mappings.map(\.control)
            #expect(controls.contains("ia-4") && controls.contains("cc6.1"))
            #expect(test.mappings.count { $0.relationship == .direct } <= 1)
            for mapping in test.mappings where mapping.control == "cc6.1" {
                #expect(mapping.relationship == .supporting)
            }
        }
        func direct(_ test: ControlTestID) -> String? {
            crosswalk.mappings(of: test).first { $0.relationship == .direct }?.target
        }
        #expect(direct(.unusedKey) == "ac-2.3_obj.d" && direct(.keyRotation) == "ia-5_obj.f")
        #expect(direct(.identifierUnique) == "ia-4_obj.d" && direct(.identifierAssigned) == "ia-4_obj.c")
    }

    /// The parts of IA-4 in revision 5 are a to d; `ia-4_obj.e` was revision 4's.
    @Test func `only objectives that exist in rev. 5 are named`() throws {
        let known: Set = [
            "ac-2.3_obj", "ac-2.3_obj.d", "ac-6_obj", "ia-4_obj", "ia-4_obj.c", "ia-4_obj.d", "ia-5_obj", "ia-5_obj.f",
        ]
        let named = try Crosswalk.standard().objectives.map(\.mapping).filter { $0.framework == Crosswalk.nist }
        #expect(Set(named.map(\.target)) == known)
        #expect(Set(named.compactMap(\.parameter)) == ["ac-02.03_odp.02", "ia-05_odp.01"])
    }

    @Test func `CIS, ISO 27001 and PCI DSS are built in by their identifiers, and shown when asked for`() throws {
        let all = try Crosswalk.builtIn()
        func labels(_ framework: String) -> Set<String> {
            Set(all.tests.flatMap(\.mappings).filter { $0.framework == framework }.map(\.label))
        }
        #expect(labels("cis-aws-3.0") == ["1.4", "1.12", "1.13", "1.14"])
        #expect(labels("iso-27001-2022") == ["A.5.17"])
        #expect(labels("pci-dss-4.0") == ["8.3.9"])
        let report = try json(.made(frameworks: ["cis-aws-3.0"]))
        #expect(report["metadata"]["frameworks"] == .array([.string("cis-aws-3.0")]))
        #expect(report["compliance_assessment"]["controls"].array.map { $0["label"] }.contains(.string("1.14")))
        // What scripts have always read isn't limited.
        #expect(report["compliance_assessment"]["nist_ia_4_status"] == .string("COMPLIANT"))
    }

    @Test func `documents show the frameworks that are asked for, and no others`() throws {
        let assessment = try Assessment.made(keys: [.made(age: 100)])
        let limited = try Assessment.made(assessment.snapshot, frameworks: [Crosswalk.soc2])
        for (shown, expected) in [(assessment, ["ia-4", "cc6.1"]), (limited, ["cc6.1"])] {
            let documents = BundleDocuments.inMemory(shown)
            let oscal = String(decoding: try #require(documents[.assessmentResults]), as: UTF8.self)
            for control in ["ia-4", "cc6.1"] {
                #expect(oscal.contains("\"value\":\"\(control)\"") == expected.contains(control))
            }
            let value = try JSONValue(parsing: Array(oscal.utf8))
            #expect(!value.hasEmptyArray)
        }
    }

    // MARK: Another framework

    private static let ours = """
        version: "2026"
        frameworks:
          - {id: acme-std, title: ACME key standard, label: ACME}
        tests:
          - test: key-rotation
            mappings:
              - framework: acme-std
                control: acme-7
                label: "7.1 (b)"
                targetType: objective-id
                target: acme-7_obj.b
                parameter: acme-7_odp.1
                relationship: direct
                rationale: Our standard asks for rotation.
        """

    private func crosswalk(_ text: String) throws -> Crosswalk {
        let known = try Crosswalk.builtIn()
        return known.adding(try Crosswalk(reading: YAMLValue(parsing: text, file: "ours.yaml"), besides: known))
    }

    @Test func `there are a hundred frameworks at most, and a thousand mappings of a test`() throws {
        func file(frameworks: Int, mappings: Int) -> String {
            let frameworks = (0..<frameworks).map { "{id: f\($0), title: F}" }.joined(separator: ", ")
            let mappings = (0..<mappings).map {
                "{framework: f0, control: c, targetType: objective-id, target: t\($0), relationship: direct, rationale: r}"
            }.joined(separator: ", ")
            return "{version: '1', frameworks: [\(frameworks)], tests: [{test: key-rotation, mappings: [\(mappings)]}]}"
        }
        let known = try Crosswalk.builtIn()
        let (frameworks, mappings) = (100 - known.frameworks.count, 1000 - known.mappings(of: .keyRotation).count)
        let most = try crosswalk(file(frameworks: frameworks, mappings: mappings))
        #expect(throws: YAMLError.self) { try crosswalk(file(frameworks: frameworks + 1, mappings: 1)) }
        #expect(throws: YAMLError.self) { try crosswalk(file(frameworks: 1, mappings: mappings + 1)) }
        // What can be given can be read back out of a bundle.
        let written = String(decoding: CanonicalJSON.document(most), as: UTF8.self)
        #expect(try Crosswalk(reading: YAMLValue(parsing: written, file: "controls.json")) == most)
    }

    @Test func `another framework needs a file and no code`() throws {
        let criteria = Criteria(policy: Policy(), crosswalk: try crosswalk(Self.ours), frameworks: ["acme-std"])
        let snapshot = AccountSnapshot.made(users: [.made(keys: .listed([.made(age: 100)]))])
        let documents = BundleDocuments.inMemory(Assessment(of: snapshot, by: criteria, at: .asOf))
        let report = try JSONValue(parsing: try #require(documents[.report]))
        let control = report["compliance_assessment"]["controls"][0]
        #expect(control["label"] == .string("7.1 (b)") && control["status"] == .string("NON_COMPLIANT"))
        let oscal = try JSONValue(parsing: try #require(documents[.assessmentResults]))
        let result = oscal["assessment-results"]["results"][0]
        let targets = result["findings"].array.map { $0["target"]["target-id"] }
        #expect(Set(targets.map { "\($0)" }) == ["\(JSONValue.string("acme-7_obj.b"))"])
        #expect(result["props"].array.contains { $0["value"] == .string("acme-7_odp.1 = 90 days") })
    }

    @Test(arguments: [
        (
            "acme-std, title", "soc2-tsc-2017, title",
            "ours.yaml:3: frameworks[0]: there is a framework 'soc2-tsc-2017' already; give this one another id"
        ),
        (
            "  - {id: acme-std, title: ACME key standard, label: ACME}", "  []",
            "ours.yaml:3: frameworks: expected at least one framework, found an empty list"
        ),
        (
            "framework: acme-std", "framework: other",
            "ours.yaml:7: tests[0].mappings[0].framework: there is no framework 'other' among the frameworks of this file"
        ),
        (
            "test: key-rotation", "test: key-rotations",
            "ours.yaml:5: tests[0].test: expected unused-key, key-rotation, inactive-key-removed, single-active-key, root-key, identifier-unique or identifier-assigned, found 'key-rotations'; did you mean 'key-rotation'?"
        ),
        (
            "control: acme-7\n", "control: 7.1\n",
            "ours.yaml:8: tests[0].mappings[0].control: expected an OSCAL token: a letter, then letters, digits, '.', '-' and '_'; a label can be anything, found '7.1'"
        ),
        (
            "relationship: direct", "relationship: indirect",
            "ours.yaml:13: tests[0].mappings[0].relationship: expected direct or supporting, found 'indirect'; did you mean 'direct'?"
        ),
        ("rationale:", "reason:", "ours.yaml:14: tests[0].mappings[0]: 'reason' is not a key of a mapping; those are "),
        // NIST's validators go by one id for one thing.
        (
            "target: acme-7_obj.b", "target: acme-7",
            "ours.yaml:1: 'acme-7' is both control acme-7 of acme-std and part acme-7 of acme-7, acme-std; 'acme-7_smt', say"
        ),
        (
            "control: acme-7\n", "control: cc6.1\n",
            "ours.yaml:1: 'cc6.1' is both control cc6.1 of soc2-tsc-2017 and control cc6.1 of acme-std; give one another id"
        ),
        (
            "control: acme-7\n", "control: acme-std\n",
            "ours.yaml:1: 'acme-std' is both framework acme-std and control acme-std of acme-std; give one another id"
        ),
        // The profile imports NIST's catalog, too.
        (
            "control: acme-7\n", "control: ac-6\n",
            "ours.yaml:1: 'ac-6' is both control ac-6 of NIST SP 800-53 and control ac-6 of acme-std; give one another id"
        ),
        (
            "target: acme-7_obj.b", "target: ac-6_smt",
            "ours.yaml:1: 'ac-6_smt' is both part ac-6_smt of NIST SP 800-53 and part ac-6_smt of acme-7, acme-std"
        ),
        (
            "acme-std", "ac-6",
            "ours.yaml:1: 'ac-6' is both control ac-6 of NIST SP 800-53 and framework ac-6; give one another id"
        ),
    ])
    func `a mistake is named with file, line and what was expected`(part: String, other: String, expected: String) {
        let text = Self.ours.replacing(part, with: other)
        #expect(text != Self.ours)
        do {
            _ = try crosswalk(text)
            Issue.record("it was read")
        } catch {
            #expect("\(error)".hasPrefix(expected), "\(error)")
        }
    }

    @Test func `a test speaks to a part of a control once`() throws {
        let mapping = try #require(Self.ours.firstRange(of: "      - framework: acme-std"))
        let twice = Self.ours + "\n" + Self.ours[mapping.lowerBound...]
        let error = #expect(throws: YAMLError.self) { try crosswalk(twice) }
        #expect(error?.reason == "'acme-7_obj.b' stands here twice for key-rotation")
        // To two parts of it, each in a mapping of its own.
        let other = Self.ours[mapping.lowerBound...].replacing("acme-7_obj.b", with: "acme-7_obj.c")
        #expect(
            try crosswalk(Self.ours + "\n" + other).mappings(of: .keyRotation).count { $0.control == "acme-7" } == 2)
    }

    @Test(arguments: [
        (
            "label: \"7.1 (b)\"", "label: Seven",
            "'acme-7' is both control acme-7 of acme-std, called '7.1 (b)', and control acme-7 of acme-std, called 'Seven'"
        ),
        (
            "targetType: objective-id", "targetType: statement-id",
            "'acme-7_obj.b' is both part acme-7_obj.b of acme-7, acme-std, an objective, and part acme-7_obj.b of acme-7, acme-std, a statement"
        ),
    ])
    func `a control has one label and a part is of one kind, whichever test speaks to it`(
        part: String, other: String, expected: String
    ) throws {
        let tests = try #require(Self.ours.firstRange(of: "  - test: key-rotation"))
        let second = Self.ours[tests.lowerBound...].replacing("key-rotation", with: "unused-key")
        #expect(try crosswalk(Self.ours + "\n" + second).mappings(of: .unusedKey).contains { $0.control == "acme-7" })
        let changed = second.replacing(part, with: other)
        #expect(changed != second)
        let error = #expect(throws: YAMLError.self) { try crosswalk(Self.ours + "\n" + changed) }
        #expect(error?.reason.hasPrefix(expected) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("a", true), ("Z", true), ("_x", true), ("az-AZ_09.x", true), (String(repeating: "a", count: 100), true),
        (String(repeating: "a", count: 101), false), ("@a", false), ("`a", false), ("[a", false), ("{a", false),
        ("-a", false), (".a", false), ("0a", false), ("a/b", false), ("a:b", false), ("a b", false), ("é", false),
        ("''", false),
    ])
    func `an id is an OSCAL token`(id: String, isToken: Bool) throws {
        let text = Self.ours.replacing("control: acme-7\n", with: "control: \"\(id == "''" ? "" : id)\"\n")
        if isToken {
            #expect(try crosswalk(text).mappings(of: .keyRotation).contains { $0.control == id })
        } else {
            let error = #expect(throws: YAMLError.self) { try crosswalk(text) }
            #expect(error?.reason.contains("an OSCAL token") == true)
        }
    }

    @Test func `a part that a control of NIST's doesn't have is refused`() throws {
        let nist = NISTControls()
        #expect(nist.has("ia-4_obj.d", in: "ia-4") == true && nist.has("ia-4_obj.e", in: "ia-4") == false)
        #expect(nist.has("ac-2.3_smt.d", in: "ac-2.3") == true && nist.has("ia-4_obj.d", in: "ia-5") == false)
        #expect(nist.has("zz-1_obj", in: "zz-1") == nil)
        for mapping in try Crosswalk.builtIn().tests.flatMap(\.mappings) where mapping.framework == Crosswalk.nist {
            #expect(nist.has(mapping.target, in: mapping.control) == true, "\(mapping.target)")
        }
        let built = String(decoding: EvidenceSchema.crosswalk, as: UTF8.self)
        let wrong = built.replacing("ia-4_obj.d", with: "ia-4_obj.e")
        #expect(wrong != built)
        do {
            _ = try Crosswalk(reading: YAMLValue(parsing: wrong, file: "controls.json"))
            Issue.record("it was read")
        } catch {
            #expect("\(error)".hasSuffix("NIST SP 800-53 Rev. 5 has no 'ia-4_obj.e' in ia-4"), "\(error)")
        }
    }

    @Test func `what a bundle holds is read back as the same crosswalk`() throws {
        let crosswalk = try crosswalk(Self.ours)
        let file = try #require(
            BundleDocuments.inMemory(
                Assessment(of: .made(), by: Criteria(policy: Policy(), crosswalk: crosswalk), at: .asOf))[.controls])
        #expect(try Crosswalk(reading: YAMLValue(parsing: file, file: "controls.json")) == crosswalk)
    }

    private func json(_ assessment: Assessment) throws -> JSONValue {
        try JSONValue(parsing: try #require(BundleDocuments.inMemory(assessment)[.report]))
    }
}
