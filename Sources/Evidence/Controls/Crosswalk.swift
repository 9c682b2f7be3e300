package import CanonicalJSON
import EvidenceSchemas
import FoundationEssentials

/// Which controls each control test speaks to, and how closely. It is data: `evidence-schemas/controls.json`.
package struct Crosswalk: Sendable, Decodable, Equatable {
    package struct Framework: Sendable, Decodable, Equatable {
        package var id: String
        package var title: String
    }

    package struct Mapping: Sendable, Decodable, Equatable {
        /// A framework's id.
        package var framework: String
        /// The control's id in the framework's OSCAL catalog, such as `ac-2.3`.
        package var control: String
        /// OSCAL's kind of target: `objective-id` or `statement-id`.
        package var targetType: String
        /// The objective's or statement's id, such as `ac-2.3_obj.d`.
        package var target: String
        /// The organization-defined parameter that the test's limit stands for.
        package var parameter: String?
        /// `direct` where the test decides the objective, `supporting` where it is one input among several.
        package var relationship: String
        /// One sentence: why the test says something about the control.
        package var rationale: String
    }

    package struct TestMappings: Sendable, Decodable, Equatable {
        package var test: String
        package var mappings: [Mapping]
    }

    package var version: String
    package var frameworks: [Framework]
    package var tests: [TestMappings]

    /// The crosswalk that is built in.
    package static func builtIn() throws -> Crosswalk {
        try JSONDecoder().decode(Crosswalk.self, from: Data(EvidenceSchema.crosswalk))
    }

    package func mappings(of test: String) -> [Mapping] {
        tests.first { $0.test == test }?.mappings ?? []
    }

    /// Every objective that a test speaks to, in order of first mention, each with the tests that do.
    package var objectives: [Objective] {
        var order: [String] = []
        var found: [String: Objective] = [:]
        for entry in tests {
            for mapping in entry.mappings {
                if found[mapping.target] == nil { order.append(mapping.target) }
                found[mapping.target, default: Objective(mapping: mapping, tests: [])].tests.append(entry.test)
            }
        }
        return order.compactMap { found[$0] }
    }

    /// One objective or statement of a control.
    package struct Objective: Sendable, Equatable {
        /// Framework, control and target; relationship and rationale are those of the first test.
        package var mapping: Mapping
        package var tests: [String]
    }
}

extension Crosswalk.Mapping: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("control", control)
            json.member("framework", framework)
            json.member("parameter", parameter)
            json.member("rationale", rationale)
            json.member("relationship", relationship)
            json.member("target", target)
            json.member("targetType", targetType)
        }
    }
}
