extension String {
    /// Bytes as lower-case hexadecimal digits, two each: how digests are written.
    ///
    /// Made anew for each type of sequence: the generic form allocates memory for each byte.
    @inlinable
    package init(hexadecimal bytes: some Sequence<UInt8>) {
        var digits: [UInt8] = []
        digits.reserveCapacity(2 * bytes.underestimatedCount)
        for byte in bytes {
            digits.append(Self.hexadecimalDigit(byte >> 4))
            digits.append(Self.hexadecimalDigit(byte & 15))
        }
        self.init(decoding: digits, as: UTF8.self)
    }

    @inlinable
    static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
    }
}
