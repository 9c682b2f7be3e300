package import CanonicalJSON

/// Which controls each control test speaks to, and how closely. It is data: `evidence-schemas/controls.json`, the files
/// in `evidence-schemas/frameworks`, and what the operator adds.
package struct Crosswalk: Sendable, Equatable {
    package struct Framework: Sendable, Equatable {
        package var id: String
        package var title: String
        /// A short name for tables: `NIST 800-53`.
        package var label: String
    }

    package struct Mapping: Sendable, Equatable {
        /// A framework's id.
        package var framework: String
        /// The control's id in the framework's OSCAL catalog, such as `ac-2.3`.
        package var control: String
        /// How the framework itself writes it, such as `AC-2(3)`.
        package var label: String
        package var targetType: TargetType
        /// The objective's or statement's id, such as `ac-2.3_obj.d`.
        package var target: String
        /// The organization-defined parameter that the test's limit stands for.
        package var parameter: String?
        /// The organization-defined parameter for the time in which something is to be done about a failure.
        package var dueParameter: String?
        /// The limit that the framework itself sets, in whole days, as the test counts them; nil where it leaves that to
        /// the organization.
        package var limitDays: Int?
        package var relationship: Relationship
        /// One sentence: why the test says something about the control.
        package var rationale: String
    }

    /// OSCAL's kind of target.
    package enum TargetType: String, Sendable, CaseIterable {
        case objective = "objective-id"
        case statement = "statement-id"
    }

    package enum Relationship: String, Sendable, CaseIterable {
        /// The test decides the objective.
        case direct
        /// The test is one input among several.
        case supporting
    }

    package struct TestMappings: Sendable, Equatable {
        package var test: ControlTestID
        package var mappings: [Mapping]
    }

    package static let nist = "nist-800-53-rev5"
    package static let soc2 = "soc2-tsc-2017"
    /// What documents show where nobody asks for others.
    package static let standardFrameworks: Set<String> = [nist, soc2]

    package var version: String
    package var frameworks: [Framework]
    package var tests: [TestMappings]

    package func mappings(of test: ControlTestID) -> [Mapping] {
        tests.first { $0.test == test }?.mappings ?? []
    }

    /// The objective that a test decides, or else the first that it speaks to; nil where none is known.
    package func objective(of test: ControlTestID) -> Mapping? {
        let mappings = mappings(of: test)
        return mappings.first { $0.relationship == .direct } ?? mappings.first
    }

    package func speaks(_ test: ControlTestID, toControl control: String, of framework: String) -> Bool {
        mappings(of: test).contains { $0.control == control && $0.framework == framework }
    }

    /// Whether a test decides a part of a control.
    func decides(_ test: ControlTestID, partOfControl control: String, of framework: String) -> Bool {
        directMappings(of: test).contains { $0.control == control && $0.framework == framework }
    }

    /// Whether a test decides an objective or a statement.
    func decides(_ test: ControlTestID, target: String, of framework: String) -> Bool {
        directMappings(of: test).contains { $0.target == target && $0.framework == framework }
    }

    private func directMappings(of test: ControlTestID) -> [Mapping] {
        mappings(of: test).filter { $0.relationship == .direct }
    }

    /// Both; the other one's frameworks come after.
    package func adding(_ other: Crosswalk) -> Crosswalk {
        var sum = self
        sum.frameworks += other.frameworks
        for entry in other.tests {
            if let place = sum.tests.firstIndex(where: { $0.test == entry.test }) {
                sum.tests[place].mappings += entry.mappings
            } else {
                sum.tests.append(entry)
            }
        }
        return sum
    }

    /// The part that is about some frameworks.
    package func limited(to frameworks: Set<String>) -> Crosswalk {
        var part = self
        part.frameworks.removeAll { !frameworks.contains($0.id) }
        for place in part.tests.indices {
            part.tests[place].mappings.removeAll { !frameworks.contains($0.framework) }
        }
        return part
    }

    /// Every objective that a test speaks to, in order of first mention, each with the tests that do.
    package var objectives: [Objective] {
        var order: [String] = []
        var found: [String: Objective] = [:]
        for entry in tests {
            for mapping in entry.mappings {
                let name = "\(mapping.framework) \(mapping.target)"
                if found[name] == nil { order.append(name) }
                found[name, default: Objective(mapping: mapping, tests: [])].tests.append(entry.test)
            }
        }
        return order.compactMap { found[$0] }
    }

    /// One objective or statement of a control.
    package struct Objective: Sendable, Equatable {
        /// Framework, control and target; relationship and rationale are those of the first test.
        package var mapping: Mapping
        package var tests: [ControlTestID]
    }
}

extension Crosswalk: JSONWritable {
    /// As files have it.
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.name("frameworks")
            json.array(frameworks)
            json.name("tests")
            json.array(tests)
            json.member("version", version)
        }
    }
}

extension Crosswalk.Framework: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("id", id)
            json.member("label", label)
            json.member("title", title)
        }
    }
}

extension Crosswalk.TestMappings: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.name("mappings")
            json.array(mappings)
            json.member("test", test.rawValue)
        }
    }
}

extension Crosswalk.Mapping: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("control", control)
            json.member("dueParameter", dueParameter)
            json.member("framework", framework)
            json.member("label", label)
            json.member("limitDays", limitDays)
            json.member("parameter", parameter)
            json.member("rationale", rationale)
            json.member("relationship", relationship.rawValue)
            json.member("target", target)
            json.member("targetType", targetType.rawValue)
        }
    }
}
