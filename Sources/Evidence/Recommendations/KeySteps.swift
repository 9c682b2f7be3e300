/// What is done with a key that can't stay as it is.
enum KeyRemedy {
    case deletion, retirement, rotation
}

/// The steps to take with one key, with the AWS CLI commands for them.
struct KeySteps {
    let key: AccessKey
    let user: IAMUser

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
            RemediationStep("See that nothing has used the key since", command("get-access-key-last-used")),
            RemediationStep("Delete the key", command("delete-access-key")),
        ]
    }

    /// For a key that nobody seems to need. What is deleted can't be had back, what is deactivated can.
    private var retirement: [RemediationStep] {
        [
            RemediationStep("See that nothing has used the key since the scan", command("get-access-key-last-used")),
            RemediationStep("Deactivate the key", status("Inactive")),
            RemediationStep("Wait until whoever might need it would have noticed; if somebody does", status("Active")),
            RemediationStep("Delete the key", command("delete-access-key")),
        ]
    }

    /// For a key in use: never a moment without a working key.
    private var rotation: [RemediationStep] {
        [
            successor,
            RemediationStep("Give the new key to everything that uses the old one"),
            RemediationStep("See that nothing uses the old key any more", command("get-access-key-last-used")),
            RemediationStep("Deactivate the old key", status("Inactive")),
            RemediationStep("Wait, and watch for what fails; if something does", status("Active")),
            RemediationStep("Delete the old key", command("delete-access-key")),
        ]
    }

    /// AWS lets a user have two keys.
    private var successor: RemediationStep {
        guard let other = user.keys.known.first(where: { $0.label != key.label }) else {
            return RemediationStep("Make a second key", AWSCommand("create-access-key", user: user.name))
        }
        if other.status == .active, other.created > key.created {
            return RemediationStep("Use the user's newer key, \(other.label); there can't be a third")
        }
        return RemediationStep(
            "Retire the user's other key, \(other.label), as there can't be a third; then make a new one",
            AWSCommand("create-access-key", user: user.name))
    }

    private func command(_ name: String) -> AWSCommand? {
        // Asking about a key takes no user name.
        guard let id = key.id else { return nil }
        return AWSCommand(name, user: name == "get-access-key-last-used" ? nil : user.name, key: id)
    }

    private func status(_ status: String) -> AWSCommand? {
        key.id.flatMap { AWSCommand("update-access-key", user: user.name, key: $0, status: status) }
    }
}
