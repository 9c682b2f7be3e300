import CanonicalJSON

extension OSCALBuilder {
    /// What the population says about one objective, and what each key does that the objective's tests apply to.
    func writeFindings(of objective: Crosswalk.Objective, over keys: [NamedKey], to json: inout JSONWriter) {
        let tests = assessment.tests.map(\.id).filter(objective.tests.contains)
        let template = Template(
            objective: objective,
            props: [OSCAL.Property("scope", "access-key"), OSCAL.Property("control-id", objective.mapping.control)]
                + mapsTo(tests))
        let tested = keys.compactMap { key -> TestedKey? in
            let verdicts = key.assessed.verdicts.filter { tests.contains($0.test) }
            return verdicts.isEmpty ? nil : TestedKey(key: key, verdicts: verdicts)
        }
        controlFinding(objective, tests, tested).write(to: &json)
        for key in tested { finding(of: key, template).write(to: &json) }
    }

    /// A key with its verdicts of the tests that speak to one objective.
    private struct TestedKey {
        let key: NamedKey
        let verdicts: [TestVerdict]
        let conclusion: Conclusion

        init(key: NamedKey, verdicts: [TestVerdict]) {
            self.key = key
            self.verdicts = verdicts
            conclusion = .all(verdicts.map(\.verdict.conclusion))
        }
    }

    /// What the findings of one objective have in common.
    private struct Template {
        var objective: Crosswalk.Objective
        var props: [OSCAL.Property]
    }

    private func controlFinding(
        _ objective: Crosswalk.Objective, _ tests: [String], _ keys: [TestedKey]
    ) -> OSCAL.Finding {
        let failed = keys.filter { $0.conclusion == .notSatisfied }.map(\.key)
        let satisfied = keys.count { $0.conclusion == .satisfied }
        let mapping = objective.mapping
        let rationales = tests.flatMap(assessment.crosswalk.mappings(of:)).filter { $0.target == mapping.target }
        return OSCAL.Finding(
            uuid: UUIDv5.of("finding", account, run, mapping.target),
            title: "\(mapping.control.uppercased()) over \(keys.count) access keys",
            description: "\(satisfied) of \(keys.count) keys met \(tests.joined(separator: " and ")). "
                + rationales.map(\.rationale).joined(separator: " "),
            props: [
                OSCAL.Property("scope", "control"),
                OSCAL.Property("framework", mapping.framework),
                OSCAL.Property("control-id", mapping.control),
                OSCAL.Property("mapping-relationship", mapping.relationship),
            ] + tests.map { OSCAL.Property("control-test", $0) } + [
                OSCAL.Property("population", String(keys.count)),
                OSCAL.Property("exceptions", String(failed.count)),
                OSCAL.Property("undetermined", String(keys.count - satisfied - failed.count)),
            ],
            origins: names.origins,
            target: target(objective, .all(tests.map(assessment.conclusion(of:)))),
            relatedObservations: [OSCAL.RelatedObservation(observationUUID: names.population)]
                + failed.map { OSCAL.RelatedObservation(observationUUID: $0.observation) },
            relatedRisks: failed.isEmpty ? nil : failed.map { OSCAL.RelatedRisk(riskUUID: $0.risk) }
        )
    }

    private func finding(of tested: TestedKey, _ template: Template) -> OSCAL.Finding {
        let named = tested.key
        let key = named.assessed
        let mapping = template.objective.mapping
        return OSCAL.Finding(
            uuid: UUIDv5.of("finding", account, run, mapping.target, key.naturalKey),
            title: "\(key.key.label) of \(key.user.name) against \(mapping.control.uppercased())",
            description: tested.verdicts.map {
                "\($0.test) \($0.verdict.conclusion.rawValue): \($0.verdict.reason.text)."
            }.joined(separator: " "),
            props: template.props + key.identityProps,
            origins: names.origins, target: target(template.objective, tested.conclusion),
            relatedObservations: [OSCAL.RelatedObservation(observationUUID: named.observation)],
            relatedRisks: tested.conclusion == .notSatisfied ? [OSCAL.RelatedRisk(riskUUID: named.risk)] : nil
        )
    }

    /// Every control that the tests behind a key finding speak to, so that each finding leads to IA-4 and CC6.1 as well
    /// as to its own target. Relationship and rationale stand once, in the finding of the control.
    private func mapsTo(_ tests: [String]) -> [OSCAL.Property] {
        var seen: Set<String> = []
        return tests.flatMap(assessment.crosswalk.mappings(of:)).filter { seen.insert($0.control).inserted }.map {
            OSCAL.Property("maps-to", $0.control, class: $0.framework)
        }
    }

    private func target(_ objective: Crosswalk.Objective, _ conclusion: Conclusion) -> OSCAL.Target {
        let partial =
            objective.mapping.relationship == "supporting"
            ? "Supporting evidence: key age and last use are one input to this control, not a full test of it." : nil
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
        return OSCAL.Target(type: objective.mapping.targetType, targetID: objective.mapping.target, status: status)
    }
}
