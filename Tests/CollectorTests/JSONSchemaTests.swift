import CanonicalJSON
import Evidence
import EvidenceSchemas
import Testing

@testable import Collector

@Suite struct JSONSchemaTests {
    /// A keyword that isn't known would be passed over.
    @Test(arguments: EvidenceSchema.allCases) func `it knows every keyword of our schemas`(schema: EvidenceSchema)
        throws
    {
        _ = try JSONSchema(schema)
    }

    private func flaws(_ schema: EvidenceSchema, _ text: String) throws -> [String] {
        try JSONSchema(schema).flaws(in: Array(text.utf8))
    }

    @Test func `our own crosswalk is as its schema has it, and not when something is done to it`() throws {
        let text = String(decoding: EvidenceSchema.crosswalk, as: UTF8.self)
        #expect(try flaws(.controls, text).isEmpty)
        for (part, other, flaw) in [
            ("\"relationship\": \"direct\"", "\"relationship\": \"indirect\"", "is none of the words that it may be"),
            ("\"version\":", "\"versions\":", "the whole lacks 'version'"),
            ("\"version\":", "\"versions\":", "the whole has 'versions', which doesn't belong there"),
            ("\"target\": \"ac-2.3_obj.d\"", "\"target\": 7", "is of type number, not string"),
            ("\"target\": \"ac-2.3_obj.d\"", "\"target\": \"7\"", "doesn't match"),
            ("\"target\": \"ac-2.3_obj.d\"", "\"target\": \"ac-2.3_obj.d\\n\"", "doesn't match"),
        ] {
            #expect(text.contains(part), "\(part)")
            let found = try flaws(.controls, text.replacing(part, with: other, maxReplacements: 1))
            #expect(found.contains { $0.hasSuffix(flaw) || $0.contains(flaw) }, "\(other): \(found)")
        }
    }

    @Test func `alternatives, limits and numbers`() throws {
        func exceptions(_ subject: String, _ kind: String = "accepted-risk") -> String {
            """
            {"exceptions":[{"ticket":"T-1","subject":\(subject),"tests":["key-rotation"],"kind":"\(kind)",
            "owner":"a@example.com","approver":"b@example.com","reason":"r","created":"2026-01-01","expires":"2026-02-01"}]}
            """
        }
        #expect(try flaws(.exceptions, exceptions(#"{"user":"u"}"#)).isEmpty)
        let place = "/exceptions/0/subject"
        #expect(
            try flaws(.exceptions, exceptions(#"{"nobody":"u"}"#)) == ["\(place) is none of the things that it may be"])
        #expect(
            try flaws(.exceptions, exceptions(#"{"user":""}"#)) == ["\(place) is none of the things that it may be"])
        for subject in [#"{"root_user":false}"#, #"{"tags":{}}"#, #"{"users":[]}"#, #"{"key":"k","user":"u"}"#] {
            #expect(
                try flaws(.exceptions, exceptions(subject)) == ["\(place) is none of the things that it may be"],
                "\(subject)")
        }
        let twice = exceptions(#"{"user":"u"}"#).replacing(
            #"["key-rotation"]"#, with: #"["key-rotation","key-rotation"]"#)
        #expect(try flaws(.exceptions, twice) == ["/exceptions/0/tests has something twice"])
        #expect(try flaws(.exceptions, exceptions(#"{"user":"u"}"#, "wish")).count == 1)
        let policy = try Policy(.default)
        func tags(_ count: Int) -> String {
            let document = String(decoding: CanonicalJSON.document(policy), as: UTF8.self)
            let tags = (0..<count).map { "\"t\($0)\"" }.joined(separator: ",")
            return document.replacing(/"owner_tags": \[[^\]]*\]/, with: "\"owner_tags\": [\(tags)]")
        }
        func term(_ days: Int) -> String {
            String(decoding: CanonicalJSON.document(policy), as: UTF8.self)
                .replacing(/"maximum_term": \d+/, with: "\"maximum_term\": \(days)")
        }
        #expect(try flaws(.policy, term(3660)).isEmpty && flaws(.policy, term(1)).isEmpty)
        #expect(try flaws(.policy, term(3661)) == ["/exceptions/maximum_term is more than 3660.0"])
        #expect(try flaws(.policy, term(0)) == ["/exceptions/maximum_term is less than 1.0"])
        #expect(try flaws(.policy, tags(50)).isEmpty)
        #expect(try flaws(.policy, tags(51)) == ["/owner_tags has too much in it"])
        #expect(try flaws(.exceptions, "[]").contains { $0.hasPrefix("the whole is of type array") })
        #expect(throws: JSONReadingError.self) { try flaws(.exceptions, "{") }
    }
}
