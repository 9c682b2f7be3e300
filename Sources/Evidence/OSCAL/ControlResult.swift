/// What tests say of one objective or statement of a control, over the whole population.
struct ControlResult {
    /// Of the first test that speaks to it.
    let mapping: Crosswalk.Mapping
    /// Those that run.
    let tests: [ControlTestID]
    /// Those that decide it and can't be made the way the account was read: nobody knows whether it holds.
    let notRun: [(test: ControlTestID, reason: String)]
    /// One for each test that runs.
    private let tallies: [TestTally]
    private let rationales: [String]
    /// The framework's own limits, and how many subjects are beyond each though they satisfied the test.
    let beyondLimits: [(limit: FrameworkLimits.Limit, subjects: Int)]
    /// Without the parts that it has.
    private let ownConclusion: Conclusion

    /// Nil where no test speaks to it that runs, or that decides it and doesn't.
    init?(_ objective: Crosswalk.Objective, _ assessment: Assessment) {
        let mapping = objective.mapping
        tests = assessment.tests.map(\.id).filter(objective.tests.contains)
        notRun = assessment.testsNotRun.filter {
            assessment.shown.decides($0.test, target: mapping.target, of: mapping.framework)
        }
        guard !tests.isEmpty || !notRun.isEmpty else { return nil }
        self.mapping = mapping
        tallies = tests.map(assessment.tally(of:))
        let own = tests.map { test in
            (
                test: test,
                mapping: assessment.shown.mappings(of: test).first {
                    $0.target == mapping.target && $0.framework == mapping.framework
                }
            )
        }
        rationales = own.compactMap(\.mapping?.rationale)
        beyondLimits = own.compactMap { test, mapping in
            mapping?.limitDays.map { FrameworkLimits.Limit(test: test, days: $0) }
        }.map { ($0, assessment.subjectsBeyond($0)) }
        let isBeyond = beyondLimits.contains { $0.subjects > 0 }
        ownConclusion = .all(
            tests.map(assessment.conclusion(of:)) + (isBeyond ? [.notSatisfied] : [])
                + notRun.map { _ in .undetermined })
    }

    var subjectsBeyondLimits: Int { beyondLimits.reduce(0) { $0 + $1.subjects } }

    /// Over all of its tests: a subject counts in each that applies to it.
    func sum(_ part: KeyPath<TestTally, Int>) -> Int { tallies.reduce(0) { $0 + $1[keyPath: part] } }

    /// Whether another one is a part of it: NIST's `ia-5_obj` asks for all that `ia-5_obj.f` and the others ask for.
    func has(part: ControlResult) -> Bool {
        part.mapping.framework == mapping.framework && part.mapping.control == mapping.control
            && part.mapping.target.hasPrefix("\(mapping.target).")
    }

    /// - Parameter parts: those of its parts that tests speak to: it holds only where all of them do.
    func conclusion(with parts: [ControlResult]) -> Conclusion { .all([ownConclusion] + parts.map(\.ownConclusion)) }

    /// - Parameter parts: as above.
    func description(with parts: [ControlResult]) -> String {
        let results = zip(tests, tallies).map { test, tally in
            "\(test.rawValue): \(tally.satisfied) of \(counted(tally.tested, test.scope.noun)) satisfied it"
        }
        let beyond = beyondLimits.filter { $0.subjects > 0 }.map { limit, subjects in
            "\(limit.test.rawValue): \(counted(subjects, limit.test.scope.noun)) satisfied the policy's limit, and not the "
                + "framework's of \(counted(limit.days))."
        }
        let open = parts.filter { $0.ownConclusion != .satisfied }.map {
            "Its part \($0.mapping.target) is \($0.ownConclusion.rawValue)."
        }
        let undone = notRun.map { "\($0.test.rawValue): not run, as \($0.reason)" }
        return (["\((results + undone).joined(separator: "; "))."] + beyond + open + rationales)
            .joined(separator: " ")
    }
}
