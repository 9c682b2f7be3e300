package import CanonicalJSON
import Crypto

/// Name-based UUIDs (RFC 9562, version 5): the same name has the same UUID on every machine and in every run.
package struct UUIDv5: Sendable, Equatable {
    /// Names under a UUID, which are thereby told from the same names under another.
    package struct Namespace: Sendable {
        /// `keywitness` under RFC 9562's URL namespace would need a URL; this is our own random namespace instead, fixed
        /// for ever.
        private static let keywitness = Namespace([
            0x6e, 0x3b, 0x1f, 0x52, 0x8c, 0x0d, 0x4e, 0x7a, 0x9b, 0x41, 0xd2, 0x5c, 0x77, 0x10, 0xaf, 0x36,
        ])

        private let opening: Insecure.SHA1

        private init(_ bytes: [UInt8]) {
            var hash = Insecure.SHA1()
            hash.update(data: bytes)
            opening = hash
        }

        /// - Parameter parts: what kind of thing the names are of and what else all of them share, such as
        ///   `inventory-item`, account.
        package init(_ parts: String...) {
            self.init(UUIDv5(parts).array)
        }

        fileprivate static func named(_ parts: [String]) -> UUIDv5 {
            // A separator that no part holds keeps ("a", "bc") and ("ab", "c") apart.
            keywitness(parts.joined(separator: "\u{1f}"))
        }

        /// The UUID of a name. With this namespace's UUID before it, an id of AWS is one block for SHA-1.
        package func callAsFunction(_ name: String) -> UUIDv5 {
            var hash = opening
            var name = name
            name.withUTF8 { unsafe hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
            return UUIDv5(hash.finalize())
        }
    }

    private let bytes: SIMD16<UInt8>

    /// - Parameter parts: what the thing is and its natural key, such as `inventory-item`, account, key id.
    package init(_ parts: String...) {
        self.init(parts)
    }

    private init(_ parts: [String]) {
        self = Namespace.named(parts)
    }

    private init(_ digest: Insecure.SHA1Digest) {
        var bytes = unsafe digest.withUnsafeBytes {
            unsafe $0.loadUnaligned(as: SIMD16<UInt8>.self)
        }
        bytes[6] = bytes[6] & 0x0f | 0x50
        bytes[8] = bytes[8] & 0x3f | 0x80
        self.bytes = bytes
    }

    private var array: [UInt8] { bytes.indices.map { bytes[$0] } }

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
