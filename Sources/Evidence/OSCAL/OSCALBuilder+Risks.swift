import CanonicalJSON
import FoundationEssentials

/// What failed a test stays a risk, under the same UUID, until it passes.
extension OSCALBuilder {
    func writeRisks(of subjects: Subjects, to json: inout JSONWriter) {
        for (failed, recommendation) in assessment.accountRecommendations {
            risk(ofAccount: failed, recommendation).write(to: &json)
        }
        for key in subjects.keys where assessment.keys[key.index].outcomes.hasFailures { risk(key).write(to: &json) }
        for user in subjects.users where assessment.users[user.index].outcomes.hasFailures {
            risk(user, subjects).write(to: &json)
        }
    }

    private func risk(_ named: NamedKey) -> OSCAL.Risk {
        let key = assessment.keys[named.index]
        return risk(
            uuid: named.risk, title: "\(key.levelName) access key \(key.key.label) of \(key.user.name)",
            naturalKey: key.naturalKey, key.recommendation, failed: key.verdicts.filter(\.isFailure),
            props: [OSCAL.Property.Kind.classification(key.levelName)], observations: [named.observation])
    }

    private func risk(_ named: NamedUser, _ subjects: Subjects) -> OSCAL.Risk {
        let user = assessment.users[named.index]
        let recommendations = user.recommendations
        var all =
            recommendations.first
            ?? Recommendation(issue: "A control test failed.", action: "See the finding.", why: "")
        all.issue = recommendations.map(\.issue).joined(separator: " ")
        all.action = recommendations.map(\.action).joined(separator: " ")
        all.due = recommendations.compactMap(\.due).min()
        let observations = subjects.keys[named.keys].map(\.observation)
        return risk(
            uuid: named.risk, title: "Access keys of IAM user \(user.user.name)", naturalKey: user.user.arn, all,
            failed: user.verdicts.filter(\.isFailure), props: [],
            observations: observations.isEmpty ? [names.population] : observations)
    }

    private func risk(ofAccount failed: TestVerdict, _ recommendation: Recommendation) -> OSCAL.Risk {
        let isRoot = failed.test == .rootKey
        return risk(
            uuid: names.risk(of: failed.test),
            title: isRoot ? "Access key of the root user" : "Identifiers that aren't unique",
            naturalKey: failed.test.rawValue, recommendation, failed: [failed], props: [],
            observations: [isRoot ? names.rootObservation : names.population])
    }

    private func risk(
        uuid: String, title: String, naturalKey: String, _ recommendation: Recommendation, failed: [TestVerdict],
        props: [OSCAL.Property], observations: [String]
    ) -> OSCAL.Risk {
        let exceptions = failed.compactMap(\.exception)
        // Open again on the day on which any exception that it needs expires.
        let isApproved = !failed.isEmpty && failed.allSatisfy { $0.exception?.state == .inForce }
        let exceptionProps = exceptions.flatMap { match in
            [
                OSCAL.Property(
                    "exception", match.exception.ticket, class: match.state.rawValue, remarks: match.exception.reason),
                OSCAL.Property("exception-kind", match.exception.kind.rawValue),
                OSCAL.Property("exception-owner", match.exception.owner),
                OSCAL.Property("exception-approver", match.exception.approver),
                OSCAL.Property("exception-expires", match.exception.expires.iso8601),
            ]
        }
        let deadline = isApproved ? exceptions.map(\.exception.expires).min() : recommendation.due
        return OSCAL.Risk(
            uuid: uuid, title: title, description: recommendation.issue,
            statement: recommendation.why.isEmpty ? recommendation.issue : recommendation.why,
            status: isApproved ? "deviation-approved" : "open",
            props: props + [OSCAL.Property.Kind.failedTests(failed.map(\.test.rawValue).joined(separator: " "))]
                + exceptionProps,
            origins: names.origins, deadline: deadline?.iso8601,
            remediations: [
                OSCAL.Remediation(
                    uuid: UUIDv5.of("remediation", account, naturalKey), title: "Recommended response",
                    description: recommendation.action)
            ],
            relatedObservations: observations.map { OSCAL.RelatedObservation(observationUUID: $0) }
        )
    }
}

extension TestVerdict {
    var isFailure: Bool { verdict.conclusion == .notSatisfied }
}
