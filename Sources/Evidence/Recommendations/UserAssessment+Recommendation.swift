import FoundationEssentials

extension UserAssessment {
    /// What to do about the tests that the user failed, one for each.
    package var recommendations: [Recommendation] { recommendations { $0.isFailure } }

    /// Of these the ones about what no exception in force answers for.
    var openRecommendations: [Recommendation] { recommendations { $0.isOpenFailure } }

    private func recommendations(_ isIncluded: (TestVerdict) -> Bool) -> [Recommendation] {
        guard outcomes.hasFailures else { return [] }
        var recommendations: [Recommendation] = []
        forEachVerdict { failed in
            guard isIncluded(failed) else { return }
            let recommendation: Recommendation? =
                switch failed.test {
                case .singleActiveKey: secondKey(failed.verdict)
                case .identifierAssigned: owner
                default: nil
                }
            guard var recommendation else { return }
            recommendation.exceptedUntil = [failed].exceptedUntil
            recommendations.append(recommendation)
        }
        return recommendations
    }

    private func secondKey(_ verdict: Verdict) -> Recommendation? {
        let active = user.activeKeys
        guard let second = active.second, let goes = keyToGo else { return nil }
        let days = if case .days(let days) = verdict.reason.observed { days } else { 0 }
        // None where the rules that may hold differ in it.
        let since = verdict.reason.limit.map { second.created.adding(days: $0) }
        return Recommendation(
            issue: "\(active.count) Active keys side by side for up to \(counted(days)).",
            action: "Move everything to one key; deactivate and delete \(goes.key.label).",
            why: "The old key was not retired when the new one was issued.",
            since: since,
            due: since.flatMap { since in judge.agreed(by: choice, \.due.low).map { since.adding(days: $0) } },
            (KeySteps(goes.key, of: user, by: choice, judge), goes.remedyToGo))
    }

    /// Of several Active keys the one that goes.
    private var keyToGo: KeyCourse? {
        let active = user.keys.known.filter { $0.status == .active }
        let oldestFirst = active.sorted { ($0.created, $0.label) < ($1.created, $1.label) }
        return KeyCourse.first(toGoOf: oldestFirst.map { KeyCourse($0, of: user, by: choice, judge) })
    }

    private var owner: Recommendation {
        Recommendation(
            issue: "The user has access keys and no owner tag.",
            action: "Find out who answers for the user, and tag it.",
            why: "A key that is nobody's is nobody's to rotate.",
            steps: [
                // Who that is, nobody knows but whoever runs it: a placeholder that is run would pass the test.
                RemediationStep(
                    "Tag the user with its owner", AWSCommand.tagUser(user.name, key: ownerTags.first ?? "owner"),
                    isConditional: true)
            ])
    }
}
