import PlainText
package import FoundationEssentials

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
package struct JSONWriter: ~Copyable {
    private var output: OutputBuffer
    /// Whether a value stands before the next one in the same container.
    private var needsComma = false
    /// The value that comes next belongs to a name, and stands on its line.
    private var isAfterName = false
    private var depth = 0
    /// So many levels of containers have a line for each member.
    private let linedLevels: Int
    /// See ``JSONForm``.
    private(set) var gaps: [JSONForm.Gap] = []
    #if DEBUG
        /// The last name of each object that is open; nil before the first.
        private var names: [String?] = []
    #endif

    package init() {
        self.init(to: OutputBuffer(), linedLevels: 0)
    }

    init(to output: consuming OutputBuffer, linedLevels: Int) {
        self.output = output
        self.linedLevels = linedLevels
    }

    /// What was written and hasn't gone on.
    package var bytes: [UInt8] { output.bytes }

    /// Ends the document.
    consuming func finish() -> OutputBuffer {
        if linedLevels > 0 { output.append(UInt8(ascii: "\n")) }
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
            names.append(nil)
        #endif
    }

    private mutating func endObject() {
        #if DEBUG
            names.removeLast()
        #endif
        end(UInt8(ascii: "}"))
    }

    /// The name of the member whose value is written next. It must need no escaping.
    package mutating func name(_ name: StaticString) {
        begin(member: name)
        needsComma = false
        isAfterName = true
    }

    /// A member whose value the caller appends to ``output``, and which is a scalar.
    @inline(__always)
    private mutating func begin(member name: StaticString) {
        #if DEBUG
            note(name.description)
        #endif
        if depth > linedLevels {
            output.append(name: name, afterComma: needsComma)
        } else {
            separate()
            output.append(name: name, afterComma: false)
            output.append(UInt8(ascii: " "))
        }
        needsComma = true
    }

    /// A name that isn't known beforehand, such as a word of AWS's: any text.
    package mutating func name(of member: String) {
        #if DEBUG
            note(member)
        #endif
        separate()
        output.append(quoting: member)
        output.append(UInt8(ascii: ":"))
        if depth <= linedLevels { output.append(UInt8(ascii: " ")) }
        needsComma = false
        isAfterName = true
    }

    #if DEBUG
        private mutating func note(_ name: String) {
            precondition(
                names.last.map { $0.map { $0.utf8.lexicographicallyPrecedes(name.utf8) } ?? true } ?? false,
                "'\(name)' is out of order, or outside an object")
            names[names.count - 1] = name
        }
    #endif

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
        output.appendLine(indentedBy: 2 * depth)
    }

    // MARK: Scalars

    package mutating func null() {
        beginScalar()
        output.append("null")
    }

    package mutating func value(_ value: Bool) {
        beginScalar()
        output.append(value ? "true" : "false")
    }

    package mutating func value(_ value: Int) {
        beginScalar()
        output.append(decimal: value)
    }

    /// The shortest digits that read back as the same number, whole numbers without a fraction. What JSON doesn't have
    /// (infinity, not a number) becomes null.
    package mutating func value(_ value: Double) {
        beginScalar()
        if !value.isFinite {
            output.append("null")
        } else if value == value.rounded(), abs(value) < 0x1p53 {
            output.append(decimal: Int(value))
        } else {
            output.append(value.description)
        }
    }

    package mutating func value(_ value: String) {
        beginScalar()
        output.append(quoting: value)
    }

    /// UTC, whole seconds: see ``OutputBuffer/append(instant:)``.
    package mutating func value(_ value: Date) {
        string { $0.put(value) }
    }

    /// What was written before, by ``JSONFragment``.
    mutating func fragment(_ json: [UInt8]) {
        guard !json.isEmpty else { return }
        beginScalar()
        output.append(json)
        output.flushIfLarge()
    }

    /// A small value as it will stand, on one line wherever it is, for what stands in very many places. The parts are
    /// `put`, names and brackets as literals.
    @inline(__always)
    package mutating func verbatim(_ parts: (inout JSONWriter) -> Void) {
        beginScalar()
        parts(&self)
    }

    mutating func beginScalar() {
        separate()
        needsComma = true
    }

    // MARK: Members that are scalars

    // One that is nil is left out.

    package mutating func member(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        begin(member: name)
        output.append(quoting: value)
    }

    /// A text of any length as its UTF-8, which the caller has made sure that it is.
    package mutating func member(_ name: StaticString, utf8: [UInt8]) {
        begin(member: name)
        output.append(UInt8(ascii: "\""))
        output.append(escaping: utf8)
        output.append(UInt8(ascii: "\""))
    }

    package mutating func member(_ name: StaticString, _ value: Int?) {
        guard let value else { return }
        begin(member: name)
        output.append(decimal: value)
    }

    package mutating func member(_ name: StaticString, _ value: Bool?) {
        guard let value else { return }
        begin(member: name)
        output.append(value ? "true" : "false")
    }

    /// An instant: UTC, whole seconds.
    package mutating func member(_ name: StaticString, _ value: Date?) {
        guard let value else { return }
        begin(member: name)
        output.append(UInt8(ascii: "\""))
        output.append(instant: value)
        output.append(UInt8(ascii: "\""))
    }

    /// A text of several parts: see ``string(_:)``.
    @inline(__always)
    package mutating func member(_ name: StaticString, parts: (inout JSONWriter) -> Void) {
        self.name(name)
        string(parts)
    }

    package mutating func null(_ name: StaticString) {
        begin(member: name)
        output.append("null")
    }

    // MARK: Forms

    mutating func note(_ kind: JSONForm.Kind, _ gap: Int) {
        gaps.append(
            JSONForm.Gap(number: gap, kind: kind, before: (gaps.last?.before.upperBound ?? 0)..<output.count))
    }

    /// A form with its gaps filled in, one after the other, each by what the closure writes for its number.
    package mutating func fill(_ form: JSONForm, _ write: (_ gap: Int, inout JSONWriter) -> Void) {
        beginScalar()
        // What is in a form is on one line.
        depth += linedLevels
        for gap in form.gaps {
            output.append(form.bytes, gap.before)
            isAfterName = gap.kind == .value
            write(gap.number, &self)
        }
        depth -= linedLevels
        isAfterName = false
        needsComma = true
        output.append(form.bytes, (form.gaps.last?.before.upperBound ?? 0)..<form.bytes.count)
        output.flushIfLarge()
    }

    // MARK: Strings

    /// A string of several parts, each of which is `put`:
    ///
    ///     json.string { text in
    ///         text.literal("last used ")
    ///         text.put(date)
    ///     }
    @inline(__always)
    package mutating func string(_ parts: (inout JSONWriter) -> Void) {
        beginString()
        parts(&self)
        endString()
    }

    private mutating func beginString() {
        beginScalar()
        output.append(UInt8(ascii: "\""))
    }

    private mutating func endString() {
        output.append(UInt8(ascii: "\""))
    }

    /// An object of which only the value of the last member changes, a text.
    @inline(__always)
    package mutating func object(_ template: JSONTemplate, _ parts: (inout JSONWriter) -> Void) {
        beginScalar()
        output.append(template.opening)
        parts(&self)
        output.append("\"}")
    }
}

extension JSONWriter: TextOutput {
    package mutating func literal(_ text: StaticString) { output.append(text) }

    package mutating func put(_ text: String) { output.append(escaping: text) }

    package mutating func put(plain text: String) {
        assert(text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") })
        output.append(text)
    }

    package mutating func put(_ number: Int) { output.append(decimal: number) }

    package mutating func put(_ instant: Date) { output.append(instant: instant) }

    /// A UUID's sixteen bytes, as RFC 9562 writes them.
    package mutating func put(uuid: SIMD16<UInt8>) { output.append(uuid: uuid) }
}
