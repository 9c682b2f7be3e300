import Crypto
import PlainText

extension Digest {
    /// Lower-case hexadecimal.
    package var hexadecimal: String { String(hexadecimal: self) }
}
