/// Classes of ASCII characters, for the bytes of formats that know no others.
extension UInt8 {
    /// `0` to `9`.
    @inlinable package var isASCIIDigit: Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= self
    }

    /// `a` to `z` and `A` to `Z`.
    @inlinable package var isASCIILetter: Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= self || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self
    }

    @inlinable package var isASCIIAlphanumeric: Bool {
        isASCIIDigit || isASCIILetter
    }

    @inlinable package var isASCIICapital: Bool {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self
    }

    /// The small one of a capital letter; any other byte itself.
    @inlinable package var asciiLowercased: UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self ? self | 0x20 : self
    }
}
