import CanonicalJSON

extension OSCALBuilder {
    /// What the population says about each objective that a test speaks to.
    func writeControlFindings(over subjects: Subjects, to json: inout JSONWriter) {
        let results = assessment.shown.objectives.compactMap { ControlResult($0, assessment) }
        for result in results {
            finding(of: result, parts: results.filter(result.has(part:)), over: subjects).write(to: &json)
        }
    }

    /// It leads to the risks of all that failed, and each of those to its observation: a large account has very many.
    private func finding(
        of result: ControlResult, parts: [ControlResult], over subjects: Subjects
    ) -> OSCAL.Finding {
        let (mapping, tests) = (result.mapping, result.tests)
        let notRun = result.notRun.map(\.test)
        let conclusion = result.conclusion(with: parts)
        // A part that fails is why the whole does.
        let failing = Set(tests + parts.flatMap(\.tests))
        return OSCAL.Finding(
            uuid: UUIDv5("finding", account, run, mapping.framework, mapping.target),
            title: "\(mapping.label): \((tests + notRun).map(\.rawValue).joined(separator: ", "))",
            description: result.description(with: parts),
            props: [
                OSCAL.Property("scope", "control"),
                OSCAL.Property("framework", mapping.framework),
                OSCAL.Property("control-id", mapping.control),
                OSCAL.Property("mapping-relationship", mapping.relationship.rawValue),
            ] + tests.map { OSCAL.Property("control-test", $0.rawValue) }
                + notRun.map { OSCAL.Property("control-test-not-run", $0.rawValue) } + [
                    OSCAL.Property("subjects-tested", String(result.sum(\.tested))),
                    OSCAL.Property("failed", String(result.sum(\.failed))),
                    OSCAL.Property("excepted", String(result.sum(\.excepted))),
                    OSCAL.Property("undetermined", String(result.sum(\.undetermined))),
                ]
                + (result.beyondLimits.isEmpty
                    ? [] : [OSCAL.Property("beyond-framework-limit", String(result.subjectsBeyondLimits))]),
            origins: names.origins, target: target(mapping, conclusion), observations: observations(of: tests + notRun),
            risks: subjects.risks(ofFailures: ControlTestID.allCases.filter(failing.contains)))
    }

    /// What was observed of all subjects of some tests: of the population, and of the root user, who isn't in it.
    private func observations(of tests: [ControlTestID]) -> [UUIDv5] {
        let isOfRoot = tests.contains { $0.scope == .rootUser }
        return (tests.contains { $0.scope != .rootUser } ? [names.population] : [])
            + (isOfRoot ? [names.rootObservation] : [])
    }

    /// What each subject does that tests apply to: keys, users and the account in this order, each with all its tests, so
    /// that every key is looked at once. The target is the objective that a test decides; `maps-to` leads to all
    /// controls that it speaks to.
    func writeFindings(over subjects: Subjects, to json: inout JSONWriter) {
        let forms = ControlTestID.allCases.map { test in
            assessment.tests.contains { $0.id == test } ? form(of: test) : nil
        }
        func put(_ found: TestVerdict, about subject: some FindingSubject) {
            forms[found.test.place]?.write(found, about: subject, to: &json)
        }
        for key in subjects.keys {
            let details = KeyDetails(assessment.keys[key.index])
            let subject = KeySubject(named: key, details: details, naturalKey: details.naturalKey)
            details.assessed.forEachVerdict { put($0, about: subject) }
        }
        for user in subjects.users {
            let assessed = assessment.users[user.index]
            let subject = OtherSubject(
                label: assessed.user.name, naturalKey: assessed.user.arn, user: assessed.user.name,
                observations: subjects.keys[user.keys].map(\.observation), risk: user.risk)
            assessed.forEachVerdict { put($0, about: subject) }
        }
        for verdict in assessment.accountVerdicts {
            let isRoot = verdict.test.scope == .rootUser
            put(
                verdict,
                about: OtherSubject(
                    label: isRoot ? "Root user" : "Account \(account)", naturalKey: verdict.test.scope.rawValue,
                    user: nil, observations: [isRoot ? names.rootObservation : names.population],
                    risk: names.risk(of: verdict.test)))
        }
    }

    /// What all findings of a test have in common; nil where the frameworks that are shown have nothing for it.
    private func form(of test: ControlTestID) -> FindingForm? {
        guard let mapping = assessment.shown.objective(of: test) else { return nil }
        return FindingForm(
            test, uuids: names.findings(of: test),
            props: [
                OSCAL.Property("scope", test.scope.rawValue), OSCAL.Property("control-test", test.rawValue),
            ] + mapsTo(assessment.shown.mappings(of: test)),
            limit: mapping.limitDays, target: { target(mapping, $0) })
    }

    /// Every control that the test behind a finding speaks to, so that each finding leads to IA-4 and CC6.1 as well as to
    /// its own target. Relationship and rationale stand once, in the finding of the control.
    private func mapsTo(_ mappings: [Crosswalk.Mapping]) -> [OSCAL.Property] {
        var seen: Set<String> = []
        return mappings.filter { seen.insert("\($0.framework) \($0.control)").inserted }.map {
            OSCAL.Property("maps-to", $0.control, class: $0.framework)
        }
    }

    private func target(_ mapping: Crosswalk.Mapping, _ conclusion: Conclusion) -> OSCAL.Target {
        let partial =
            mapping.relationship == .supporting
            ? "Supporting evidence: access keys are one input to this control, not a full test of it." : nil
        let status =
            switch conclusion {
            case .satisfied: OSCAL.ObjectiveStatus(state: "satisfied", reason: "pass", remarks: partial)
            case .notSatisfied: OSCAL.ObjectiveStatus(state: "not-satisfied", reason: "fail", remarks: partial)
            case .undetermined:
                OSCAL.ObjectiveStatus(
                    state: "not-satisfied", reason: "other",
                    remarks:
                        "Undetermined: it can be neither confirmed nor ruled out. The description says why, or the "
                        + "findings of its tests do.\(partial.map { " \($0)" } ?? "")")
            }
        return OSCAL.Target(type: mapping.targetType.rawValue, targetID: mapping.target, status: status)
    }
}

/// What all findings of a test have in common.
private final class FindingForm {
    private enum Gap: Int {
        case reason, exception, properties, observations, risks, label, uuid
    }

    private let uuids: UUIDv5.Namespace
    private let satisfied: JSONForm
    /// Satisfied, and beyond the limit that the target's framework sets itself; nil where it sets none.
    private let beyondLimit: (days: Int, form: JSONForm)?
    private let notSatisfied: JSONForm
    private let undetermined: JSONForm

    init(
        _ test: ControlTestID, uuids: UUIDv5.Namespace, props: [OSCAL.Property], limit: Int?,
        target: (Conclusion) -> OSCAL.Target
    ) {
        func form(_ conclusion: Conclusion, beyond limit: Int? = nil) -> JSONForm {
            JSONForm { json in
                json.object { json in
                    json.member("description") { json in
                        json.put("\(test.rawValue) \(conclusion.rawValue): ")
                        json.gap(Gap.reason)
                        json.literal(".")
                        if let limit {
                            json.put(" Not satisfied by the framework's own limit of \(counted(limit)).")
                        }
                        json.gap(Gap.exception)
                    }
                    json.name("props")
                    json.array { json in
                        for prop in props { prop.write(to: &json) }
                        if let limit {
                            OSCAL.Property("beyond-framework-limit", String(limit)).write(to: &json)
                        }
                        json.elementsGap(Gap.properties)
                    }
                    json.member("related-observations", valueGap: Gap.observations)
                    if conclusion == .notSatisfied { json.member("related-risks", valueGap: Gap.risks) }
                    json.member("target", target(limit == nil ? conclusion : .notSatisfied))
                    json.member("title") { json in
                        json.gap(Gap.label)
                        json.put(": \(test.rawValue)")
                    }
                    json.member("uuid", gap: Gap.uuid)
                }
            }
        }
        self.uuids = uuids
        satisfied = form(.satisfied)
        beyondLimit = limit.map { ($0, form(.satisfied, beyond: $0)) }
        notSatisfied = form(.notSatisfied)
        undetermined = form(.undetermined)
    }

    func write(_ found: TestVerdict, about subject: some FindingSubject, to json: inout JSONWriter) {
        let form =
            switch found.verdict.conclusion {
            case .satisfied:
                if let beyondLimit, found.verdict.exceeds(beyondLimit.days) { beyondLimit.form } else { satisfied }
            case .notSatisfied: notSatisfied
            case .undetermined: undetermined
            }
        json.fill(form) { gap, json in
            switch Gap(rawValue: gap) {
            case .reason: found.verdict.reason.put(to: &json)
            case .exception:
                guard let exception = found.exception else { break }
                json.literal(" ")
                json.put(exception.sentence)
            case .properties:
                subject.writeIdentity(to: &json)
                guard let match = found.exception else { break }
                OSCAL.Property("exception", match.exception.ticket, class: match.state.rawValue).write(to: &json)
                OSCAL.Property("exception-expires", match.exception.expires.iso8601).write(to: &json)
            case .observations: json.array { subject.writeObservations(to: &$0) }
            case .risks: json.array { subject.writeRisk(to: &$0) }
            case .label: subject.putLabel(to: &json)
            case .uuid: uuids(subject.naturalKey).put(to: &json)
            case nil: break
            }
        }
    }
}

/// What a test looked at.
private protocol FindingSubject {
    var naturalKey: String { get }
    func putLabel(to json: inout JSONWriter)
    func writeIdentity(to json: inout JSONWriter)
    func writeObservations(to json: inout JSONWriter)
    /// Where it failed something.
    func writeRisk(to json: inout JSONWriter)
}

private struct KeySubject: FindingSubject {
    let named: NamedKey
    let details: KeyDetails
    let naturalKey: String

    func putLabel(to json: inout JSONWriter) {
        json.put(details.label)
        json.literal(" of ")
        json.put(details.userName)
    }

    func writeIdentity(to json: inout JSONWriter) { details.assessed.writeIdentity(to: &json) }
    func writeObservations(to json: inout JSONWriter) { OSCAL.RelatedObservation(named.observation).write(to: &json) }

    func writeRisk(to json: inout JSONWriter) {
        if let risk = named.risk { OSCAL.RelatedRisk(risk).write(to: &json) }
    }
}

/// A user, the root user or the account.
private struct OtherSubject: FindingSubject {
    let label: String
    let naturalKey: String
    let user: String?
    let observations: [UUIDv5]
    let risk: UUIDv5

    func putLabel(to json: inout JSONWriter) { json.put(label) }
    func writeIdentity(to json: inout JSONWriter) {
        if let user { OSCAL.Property.Kind.iamUser.write(user, to: &json) }
    }

    func writeObservations(to json: inout JSONWriter) {
        for observation in observations { OSCAL.RelatedObservation(observation).write(to: &json) }
    }

    func writeRisk(to json: inout JSONWriter) { OSCAL.RelatedRisk(risk).write(to: &json) }
}
