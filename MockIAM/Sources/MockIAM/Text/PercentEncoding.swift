import PlainText

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
}

extension String {
    /// As `application/x-www-form-urlencoded` has it, with `%20` for a space.
    var formEncoded: String {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(utf8.count)
        for byte in utf8 { encoded.appendPercentEncoded(byte) }
        return String(decoding: encoded, as: UTF8.self)
    }
}

extension UInt8 {
    /// RFC 3986's unreserved characters.
    fileprivate var isUnreserved: Bool {
        isASCIIAlphanumeric || "-._~".utf8.contains(self)
    }
}
