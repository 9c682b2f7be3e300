import CanonicalJSON
@testable import Evidence
import EvidenceSchemas
import FoundationEssentials
import StrictYAML

/// Reads bytes as what a user writes for an assessment, in YAML or JSON: exceptions where `ticket` is among them, a policy
/// otherwise.
///
/// What can be read is the same when it is written and read again, and what is written is as its schema has it.
enum FuzzedPolicies {
    static func `try`(_ input: [UInt8]) throws {
        guard
            let value = try read({ () throws(YAMLError) in try YAMLValue(parsing: input, file: "fuzzed") })
        else { return }
        if input.firstRange(of: Array("ticket".utf8)) != nil {
            let terms = ExceptionTerms()
            func list(_ value: YAMLValue) throws(YAMLError) -> ExceptionList {
                try ExceptionList(reading: value, terms: terms)
            }
            guard let found = try read({ () throws(YAMLError) in try list(value) }) else { return }
            try check(found, found.file, .exceptions, list)
        } else {
            func policy(_ value: YAMLValue) throws(YAMLError) -> Policy { try Policy(reading: value) }
            guard let found = try read({ () throws(YAMLError) in try policy(value) }) else { return }
            try check(found, found.file, .policy, policy)
            // A file of one's own may not have the name of a built-in policy.
            _ = try read { () throws(YAMLError) in try Policy(ofOwn: value) }
        }
    }

    /// - Returns: nil where it is refused as it should be.
    private static func read<Value>(_ read: () throws(YAMLError) -> Value) throws -> Value? {
        do throws(YAMLError) { return try read() } catch {
            guard !error.description.isEmpty else { throw FuzzFinding("an error without words") }
            return nil
        }
    }

    private static func check<Value: Equatable>(
        _ value: Value, _ file: [UInt8], _ schema: EvidenceSchema, _ read: (YAMLValue) throws(YAMLError) -> Value
    ) throws {
        let text = String(decoding: file, as: UTF8.self)
        let again: Value
        do { again = try read(try YAMLValue(parsing: text, file: "written")) } catch {
            throw FuzzFinding("what was written can't be read again: \(error): \(text)")
        }
        guard again == value else { throw FuzzFinding("what was written is something else when read again: \(text)") }
        try SchemaCheck.check(file, schema, isOwn: true)
    }
}
