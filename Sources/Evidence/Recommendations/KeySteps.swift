/// What is done with a key that can't stay as it is.
enum KeyRemedy {
    case deletion, retirement, rotation
}

/// The steps to take with one key, with the AWS CLI commands for them.
struct KeySteps {
    private let key: AccessKey
    private let user: IAMUser
    private let words: AWSCommand.Words

    init(_ key: AccessKey, of user: IAMUser) {
        self.init(key, of: user, AWSCommand.Words(user: user.name, key: key.id))
    }

    init(_ assessed: KeyAssessment) {
        self.init(assessed.key, of: assessed.user, AWSCommand.Words(user: assessed.userName, key: assessed.id))
    }

    private init(_ key: AccessKey, of user: IAMUser, _ words: AWSCommand.Words) {
        self.key = key
        self.user = user
        self.words = words
    }

    func steps(_ remedy: KeyRemedy) -> [RemediationStep] {
        var steps: [RemediationStep] = []
        forEachStep(remedy) { steps.append($0) }
        return steps
    }

    func forEachCommand(_ remedy: KeyRemedy, _ body: (AWSCommand) -> Void) {
        forEachStep(remedy) { step in
            if let command = step.command { body(command) }
        }
    }

    private func forEachStep(_ remedy: KeyRemedy, _ body: (RemediationStep) -> Void) {
        func step(_ text: String, _ verb: AWSCommand.Verb? = nil) {
            body(RemediationStep(text, verb.flatMap { AWSCommand($0, words) }))
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
            let successor = successor
            step(successor.text, successor.verb)
            step("Give the new key to everything that uses the old one")
            step("See that nothing uses the old key any more", .showLastUse)
            step("Deactivate the old key", .deactivate)
            step("Wait, and watch for what fails; if something does", .activate)
            step("Delete the old key", .deleteKey)
        }
    }

    /// AWS lets a user have two keys.
    private var successor: (text: String, verb: AWSCommand.Verb?) {
        guard let other = user.keys.known.first(where: { $0.label != key.label }) else {
            return ("Make a second key", .createKey)
        }
        if other.status == .active, other.created > key.created {
            return ("Use the user's newer key, \(other.label); there can't be a third", nil)
        }
        return (
            "Retire the user's other key, \(other.label), as there can't be a third; then make a new one", .createKey
        )
    }
}
