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

    /// Everything that is wrong with a key's dates: of one thing that is wrong another one mustn't be hidden.
    ///
    /// - Parameter latest: the last instant at which anything can have happened.
    static func all(in key: AccessKey, of user: IAMUser, latest: Date) -> [DataFinding] {
        let used = key.lastUsed
        let created = key.created
        var findings: [DataFinding] = []
        func find(_ kind: Kind) { findings.append(DataFinding(kind, key, used, user)) }
        if created > latest { find(.createdInFuture) }
        if let used, used > latest { find(.usedInFuture) }
        if created < Self.beginOfAWS {
            find(.createdBeforeAWS)
        } else if created < user.created.addingTimeInterval(-Self.tolerance) {
            find(.olderThanUser)
        }
        if let used, used < created.addingTimeInterval(-Self.tolerance) { find(.usedBeforeCreated) }
        return findings
    }

    private init(_ kind: Kind, _ key: AccessKey, _ used: Date?, _ user: IAMUser) {
        let created = key.created
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
            case .usedBeforeCreated where key.id == nil:
                // A report may date a key by its last change.
                "The key was used \(used?.iso8601 ?? ""), before the date that the credential report has of it, "
                    + "\(created.iso8601): it is older than that."
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
    func doubted(by findings: [DataFinding]) -> Classification {
        guard let finding = findings.first, let level else { return self }
        return .undetermined(atLeast: level, finding.reason)
    }
}

extension Verdict {
    /// Without what rests on dates that can't be right: they can fail a test, and not pass one.
    func doubted(by findings: [DataFinding], facts: Set<FactKind>) -> Verdict {
        guard conclusion == .satisfied,
            let finding = findings.first(where: { !$0.kind.doubted.isDisjoint(with: facts) })
        else { return self }
        return Verdict(.undetermined, finding.reason)
    }
}
