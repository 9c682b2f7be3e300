import PlainText

/// Reads JSON (RFC 8259) from front to back, without keeping it: of a document with half a million objects no more than
/// one is in memory.
///
///     try reader.object { name, reader in
///         if name == "findings" { try reader.array { findings.append(Finding(try $0.value())) } }
///     }
///
/// What a closure leaves unread is skipped. Text may be anybody's: nesting is bounded, and a name that stands twice in an
/// object is an error, since readers differ in which of the two they take.
package struct JSONReader {
    /// Deeper than any document of ours.
    package static let depthLimit = 100

    package enum Kind: String, Sendable {
        case object, array, string, number, boolean, null
    }

    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads a text that is one value and nothing else.
    package static func read<Value>(
        _ bytes: [UInt8], _ body: (inout JSONReader) throws -> Value
    ) throws -> Value {
        var reader = JSONReader(bytes)
        let value = try reader.consuming(body)
        reader.skipSpace()
        guard reader.index == bytes.count else { throw reader.error("something follows the value") }
        return value
    }

    // MARK: Values

    /// What comes next.
    package mutating func kind() throws(JSONReadingError) -> Kind {
        skipSpace()
        guard index < bytes.count else { throw error("it ends too early") }
        switch bytes[index] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw error("not JSON")
        }
    }

    package mutating func object(_ member: (String, inout JSONReader) throws -> Void) throws {
        try enter("{")
        var names = MemberNames()
        var isFirst = true
        while !takes("}") {
            if !isFirst, !takes(",") { throw error("a comma is missing") }
            isFirst = false
            let name = try string()
            guard names.insert(name) else { throw error("'\(name.prefix(60))' stands twice") }
            guard takes(":") else { throw error("a colon is missing") }
            try consuming { try member(name, &$0) }
        }
        depth -= 1
    }

    /// As ``object(_:)``, without the members that are null: for a reader to whom they might as well not be there.
    package mutating func presentMembers(_ member: (String, inout JSONReader) throws -> Void) throws {
        try object { name, reader in
            if try reader.kind() != .null { try member(name, &reader) }
        }
    }

    package mutating func array(_ element: (inout JSONReader) throws -> Void) throws {
        try enter("[")
        var isFirst = true
        while !takes("]") {
            if !isFirst, !takes(",") { throw error("a comma is missing") }
            isFirst = false
            try consuming(element)
        }
        depth -= 1
    }

    package mutating func string() throws(JSONReadingError) -> String {
        guard takes("\"") else { throw error("a string is missing") }
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "\""), bytes[index] != UInt8(ascii: "\\") {
            guard bytes[index] >= 0x20 else { throw error("a control character in a string") }
            index += 1
        }
        guard index < bytes.count else { throw error("a string doesn't end") }
        if bytes[index] == UInt8(ascii: "\"") {
            defer { index += 1 }
            return try text(bytes[start..<index])
        }
        var content = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return try text(content[...])
            case UInt8(ascii: "\\"):
                let scalar = try JSONEscape.scalar(in: bytes, at: &index)
                if scalar.isASCII {
                    content.append(UInt8(scalar.value))
                } else {
                    content += String(scalar).utf8
                }
            case 0..<0x20: throw error("a control character in a string")
            default: content.append(byte)
            }
        }
        throw error("a string doesn't end")
    }

    /// - Throws: also for a number that isn't whole, or larger than any `Int`.
    package mutating func integer() throws(JSONReadingError) -> Int {
        skipSpace()
        let number = try numberText()
        // Not every large one is what it is as a Double.
        guard let value = Int(number) ?? Double(number).flatMap({ Int(exactly: $0) }) else {
            throw error("not a whole number")
        }
        return value
    }

    /// The value, whole.
    package mutating func value() throws -> JSONValue {
        switch try kind() {
        case .object:
            var members: [String: JSONValue] = [:]
            try object { members[$0] = try $1.value() }
            return .object(members)
        case .array:
            var elements: [JSONValue] = []
            try array { elements.append(try $0.value()) }
            return .array(elements)
        case .string: return .string(try string())
        case .number: return .number(try number())
        case .boolean: return .boolean(try word("true", or: "false"))
        case .null:
            _ = try word("null", or: "null")
            return .null
        }
    }

    package mutating func skip() throws {
        switch try kind() {
        case .object: try object { _, _ in }
        case .array: try array { _ in }
        case .string: _ = try string()
        case .number: _ = try number()
        case .boolean: _ = try word("true", or: "false")
        case .null: _ = try word("null", or: "null")
        }
    }

    // MARK: Parts

    private mutating func consuming<Value>(_ body: (inout JSONReader) throws -> Value) throws -> Value {
        skipSpace()
        let start = index
        let value = try body(&self)
        if index == start { try skip() }
        return value
    }

    private mutating func enter(_ bracket: Unicode.Scalar) throws(JSONReadingError) {
        guard takes(bracket) else { throw error("'\(bracket)' is missing") }
        depth += 1
        guard depth <= Self.depthLimit else { throw error("nested deeper than \(Self.depthLimit)") }
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0a, 0x0d: index += 1
            default: return
            }
        }
    }

    private mutating func takes(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func word(_ first: String, or second: String) throws(JSONReadingError) -> Bool {
        skipSpace()
        for word in [first, second] where bytes[index...].starts(with: word.utf8) {
            index += word.utf8.count
            return word == first
        }
        throw error("not JSON")
    }

    package mutating func number() throws(JSONReadingError) -> Double {
        skipSpace()
        guard let number = Double(try numberText()) else { throw error("not a number") }
        return number
    }

    private mutating func numberText() throws(JSONReadingError) -> String {
        let start = index
        func digits(_ index: inout Int) -> Int {
            let first = index
            while index < bytes.count, bytes[index].isASCIIDigit { index += 1 }
            return index - first
        }
        func takes(_ one: Unicode.Scalar, or other: Unicode.Scalar? = nil, _ index: inout Int) -> Bool {
            guard index < bytes.count else { return false }
            let character = Unicode.Scalar(bytes[index])
            guard character == one || character == other else { return false }
            index += 1
            return true
        }
        var end = index
        _ = takes("-", &end)
        let hasLeadingZero = end < bytes.count && bytes[end] == UInt8(ascii: "0")
        let whole = digits(&end)
        var isNumber = whole == 1 || whole > 1 && !hasLeadingZero
        if takes(".", &end) { isNumber = isNumber && digits(&end) > 0 }
        if takes("e", or: "E", &end) {
            _ = takes("+", or: "-", &end)
            isNumber = isNumber && digits(&end) > 0
        }
        guard isNumber else { throw error("not a number") }
        index = end
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(JSONReadingError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw error("not UTF-8") }
        return text
    }

    package func error(_ reason: String) -> JSONReadingError {
        JSONReadingError(reason: reason, offset: index)
    }
}

/// The names of an object so far. Nearly all objects have so few that hashing them costs more than comparing.
private struct MemberNames {
    private static let few = 16
    private var first: [String] = []
    private var others: Set<String> = []

    /// - Returns: false for one that is there already.
    mutating func insert(_ name: String) -> Bool {
        guard !first.contains(name) else { return false }
        guard first.count == Self.few else {
            first.append(name)
            return true
        }
        return others.insert(name).inserted
    }
}

/// What is wrong with a JSON text.
package struct JSONReadingError: Error, Equatable, CustomStringConvertible {
    package let reason: String
    /// In bytes from the beginning.
    package let offset: Int

    package var description: String { "\(reason) at byte \(offset)" }
}
