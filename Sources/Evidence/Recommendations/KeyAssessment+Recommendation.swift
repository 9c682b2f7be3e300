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
                isBeyondGrace: key.isBeyondGrace, key.outcomes)
        }

        /// - Parameters:
        ///   - level: nil where it isn't known.
        ///   - isBeyondGrace: of a key that isn't Active, whether it has stayed for longer than it may.
        ///   - outcomes: of the tests about the key.
        init(
            level: RiskLevel?, leastLevel: RiskLevel, isActive: Bool, isNeverUsed: Bool, isBeyondGrace: Bool,
            _ outcomes: TestOutcomes
        ) {
            if level == nil {
                self = .find
            } else if !isActive {
                // Within the time that it may stay it is within the policy's limits.
                self = isBeyondGrace ? .delete : .watch
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
        var recommendation = Recommendation(
            issue: issue.text, action: action.text, why: why, since: since, level: sinceLevel, due: due,
            remedy.keyRemedy.map { (KeySteps(assessed), $0) })
        recommendation.exceptedUntil = exceptedUntil
        return recommendation
    }

    /// Until when exceptions in force answer for all tests that the key failed; nil where they don't, or it failed none.
    var exceptedUntil: Date? { assessed.isExcused ? assessed.verdicts.exceptedUntil : nil }

    /// What is wrong, in one sentence.
    var issue: Issue { Issue(details: self) }

    /// What to do, in one sentence.
    var action: Action { Action(details: self) }

    /// Why it matters, in one sentence.
    var why: String {
        switch remedy {
        case .find where assessed.judge.asOfGap != nil: "What was so then may be what is wrong."
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
                if assessed.judge.asOfGap != nil {
                    return text.literal("What the key was at the as-of instant isn't known.")
                }
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
            case .find where assessed.judge.asOfGap != nil:
                text.literal("Scan as of now, without --as-of; nothing passes at another time.")
            case .find where !assessed.dataFindings.isEmpty && assessed.id == nil:
                text.literal(
                    "Scan without --without-key-ids: AWS's list of the keys has the date; nothing passes by this one.")
            case .find where !assessed.dataFindings.isEmpty:
                text.literal("Find out which date is right, with AWS's support if need be; nothing passes by these.")
            case .find:
                text.literal(
                    "Grant what was denied or repeat the scan; until then nothing is known in the key's favour.")
            case .delete: text.literal("Delete the key if nothing has asked for it since it was deactivated.")
            case .retire where level == .critical: text.literal("Deactivate the key now, then delete it.")
            case .retire:
                // Put to use, it would still be too old.
                text.literal(
                    assessed.outcomes.failed(.keyRotation) ? "Delete the key" : "Delete the key or put it to use")
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
            case .watch where level == .low && assessed.isActive && assessed.outcomes[.keyRotation].conclusion != nil:
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
            guard let days = details.days(at: details.assessed.leastLevel) else { return }
            text.literal(" within ")
            text.put(counted: days)
        }
    }

    // MARK: By when

    /// By when, by the policy; nil where nothing need be done, or where nobody knows in how many days.
    ///
    /// What was due while the key was at a milder level stays due when it gets worse: a key that is overdue doesn't get
    /// time again by becoming CRITICAL.
    var due: Date? {
        guard assessed.level != nil, assessed.needsAction else { return nil }
        return assessed.agreedDate { place in
            var first: Date?
            forEachStage(byRulesAt: place) { level, since in
                let due = since.adding(days: assessed.judge.ruleSets[place].rules.due[level])
                first = first.map { min($0, due) } ?? due
            }
            return first
        }
    }

    /// In how many days what is to be done at a level is due; nil where nobody knows which rules hold, and they differ
    /// in it.
    private func days(at level: RiskLevel) -> Int? {
        assessed.agreed { $0.due[level] }
    }

    /// From when on it has been so: of its level, or of the first failure where its level asks for nothing. Nil where
    /// nothing is to be done, or where that isn't known.
    private var since: Date? {
        guard let level = assessed.level, assessed.needsAction else { return nil }
        return assessed.agreedDate { place in
            hasUrgentLevel ? assessed.beginning(of: level, byRulesAt: place) : assessed.failureBegan(byRulesAt: place)
        }
    }

    private var sinceLevel: RiskLevel? { hasUrgentLevel ? assessed.level : nil }

    /// Whether its level alone asks for something to be done.
    private var hasUrgentLevel: Bool { assessed.leastLevel >= .medium && assessed.isActive }

    /// Each level that asked for something, and the first failure, with when it began.
    private func forEachStage(byRulesAt place: Int, _ body: (RiskLevel, Date) -> Void) {
        if hasUrgentLevel {
            for level in [.medium, .high, .critical] as [RiskLevel] where level <= assessed.leastLevel {
                if let began = assessed.beginning(of: level, byRulesAt: place) { body(level, began) }
            }
        }
        if let began = assessed.failureBegan(byRulesAt: place) {
            body(hasUrgentLevel ? .low : assessed.leastLevel, began)
        }
    }
}
