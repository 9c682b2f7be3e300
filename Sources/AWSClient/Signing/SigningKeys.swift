import Crypto
import FoundationEssentials
import Synchronization

/// What signatures have in common, kept: derived signing keys, which are good for a day and take four times as long to
/// derive as to sign with, and the timestamp, which is good for a second.
final class SigningKeys: Sendable {
    /// A key for one day, one region and one service.
    struct Key: Sendable {
        /// `20261122/us-east-1/iam/aws4_request`
        let credentialScope: String
        /// With the key already taken in, which is the same for each request.
        private let code: HMAC<SHA256>

        fileprivate init(secret: Secret, scope: SigningScope, day: String) {
            let words = [day, scope.region, scope.service, "aws4_request"]
            credentialScope = words.joined(separator: "/")
            var key = SymmetricKey(data: Array("AWS4\(secret.exposed)".utf8))
            for word in words {
                key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(word.utf8), using: key))
            }
            code = HMAC(key: key)
        }

        func authenticationCode(for bytes: [UInt8]) -> HMAC<SHA256>.MAC {
            var code = code
            code.update(data: bytes)
            return code.finalize()
        }
    }

    private struct Entry {
        var accessKeyID: String
        var secret: Secret
        var scope: SigningScope
        var day: String
        var key: Key
    }

    private let entries = Mutex<[Entry]>([])
    private let lastTimestamp = Mutex((second: Int.min, text: ""))

    /// `20261122T204500Z`
    func timestamp(_ instant: Date) -> String {
        // Far beyond any date that a clock gives; it keeps the conversion from trapping.
        let second = Int(min(max(instant.timeIntervalSince1970.rounded(.down), -1e15), 1e15))
        return lastTimestamp.withLock { last in
            if last.second != second { last = (second, instant.amzDate) }
            return last.text
        }
    }

    /// The key for a day such as `20261122`.
    func key(for credentials: Credentials, scope: SigningScope, day: String) -> Key {
        entries.withLock { entries in
            func isOfPurpose(_ entry: Entry) -> Bool {
                entry.day == day && entry.scope == scope && entry.accessKeyID == credentials.accessKeyID
            }
            let secret = credentials.secretAccessKey
            // One for each service.
            if let entry = entries.first(where: { isOfPurpose($0) && $0.secret == secret }) { return entry.key }
            let key = Key(secret: secret, scope: scope, day: day)
            // Yesterday's are of no use any more.
            entries.removeAll { $0.day != day || isOfPurpose($0) }
            entries.append(
                Entry(accessKeyID: credentials.accessKeyID, secret: secret, scope: scope, day: day, key: key))
            return key
        }
    }
}
