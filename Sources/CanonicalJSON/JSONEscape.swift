/// An escape in a JSON string (RFC 8259, section 7).
package enum JSONEscape {
    /// The character that an escape stands for, two escapes where it is one of a surrogate pair.
    ///
    /// - Parameter index: the place behind the backslash; afterwards the one behind the escape.
    package static func scalar(
        in bytes: [UInt8], at index: inout Int
    ) throws(JSONReadingError) -> Unicode.Scalar {
        guard index < bytes.count else { throw JSONReadingError(reason: "a string doesn't end", offset: index) }
        let letter = Unicode.Scalar(bytes[index])
        index += 1
        switch letter {
        case "\"", "\\", "/": return letter
        case "b": return "\u{8}"
        case "f": return "\u{c}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u":
            let unit = try codeUnit(in: bytes, at: &index)
            if let scalar = Unicode.Scalar(unit) { return scalar }
            guard unit < 0xdc00, bytes[index...].starts(with: "\\u".utf8) else { throw half(index) }
            index += 2
            let second = try codeUnit(in: bytes, at: &index)
            guard 0xdc00..<0xe000 ~= second,
                let scalar = Unicode.Scalar(0x10000 + (unit - 0xd800) << 10 + (second - 0xdc00))
            else { throw half(index) }
            return scalar
        default: throw JSONReadingError(reason: "an unknown escape", offset: index)
        }
    }

    private static func half(_ index: Int) -> JSONReadingError {
        JSONReadingError(reason: "half a surrogate pair", offset: index)
    }

    private static func codeUnit(in bytes: [UInt8], at index: inout Int) throws(JSONReadingError) -> UInt32 {
        var unit: UInt32 = 0
        var digits = 0
        for byte in bytes[index...].prefix(4) {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: throw JSONReadingError(reason: "four hexadecimal digits are missing", offset: index)
            }
            digits += 1
        }
        guard digits == 4 else { throw JSONReadingError(reason: "four hexadecimal digits are missing", offset: index) }
        index += 4
        return unit
    }
}
