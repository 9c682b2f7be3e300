import CanonicalJSON

extension OSCALBuilder {
    /// What the population says about one objective.
    func controlFinding(_ objective: Crosswalk.Objective, over subjects: Subjects) -> OSCAL.Finding? {
        let tests = assessment.tests.map(\.id).filter(objective.tests.contains)
        guard !tests.isEmpty else { return nil }
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
            uuid: UUIDv5.of("finding", account, run, mapping.framework, mapping.target),
            title: "\(mapping.label): \(tests.map(\.rawValue).joined(separator: ", "))",
            description: "\(results.joined(separator: "; ")). " + rationales.map(\.rationale).joined(separator: " "),
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
            relatedObservations: [OSCAL.RelatedObservation(observationUUID: names.population)]
                + failing.observations.map { OSCAL.RelatedObservation(observationUUID: $0) },
            relatedRisks: failing.risks.isEmpty ? nil : failing.risks.map { OSCAL.RelatedRisk(riskUUID: $0) }
        )
    }

    /// What each subject does that tests apply to: keys, users and the account in this order, each with all its tests, so
    /// that every key is looked at once. The target is the objective that a test decides; `maps-to` leads to all others
    /// that it speaks to.
    func writeFindings(over subjects: Subjects, to json: inout JSONWriter) {
        let forms = Dictionary(
            uniqueKeysWithValues: assessment.tests.compactMap { test in form(of: test.id).map { (test.id, $0) } })
        for key in subjects.keys {
            let assessed = assessment.keys[key.index]
            let known = assessed.key
            let (subject, naturalKey) = ("\(known.label) of \(assessed.user.name)", assessed.naturalKey)
            let props = known.identityProps
            for verdict in assessed.verdicts {
                forms[verdict.test]?.write(
                    verdict, about: subject, naturalKey, props, [key.observation], key.risk, names, to: &json)
            }
        }
        for user in subjects.users {
            let assessed = assessment.users[user.index]
            let observations = subjects.keys[user.keys].map(\.observation)
            for verdict in assessed.verdicts {
                forms[verdict.test]?.write(
                    verdict, about: assessed.user.name, assessed.user.arn,
                    [OSCAL.Property.Kind.iamUser(assessed.user.name)], observations, user.risk, names, to: &json)
            }
        }
        for verdict in assessment.accountVerdicts {
            let isRoot = verdict.test.scope == .rootUser
            forms[verdict.test]?.write(
                verdict, about: isRoot ? "Root user" : "Account \(account)", verdict.test.scope.rawValue, [],
                [isRoot ? names.rootObservation : names.population], names.risk(of: verdict.test), names, to: &json)
        }
    }

    /// What all findings of a test have in common; nil where the frameworks that are shown have nothing for it.
    private func form(of test: ControlTestID) -> FindingForm? {
        guard let mapping = assessment.shown.objective(of: test) else { return nil }
        return FindingForm(
            props: JSONFragment(
                elements: [
                    OSCAL.Property("scope", test.scope.rawValue), OSCAL.Property("control-test", test.rawValue),
                    OSCAL.Property("control-id", mapping.control),
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

/// What all findings of a test have in common.
private struct FindingForm {
    let props: JSONFragment
    let satisfied: JSONFragment
    let notSatisfied: JSONFragment
    let undetermined: JSONFragment

    func write(
        _ found: TestVerdict, about subject: String, _ naturalKey: String, _ own: [OSCAL.Property],
        _ observations: [String], _ risk: String, _ names: OSCALNames, to json: inout JSONWriter
    ) {
        let verdict = found.verdict
        let test = found.test.rawValue
        let target =
            switch verdict.conclusion {
            case .satisfied: satisfied
            case .notSatisfied: notSatisfied
            case .undetermined: undetermined
            }
        OSCAL.Finding(
            uuid: names.finding(of: test, naturalKey), title: "\(subject): \(test)",
            description: "\(test) \(verdict.conclusion.rawValue): \(verdict.reason.text)."
                + (found.exception.map { " \($0.sentence)" } ?? ""),
            commonProps: props, props: found.exception.map { own + exceptionProps($0) } ?? own, origins: nil,
            target: target, relatedObservations: observations.map { OSCAL.RelatedObservation(observationUUID: $0) },
            relatedRisks: verdict.conclusion == .notSatisfied ? [OSCAL.RelatedRisk(riskUUID: risk)] : nil
        ).write(to: &json)
    }

    private func exceptionProps(_ match: ExceptionMatch) -> [OSCAL.Property] {
        [
            OSCAL.Property("exception", match.exception.ticket, class: match.state.rawValue),
            OSCAL.Property("exception-expires", match.exception.expires.iso8601),
        ]
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
