import Crypto
import FoundationEssentials
import Synchronization

/// What signatures have in common, kept: derived signing keys, which are good for a day and take four times as long to
/// derive as to sign with, and the timestamp, which is good for a second.
final class SigningKeys: Sendable {
    private struct Purpose: Hashable {
        var accessKeyID: String
        var scope: SigningScope
        var day: String
    }

    private struct Entry {
        var secret: Secret
        var key: SymmetricKey
    }

    private let entries = Mutex<[Purpose: Entry]>([:])
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
    func key(for credentials: Credentials, scope: SigningScope, day: String) -> SymmetricKey {
        let purpose = Purpose(accessKeyID: credentials.accessKeyID, scope: scope, day: day)
        let secret = credentials.secretAccessKey
        return entries.withLock { entries in
            if let entry = entries[purpose], entry.secret == secret { return entry.key }
            let key = Self.derive(secret: secret, scope: scope, day: day)
            // Yesterday's are of no use any more.
            entries = entries.filter { $0.key.day == day }
            entries[purpose] = Entry(secret: secret, key: key)
            return key
        }
    }

    private static func derive(secret: Secret, scope: SigningScope, day: String) -> SymmetricKey {
        var key = SymmetricKey(data: Array("AWS4\(secret.exposed)".utf8))
        for part in [day, scope.region, scope.service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        return key
    }
}
