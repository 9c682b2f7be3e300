/// What is done with a key that can't stay as it is.
enum KeyRemedy {
    case deletion, retirement, rotation
}

/// The steps to take with one key, with the AWS CLI commands for them.
struct KeySteps {
    private let key: AccessKey
    /// All that are known of its user.
    private let keys: [AccessKey]
    private let words: AWSCommand.Words

    init(key: AccessKey, user name: String, keys: [AccessKey]) {
        self.key = key
        self.keys = keys
        words = AWSCommand.Words(user: name, key: key.id)
    }

    func steps(_ remedy: KeyRemedy) -> [RemediationStep] {
        switch remedy {
        case .deletion: deletion
        case .retirement: retirement
        case .rotation: rotation
        }
    }

    /// For a key that is switched off already.
    private var deletion: [RemediationStep] {
        [
            RemediationStep("See that nothing has used the key since", command(.showLastUse)),
            RemediationStep("Delete the key", command(.deleteKey)),
        ]
    }

    /// For a key that nobody seems to need. What is deleted can't be had back, what is deactivated can.
    private var retirement: [RemediationStep] {
        [
            RemediationStep("See that nothing has used the key since the scan", command(.showLastUse)),
            RemediationStep("Deactivate the key", command(.deactivate)),
            RemediationStep(
                "Wait until whoever might need it would have noticed; if somebody does", command(.activate)),
            RemediationStep("Delete the key", command(.deleteKey)),
        ]
    }

    /// For a key in use: never a moment without a working key.
    private var rotation: [RemediationStep] {
        [
            successor,
            RemediationStep("Give the new key to everything that uses the old one"),
            RemediationStep("See that nothing uses the old key any more", command(.showLastUse)),
            RemediationStep("Deactivate the old key", command(.deactivate)),
            RemediationStep("Wait, and watch for what fails; if something does", command(.activate)),
            RemediationStep("Delete the old key", command(.deleteKey)),
        ]
    }

    /// AWS lets a user have two keys.
    private var successor: RemediationStep {
        guard let other = keys.first(where: { $0.label != key.label }) else {
            return RemediationStep("Make a second key", command(.createKey))
        }
        if other.status == .active, other.created > key.created {
            return RemediationStep("Use the user's newer key, \(other.label); there can't be a third")
        }
        return RemediationStep(
            "Retire the user's other key, \(other.label), as there can't be a third; then make a new one",
            command(.createKey))
    }

    private func command(_ verb: AWSCommand.Verb) -> AWSCommand? { AWSCommand(verb, words) }
}
