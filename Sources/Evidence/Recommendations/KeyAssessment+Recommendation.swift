import CanonicalJSON
import FoundationEssentials

extension KeyAssessment {
    package var recommendation: Recommendation { KeyDetails(self).recommendation }
}

/// What to do about a key. Documents take the parts, of which each makes its own text.
extension KeyDetails {
    enum Remedy {
        case find, delete
        /// For one that was never used.
        case retire
        /// For one that was used once: who has not used it for so long is better off without it than with a new one.
        case retireUnused
        case rotate, watch

        init(_ key: KeyAssessment) {
            self.init(
                level: key.level, leastLevel: key.leastLevel, isActive: key.isActive, isNeverUsed: key.isNeverUsed,
                key.outcomes)
        }

        /// - Parameters:
        ///   - level: nil where it isn't known.
        ///   - outcomes: of the tests about the key.
        init(level: RiskLevel?, leastLevel: RiskLevel, isActive: Bool, isNeverUsed: Bool, _ outcomes: TestOutcomes) {
            if level == nil {
                self = .find
            } else if !isActive {
                self = .delete
            } else if isNeverUsed, outcomes.failed(.unusedKey) || leastLevel >= .high {
                self = .retire
            } else if outcomes.failed(.unusedKey) {
                self = .retireUnused
            } else {
                self = outcomes.failed(.keyRotation) || leastLevel >= .medium ? .rotate : .watch
            }
        }

        /// What is done with the key; nil where nothing is, or nobody knows what.
        var keyRemedy: KeyRemedy? {
            switch self {
            case .find, .watch: nil
            case .delete: .deletion
            case .retire, .retireUnused: .retirement
            case .rotate: .rotation
            }
        }
    }

    var recommendation: Recommendation {
        guard let keyRemedy = remedy.keyRemedy else {
            return Recommendation(issue: issue.text, action: action.text, why: why, since: since, due: due)
        }
        return Recommendation(
            issue: issue.text, action: action.text, why: why, since: since, due: due, KeySteps(assessed), keyRemedy)
    }

    /// What is wrong, in one sentence.
    var issue: Issue { Issue(details: self) }

    /// What to do, in one sentence.
    var action: Action { Action(details: self) }

    /// Why it matters, in one sentence.
    var why: String {
        switch remedy {
        case .find where assessed.comesAfterAsOf: "What came later may hide what would have failed then."
        case .find where !assessed.dataFindings.isEmpty: "A date that can't be right may hide one that fails."
        case .find: "What could not be read may be what is wrong."
        case .delete: "Whoever may change keys can switch it on again."
        case .retire: "Nobody would miss the key, and whoever finds it can use it."
        case .retireUnused: "Nothing seems to need the key, and whoever finds it can use it."
        case .rotate: "Whoever has ever seen the secret can still use it."
        case .watch: "It is within the policy's limits."
        }
    }

    /// The AWS CLI commands for it.
    func forEachCommand(_ body: (AWSCommand) -> Void) {
        if let keyRemedy = remedy.keyRemedy { KeySteps(assessed).forEachCommand(keyRemedy, body) }
    }

    struct Issue: TextWritable {
        let details: KeyDetails

        func put(to text: inout some TextOutput & ~Copyable) {
            let assessed = details.assessed
            switch details.remedy {
            case .find:
                if let finding = assessed.dataFindings.first { return text.put(finding.observed) }
                let reason = details.assessed.classification.reason
                text.put(plain: reason.rule.name)
                text.literal(" ")
                reason.observed.put(to: &text)
            case .delete:
                text.literal("The key is ")
                text.put(details.key.status.name)
                text.literal(" and still exists, ")
                text.put(counted: assessed.ageDays)
                text.literal(" after it was made")
            case .retire, .retireUnused, .rotate:
                if assessed.isNeverUsed {
                    text.literal("Never used, ")
                } else if let idleDays = assessed.idleDays, details.remedy == .retireUnused || isLong(idleDays) {
                    text.literal("Not used for ")
                    text.put(counted: idleDays)
                    text.literal(", ")
                }
                text.put(counted: assessed.ageDays)
                text.literal(" old")
                if assessed.outcomes.failed(.keyRotation) {
                    text.literal(", beyond the rotation limit")
                    if let limit = assessed.agreed(\.limits.keyAge) {
                        text.literal(" of ")
                        text.put(counted: limit)
                    }
                }
            case .watch:
                text.put(counted: assessed.ageDays)
                text.literal(" old")
            }
            text.literal(".")
        }

        /// Whether a key that was used so long ago may be MEDIUM for it.
        private func isLong(_ idleDays: Int) -> Bool {
            guard let limit = details.assessed.agreed(\.levels.medium.idle) else { return false }
            return idleDays >= limit ?? .max
        }
    }

    struct Action: TextWritable {
        let details: KeyDetails

        func put(to text: inout some TextOutput & ~Copyable) {
            let (assessed, level) = (details.assessed, details.assessed.leastLevel)
            switch details.remedy {
            case .find where assessed.comesAfterAsOf:
                text.literal(
                    "Judge the account as of the time of the scan (without --as-of); nothing passes by these dates.")
            case .find where !assessed.dataFindings.isEmpty:
                text.literal("Find out which date is right, with AWS's support if need be; nothing passes by these.")
            case .find:
                text.literal(
                    "Grant what was denied or repeat the scan; until then nothing is known in the key's favour.")
            case .delete: text.literal("Delete the key if nothing has asked for it since it was deactivated.")
            case .retire where level == .critical: text.literal("Deactivate the key now, then delete it.")
            case .retire:
                text.literal("Delete the key or put it to use")
                putTerm(to: &text)
                text.literal(".")
            case .retireUnused:
                text.literal("Deactivate the key")
                if level == .critical { text.literal(" now") } else { putTerm(to: &text) }
                text.literal(", and delete it if nothing needs it.")
            case .rotate:
                switch level {
                case .critical:
                    text.literal("Rotate the key immediately, or deactivate and delete it if nothing needs it.")
                case .high:
                    text.literal("Rotate the key")
                    putTerm(to: &text)
                    text.literal(", or delete it if nothing needs it.")
                case .medium:
                    text.literal("Plan the key's rotation")
                    putTerm(to: &text)
                    text.literal(".")
                case .low, .compliant: text.literal("Rotate the key.")
                }
            case .watch where level == .low:
                guard let limit = assessed.agreed(\.limits.keyAge) else {
                    return text.literal("Watch the key until its rotation comes due.")
                }
                text.literal("Watch the key; rotation comes due at ")
                text.put(counted: limit)
                text.literal(".")
            case .watch: text.literal("Keep monitoring.")
            }
        }

        /// ` within 7 days`; nothing where nobody knows which rules hold, and they differ in it.
        private func putTerm(to text: inout some TextOutput & ~Copyable) {
            guard let days = details.dueDays else { return }
            text.literal(" within ")
            text.put(counted: days)
        }
    }

    // MARK: By when

    /// By when, by the policy; nil where nothing need be done, or where nobody knows in how many days.
    var due: Date? { dueDays.flatMap { since?.adding(days: $0) } }

    /// In how many days what is to be done is due; nil where nobody knows which rules hold, and they differ in it.
    private var dueDays: Int? {
        let level = assessed.leastLevel
        return assessed.agreed { $0.due[level] }
    }

    /// From when on something was to be done about it; nil where nothing is, or where that isn't known.
    private var since: Date? {
        guard let level = assessed.level, assessed.needsAction else { return nil }
        return level >= .medium && assessed.isActive ? assessed.levelBegan : failureBegan
    }

    /// When the first of its own tests began to fail.
    private var failureBegan: Date? {
        guard assessed.outcomes.hasFailures else { return nil }
        var began: Date?
        assessed.forEachVerdict { failed in
            guard failed.isFailure else { return }
            let start =
                switch failed.test {
                case .inactiveKeyRemoved: key.inactiveSinceAtEarliest
                case .unusedKey: key.lastUsed ?? key.created
                default: key.created
                }
            let limit = failed.verdict.reason.limit ?? assessed.judge.leastLimit(of: failed.test, by: assessed.choice)
            let since = start.adding(days: limit)
            began = began.map { min($0, since) } ?? since
        }
        return began
    }
}
