import CanonicalJSON
@testable import Collector
import EvidenceSchemas

/// Looks at documents by schemas of ours.
enum SchemaCheck {
    /// Making one takes longer than trying an input. They don't change once they are made.
    nonisolated(unsafe) private static let schemas: [EvidenceSchema: Result<JSONSchema, any Error>] =
        Dictionary(
            uniqueKeysWithValues: EvidenceSchema.allCases.map { schema in (schema, Result { try JSONSchema(schema) }) })

    /// - Parameter isOwn: whether we wrote the document, which then has to be as its schema has it.
    static func check(_ document: [UInt8], _ schema: EvidenceSchema, isOwn: Bool) throws {
        guard let made = unsafe schemas[schema] else { throw FuzzFinding("there is no schema \(schema)") }
        let flaws: [String]
        do { flaws = try made.get().flaws(in: document) } catch let error as JSONReadingError {
            flaws = [error.description]
        }
        guard flaws.allSatisfy({ !$0.isEmpty }) else { throw FuzzFinding("a flaw without words") }
        guard !isOwn || flaws.isEmpty else {
            throw FuzzFinding("not as its schema has it: \(flaws): \(String(decoding: document, as: UTF8.self))")
        }
    }
}
