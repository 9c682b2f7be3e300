package import CanonicalJSON
import Crypto

/// Name-based UUIDs (RFC 9562, version 5): the same name has the same UUID on every machine and in every run.
package struct UUIDv5: Sendable, Equatable {
    /// `keywitness` under RFC 9562's URL namespace would need a URL; this is our own random namespace instead, fixed
    /// for ever.
    private static let namespace: [UInt8] = [
        0x6e, 0x3b, 0x1f, 0x52, 0x8c, 0x0d, 0x4e, 0x7a, 0x9b, 0x41, 0xd2, 0x5c, 0x77, 0x10, 0xaf, 0x36,
    ]

    private let bytes: SIMD16<UInt8>

    /// - Parameter parts: what the thing is and its natural key, such as `inventory-item`, account, key id.
    package init(_ parts: String...) {
        self.init(parts)
    }

    private init(_ parts: [String]) {
        self = Family(parts.dropLast())(parts.last ?? "")
    }

    private init(_ digest: Insecure.SHA1Digest) {
        var bytes = unsafe digest.withUnsafeBytes {
            unsafe $0.loadUnaligned(as: SIMD16<UInt8>.self)
        }
        bytes[6] = bytes[6] & 0x0f | 0x50
        bytes[8] = bytes[8] & 0x3f | 0x80
        self.bytes = bytes
    }

    /// Names that differ in their last part, of which there are very many.
    struct Family: Sendable {
        /// A separator that no part holds keeps ("a", "bc") and ("ab", "c") apart.
        private static let separator: UInt8 = 0x1f
        private let opening: Insecure.SHA1

        init(_ parts: some Sequence<String>) {
            var hash = Insecure.SHA1()
            hash.update(data: UUIDv5.namespace + parts.flatMap { $0.utf8 + [Self.separator] })
            opening = hash
        }

        func callAsFunction(_ last: String) -> UUIDv5 {
            var hash = opening
            var last = last
            last.withUTF8 { unsafe hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
            return UUIDv5(hash.finalize())
        }
    }

    package static func of(_ parts: String...) -> String {
        UUIDv5(parts).text
    }

    /// `6ba7b810-9dad-51d1-80b4-00c04fd430c8`
    package var text: String {
        var output = OutputBuffer()
        output.append(uuid: bytes)
        return String(decoding: output.bytes, as: UTF8.self)
    }

    func put(to json: inout JSONWriter) {
        json.put(uuid: bytes)
    }
}

extension UUIDv5: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.string { put(to: &$0) }
    }
}
