import Crypto
import PlainText

extension Exchange.Response {
    /// SHA-256 of the body, lower-case hexadecimal.
    package var digest: String { String(hexadecimal: SHA256.hash(data: body)) }
}
