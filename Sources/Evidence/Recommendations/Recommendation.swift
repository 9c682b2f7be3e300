package import FoundationEssentials

/// What to do about something, by when, and why.
package struct Recommendation: Sendable {
    /// What is wrong, in one sentence.
    package var issue: String
    /// What to do, in one sentence.
    package var action: String
    /// Why it matters, in one sentence.
    package var why: String
    /// From when on it has been so; nil where nothing need be done.
    package var since: Date?
    /// By when, by the policy: counted from the instant at which it came to this, so that it doesn't move from run to
    /// run. Nil where nothing need be done.
    package var due: Date?
    private var remediation: Remediation

    /// Most of those who ask what to do don't ask how.
    private enum Remediation {
        case steps([RemediationStep])
        case key(KeyAssessment, KeyRemedy)
    }

    init(
        issue: String, action: String, why: String, since: Date? = nil, due: Date? = nil, steps: [RemediationStep] = []
    ) {
        self.issue = issue
        self.action = action
        self.why = why
        self.since = since
        self.due = due
        remediation = .steps(steps)
    }

    init(issue: String, action: String, why: String, key: KeyAssessment, remedy: KeyRemedy) {
        self.init(issue: issue, action: action, why: why)
        remediation = .key(key, remedy)
    }

    /// How, one step after the other.
    package var steps: [RemediationStep] {
        switch remediation {
        case .steps(let steps): steps
        case .key(let key, let remedy): KeySteps(key: key.key, user: key.user).steps(remedy)
        }
    }

    /// The AWS CLI commands of the steps.
    package var commands: [String] { steps.compactMap(\.command) }

    /// `So since 2026-11-17, due 2026-11-24.`; nil where nothing is due.
    func deadline(at asOf: Date) -> String? {
        guard let due else { return nil }
        let isOverdue = due < asOf
        guard let since, since < due else { return isOverdue ? "Overdue since \(due.day)." : "Due \(due.day)." }
        return "So since \(since.day), \(isOverdue ? "overdue since" : "due") \(due.day)."
    }
}

/// A step on the way to put something right. Somebody with the right to do it runs the command; KeyWitness itself only
/// reads.
package struct RemediationStep: Sendable, Equatable {
    package var text: String
    /// For the AWS CLI, quoted for a shell; nil where there is none.
    package var command: String?

    package init(_ text: String, _ command: AWSCommand? = nil) {
        self.text = text
        self.command = command?.text
    }
}

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

extension UserAssessment {
    /// What to do about the tests that the user failed, one for each.
    package var recommendations: [Recommendation] {
        guard outcomes.hasFailures else { return [] }
        return verdicts.filter { $0.verdict.conclusion == .notSatisfied }.compactMap { failed in
            switch failed.test {
            case .singleActiveKey: secondKey(failed.verdict)
            case .identifierAssigned: owner
            default: nil
            }
        }
    }

    private func secondKey(_ verdict: Verdict) -> Recommendation? {
        let active = user.keys.known.filter { $0.status == .active }.sorted { $0.created < $1.created }
        guard let oldest = active.first, active.count > 1 else { return nil }
        // One that has to be rotated anyhow goes; else the one that lies idle; of two in use the older.
        let isOld = oldest.ageDays(at: asOf) >= rules.limits.keyAge
        let goes = isOld ? oldest : active.first { $0.lastUse == .never } ?? oldest
        let days = if case .days(let days) = verdict.reason.observed { days } else { 0 }
        let since = active[1].created.adding(days: verdict.reason.limit ?? 0)
        return Recommendation(
            issue: "\(active.count) Active keys side by side for up to \(counted(days)).",
            action: "Move everything to one key; deactivate and delete \(goes.label).",
            why: "The old key was not retired when the new one was issued.",
            since: since, due: since.adding(days: rules.due.low),
            steps: KeySteps(key: goes, user: user).steps(.retirement))
    }

    private var owner: Recommendation {
        Recommendation(
            issue: "The user has access keys and no owner tag.",
            action: "Find out who answers for the user, and tag it.",
            why: "A key that is nobody's is nobody's to rotate.",
            steps: [
                RemediationStep(
                    "Tag the user with its owner", AWSCommand.tagUser(user.name, key: ownerTags.first ?? "owner"))
            ])
    }
}

extension Assessment {
    /// What to do about what failed of the root user and of the account as a whole.
    package var accountRecommendations: [(failed: TestVerdict, recommendation: Recommendation)] {
        accountVerdicts.filter { $0.verdict.conclusion == .notSatisfied }.map { failed in
            (failed, failed.test == .rootKey ? rootKey : identifiers(failed.verdict))
        }
    }

    private var rootKey: Recommendation {
        Recommendation(
            issue: "The root user has access keys.", action: "Sign in as the root user and delete its access keys now.",
            why: "Nothing limits what a key of the root user may do.", due: asOf,
            steps: [
                RemediationStep("Find out in CloudTrail what uses the key, and give that a role of its own"),
                RemediationStep("Sign in to the console as the root user, and open Security credentials"),
                RemediationStep("Deactivate the access key, watch for what fails, then delete it"),
            ])
    }

    private func identifiers(_ verdict: Verdict) -> Recommendation {
        Recommendation(
            issue: "\(verdict.reason.observed.text).",
            action: "Find out how it came about, and who used the identifier when.",
            why: "What an identifier did can't be told from what its namesake did.")
    }
}

extension Date {
    fileprivate func adding(days: Int) -> Date { addingTimeInterval(Double(days) * 86_400) }
}

/// `1 day`, `7 days`
func counted(_ days: Int) -> String { days == 1 ? "1 day" : "\(days) days" }
