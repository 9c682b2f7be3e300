import CanonicalJSON
import FoundationEssentials

/// What failed a test stays a risk, under the same UUID, until it passes.
extension OSCALBuilder {
    func writeRisks(of subjects: Subjects, to json: inout JSONWriter) {
        func put(_ content: some OSCAL.AtRisk) { OSCAL.Risk(content: content).write(to: &json) }
        for (failed, recommendation) in assessment.accountRecommendations {
            put(risk(ofAccount: failed, recommendation))
        }
        for key in subjects.keys {
            guard let uuid = key.risk else { continue }
            put(KeyAtRisk(uuid: uuid, observation: key.observation, KeyDetails(assessment.keys[key.index]), names))
        }
        for user in subjects.users {
            if let risk = risk(user, subjects) { put(risk) }
        }
    }

    /// Nil where nothing of the user failed.
    private func risk(_ named: NamedUser, _ subjects: Subjects) -> SubjectAtRisk? {
        let user = assessment.users[named.index]
        let recommendations = user.recommendations
        guard var all = recommendations.first else { return nil }
        if recommendations.count > 1 {
            all.issue = recommendations.map(\.issue).joined(separator: " ")
            all.action = recommendations.map(\.action).joined(separator: " ")
            all.due = recommendations.compactMap(\.due).min()
        }
        return SubjectAtRisk(
            uuid: named.risk, remediation: names.remediation(user.user.arn),
            title: "Access keys of IAM user \(user.user.name)", recommendation: all,
            failures: Failures(user), observations: subjects.keys[named.keys].map(\.observation))
    }

    private func risk(ofAccount failed: TestVerdict, _ recommendation: Recommendation) -> SubjectAtRisk {
        let isRoot = failed.test == .rootKey
        return SubjectAtRisk(
            uuid: names.risk(of: failed.test), remediation: names.remediation(failed.test.rawValue),
            title: isRoot ? "Access key of the root user" : "Identifiers that aren't unique",
            recommendation: recommendation, failures: Failures([failed]),
            observations: [isRoot ? names.rootObservation : names.population])
    }
}

/// The failed tests behind a risk.
private struct Failures {
    private let tests: [ControlTestID]
    private let exceptions: [ExceptionMatch]
    /// Open again on the day on which any exception that it needs expires.
    let isApproved: Bool

    init(_ verdicts: [TestVerdict]) {
        let failed = verdicts.filter(\.isFailure)
        self.init(
            tests: failed.map(\.test), exceptions: failed.compactMap(\.exception),
            isApproved: !failed.isEmpty && failed.allSatisfy { $0.exception?.state == .inForce })
    }

    private init(tests: [ControlTestID], exceptions: [ExceptionMatch], isApproved: Bool) {
        self.tests = tests
        self.exceptions = exceptions
        self.isApproved = isApproved
    }

    init(_ details: KeyDetails) {
        self.init(details.assessed.outcomes, details.assessed.mayBeExcepted ? details.assessed.verdicts : nil)
    }

    init(_ user: UserAssessment) {
        self.init(user.outcomes, user.mayBeExcepted ? user.verdicts : nil)
    }

    /// - Parameter verdicts: what an exception may be among; nil where there are none.
    private init(_ outcomes: TestOutcomes, _ verdicts: [TestVerdict]?) {
        if let verdicts {
            self.init(verdicts)
        } else {
            self.init(tests: outcomes.failed, exceptions: [], isApproved: false)
        }
    }

    func deadline(orElse due: Date?) -> Date? {
        isApproved ? exceptions.map(\.exception.expires).min() : due
    }

    func writeProps(to json: inout JSONWriter) {
        OSCAL.Property.Kind.failedTests.write(to: &json) { json in
            for (index, test) in tests.enumerated() {
                if index > 0 { json.literal(" ") }
                json.put(plain: test.rawValue)
            }
        }
        for match in exceptions {
            let exception = match.exception
            OSCAL.Property(
                "exception", exception.ticket, class: match.state.rawValue, remarks: exception.reason
            ).write(to: &json)
            OSCAL.Property("exception-kind", exception.kind.rawValue).write(to: &json)
            OSCAL.Property("exception-owner", exception.owner).write(to: &json)
            OSCAL.Property("exception-approver", exception.approver).write(to: &json)
            OSCAL.Property("exception-expires", exception.expires.iso8601).write(to: &json)
        }
    }
}

/// A key that failed a test.
private struct KeyAtRisk: OSCAL.AtRisk {
    let uuid: UUIDv5
    let observation: UUIDv5
    let details: KeyDetails
    let failures: Failures
    let names: OSCALNames

    init(uuid: UUIDv5, observation: UUIDv5, _ details: KeyDetails, _ names: OSCALNames) {
        self.uuid = uuid
        self.observation = observation
        self.details = details
        failures = Failures(details)
        self.names = names
    }

    var remediation: UUIDv5 { names.remediation(details.naturalKey) }
    var isApproved: Bool { failures.isApproved }
    var deadline: Date? { failures.deadline(orElse: details.due) }

    func putTitle(to json: inout JSONWriter) {
        // That a key is COMPLIANT says its level; what failed is something else.
        if details.assessed.level == .compliant {
            json.literal("Access key ")
        } else {
            json.put(plain: details.assessed.levelName)
            json.literal(" access key ")
        }
        json.put(details.label)
        json.literal(" of ")
        json.put(details.userName)
    }

    func putDescription(to json: inout JSONWriter) { details.issue.put(to: &json) }
    func putStatement(to json: inout JSONWriter) { json.put(plain: details.why) }
    func putResponse(to json: inout JSONWriter) { details.action.put(to: &json) }

    func writeProps(to json: inout JSONWriter) {
        OSCAL.Property.Kind.classification.write(to: &json) { $0.put(plain: details.assessed.levelName) }
        failures.writeProps(to: &json)
    }

    func writeObservations(to json: inout JSONWriter) { OSCAL.RelatedObservation(observation).write(to: &json) }
}

/// A user, the root user or the account that failed a test.
private struct SubjectAtRisk: OSCAL.AtRisk {
    let uuid: UUIDv5
    let remediation: UUIDv5
    let title: String
    let recommendation: Recommendation
    let failures: Failures
    let observations: [UUIDv5]

    var isApproved: Bool { failures.isApproved }
    var deadline: Date? { failures.deadline(orElse: recommendation.due) }

    func putTitle(to json: inout JSONWriter) { json.put(title) }
    func putDescription(to json: inout JSONWriter) { json.put(recommendation.issue) }
    func putStatement(to json: inout JSONWriter) { json.put(recommendation.why) }
    func putResponse(to json: inout JSONWriter) { json.put(recommendation.action) }
    func writeProps(to json: inout JSONWriter) { failures.writeProps(to: &json) }

    func writeObservations(to json: inout JSONWriter) {
        for observation in observations { OSCAL.RelatedObservation(observation).write(to: &json) }
    }
}
