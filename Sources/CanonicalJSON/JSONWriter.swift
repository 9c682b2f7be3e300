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

/// The buffer that values write themselves to.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []
    /// Whether a value stands before the next one in the same container.
    private var needsComma = false
    #if DEBUG
        private var names: [String] = []
    #endif

    package init() {}

    // MARK: Containers

    package mutating func object(_ members: (inout JSONWriter) -> Void) {
        begin("{")
        #if DEBUG
            names.append("")
        #endif
        members(&self)
        #if DEBUG
            names.removeLast()
        #endif
        end("}")
    }

    package mutating func array(_ elements: (inout JSONWriter) -> Void) {
        begin("[")
        elements(&self)
        end("]")
    }

    package mutating func array(_ elements: some Sequence<some JSONWritable>) {
        array { json in
            for element in elements { element.write(to: &json) }
        }
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
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: name.utf8)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func begin(_ bracket: Unicode.Scalar) {
        separate()
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    private mutating func end(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
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

    package mutating func value(_ value: String) {
        separate()
        needsComma = true
        bytes.append(UInt8(ascii: "\""))
        if value.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            bytes.append(contentsOf: value.utf8)
        } else {
            for byte in value.utf8 { append(escaped: byte) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func scalar(_ text: String) {
        separate()
        needsComma = true
        bytes.append(contentsOf: text.utf8)
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
            bytes.append(byte)
            return
        }
        bytes.append(contentsOf: escape.utf8)
    }
}
