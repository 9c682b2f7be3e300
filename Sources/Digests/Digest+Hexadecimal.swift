package import Crypto
import PlainText

extension Digest {
    /// Lower-case hexadecimal.
    package var hexadecimal: String { String(hexadecimal: self) }
}

extension SHA256 {
    /// The digest in lower-case hexadecimal, as `sha256sum` has it.
    package static func hexadecimal(of bytes: [UInt8]) -> String {
        var hash = SHA256()
        // Not by `hash(data:)`, which asks any kind of data for its regions first.
        unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        return String(hexadecimal: hash.finalize())
    }
}
