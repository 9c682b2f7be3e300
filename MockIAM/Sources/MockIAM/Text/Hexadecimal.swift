extension [UInt8] {
    /// Appends bytes as lower-case hexadecimal digits, without a string in between: of each request several are made.
    mutating func appendHex(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            append((byte >> 4).hexDigit(a: UInt8(ascii: "a")))
            append((byte & 0x0F).hexDigit(a: UInt8(ascii: "a")))
        }
    }
}

extension UInt8 {
    /// The value of a hexadecimal digit of either case; nil for anything else.
    var hexValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The digit of a value below 16.
    ///
    /// - Parameter ten: the digit of ten, `a` or `A`.
    func hexDigit(a ten: UInt8) -> UInt8 {
        self < 10 ? UInt8(ascii: "0") + self : ten + (self - 10)
    }
}
