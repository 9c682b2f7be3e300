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
    /// The risk level that it has been at since then; nil where it is a control test that has failed since.
    package var level: RiskLevel?
    /// By when, by the policy: counted from the instants at which it came to this, so that it doesn't move from run to
    /// run. Nil where nothing need be done.
    package var due: Date?
    /// Until when exceptions in force answer for all that failed; nil where they don't. Until then nothing is overdue.
    package var exceptedUntil: Date?
    private var remediation: Remediation

    /// Most of those who ask what to do don't ask how.
    private enum Remediation {
        case steps([RemediationStep])
        case key(KeySteps, KeyRemedy)
    }

    init(
        issue: String, action: String, why: String, since: Date? = nil, level: RiskLevel? = nil, due: Date? = nil,
        steps: [RemediationStep] = []
    ) {
        self.issue = issue
        self.action = action
        self.why = why
        self.since = since
        self.level = level
        self.due = due
        remediation = .steps(steps)
    }

    init(
        issue: String, action: String, why: String, since: Date?, level: RiskLevel? = nil, due: Date?,
        _ remedy: (steps: KeySteps, remedy: KeyRemedy)?
    ) {
        self.init(issue: issue, action: action, why: why, since: since, level: level, due: due)
        if let remedy { remediation = .key(remedy.steps, remedy.remedy) }
    }

    /// How, one step after the other.
    package var steps: [RemediationStep] {
        switch remediation {
        case .steps(let steps): steps
        case .key(let steps, let remedy): steps.steps(remedy)
        }
    }

    /// The AWS CLI commands of the steps, in their order; without those that are for some case only.
    package var commands: [AWSCommand] {
        var commands: [AWSCommand] = []
        forEachCommand { commands.append($0) }
        return commands
    }

    func forEachCommand(_ body: (AWSCommand) -> Void) {
        switch remediation {
        case .steps(let steps): for step in steps where !step.isConditional { step.command.map(body) }
        case .key(let steps, let remedy): steps.forEachCommand(remedy, body)
        }
    }

    /// Whether it should have been done by an instant.
    func isOverdue(at asOf: Date) -> Bool { exceptedUntil == nil && due.map { $0 < asOf } ?? false }

    /// `HIGH since 2026-11-17, due 2026-11-24.`; nil where nothing is due.
    package func deadline(at asOf: Date) -> String? {
        if let exceptedUntil { return "Excepted until \(exceptedUntil.day)." }
        guard let due else { return nil }
        let isOverdue = isOverdue(at: asOf)
        guard let since, since < due else { return isOverdue ? "Overdue since \(due.day)." : "Due \(due.day)." }
        return "\(level?.name ?? "Failing") since \(since.day), \(isOverdue ? "overdue since" : "due") \(due.day)."
    }
}

/// A step on the way to put something right. Somebody with the right to do it runs the command; KeyWitness itself only
/// reads.
package struct RemediationStep: Sendable, Equatable {
    package var text: String
    /// For the AWS CLI, quoted for a shell; nil where there is none.
    package var command: AWSCommand?
    /// Whether the command is right only in a case that somebody has to judge, such as that something fails: who runs all
    /// commands in order must not run it.
    package var isConditional: Bool

    package init(_ text: String, _ command: AWSCommand? = nil, isConditional: Bool = false) {
        self.text = text
        self.command = command
        self.isConditional = isConditional
    }
}

extension [TestVerdict] {
    /// Until when exceptions in force answer for all that failed: until the first of them ends. Nil where they don't, or
    /// nothing failed.
    var exceptedUntil: Date? {
        let failed = filter(\.isFailure)
        guard failed.allSatisfy({ $0.exception?.state == .inForce }) else { return nil }
        return failed.compactMap(\.exception?.exception.expires).min()
    }
}
