import Crypto

/// Name-based UUIDs (RFC 9562, version 5): the same name has the same UUID on every machine and in every run.
package struct UUIDv5: Sendable {
    /// `keywitness` under RFC 9562's URL namespace would need a URL; this is our own random namespace instead, fixed
    /// for ever.
    private static let namespace: [UInt8] = [
        0x6e, 0x3b, 0x1f, 0x52, 0x8c, 0x0d, 0x4e, 0x7a, 0x9b, 0x41, 0xd2, 0x5c, 0x77, 0x10, 0xaf, 0x36,
    ]

    private let bytes: SIMD16<UInt8>

    /// - Parameter parts: what the thing is and its natural key, such as `inventory-item`, account, key id.
    package init(_ parts: [String]) {
        var hash = Insecure.SHA1()
        var name: [UInt8] = []
        name.reserveCapacity(192)
        name += Self.namespace
        for (index, part) in parts.enumerated() {
            // A separator that no part holds keeps ("a", "bc") and ("ab", "c") apart.
            if index > 0 { name.append(0x1f) }
            name.append(contentsOf: part.utf8)
        }
        hash.update(data: name)
        var bytes = SIMD16<UInt8>()
        for (index, byte) in hash.finalize().enumerated() where index < 16 { bytes[index] = byte }
        bytes[6] = bytes[6] & 0x0f | 0x50
        bytes[8] = bytes[8] & 0x3f | 0x80
        self.bytes = bytes
    }

    package static func of(_ parts: String...) -> String {
        UUIDv5(parts).text
    }

    /// `6ba7b810-9dad-51d1-80b4-00c04fd430c8`
    package var text: String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? value + 48 : value + 87 }
        for index in 0..<16 {
            if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
            text.append(digit(bytes[index] >> 4))
            text.append(digit(bytes[index] & 15))
        }
        return String(decoding: text, as: UTF8.self)
    }
}
