/// A value that writes itself as canonical JSON:
///
///     func write(to json: inout JSONWriter) {
///         json.object { json in
///             json.member("name", name)
///             json.member("remarks", remarks)  // left out where it is nil
///         }
///     }
///
/// Members are written in the order of their names; a debug build stops where they aren't.
package protocol JSONWritable {
    func write(to json: inout JSONWriter)
}

/// What values write themselves to.
package struct JSONWriter {
    private var output: OutputBuffer
    /// Whether a value stands before the next one in the same container.
    private var needsComma = false
    /// The value that comes next belongs to a name, and stands on its line.
    private var isAfterName = false
    private var depth = 0
    /// So many levels of containers have a line for each member.
    private let linedLevels: Int
    #if DEBUG
        private var names: [String] = []
    #endif

    package init() {
        self.init(to: OutputBuffer(), linedLevels: 0)
    }

    init(to output: OutputBuffer, linedLevels: Int) {
        self.output = output
        self.linedLevels = linedLevels
    }

    /// What was written and hasn't gone on.
    package var bytes: [UInt8] { output.bytes }

    /// Ends the document.
    mutating func finish() -> OutputBuffer {
        if linedLevels > 0 { output.append(0x0a) }
        return output
    }

    // MARK: Containers

    package mutating func object(_ members: (inout JSONWriter) -> Void) {
        beginObject()
        members(&self)
        endObject()
    }

    package mutating func array(_ elements: (inout JSONWriter) -> Void) {
        begin(UInt8(ascii: "["))
        elements(&self)
        end(UInt8(ascii: "]"))
    }

    package mutating func array(_ elements: some Sequence<some JSONWritable>) {
        begin(UInt8(ascii: "["))
        for element in elements { element.write(to: &self) }
        end(UInt8(ascii: "]"))
    }

    private mutating func beginObject() {
        begin(UInt8(ascii: "{"))
        #if DEBUG
            names.append("")
        #endif
    }

    private mutating func endObject() {
        #if DEBUG
            names.removeLast()
        #endif
        end(UInt8(ascii: "}"))
    }

    /// The name of the member whose value is written next. It must need no escaping.
    package mutating func name(_ name: String) {
        #if DEBUG
            precondition(
                names.last.map { $0.utf8.lexicographicallyPrecedes(name.utf8) } ?? false,
                "'\(name)' is out of order, or outside an object")
            names[names.count - 1] = name
        #endif
        separate()
        output.append(UInt8(ascii: "\""))
        output.append(name)
        output.append(UInt8(ascii: "\""))
        output.append(UInt8(ascii: ":"))
        if depth <= linedLevels, linedLevels > 0 { output.append(0x20) }
        needsComma = false
        isAfterName = true
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        output.append(bracket)
        needsComma = false
        depth += 1
    }

    private mutating func end(_ bracket: UInt8) {
        depth -= 1
        // An empty container stays on its line.
        if depth < linedLevels, needsComma { newLine() }
        output.append(bracket)
        needsComma = true
        output.flushIfLarge()
    }

    /// Before a name, and before a value that has none.
    private mutating func separate() {
        guard !isAfterName else {
            isAfterName = false
            return
        }
        if needsComma { output.append(UInt8(ascii: ",")) }
        if depth > 0, depth <= linedLevels { newLine() }
    }

    private mutating func newLine() {
        output.append(0x0a)
        for _ in 0..<depth {
            output.append(0x20)
            output.append(0x20)
        }
    }

    // MARK: Scalars

    package mutating func null() {
        scalar("null")
    }

    package mutating func value(_ value: Bool) {
        scalar(value ? "true" : "false")
    }

    package mutating func value(_ value: Int) {
        scalar(String(value))
    }

    /// The shortest digits that read back as the same number, whole numbers without a fraction. What JSON doesn't have
    /// (infinity, not a number) becomes null.
    package mutating func value(_ value: Double) {
        if !value.isFinite {
            null()
        } else if value == value.rounded(), abs(value) < 0x1p53 {
            scalar(String(Int64(value)))
        } else {
            scalar(value.description)
        }
    }

    /// What was written before, by ``JSONFragment``.
    mutating func fragment(_ json: [UInt8]) {
        guard !json.isEmpty else { return }
        separate()
        needsComma = true
        output.append(json)
        output.flushIfLarge()
    }

    /// An object of which only the value of the last member changes.
    mutating func object(_ opening: [UInt8], _ text: String) {
        separate()
        needsComma = true
        output.append(opening)
        quote(text)
        output.append(UInt8(ascii: "}"))
        output.flushIfLarge()
    }

    package mutating func value(_ value: String) {
        separate()
        needsComma = true
        quote(value)
        output.flushIfLarge()
    }

    private mutating func quote(_ value: String) {
        output.append(UInt8(ascii: "\""))
        let start = output.bytes.count
        output.append(value)
        if !output.isPlain(from: start) {
            output.removeAll(from: start)
            for byte in value.utf8 { append(escaped: byte) }
        }
        output.append(UInt8(ascii: "\""))
    }

    private mutating func scalar(_ text: String) {
        separate()
        needsComma = true
        output.append(text)
    }

    /// As RFC 8785 has it: the short escapes where there are some, `\u00xx` for other control characters, UTF-8 as it
    /// is.
    private mutating func append(escaped byte: UInt8) {
        let escape: String
        switch byte {
        case UInt8(ascii: "\""): escape = #"\""#
        case UInt8(ascii: "\\"): escape = #"\\"#
        case 0x08: escape = #"\b"#
        case 0x09: escape = #"\t"#
        case 0x0a: escape = #"\n"#
        case 0x0c: escape = #"\f"#
        case 0x0d: escape = #"\r"#
        case 0..<0x20: escape = (byte < 0x10 ? #"\u000"# : #"\u001"#) + String(byte & 15, radix: 16)
        default:
            output.append(byte)
            return
        }
        output.append(escape)
    }
}
