import Crypto
import FoundationEssentials
import Synchronization

/// Signing keys, derived once: each takes four HMACs, and a client uses the same one all day. They are kept as the HMAC
/// that has taken the key in and nothing else yet.
final class SigningKeys: Sendable {
    private struct Origin: Hashable {
        var secret: String
        var day: String
        var region: String
        var service: String
    }

    private let keys = Mutex<[Origin: HMAC<SHA256>]>([:])
    private let capacity: Int

    /// - Parameter capacity: how many keys to remember. Beyond that all are forgotten, which is cheaper than knowing
    ///   which one was used last, and keys are derived anew in microseconds.
    init(capacity: Int = 1024) {
        self.capacity = capacity
    }

    /// How many keys are remembered.
    var count: Int {
        keys.withLock(\.count)
    }

    func key(secret: String, scope: CredentialScope) -> HMAC<SHA256> {
        let origin = Origin(secret: secret, day: scope.day, region: scope.region, service: scope.service)
        if let known = keys.withLock({ $0[origin] }) { return known }
        let key = HMAC<SHA256>(key: SymmetricKey(signingWith: secret, scope: scope))
        keys.withLock { keys in
            if keys.count >= capacity { keys.removeAll(keepingCapacity: true) }
            keys[origin] = key
        }
        return key
    }
}

extension SymmetricKey {
    /// AWS's derivation: the secret signs the day, the result signs the region, and so on.
    init(signingWith secret: String, scope: CredentialScope) {
        self = [scope.day, scope.region, scope.service, scope.terminator]
            .reduce(SymmetricKey(data: Array("AWS4\(secret)".utf8))) { key, word in
                SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(word.utf8), using: key))
            }
    }
}

extension HMAC<SHA256> {
    /// A string's signature: 64 lower-case hexadecimal digits.
    func signature(of stringToSign: [UInt8]) -> [UInt8] {
        var signature: [UInt8] = []
        signature.reserveCapacity(SHA256.byteCount * 2)
        var hmac = self
        hmac.update(data: stringToSign)
        signature.appendHex(hmac.finalize())
        return signature
    }
}
