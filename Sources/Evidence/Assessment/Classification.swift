package import FoundationEssentials

/// A key's risk level, as far as the facts allow one.
package enum Classification: Sendable, Equatable {
    case level(RiskLevel, Reason)
    /// A fact is missing; from the others alone the level would be at least this.
    case undetermined(atLeast: RiskLevel, Reason)

    /// Nil where it could not be determined.
    package var level: RiskLevel? {
        if case .level(let level, _) = self { level } else { nil }
    }

    /// As reports write it: `CRITICAL`, or `UNDETERMINED`.
    package var name: String { level?.name ?? "UNDETERMINED" }

    package var reason: Reason {
        switch self {
        case .level(_, let reason), .undetermined(_, let reason): reason
        }
    }

    /// What comes first in a list of what to do: by level; an undetermined key ranks as the level that it has at least,
    /// before those that have just that.
    package var urgency: Int {
        switch self {
        case .level(let level, _): level.rawValue * 2
        case .undetermined(let level, _): level.rawValue * 2 + 1
        }
    }
}

extension Policy {
    /// The risk level of a key at an instant.
    package func classify(_ key: AccessKey, at asOf: Date) -> Classification {
        let age = key.ageDays(at: asOf)
        switch key.status {
        case .active: return classify(lastUse: key.lastUse, age: age, at: asOf, cap: nil)
        case .inactive, .expired:
            return classify(lastUse: key.lastUse, age: age, at: asOf, cap: inactiveCap)
        case .unknown(let name):
            return .undetermined(atLeast: .compliant, Reason(rule: "status", observed: "unknown status '\(name)'"))
        }
    }

    private func classify(lastUse: LastUse, age: Int, at asOf: Date, cap: RiskLevel?) -> Classification {
        func capped(_ level: RiskLevel) -> RiskLevel { cap.map { min($0, level) } ?? level }
        var idle: Int?
        var neverUsed = false
        var missing: ReadFailure?
        switch lastUse {
        case .used(let at, _, _): idle = wholeDays(from: at, to: asOf)
        case .never: neverUsed = true
        case .undetermined(let failure): missing = failure
        }
        var found = (level: RiskLevel.compliant, reason: Reason(rule: "age-days", limit: low.age, observed: "\(age)"))
        for (level, band) in bands {
            if let limit = band.neverUsedAge, neverUsed, age >= limit {
                found = (level, Reason(rule: "never-used-age-days", limit: limit, observed: "\(age)"))
            } else if let limit = band.idle, let idle, idle >= limit {
                found = (level, Reason(rule: "idle-days", limit: limit, observed: "\(idle)"))
            } else if let limit = band.age, age >= limit {
                found = (level, Reason(rule: "age-days", limit: limit, observed: "\(age)"))
            } else {
                continue
            }
            break
        }
        if let missing {
            let reason = Reason(rule: "last-use", observed: "undetermined: \(missing.message)")
            return .undetermined(atLeast: capped(found.level), reason)
        }
        return .level(capped(found.level), found.reason)
    }
}

extension AccessKey {
    /// Whole days since the key was made; a key made after the instant (while the scan ran) is 0 days old.
    package func ageDays(at asOf: Date) -> Int { wholeDays(from: created, to: asOf) }

    /// Whole days since the last use; nil where it was never used or isn't known.
    package func idleDays(at asOf: Date) -> Int? {
        if case .used(let at, _, _) = lastUse { wholeDays(from: at, to: asOf) } else { nil }
    }
}

/// Whole days between two instants, rounded down, never below 0. A day is 86,400 seconds: AWS counts in UTC, which has
/// no summer time.
package func wholeDays(from start: Date, to end: Date) -> Int {
    let days = (end.timeIntervalSince1970 - start.timeIntervalSince1970) / 86_400
    // Bounded, so that a nonsensical date can't trap the conversion.
    return Int(min(max(0, days.rounded(.down)), 10_000_000))
}
