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
        case key(KeySteps, KeyRemedy)
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

    init(
        issue: String, action: String, why: String, since: Date?, due: Date?, _ steps: KeySteps, _ remedy: KeyRemedy
    ) {
        self.init(issue: issue, action: action, why: why, since: since, due: due)
        remediation = .key(steps, remedy)
    }

    /// How, one step after the other.
    package var steps: [RemediationStep] {
        switch remediation {
        case .steps(let steps): steps
        case .key(let steps, let remedy): steps.steps(remedy)
        }
    }

    /// The AWS CLI commands of the steps.
    package var commands: [AWSCommand] {
        var commands: [AWSCommand] = []
        forEachCommand { commands.append($0) }
        return commands
    }

    func forEachCommand(_ body: (AWSCommand) -> Void) {
        switch remediation {
        case .steps(let steps): for step in steps { step.command.map(body) }
        case .key(let steps, let remedy): steps.forEachCommand(remedy, body)
        }
    }

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
    package var command: AWSCommand?

    package init(_ text: String, _ command: AWSCommand? = nil) {
        self.text = text
        self.command = command
    }
}
