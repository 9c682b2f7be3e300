import FoundationEssentials

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
            steps: KeySteps(key: goes, user: user.name, keys: user.keys.known).steps(.retirement))
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
