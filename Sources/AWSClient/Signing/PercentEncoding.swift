import PlainText

/// RFC 3986 percent encoding as SigV4 asks for it: everything but `A–Z a–z 0–9 - . _ ~` is escaped, in upper-case
/// hexadecimal.
package enum PercentEncoding {
    /// - Parameter keepingSlash: for a path, whose slashes stay.
    package static func encode(_ text: String, keepingSlash: Bool = false) -> String {
        // Nearly all names and ids.
        if text.utf8.allSatisfy({ isKept($0, keepingSlash) }) { return text }
        return encode(text.utf8, keepingSlash: keepingSlash)
    }

    private static func isKept(_ byte: UInt8, _ keepingSlash: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        case UInt8(ascii: "/"): keepingSlash
        default: byte.isASCIIAlphanumeric
        }
    }

    /// Of bytes that need be no text.
    static func encode(_ bytes: some Collection<UInt8>, keepingSlash: Bool = false) -> String {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(bytes.count)
        for byte in bytes {
            if isKept(byte, keepingSlash) {
                encoded.append(byte)
            } else {
                encoded.append(UInt8(ascii: "%"))
                encoded.append(digits[Int(byte >> 4)])
                encoded.append(digits[Int(byte & 15)])
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// What a URL has percent-encoded in whatever way, in the way that is signed: `%2f`, `%2F` and a bare `/` are the
    /// same. An escape that is none stands for its own characters.
    static func normalized(_ text: some Collection<UInt8>) -> String {
        encode(decoded(text))
    }

    /// The text behind the escapes.
    static func decode(_ text: String) -> String {
        String(decoding: decoded(text.utf8), as: UTF8.self)
    }

    private static func decoded(_ text: some Collection<UInt8>) -> [UInt8] {
        var decoded: [UInt8] = []
        var rest = Array(text)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = hexadecimal(rest.prefix(2)) {
                decoded.append(value)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        return decoded
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else { return nil }
        return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
}
