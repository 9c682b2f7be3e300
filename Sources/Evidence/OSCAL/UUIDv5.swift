import Crypto

/// Name-based UUIDs (RFC 9562, version 5): the same name has the same UUID on every machine and in every run.
package struct UUIDv5: Sendable {
    /// `keywitness` under RFC 9562's URL namespace would need a URL; this is our own random namespace instead, fixed
    /// for ever.
    private static let namespace: [UInt8] = [
        0x6e, 0x3b, 0x1f, 0x52, 0x8c, 0x0d, 0x4e, 0x7a, 0x9b, 0x41, 0xd2, 0x5c, 0x77, 0x10, 0xaf, 0x36,
    ]

    /// - Parameter parts: what the thing is and its natural key, such as `inventory-item`, account, key id.
    package static func of(_ parts: String...) -> String {
        var hash = Insecure.SHA1()
        hash.update(data: namespace)
        // A separator that no part holds keeps ("a", "bc") and ("ab", "c") apart.
        hash.update(data: Array(parts.joined(separator: "\u{1f}").utf8))
        var bytes = Array(hash.finalize().prefix(16))
        bytes[6] = bytes[6] & 0x0f | 0x50
        bytes[8] = bytes[8] & 0x3f | 0x80
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
