import CanonicalJSON
import EvidenceSchemas

/// A JSON Schema (2020-12) of ours, as far as ours go: a keyword that is new to it is an error when it is read, so that
/// none is passed over.
///
/// A document is checked as it is read, and not kept: of a report with 50,000 keys no more than one value that has
/// alternatives is in memory at a time.
struct JSONSchema {
    private let root: Node
    private let definitions: Definitions

    /// - Throws: ``JSONReadingError`` or ``UnknownKeyword``.
    init(_ schema: EvidenceSchema) throws {
        let value = try JSONValue(parsing: schema.json)
        root = try Node(value)
        var definitions: Definitions = [:]
        if case .object(let members)? = value.member("$defs") {
            for (name, definition) in members { definitions["#/$defs/\(name)"] = try Node(definition) }
        }
        self.definitions = definitions
    }

    struct UnknownKeyword: Error, Equatable {
        var name: String
    }

    /// What isn't as the schema has it, the first few.
    ///
    /// - Throws: ``JSONReadingError`` for what isn't JSON.
    func flaws(in document: [UInt8]) throws -> [String] {
        var flaws = Flaws()
        try JSONReader.read(document) { try root.check(&$0, "", definitions, &flaws) }
        return flaws.listed
    }

    /// What `$ref` refers to, by its whole text.
    private typealias Definitions = [String: Node]

    // MARK: Schemas

    private final class Node {
        private var types: Set<String>?
        private var reference: String?
        private var constant: JSONValue?
        private var choices: [JSONValue]?
        private var alternatives: [Node] = []
        /// Of ``alternatives``: exactly one, or at least one.
        private var isOneOf = false
        private var pattern: Regex<AnyRegexOutput>?
        private var patternText = ""
        private var minimum: Double?
        private var maximum: Double?
        private var lengths = 0...Int.max
        private var properties: [String: Node] = [:]
        private var required: Set<String> = []
        private var allowsMore = true
        private var more: Node?
        private var minimumMembers = 0
        private var items: Node?
        private var itemCounts = 0...Int.max
        private var itemsAreUnique = false

        init(_ schema: JSONValue) throws {
            guard case .object(let keywords) = schema else { throw UnknownKeyword(name: "\(schema)") }
            for (name, value) in keywords { try take(name, value) }
            // Where a reference leads is all that is looked at.
            if reference != nil,
                let other = keywords.keys.first(where: { $0 != "$ref" && !Self.annotations.contains($0) })
            {
                throw UnknownKeyword(name: "\(other) beside $ref")
            }
        }

        /// What no value is held to.
        private static let annotations: Set<String> = [
            "$schema", "$id", "$comment", "$defs", "title", "description", "examples", "default",
        ]

        private func take(_ name: String, _ value: JSONValue) throws {
            switch name {
            case _ where Self.annotations.contains(name): break
            case "type": types = Set(value.string.map { [$0] } ?? value.elements.compactMap(\.string))
            case "$ref": reference = value.string
            case "const": constant = value
            case "enum": choices = value.elements
            case "oneOf", "anyOf":
                guard alternatives.isEmpty else { throw UnknownKeyword(name: "oneOf beside anyOf") }
                isOneOf = name == "oneOf"
                alternatives = try value.elements.map { try Node($0) }
            case "pattern":
                patternText = value.string ?? ""
                pattern = try Regex(patternText).matchingSemantics(.unicodeScalar)
            case "minimum": if case .number(let number) = value { minimum = number }
            case "maximum": if case .number(let number) = value { maximum = number }
            case "minLength": lengths = (value.integer ?? 0)...lengths.upperBound
            case "maxLength": lengths = lengths.lowerBound...(value.integer ?? .max)
            case "properties":
                guard case .object(let members) = value else { throw UnknownKeyword(name: name) }
                properties = try members.mapValues { try Node($0) }
            case "required": required = Set(value.elements.compactMap(\.string))
            case "additionalProperties":
                if case .boolean(let allowed) = value {
                    allowsMore = allowed
                } else {
                    more = try Node(value)
                }
            case "minProperties": minimumMembers = value.integer ?? 0
            case "items": items = try Node(value)
            case "minItems": itemCounts = (value.integer ?? 0)...itemCounts.upperBound
            case "maxItems": itemCounts = itemCounts.lowerBound...(value.integer ?? .max)
            case "uniqueItems": itemsAreUnique = value == .boolean(true)
            default: throw UnknownKeyword(name: name)
            }
        }

        /// Whether the whole value has to be in memory to be checked.
        private var needsWhole: Bool {
            !alternatives.isEmpty || constant != nil || choices != nil || itemsAreUnique
        }

        // MARK: Documents as they are read

        func check(
            _ reader: inout JSONReader, _ place: String, _ definitions: Definitions, _ flaws: inout Flaws
        ) throws {
            let kind = try reader.kind()
            if let reference {
                guard let referred = definitions[reference] else {
                    return flaws.note(place, "refers to \(reference), which there isn't")
                }
                return try referred.check(&reader, place, definitions, &flaws)
            }
            guard !needsWhole, kind == .object || kind == .array else {
                return check(try reader.value(), place, definitions, &flaws)
            }
            noteType(kind.rawValue, place, &flaws)
            if kind == .object {
                var names: Set<String> = []
                try reader.object { name, reader in
                    names.insert(name)
                    guard let node = node(of: name, place, &flaws) else { return }
                    try node.check(&reader, "\(place)/\(name)", definitions, &flaws)
                }
                noteMembers(names, place, &flaws)
            } else {
                var count = 0
                try reader.array { reader in
                    count += 1
                    try items?.check(&reader, "\(place)/\(count - 1)", definitions, &flaws)
                }
                noteCount(count, place, &flaws)
            }
        }

        // MARK: Values

        private func check(
            _ value: JSONValue, _ place: String, _ definitions: Definitions, _ flaws: inout Flaws
        ) {
            if let reference {
                guard let referred = definitions[reference] else {
                    return flaws.note(place, "refers to \(reference), which there isn't")
                }
                return referred.check(value, place, definitions, &flaws)
            }
            noteType(value.kind, place, &flaws, isWhole: value.integer != nil)
            if let constant, value != constant { flaws.note(place, "isn't \(constant.shown)") }
            if let choices, !choices.contains(value) { flaws.note(place, "is none of the words that it may be") }
            noteAlternatives(value, place, definitions, &flaws)
            switch value {
            case .object(let members):
                for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                    node(of: name, place, &flaws)?.check(member, "\(place)/\(name)", definitions, &flaws)
                }
                noteMembers(Set(members.keys), place, &flaws)
            case .array(let elements):
                for (index, element) in elements.enumerated() {
                    items?.check(element, "\(place)/\(index)", definitions, &flaws)
                }
                noteCount(elements.count, place, &flaws)
                if itemsAreUnique, Set(elements).count < elements.count {
                    flaws.note(place, "has something twice")
                }
            case .string(let text): note(text, place, &flaws)
            case .number(let number):
                if let minimum, number < minimum { flaws.note(place, "is less than \(minimum)") }
                if let maximum, number > maximum { flaws.note(place, "is more than \(maximum)") }
            case .boolean, .null: break
            }
        }

        private func note(_ text: String, _ place: String, _ flaws: inout Flaws) {
            if !lengths.contains(text.unicodeScalars.count) { flaws.note(place, "is too short or too long") }
            if let pattern, (try? pattern.firstMatch(in: text)) ?? nil == nil {
                flaws.note(place, "doesn't match \(patternText)")
            }
        }

        private func noteAlternatives(
            _ value: JSONValue, _ place: String, _ definitions: Definitions, _ flaws: inout Flaws
        ) {
            guard !alternatives.isEmpty else { return }
            let fitting = alternatives.count { node in
                var own = Flaws()
                node.check(value, place, definitions, &own)
                return own.isEmpty
            }
            if fitting == 0 { flaws.note(place, "is none of the things that it may be") }
            if isOneOf, fitting > 1 { flaws.note(place, "may be more than one thing") }
        }

        private func noteType(_ kind: String, _ place: String, _ flaws: inout Flaws, isWhole: Bool = false) {
            guard let types, !types.contains(kind), !(isWhole && types.contains("integer")) else { return }
            flaws.note(place, "is of type \(kind), not \(types.sorted().joined(separator: " or "))")
        }

        private func node(of name: String, _ place: String, _ flaws: inout Flaws) -> Node? {
            if let node = properties[name] { return node }
            if !allowsMore { flaws.note(place, "has '\(name.prefix(60))', which doesn't belong there") }
            return more
        }

        private func noteMembers(_ names: Set<String>, _ place: String, _ flaws: inout Flaws) {
            for name in required.subtracting(names).sorted() { flaws.note(place, "lacks '\(name)'") }
            if names.count < minimumMembers { flaws.note(place, "has too little in it") }
        }

        private func noteCount(_ count: Int, _ place: String, _ flaws: inout Flaws) {
            if count < itemCounts.lowerBound { flaws.note(place, "has too little in it") }
            if count > itemCounts.upperBound { flaws.note(place, "has too much in it") }
        }
    }
}

extension JSONValue {
    fileprivate var kind: String {
        switch self {
        case .object: "object"
        case .array: "array"
        case .string: "string"
        case .number: "number"
        case .boolean: "boolean"
        case .null: "null"
        }
    }

    fileprivate var shown: String { string.map { "'\($0)'" } ?? "what it has to be" }
}

extension Flaws {
    /// - Parameter place: in the document, as a JSON Pointer.
    fileprivate mutating func note(_ place: String, _ flaw: @autoclosure () -> String) {
        note("\(place.isEmpty ? "the whole" : place) \(flaw())")
    }
}
