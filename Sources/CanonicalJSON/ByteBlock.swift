/// Bytes that are looked at together.
///
/// Where they are several, a term has the high bit of a byte set if one is what it asks for
/// (https://graphics.stanford.edu/~seander/bithacks.html, "determine if a word has a byte less than n"), which bytes above
/// 0x7f don't set.
protocol ByteBlock: BitwiseCopyable {
    /// Whether none needs escaping: none is below 0x20, a quote or a backslash.
    var isPlainInJSON: Bool { get }
    /// Whether none is a comma, a quote or the end of a line.
    var isPlainInCSV: Bool { get }
}

extension UInt8: ByteBlock {
    @inline(__always)
    var isPlainInJSON: Bool {
        self >= 0x20 && self != UInt8(ascii: "\"") && self != UInt8(ascii: "\\")
    }

    @inline(__always)
    var isPlainInCSV: Bool {
        self != UInt8(ascii: ",") && self != UInt8(ascii: "\"") && self != UInt8(ascii: "\n")
            && self != UInt8(ascii: "\r")
    }
}

extension UInt64: ByteBlock {
    /// In each byte.
    static let ones: UInt64 = 0x0101_0101_0101_0101
    static let highBits = ones << 7

    @inline(__always)
    private func has(_ byte: UInt8) -> Self {
        let difference = self ^ Self.ones &* UInt64(byte)
        return (difference &- Self.ones) & ~difference
    }

    @inline(__always)
    func holds(_ byte: UInt8) -> Bool { has(byte) & Self.highBits != 0 }

    @inline(__always)
    var isPlainInJSON: Bool {
        let control = (self &- Self.ones &* 0x20) & ~self
        return (control | has(UInt8(ascii: "\"")) | has(UInt8(ascii: "\\"))) & Self.highBits == 0
    }

    @inline(__always)
    var isPlainInCSV: Bool {
        let special =
            has(UInt8(ascii: ",")) | has(UInt8(ascii: "\"")) | has(UInt8(ascii: "\n")) | has(UInt8(ascii: "\r"))
        return special & Self.highBits == 0
    }
}

/// Sixteen bytes: an operation is one instruction for both words.
extension SIMD2<UInt64>: ByteBlock {
    @inline(__always)
    private func has(_ byte: UInt8) -> Self {
        let difference = self ^ SIMD2(repeating: UInt64.ones &* UInt64(byte))
        return (difference &- UInt64.ones) & ~difference
    }

    @inline(__always)
    private var hasHighBits: Bool { (self[0] | self[1]) & UInt64.highBits != 0 }

    @inline(__always)
    var isPlainInJSON: Bool {
        let control = (self &- UInt64.ones &* 0x20) & ~self
        return !(control | has(UInt8(ascii: "\"")) | has(UInt8(ascii: "\\"))).hasHighBits
    }

    @inline(__always)
    var isPlainInCSV: Bool {
        let special =
            has(UInt8(ascii: ",")) | has(UInt8(ascii: "\"")) | has(UInt8(ascii: "\n")) | has(UInt8(ascii: "\r"))
        return !special.hasHighBits
    }
}
