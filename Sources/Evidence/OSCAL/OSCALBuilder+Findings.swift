import CanonicalJSON

extension OSCALBuilder {
    /// What the population says about one objective.
    func controlFinding(_ objective: Crosswalk.Objective, over keys: [NamedKey]) -> OSCAL.Finding {
        let tests = assessment.tests.map(\.id).filter(objective.tests.contains)
        var failed: [NamedKey] = []
        var satisfied = 0
        var tested = 0
        for key in keys {
            let verdicts = assessment.keys[key.index].verdicts.filter { tests.contains($0.test) }
            guard !verdicts.isEmpty else { continue }
            tested += 1
            switch Conclusion.all(verdicts.lazy.map(\.verdict.conclusion)) {
            case .satisfied: satisfied += 1
            case .notSatisfied: failed.append(key)
            case .undetermined: break
            }
        }
        let mapping = objective.mapping
        let rationales = tests.flatMap(assessment.crosswalk.mappings(of:)).filter { $0.target == mapping.target }
        return OSCAL.Finding(
            uuid: UUIDv5.of("finding", account, run, mapping.target),
            title: "\(mapping.control.uppercased()) over \(tested) access keys",
            description: "\(satisfied) of \(tested) keys met \(tests.joined(separator: " and ")). "
                + rationales.map(\.rationale).joined(separator: " "),
            props: [
                OSCAL.Property("scope", "control"),
                OSCAL.Property("framework", mapping.framework),
                OSCAL.Property("control-id", mapping.control),
                OSCAL.Property("mapping-relationship", mapping.relationship),
            ] + tests.map { OSCAL.Property("control-test", $0) } + [
                OSCAL.Property("population", String(tested)),
                OSCAL.Property("exceptions", String(failed.count)),
                OSCAL.Property("undetermined", String(tested - satisfied - failed.count)),
            ],
            origins: names.origins,
            target: target(mapping, .all(tests.map(assessment.conclusion(of:)))),
            relatedObservations: [OSCAL.RelatedObservation(observationUUID: names.population)]
                + failed.map { OSCAL.RelatedObservation(observationUUID: $0.observation) },
            relatedRisks: failed.isEmpty ? nil : failed.map { OSCAL.RelatedRisk(riskUUID: $0.risk) }
        )
    }

    /// What each key does that a test applies to. The target is the objective that the test decides; `maps-to` leads to
    /// all others that it speaks to.
    func writeKeyFindings(of test: String, over keys: [NamedKey], to json: inout JSONWriter) {
        let mappings = assessment.crosswalk.mappings(of: test)
        guard let mapping = mappings.first(where: { $0.relationship == "direct" }) ?? mappings.first else { return }
        let props =
            [
                OSCAL.Property("scope", "access-key"), OSCAL.Property("control-test", test),
                OSCAL.Property("control-id", mapping.control),
            ] + mapsTo(mappings)
        for key in keys {
            let assessed = assessment.keys[key.index]
            guard let verdict = assessed.verdicts.first(where: { $0.test == test })?.verdict else { continue }
            OSCAL.Finding(
                uuid: UUIDv5.of("finding", account, run, test, assessed.naturalKey),
                title: "\(assessed.key.label) of \(assessed.user.name): \(test)",
                description: "\(test) \(verdict.conclusion.rawValue): \(verdict.reason.text).",
                props: props + assessed.identityProps, origins: nil, target: target(mapping, verdict.conclusion),
                relatedObservations: [OSCAL.RelatedObservation(observationUUID: key.observation)],
                relatedRisks: verdict.conclusion == .notSatisfied ? [OSCAL.RelatedRisk(riskUUID: key.risk)] : nil
            ).write(to: &json)
        }
    }

    /// Every control that the test behind a key finding speaks to, so that each finding leads to IA-4 and CC6.1 as well
    /// as to its own target. Relationship and rationale stand once, in the finding of the control.
    private func mapsTo(_ mappings: [Crosswalk.Mapping]) -> [OSCAL.Property] {
        var seen: Set<String> = []
        return mappings.filter { seen.insert($0.control).inserted }.map {
            OSCAL.Property("maps-to", $0.control, class: $0.framework)
        }
    }

    private func target(_ mapping: Crosswalk.Mapping, _ conclusion: Conclusion) -> OSCAL.Target {
        let partial =
            mapping.relationship == "supporting"
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
        return OSCAL.Target(type: mapping.targetType, targetID: mapping.target, status: status)
    }
}
