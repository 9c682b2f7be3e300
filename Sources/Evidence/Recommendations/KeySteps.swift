/// What is done with a key that can't stay as it is.
enum KeyRemedy {
    case deletion, retirement, rotation
}

/// The steps to take with one key, with the AWS CLI commands for them.
struct KeySteps {
    private let key: AccessKey
    private let user: IAMUser
    private let choice: RuleChoice
    private let judge: Judge
    private let words: AWSCommand.Words

    init(_ key: AccessKey, of user: IAMUser, by choice: RuleChoice, _ judge: Judge) {
        self.key = key
        self.user = user
        self.choice = choice
        self.judge = judge
        words = AWSCommand.Words(user: user.name, key: key.id)
    }

    init(_ assessed: KeyAssessment) {
        self.init(assessed.key, of: assessed.user, by: assessed.choice, assessed.judge)
    }

    func steps(_ remedy: KeyRemedy) -> [RemediationStep] {
        var steps: [RemediationStep] = []
        forEachStep(remedy) { steps.append($0) }
        return steps
    }

    func forEachCommand(_ remedy: KeyRemedy, _ body: (AWSCommand) -> Void) {
        forEachStep(remedy) { step in
            if let command = step.command, !step.isConditional { body(command) }
        }
    }

    private func forEachStep(_ remedy: KeyRemedy, _ body: (RemediationStep) -> Void) {
        // The command that takes the step before back is for the case that something fails.
        var isConditional = false
        func step(_ text: String, _ verb: AWSCommand.Verb? = nil) {
            let command = verb.flatMap { AWSCommand($0, words) }
            body(RemediationStep(text, command, isConditional: isConditional || verb == .activate))
        }
        switch remedy {
        case .deletion:
            // For a key that is switched off already.
            step("See that nothing has used the key since", .showLastUse)
            step("Delete the key", .deleteKey)
        case .retirement:
            // For a key that nobody seems to need. What is deleted can't be had back, what is deactivated can.
            step("See that nothing has used the key since the scan", .showLastUse)
            step("Deactivate the key", .deactivate)
            step("Wait until whoever might need it would have noticed; if somebody does", .activate)
            step("Delete the key", .deleteKey)
        case .rotation:
            // For a key in use: never a moment without a working key.
            switch successor {
            case .there(let text): step(text)
            case .new: step("Make a second key", .createKey)
            case .afterOther(let text):
                // Until there is room for it no new key can be made, and whoever ran the others in order would take away the
                // one in use.
                isConditional = true
                step("\(text), as there can't be a third; then make a new one", .createKey)
            }
            step("Give the new key to everything that uses the old one")
            step("See that nothing uses the old key any more", .showLastUse)
            step("Deactivate the old key", .deactivate)
            step("Wait, and watch for what fails; if something does", .activate)
            step("Delete the old key", .deleteKey)
        }
    }

    /// What takes a key's place.
    private enum Successor {
        /// The user's other key; in words.
        case there(String)
        case new
        /// A new one, when the other key is gone; in words what comes before it.
        case afterOther(String)
    }

    /// AWS lets a user have two keys. One that is itself to be deleted or rotated is nobody's successor.
    private var successor: Successor {
        let others = user.keys.known.filter { $0.label != key.label }.map {
            KeyCourse($0, of: user, by: choice, judge)
        }
        if let other = others.first(where: \.isSuccessor)?.key {
            let name = "\(other.created > key.created ? "newer" : "other") key, \(other.label)"
            return .there("Use the user's \(name); there can't be a third")
        }
        guard let other = others.first(where: { !$0.isIdle }) ?? others.first else { return .new }
        let label = other.key.label
        guard other.key.status == .active else { return .afterOther("Retire the user's other key, \(label)") }
        guard other.isIdle else {
            let labels = [key.label, label].sorted().joined(separator: " or ")
            return .afterOther("Move everything to one of the user's two keys, \(labels), and retire the other")
        }
        return .afterOther("Delete the user's other key, \(label), which nobody uses")
    }
}
