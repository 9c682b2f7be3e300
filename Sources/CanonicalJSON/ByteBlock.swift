import PlainText

/// Bytes that are looked at together; where they are several, by the terms of ``Swift/UInt64``.
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
    @inline(__always)
    var isPlainInJSON: Bool {
        !(term(below: 0x20) | term(for: UInt8(ascii: "\"")) | term(for: UInt8(ascii: "\\"))).hasHighBits
    }

    @inline(__always)
    var isPlainInCSV: Bool {
        let ofLine = term(for: UInt8(ascii: "\n")) | term(for: UInt8(ascii: "\r"))
        return !(ofLine | term(for: UInt8(ascii: ",")) | term(for: UInt8(ascii: "\""))).hasHighBits
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
