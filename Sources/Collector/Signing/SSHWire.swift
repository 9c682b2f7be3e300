/// SSH's own binary forms: numbers of four bytes, strings with their length before them (RFC 4251, section 5).
struct SSHWireReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func bytes(_ count: Int) throws(SealFormatError) -> [UInt8] {
        guard count <= rest.count else { throw SealFormatError("it ends too early") }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func uint32() throws(SealFormatError) -> UInt32 {
        try bytes(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func string() throws(SealFormatError) -> [UInt8] {
        try bytes(Int(try uint32()))
    }

    mutating func text() throws(SealFormatError) -> String {
        String(decoding: try string(), as: UTF8.self)
    }

    /// A positive number, without leading zeros, padded on the left to `size` bytes.
    mutating func number(size: Int) throws(SealFormatError) -> [UInt8] {
        let digits = try string().drop { $0 == 0 }
        guard digits.count <= size else { throw SealFormatError("a number in it is too large") }
        return [UInt8](repeating: 0, count: size - digits.count) + digits
    }
}

struct SSHWireWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(raw: some Sequence<UInt8>) {
        bytes += raw
    }

    mutating func append(_ number: UInt32) {
        for shift in stride(from: UInt32(24), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    mutating func append(string: some Collection<UInt8>) {
        append(UInt32(string.count))
        bytes += string
    }

    mutating func append(text: String) {
        append(string: text.utf8)
    }

    /// A positive number: no leading zeros but one where the first bit would make it negative.
    mutating func append(number: some Sequence<UInt8>) {
        let digits = Array(number.drop { $0 == 0 })
        append(string: (digits.first ?? 0) >= 0x80 ? [0] + digits : digits)
    }
}

/// What is wrong with a key or a signature.
package struct SealFormatError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
