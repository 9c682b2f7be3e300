import FoundationEssentials

extension KeyAssessment {
    package var recommendation: Recommendation {
        var recommendation = advice
        guard let since else { return recommendation }
        recommendation.since = since
        recommendation.due = since.adding(days: rules.due[leastLevel])
        return recommendation
    }

    /// What is to be done about the key.
    private enum Remedy {
        case find, delete, retire, rotate, watch
    }

    private var remedy: Remedy {
        if level == nil { return .find }
        if key.status != .active { return .delete }
        if outcomes.failed(.unusedKey) || leastLevel >= .high { return isNeverUsed ? .retire : .rotate }
        return outcomes.failed(.keyRotation) || leastLevel == .medium ? .rotate : .watch
    }

    private var advice: Recommendation {
        switch remedy {
        case .find:
            if let finding = dataFinding {
                return Recommendation(
                    issue: finding.observed,
                    action: "Find out which date is right, with AWS's support if need be; nothing passes by these.",
                    why: "A date that can't be right may hide one that fails.")
            }
            let reason = classification.reason
            return Recommendation(
                issue: "\(reason.rule) \(reason.observed.text).",
                action: "Grant what was denied or repeat the scan; until then nothing is known in the key's favour.",
                why: "What could not be read may be what is wrong.")
        case .delete:
            return Recommendation(
                issue: "The key is \(key.status.name) and still exists, \(ageDays) days after it was made.",
                action: "Delete the key if nothing has asked for it since it was deactivated.",
                why: "Whoever may change keys can switch it on again.",
                key: self, remedy: .deletion)
        case .retire:
            return Recommendation(
                issue: issue,
                action: level == .critical
                    ? "Deactivate the key now, then delete it."
                    : "Delete the key or put it to use within \(counted(rules.due[leastLevel])).",
                why: "Nobody would miss the key, and whoever finds it can use it.",
                key: self, remedy: .retirement)
        case .rotate:
            let rotate =
                switch leastLevel {
                case .critical: "Rotate the key immediately, or deactivate and delete it if nothing needs it."
                case .high: "Rotate the key within \(counted(rules.due.high)), or delete it if nothing needs it."
                case .medium: "Plan the key's rotation within \(counted(rules.due.medium))."
                case .low, .compliant: "Rotate the key."
                }
            return Recommendation(
                issue: issue, action: rotate, why: "Whoever has ever seen the secret can still use it.",
                key: self,
                remedy: isUnused ? .retirement : .rotation)
        case .watch:
            let comesDue =
                leastLevel == .low
                ? "Watch the key; rotation comes due at \(counted(rules.limits.keyAge))."
                : "Keep monitoring."
            return Recommendation(
                issue: "\(ageDays) days old.", action: comesDue, why: "It is within the policy's limits.")
        }
    }

    /// Whether nobody has used it for so long that it is better retired than rotated.
    private var isUnused: Bool { outcomes.failed(.unusedKey) }

    private var issue: String {
        let age = "\(ageDays) days old"
        let rotation =
            outcomes.failed(.keyRotation)
            ? "\(age), beyond the rotation limit of \(counted(rules.limits.keyAge))" : age
        if isNeverUsed { return "Never used, \(rotation)." }
        if let idleDays, idleDays >= (rules.levels.medium.idle ?? .max) || isUnused {
            return "Not used for \(idleDays) days, \(rotation)."
        }
        return "\(rotation)."
    }

    // MARK: By when

    /// From when on something was to be done about it; nil where nothing is, or where that isn't known.
    private var since: Date? {
        guard let level, needsAction else { return nil }
        return level >= .medium && key.status == .active ? levelBegan : failureBegan
    }

    /// When the key came to its level.
    private var levelBegan: Date? {
        guard case .level(_, let reason) = classification, let limit = reason.limit else { return nil }
        if reason.rule == "idle-days", case .used(let at, _, _) = key.lastUse { return at.adding(days: limit) }
        return key.created.adding(days: limit)
    }

    /// When the first of its own tests began to fail.
    private var failureBegan: Date? {
        guard outcomes.hasFailures else { return nil }
        return verdicts.filter { $0.verdict.conclusion == .notSatisfied }.compactMap { failed -> Date? in
            let limit = failed.verdict.reason.limit ?? 0
            switch failed.test {
            case .inactiveKeyRemoved: return key.inactiveSinceAtEarliest.adding(days: limit)
            case .unusedKey:
                if case .used(let at, _, _) = key.lastUse { return at.adding(days: limit) }
                return key.created.adding(days: limit)
            default: return key.created.adding(days: limit)
            }
        }.min()
    }
}
