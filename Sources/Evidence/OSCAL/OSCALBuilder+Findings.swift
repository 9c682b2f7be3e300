import CanonicalJSON

extension OSCALBuilder {
    /// What the population says about one objective.
    func controlFinding(_ objective: Crosswalk.Objective, over subjects: Subjects) -> (some JSONWritable)? {
        let tests = assessment.tests.map(\.id).filter(objective.tests.contains)
        guard !tests.isEmpty else { return OSCAL.Finding<ControlFound>?.none }
        let mapping = objective.mapping
        let failing = subjects.failing(tests)
        let tallies = tests.map { (test: $0, tally: assessment.tally(of: $0)) }
        let results = tallies.map { test, tally in
            let noun = test.scope.noun
            return
                "\(test.rawValue): \(tally.satisfied) of \(tally.tested) \(noun)\(tally.tested == 1 ? "" : "s") satisfied it"
        }
        func sum(_ part: KeyPath<TestTally, Int>) -> String {
            String(tallies.reduce(0) { $0 + $1.tally[keyPath: part] })
        }
        let rationales = tests.flatMap(assessment.shown.mappings(of:)).filter {
            $0.target == mapping.target && $0.framework == mapping.framework
        }
        return OSCAL.Finding(
            content: ControlFound(
                uuid: UUIDv5("finding", account, run, mapping.framework, mapping.target),
                title: "\(mapping.label): \(tests.map(\.rawValue).joined(separator: ", "))",
                description: "\(results.joined(separator: "; ")). "
                    + rationales.map(\.rationale).joined(separator: " "),
                props: [
                    OSCAL.Property("scope", "control"),
                    OSCAL.Property("framework", mapping.framework),
                    OSCAL.Property("control-id", mapping.control),
                    OSCAL.Property("mapping-relationship", mapping.relationship.rawValue),
                ] + tests.map { OSCAL.Property("control-test", $0.rawValue) } + [
                    OSCAL.Property("population", sum(\.tested)),
                    OSCAL.Property("failed", sum(\.failed)),
                    OSCAL.Property("excepted", sum(\.excepted)),
                    OSCAL.Property("undetermined", sum(\.undetermined)),
                ],
                origins: names.origins,
                target: JSONFragment(target(mapping, .all(tests.map(assessment.conclusion(of:))))),
                observations: [names.population] + failing.observations, risks: failing.risks))
    }

    /// What each subject does that tests apply to: keys, users and the account in this order, each with all its tests, so
    /// that every key is looked at once. The target is the objective that a test decides; `maps-to` leads to all others
    /// that it speaks to.
    func writeFindings(over subjects: Subjects, to json: inout JSONWriter) {
        let forms = Dictionary(
            uniqueKeysWithValues: assessment.tests.compactMap { test in form(of: test.id).map { (test.id, $0) } })
        func put(_ found: TestVerdict, about subject: some FindingSubject) {
            guard let form = forms[found.test] else { return }
            OSCAL.Finding(content: TestFound(form: form, found: found, subject: subject)).write(to: &json)
        }
        for key in subjects.keys {
            let details = KeyDetails(assessment.keys[key.index])
            let subject = KeySubject(named: key, details: details, naturalKey: details.naturalKey)
            for verdict in details.verdicts { put(verdict, about: subject) }
        }
        for user in subjects.users {
            let assessed = assessment.users[user.index]
            let subject = OtherSubject(
                label: assessed.user.name, naturalKey: assessed.user.arn, user: assessed.user.name,
                observations: subjects.keys[user.keys].map(\.observation), risk: user.risk)
            for verdict in assessed.verdicts { put(verdict, about: subject) }
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
            uuids: names.findings(of: test),
            props: JSONFragment(
                elements: [
                    OSCAL.Property("scope", test.scope.rawValue), OSCAL.Property("control-test", test.rawValue),
                ] + mapsTo(assessment.shown.mappings(of: test))),
            satisfied: JSONFragment(target(mapping, .satisfied)),
            notSatisfied: JSONFragment(target(mapping, .notSatisfied)),
            undetermined: JSONFragment(target(mapping, .undetermined)))
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
                    remarks: "Undetermined: something that this depends on could not be read; see the completeness "
                        + "section of report.json.\(partial.map { " \($0)" } ?? "")")
            }
        return OSCAL.Target(type: mapping.targetType.rawValue, targetID: mapping.target, status: status)
    }
}

/// What the population says about one objective.
private struct ControlFound: OSCAL.Found {
    let uuid: UUIDv5
    let title: String
    let description: String
    let props: [OSCAL.Property]
    let origins: JSONFragment?
    let target: JSONFragment
    let observations: [UUIDv5]
    let risks: [UUIDv5]

    var hasRisks: Bool { !risks.isEmpty }

    func putTitle(to json: inout JSONWriter) { json.put(title) }
    func putDescription(to json: inout JSONWriter) { json.put(description) }
    func writeProps(to json: inout JSONWriter) { for prop in props { prop.write(to: &json) } }

    func writeObservations(to json: inout JSONWriter) {
        for observation in observations { OSCAL.RelatedObservation(observation).write(to: &json) }
    }

    func writeRisks(to json: inout JSONWriter) {
        for risk in risks { OSCAL.RelatedRisk(risk).write(to: &json) }
    }
}

/// What all findings of a test have in common.
private final class FindingForm {
    let uuids: UUIDv5.Family
    let props: JSONFragment
    let satisfied: JSONFragment
    let notSatisfied: JSONFragment
    let undetermined: JSONFragment

    init(
        uuids: UUIDv5.Family, props: JSONFragment, satisfied: JSONFragment, notSatisfied: JSONFragment,
        undetermined: JSONFragment
    ) {
        self.uuids = uuids
        self.props = props
        self.satisfied = satisfied
        self.notSatisfied = notSatisfied
        self.undetermined = undetermined
    }
}

/// What a test looked at.
private protocol FindingSubject {
    var naturalKey: String { get }
    func putLabel(to json: inout JSONWriter)
    func writeIdentity(to json: inout JSONWriter)
    func writeObservations(to json: inout JSONWriter)
    /// Nil where it failed nothing.
    var risk: UUIDv5? { get }
}

private struct KeySubject: FindingSubject {
    let named: NamedKey
    let details: KeyDetails
    let naturalKey: String

    var risk: UUIDv5? { named.risk }

    func putLabel(to json: inout JSONWriter) {
        json.put(details.key.label)
        json.literal(" of ")
        json.put(details.userName)
    }

    func writeIdentity(to json: inout JSONWriter) { details.key.writeIdentity(to: &json) }
    func writeObservations(to json: inout JSONWriter) { OSCAL.RelatedObservation(named.observation).write(to: &json) }
}

/// A user, the root user or the account.
private struct OtherSubject: FindingSubject {
    let label: String
    let naturalKey: String
    let user: String?
    let observations: [UUIDv5]
    let risk: UUIDv5?

    func putLabel(to json: inout JSONWriter) { json.put(label) }
    func writeIdentity(to json: inout JSONWriter) {
        user.map(OSCAL.Property.Kind.iamUser.callAsFunction)?.write(to: &json)
    }

    func writeObservations(to json: inout JSONWriter) {
        for observation in observations { OSCAL.RelatedObservation(observation).write(to: &json) }
    }
}

/// What a test found about a subject.
private struct TestFound<Subject> {
    let form: FindingForm
    let found: TestVerdict
    let subject: Subject
}

extension TestFound: OSCAL.Found where Subject: FindingSubject {
    var uuid: UUIDv5 { form.uuids(subject.naturalKey) }
    var origins: JSONFragment? { nil }
    var hasRisks: Bool { found.isFailure && subject.risk != nil }

    var target: JSONFragment {
        switch found.verdict.conclusion {
        case .satisfied: form.satisfied
        case .notSatisfied: form.notSatisfied
        case .undetermined: form.undetermined
        }
    }

    func putTitle(to json: inout JSONWriter) {
        subject.putLabel(to: &json)
        json.literal(": ")
        json.put(found.test.rawValue)
    }

    func putDescription(to json: inout JSONWriter) {
        json.put(found.test.rawValue)
        json.literal(" ")
        json.put(found.verdict.conclusion.rawValue)
        json.literal(": ")
        found.verdict.reason.put(to: &json)
        json.literal(".")
        guard let exception = found.exception else { return }
        json.literal(" ")
        json.put(exception.sentence)
    }

    func writeProps(to json: inout JSONWriter) {
        form.props.write(to: &json)
        subject.writeIdentity(to: &json)
        guard let match = found.exception else { return }
        OSCAL.Property("exception", match.exception.ticket, class: match.state.rawValue).write(to: &json)
        OSCAL.Property("exception-expires", match.exception.expires.iso8601).write(to: &json)
    }

    func writeObservations(to json: inout JSONWriter) { subject.writeObservations(to: &json) }

    func writeRisks(to json: inout JSONWriter) {
        if let risk = subject.risk { OSCAL.RelatedRisk(risk).write(to: &json) }
    }
}

extension ExceptionMatch {
    /// That there is an exception, and whether it holds.
    var sentence: String {
        let kind = exception.kind.rawValue
        let day = exception.expires.iso8601
        return switch state {
        case .inForce: "Exception \(exception.ticket) (\(kind)), approved by \(exception.approver), holds until \(day)."
        case .expired: "Exception \(exception.ticket) (\(kind)) expired on \(day)."
        case .notYetInForce: "Exception \(exception.ticket) (\(kind)) holds from \(exception.created.iso8601) on."
        case .selfApproved: "Exception \(exception.ticket) doesn't hold: its approver is whom it is about."
        }
    }
}
