package import CanonicalJSON
import FoundationEssentials

/// Dates that can't be right. A key is still judged by them, but passes nothing by them: see ``Judge``.
package struct DataFinding: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Made after the scan ended.
        case createdInFuture = "created-in-future"
        /// Made before there was AWS.
        case createdBeforeAWS = "created-before-aws"
        /// Made before its user was.
        case olderThanUser = "older-than-user"
        /// Used after the scan ended.
        case usedInFuture = "used-in-future"
        case usedBeforeCreated = "used-before-created"

        /// The kinds of facts that it casts doubt on.
        var doubted: Set<FactKind> {
            switch self {
            case .createdInFuture, .createdBeforeAWS, .olderThanUser: [.keyStatus]
            case .usedInFuture: [.lastUse]
            case .usedBeforeCreated: [.keyStatus, .lastUse]
            }
        }
    }

    package var kind: Kind
    /// The key's user.
    package var user: String
    /// The key's id, or its slot.
    package var key: String
    /// What was seen, in one sentence.
    package var observed: String
    package var exchanges: [Int]

    /// Clocks differ a little; AWS itself refuses requests that are 15 minutes off.
    static let tolerance: TimeInterval = 900
    /// Amazon S3, the first of the services, was launched on 2006-03-14.
    private static let beginOfAWS = Date(timeIntervalSince1970: 1_142_294_400)

    /// What is wrong with a key's dates; nil where nothing is.
    ///
    /// - Parameter latest: the last instant at which anything can have happened; nil where that isn't known yet.
    init?(_ key: AccessKey, of user: IAMUser, latest: Date?) {
        let used: Date? = if case .used(let at, _, _) = key.lastUse { at } else { nil }
        let created = key.created
        let kind: Kind
        if let latest, created > latest {
            kind = .createdInFuture
        } else if let latest, let used, used > latest {
            kind = .usedInFuture
        } else if created < Self.beginOfAWS {
            kind = .createdBeforeAWS
        } else if created < user.created.addingTimeInterval(-Self.tolerance) {
            kind = .olderThanUser
        } else if let used, used < created.addingTimeInterval(-Self.tolerance) {
            kind = .usedBeforeCreated
        } else {
            return nil
        }
        self.kind = kind
        self.user = user.name
        self.key = key.label
        observed =
            switch kind {
            case .createdInFuture: "The key was created \(created.iso8601), which is after the scan ended."
            case .createdBeforeAWS: "The key was created \(created.iso8601), before there was AWS."
            case .olderThanUser:
                "The key was created \(created.iso8601), before its user was, \(user.created.iso8601)."
            case .usedInFuture: "The key was used \(used?.iso8601 ?? ""), which is after the scan ended."
            case .usedBeforeCreated:
                "The key was used \(used?.iso8601 ?? ""), before it was created, \(created.iso8601)."
            }
        exchanges = key.exchanges
    }

    /// That nothing passes by these dates.
    var reason: Reason { Reason(.dates(kind), observed: .text("undetermined: \(observed)")) }
}

extension DataFinding: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("access_key", key)
            json.member("exchanges", exchanges)
            json.member("kind", kind.rawValue)
            json.member("observed", observed)
            json.member("username", user)
        }
    }
}

extension Classification {
    /// Without what rests on dates that can't be right.
    func doubted(by finding: DataFinding?) -> Classification {
        guard let finding, let level else { return self }
        return .undetermined(atLeast: level, finding.reason)
    }
}

extension Verdict {
    /// Without what rests on dates that can't be right: they can fail a test, and not pass one.
    func doubted(by finding: DataFinding?, facts: Set<FactKind>) -> Verdict {
        guard let finding, conclusion == .satisfied, !finding.kind.doubted.isDisjoint(with: facts) else { return self }
        return Verdict(.undetermined, finding.reason)
    }
}
