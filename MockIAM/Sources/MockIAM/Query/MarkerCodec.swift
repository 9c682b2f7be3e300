import Crypto
import FoundationEssentials

/// Markers that say nothing to who reads them, and that are good for one list of one account only.
///
/// The position is encrypted, with what was asked for as associated data: a marker from another account, operation or
/// query doesn't open. AWS's markers are opaque, too; tests would come to
/// rely on page numbers.
struct MarkerCodec: Sendable {
    private let key: SymmetricKey

    init(seed: UInt64) {
        key = SymmetricKey(data: SHA256.hash(data: Data("mock-iam marker \(seed)".utf8)))
    }

    /// - Parameters:
    ///   - position: what the codec gives back.
    ///   - query: the account and everything that was asked for, but for page size and marker.
    func marker(for position: String, of query: String) -> String {
        let context = Data(query.utf8)
        // The same position has the same marker in every run, so the nonce follows from what it protects.
        let tag = HMAC<SHA256>.authenticationCode(for: context + Data(position.utf8), using: key)
        do {
            let nonce = try AES.GCM.Nonce(data: Data(tag.prefix(12)))
            let box = try AES.GCM.seal(Data(position.utf8), using: key, nonce: nonce, authenticating: context)
            return (box.combined ?? Data()).base64EncodedString()
        } catch {
            preconditionFailure("a nonce has twelve bytes: \(error)")
        }
    }

    /// - Throws: ValidationError, as IAM has it [live].
    func position(of marker: String, of query: String) throws(AWSError) -> String {
        guard let data = Data(base64Encoded: marker), let box = try? AES.GCM.SealedBox(combined: data),
            let position = try? AES.GCM.open(box, using: key, authenticating: Data(query.utf8))
        else { throw .validation("Invalid Marker.") }
        return String(decoding: position, as: UTF8.self)
    }
}
