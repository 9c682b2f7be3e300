import Crypto
import Digests

extension Exchange.Response {
    /// SHA-256 of the body, lower-case hexadecimal.
    package var digest: String { SHA256.hexadecimal(of: body) }
}
