extension [UInt8] {
    /// Appends a byte as AWS's `UriEncode` writes it: letters, digits, `-`, `.`, `_` and `~` stay, everything else
    /// becomes `%XX` in upper case.
    mutating func appendPercentEncoded(_ byte: UInt8) {
        if byte.isUnreserved {
            append(byte)
        } else {
            append(UInt8(ascii: "%"))
            append((byte >> 4).hexDigit(a: UInt8(ascii: "A")))
            append((byte & 0x0F).hexDigit(a: UInt8(ascii: "A")))
        }
    }

    /// Appends bytes as lower-case hexadecimal digits.
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

    /// The digit of a value below 16, with `a` as that of ten.
    fileprivate func hexDigit(a: UInt8) -> UInt8 {
        self < 10 ? UInt8(ascii: "0") + self : a + (self - 10)
    }

    /// RFC 3986's unreserved characters.
    fileprivate var isUnreserved: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
