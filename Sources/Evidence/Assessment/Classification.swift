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

    /// The level, or the least that it must be.
    package var leastLevel: RiskLevel {
        switch self {
        case .level(let level, _), .undetermined(let level, _): level
        }
    }

    /// As reports write it: `CRITICAL`, or `UNDETERMINED`.
    package var name: String { level.name }

    package var reason: Reason {
        switch self {
        case .level(_, let reason), .undetermined(_, let reason): reason
        }
    }
}

extension Rules {
    /// The risk level of a key at an instant.
    package func classify(_ key: AccessKey, at asOf: Date) -> Classification {
        switch key.status {
        case .active: break
        case .inactive, .expired: return band(of: key, at: asOf).capped(inactiveKeysAtMost)
        case .unknown(let name):
            return .undetermined(
                atLeast: .compliant,
                Reason(.status, observed: .text("unknown status '\(name)'"), source: key.listed))
        }
        return band(of: key, at: asOf)
    }

    /// When an Active key came to a level that it has, or to a milder one: when the first of the limits was reached by
    /// which it has it. Nil where it has it by none.
    ///
    /// That isn't always the limit that is named as the reason: an old key has its level by its age already when it comes
    /// to be unused for too long as well, and its time to act must not begin anew by that.
    func beginning(of level: RiskLevel, of key: AccessKey, at asOf: Date) -> Date? {
        guard let band = levels[level] else { return nil }
        var first: Date?
        func hold(_ start: Date, _ limit: Int?) {
            guard let limit, wholeDays(from: start, to: asOf) >= limit else { return }
            let reached = start.adding(days: limit)
            first = min(first ?? reached, reached)
        }
        hold(key.created, band.age)
        if key.isNeverUsed { hold(key.created, band.neverUsedAge) }
        if let used = key.lastUsed { hold(used, band.idle) }
        return first
    }

    private func band(of key: AccessKey, at asOf: Date) -> Classification {
        let age = key.ageDays(at: asOf)
        let idle = key.idleDays(at: asOf)
        let isNeverUsed = key.isNeverUsed
        var level = RiskLevel.compliant
        // What keeps a compliant key from being worse: the age, where the mildest level looks at it.
        var reason = Reason(.age, limit: levels.low.age, observed: .days(age), source: key.listed)
        for (candidate, band) in levels.bands {
            if let limit = band.neverUsedAge, isNeverUsed, age >= limit {
                reason = Reason(.neverUsedAge, limit: limit, observed: .days(age), source: key.lastUse.source)
            } else if let limit = band.idle, let idle, idle >= limit {
                reason = Reason(.idle, limit: limit, observed: .days(idle), source: key.lastUse.source)
            } else if let limit = band.age, age >= limit {
                reason = Reason(.age, limit: limit, observed: .days(age), source: key.listed)
            } else {
                continue
            }
            level = candidate
            break
        }
        // There is none worse.
        if let failure = key.lastUse.failure, level < .critical {
            return .undetermined(atLeast: level, Reason(.lastUse, observed: .unread(failure)))
        }
        return .level(level, reason)
    }
}

extension Classification {
    fileprivate func capped(_ cap: RiskLevel) -> Classification {
        switch self {
        case .level(let level, let reason): .level(min(level, cap), reason)
        case .undetermined(let level, let reason): .undetermined(atLeast: min(level, cap), reason)
        }
    }

    /// Of several that may hold: the level if it is the same by all, or else none. With the first one's reason, and its
    /// limit where all have it.
    static func agreed(_ all: [Classification], orElse reason: Reason) -> Classification {
        guard let first = all.first, all.allSatisfy({ $0.level == first.level && $0.leastLevel == first.leastLevel })
        else { return .undetermined(atLeast: all.map(\.leastLevel).min() ?? .compliant, reason) }
        let reason = first.reason.agreed(among: all.map(\.reason))
        return switch first {
        case .level(let level, _): .level(level, reason)
        case .undetermined(let level, _): .undetermined(atLeast: level, reason)
        }
    }
}

extension Verdict {
    /// Of several that may hold: what all conclude, or else nothing. With the first one's reason, and its limit where all
    /// have it.
    static func agreed(_ all: [Verdict], orElse reason: Reason) -> Verdict? {
        guard let first = all.first else { return nil }
        guard all.allSatisfy({ $0.conclusion == first.conclusion }) else { return Verdict(.undetermined, reason) }
        return Verdict(first.conclusion, first.reason.agreed(among: all.map(\.reason)))
    }
}

extension Reason {
    /// Without a limit that others by which the same is concluded don't have: nobody knows whether it holds.
    fileprivate func agreed(among all: [Reason]) -> Reason {
        guard !all.allSatisfy({ $0.rule == rule && $0.limit == limit }) else { return self }
        var reason = self
        reason.limit = nil
        return reason
    }
}

extension AccessKey {
    /// Whole days since the key was made; a key made after the instant (while the scan ran) is 0 days old.
    package func ageDays(at asOf: Date) -> Int { wholeDays(from: created, to: asOf) }

    /// Whole days since the last use; nil where it was never used or isn't known.
    package func idleDays(at asOf: Date) -> Int? {
        lastUsed.map { wholeDays(from: $0, to: asOf) }
    }
}

/// Whole days between two instants, rounded down, never below 0. A day is 86,400 seconds: AWS counts in UTC, which has
/// no summer time.
package func wholeDays(from start: Date, to end: Date) -> Int {
    let days = (end.timeIntervalSince1970 - start.timeIntervalSince1970) / 86_400
    // Bounded, so that a nonsensical date can't trap the conversion.
    return Int(min(max(0, days.rounded(.down)), 10_000_000))
}
