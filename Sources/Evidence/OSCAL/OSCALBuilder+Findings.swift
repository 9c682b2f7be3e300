extension OSCALBuilder {
    /// What the whole population says about one objective.
    func controlFinding(_ objective: Crosswalk.Objective) -> OSCAL.Finding {
        let tests = assessment.tests.map(\.id).filter(objective.tests.contains)
        let conclusion = Conclusion.all(tests.map(assessment.conclusion(of:)))
        let tested = assessment.keys.filter { key in key.verdicts.contains { tests.contains($0.test) } }
        let failed = tested.filter { key in key.failedTests.contains { tests.contains($0.test) } }
        let satisfying = tested.count { Self.conclusion(of: $0, tests: tests) == .satisfied }
        return OSCAL.Finding(
            uuid: UUIDv5.of("finding", account, run, objective.mapping.target),
            title: "\(objective.mapping.control.uppercased()) over \(tested.count) access keys",
            description: "\(satisfying) of \(tested.count) keys met \(tests.joined(separator: " and ")). "
                + rationales(objective, tests).joined(separator: " "),
            props: props(objective, scope: "control") + [
                OSCAL.Property("population", String(tested.count)),
                OSCAL.Property("exceptions", String(failed.count)),
            ],
            origins: origins, target: target(objective, conclusion),
            relatedObservations: [OSCAL.RelatedObservation(observationUUID: populationUUID)]
                + failed.map { OSCAL.RelatedObservation(observationUUID: observationUUID($0)) },
            relatedRisks: risks(failed)
        )
    }

    /// What one key says about one objective; nil where no test of the objective applies to the key.
    func keyFinding(_ key: KeyAssessment, _ objective: Crosswalk.Objective) -> OSCAL.Finding? {
        let verdicts = key.verdicts.filter { objective.tests.contains($0.test) }
        guard !verdicts.isEmpty else { return nil }
        let conclusion = Conclusion.all(verdicts.map(\.verdict.conclusion))
        let failed = verdicts.contains { $0.verdict.conclusion == .notSatisfied }
        return OSCAL.Finding(
            uuid: UUIDv5.of("finding", account, run, objective.mapping.target, key.key.id),
            title: "\(key.key.id) of \(key.user.name) against \(objective.mapping.control.uppercased())",
            description: verdicts.map {
                "\($0.test) \($0.verdict.conclusion.rawValue): \($0.verdict.reason.text)."
            }.joined(separator: " "),
            props: props(objective, scope: "access-key")
                + [
                    OSCAL.Property("access-key-id", key.key.id),
                    OSCAL.Property("classification", key.classification.name),
                ] + mapsTo(verdicts.map(\.test)),
            origins: origins, target: target(objective, conclusion),
            relatedObservations: [OSCAL.RelatedObservation(observationUUID: observationUUID(key))],
            relatedRisks: failed ? risks([key]) : nil
        )
    }

    private func rationales(_ objective: Crosswalk.Objective, _ tests: [String]) -> [String] {
        tests.flatMap(assessment.crosswalk.mappings(of:)).filter { $0.target == objective.mapping.target }
            .map(\.rationale)
    }

    static func conclusion(of key: KeyAssessment, tests: [String]) -> Conclusion {
        .all(key.verdicts.filter { tests.contains($0.test) }.map(\.verdict.conclusion))
    }

    private func props(_ objective: Crosswalk.Objective, scope: String) -> [OSCAL.Property] {
        [
            OSCAL.Property("scope", scope),
            OSCAL.Property("framework", objective.mapping.framework),
            OSCAL.Property("control-id", objective.mapping.control),
            OSCAL.Property("mapping-relationship", objective.mapping.relationship),
        ] + objective.tests.map { OSCAL.Property("control-test", $0) }
    }

    /// Every control that the tests behind a key finding speak to, so that each finding leads to IA-4 and CC6.1 as well
    /// as to its own target.
    private func mapsTo(_ tests: [String]) -> [OSCAL.Property] {
        var seen: Set<String> = []
        return tests.flatMap(assessment.crosswalk.mappings(of:)).filter { seen.insert($0.control).inserted }.map {
            OSCAL.Property("maps-to", $0.control, class: $0.framework, remarks: "\($0.relationship): \($0.rationale)")
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

    private func risks(_ keys: [KeyAssessment]) -> [OSCAL.RelatedRisk]? {
        keys.isEmpty ? nil : keys.map { OSCAL.RelatedRisk(riskUUID: riskUUID($0)) }
    }
}
