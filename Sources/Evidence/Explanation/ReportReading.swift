package import FoundationEssentials

/// The facts that a report rests on, read back from `report.json`: enough to judge every user and key again.
package struct ReportReading: Sendable {
    package let snapshot: AccountSnapshot
    package let asOf: Date
    package let asOfSource: AsOfSource
    /// Whether exceptions were given, which stand in a file of their own.
    package let hasExceptions: Bool
    /// The version of KeyWitness that wrote the report.
    package let toolVersion: String
    package let frameworks: Set<String>
    /// What the report says of each key: its level, what its tests conclude, and its days, by user name and key.
    package let conclusions: [String: [String]]
    /// What it says of users, control tests, controls and the account.
    private let otherConclusions: OtherConclusions
    /// The numbers of its summary, by their names there.
    package let summary: [String: Double]

    /// - Throws: `DecodingError` for what isn't a report of this version.
    package init(_ bytes: [UInt8]) throws {
        let file = try JSONDecoder().decode(ReportFile.self, from: Data(bytes))
        let metadata = file.metadata
        let completeness = file.completeness
        try CountLimits.check(
            [completeness.user_list_pages, completeness.retries, completeness.throttles]
                + [completeness.clock_skew_seconds ?? 0] + completeness.requests.values + completeness.errors.values)
        asOf = metadata.assessment_date.date
        frameworks = Set(metadata.frameworks)
        toolVersion = metadata.tool_version
        hasExceptions = metadata.exceptions != nil
        asOfSource = metadata.as_of_source
        let failures = completeness.failures.map(\.failure)
        var failuresOfFacts: [FactKind: [ReadSubject: ReadFailure]] = [:]
        for failure in failures where failuresOfFacts[failure.fact]?[failure.subject] == nil {
            failuresOfFacts[failure.fact, default: [:]][failure.subject] = failure
        }
        func failure(_ fact: FactKind, _ subject: ReadSubject) -> ReadFailure {
            failuresOfFacts[fact]?[subject]
                ?? ReadFailure(
                    fact: fact, operation: "unknown", subject: subject, code: .undetermined,
                    message: "the report doesn't say why", exchange: nil)
        }
        var conclusions: [String: [String]] = [:]
        let end = metadata.collection_ended.date
        let users = file.analysis_results.user_analysis.map { user in
            for key in user.access_keys {
                conclusions["\(user.username) \(key.label)"] =
                    [key.risk_level] + key.control_tests.map(\.text)
                    + [Self.days(age: key.age_days, idle: key.days_since_last_used)]
            }
            return user.user(failure)
        }
        self.conclusions = conclusions
        otherConclusions = OtherConclusions(file)
        summary = file.analysis_results.summary.compactMapValues { $0 }
        let pages = completeness.user_list_pages
        snapshot = AccountSnapshot(
            account: AccountIdentity(
                id: metadata.account_id, partition: metadata.account_partition, callerARN: metadata.caller_arn),
            region: metadata.aws_region, profile: metadata.aws_profile,
            window: CollectionWindow(started: metadata.collection_started.date, ended: end), users: users,
            userListing: completeness.user_list_complete ? .complete(pages: pages) : .incomplete(pages: pages),
            failures: failures,
            traffic: Traffic(
                requests: completeness.requests, retries: completeness.retries, errors: completeness.errors,
                throttles: completeness.throttles, clockSkew: completeness.clock_skew_seconds),
            source: completeness.source, root: file.root_user.root(completeness.account_summary),
            accountSummary: completeness.account_summary?.reading
                ?? failures.first { $0.fact == .accountSummary }.map { .failed($0) } ?? .notAsked,
            credentialReport: completeness.credential_report?.reading
                ?? failures.first { $0.fact == .credentialReport }.map { .failed($0) } ?? .notAsked,
            notes: completeness.population_notes.map(\.note))
    }
}

extension ReportReading {
    private static func days(age: Int?, idle: Int?) -> String {
        "\(age.map(String.init) ?? "no age"), \(idle.map(String.init) ?? "no use")"
    }

    /// The keys, users, control tests and controls of which the report says something else than its facts come to, and the
    /// account where it does of that.
    package func differences(from assessment: Assessment) -> [String] {
        let keys = assessment.keys.compactMap { key -> String? in
            let now = [key.levelName] + key.verdicts.map(\.text) + [Self.days(age: key.ageDays, idle: key.idleDays)]
            return conclusions["\(key.user.name) \(key.key.label)"] == now
                ? nil : "\(key.key.label) of \(key.user.name)"
        }
        return keys + otherConclusions.differences(from: OtherConclusions(assessment))
    }
}

extension TestVerdict {
    /// `key-rotation satisfied`
    fileprivate var text: String { "\(test.rawValue) \(verdict.conclusion.rawValue)" }
}

/// What a report concludes of users, of what its tests come to, of controls, and of the account: statements by whom they
/// are about, in the report's order.
private struct OtherConclusions {
    private let statements: [(subject: String, text: String)]

    init(_ file: ReportFile) {
        let users = file.analysis_results.user_analysis.map { user in
            Self.user(user.username, user.control_tests.map(\.text))
        }
        let tests = file.control_tests.map { result in
            Self.test(
                result.test, result.conclusion, failsRun: result.fails_run,
                [
                    result.subjects_satisfied, result.subjects_failed, result.subjects_excepted,
                    result.subjects_undetermined,
                ])
        }
        let compliance = file.compliance_assessment
        let controls = compliance.controls.map { Self.control($0.control, $0.framework, $0.status) }
        statements =
            users + tests + controls + [
                Self.account([compliance.overall_status, compliance.soc2_cc6_1_status, compliance.nist_ia_4_status])
            ]
    }

    init(_ assessment: Assessment) {
        let users = assessment.users.map { Self.user($0.user.name, $0.verdicts.map(\.text)) }
        let tests = assessment.tests.map { test in
            let tally = assessment.tally(of: test.id)
            return Self.test(
                test.id.rawValue, assessment.conclusion(of: test.id).rawValue,
                failsRun: assessment.hasOpenFailures(of: test.id),
                [tally.satisfied, tally.failed, tally.excepted, tally.undetermined])
        }
        let controls = assessment.controlStatuses.map { Self.control($0.control, $0.framework, $0.status.rawValue) }
        let statuses = [
            assessment.overallStatus, assessment.status(of: .cc6_1), assessment.status(of: .ia4),
        ]
        statements = users + tests + controls + [Self.account(statuses.map(\.rawValue))]
    }

    private static func user(_ name: String, _ verdicts: [String]) -> (subject: String, text: String) {
        ("user \(name)", verdicts.joined(separator: ", "))
    }

    private static func test(
        _ name: String, _ conclusion: String, failsRun: Bool, _ counts: [Int]
    ) -> (subject: String, text: String) {
        ("the test \(name)", "\(conclusion) \(failsRun) \(counts)")
    }

    private static func control(
        _ control: String, _ framework: String, _ status: String
    ) -> (subject: String, text: String) {
        ("the control \(control) of \(framework)", status)
    }

    private static func account(_ statuses: [String]) -> (subject: String, text: String) {
        ("the account", statuses.joined(separator: " "))
    }

    /// Whom only one of the two speaks of among those of whom they say different things; each once.
    func differences(from other: OtherConclusions) -> [String] {
        let theirs = Dictionary(grouping: other.statements, by: \.subject).mapValues { $0.map(\.text) }
        let ours = Dictionary(grouping: statements, by: \.subject).mapValues { $0.map(\.text) }
        var seen: Set<String> = []
        return (statements + other.statements).map(\.subject).filter { subject in
            seen.insert(subject).inserted && ours[subject] != theirs[subject]
        }
    }
}
