/// What to do about a key.
package struct Recommendation: Sendable, Equatable {
    /// What is wrong, in one sentence.
    package var issue: String
    /// What to do, in one sentence, with the time to do it in.
    package var action: String
}

extension KeyAssessment {
    package func recommendation(_ policy: Policy) -> Recommendation {
        guard let level = classification.level else {
            return Recommendation(
                issue: "\(classification.reason.rule) \(classification.reason.observed).",
                action: "Grant what was denied or repeat the scan; until then nothing is known in the key's favour.")
        }
        if key.status != .active {
            return Recommendation(
                issue: "The key is \(key.status.name) and still exists, \(ageDays) days after it was made.",
                action: "Delete the key if nothing has asked for it since it was deactivated.")
        }
        let rotationFailed = failedTests.contains { $0.test == "key-rotation" }
        let age = "\(ageDays) days old"
        let rotationIssue = "\(age), beyond the rotation limit of \(policy.keyAgeThreshold) days"
        let issue: String
        if isNeverUsed {
            issue = "Never used, \(rotationFailed ? rotationIssue : age)."
        } else if let idleDays, idleDays >= (policy.medium.idle ?? .max) || idleDays >= policy.lastUsedThreshold {
            issue = "Not used for \(idleDays) days, \(rotationFailed ? rotationIssue : age)."
        } else {
            issue = rotationFailed ? "\(rotationIssue.prefix(1).uppercased())\(rotationIssue.dropFirst())." : "\(age)."
        }
        let action =
            switch level {
            case .critical where isNeverUsed: "Deactivate the key now, then delete it."
            case .critical: "Rotate the key immediately, or deactivate and delete it if nothing needs it."
            case .high where isNeverUsed: "Delete the key or put it to use within 7 days."
            case .high: "Rotate the key within 7 days, or delete it if nothing needs it."
            case .medium: "Plan the key's rotation within 30 days."
            case .low where rotationFailed: "Rotate the key."
            case .low: "Watch the key; rotation comes due at \(policy.keyAgeThreshold) days."
            case .compliant where rotationFailed: "Rotate the key."
            case .compliant: "Keep monitoring."
            }
        return Recommendation(issue: issue, action: action)
    }
}
