import CanonicalJSON
import FoundationEssentials

extension Assessment {
    /// What to do about what failed of the root user and of the account as a whole.
    package var accountRecommendations: [(failed: TestVerdict, recommendation: Recommendation)] {
        accountVerdicts.filter { $0.verdict.conclusion == .notSatisfied }.map { failed in
            var recommendation = failed.test == .rootKey ? rootKey : identifiers(failed.verdict)
            recommendation.exceptedUntil = [failed].exceptedUntil
            return (failed, recommendation)
        }
    }

    private var rootKey: Recommendation {
        // The credential report says since when. Where only the account summary was read, nobody knows.
        let since = snapshot.root.keys?.map(\.created).min()
        return Recommendation(
            issue: "The root user has access keys.", action: "Sign in as the root user and delete its access keys now.",
            why: "Nothing limits what a key of the root user may do.", since: since,
            due: since?.adding(days: policy.rules.due.critical),
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
