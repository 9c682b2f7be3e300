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
    /// What the report says of each key: its level and what its tests conclude, by user name and key.
    package let conclusions: [String: [String]]
    /// The numbers of its summary, by their names there.
    package let summary: [String: Double]

    /// Beyond this nothing is counted, and no clock is off by as many seconds; sums of such numbers are numbers, too.
    private static let most: UInt = 1_000_000_000_000

    /// - Throws: `DecodingError` for what isn't a report of this version.
    package init(_ bytes: Data) throws {
        let file = try JSONDecoder().decode(ReportFile.self, from: bytes)
        let metadata = file.metadata
        let completeness = file.completeness
        let counts =
            [completeness.user_list_pages, completeness.retries, completeness.throttles]
            + [completeness.clock_skew_seconds ?? 0] + completeness.requests.values + completeness.errors.values
        guard counts.allSatisfy({ $0.magnitude <= Self.most }) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: [], debugDescription: "the completeness section counts more than there can be"))
        }
        asOf = metadata.assessment_date.date
        frameworks = Set(metadata.frameworks)
        toolVersion = metadata.tool_version
        hasExceptions = metadata.exceptions != nil
        guard let asOfSource = AsOfSource(rawValue: metadata.as_of_source) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: [], debugDescription: "unknown as_of_source '\(metadata.as_of_source)'"))
        }
        self.asOfSource = asOfSource
        let failures = try completeness.failures.map { try $0.failure() }
        var failuresOfFacts: [FactKind: [String: ReadFailure]] = [:]
        for failure in failures where failuresOfFacts[failure.fact]?[failure.subject] == nil {
            failuresOfFacts[failure.fact, default: [:]][failure.subject] = failure
        }
        func failure(_ fact: FactKind, _ subject: String) -> ReadFailure {
            failuresOfFacts[fact]?[subject]
                ?? ReadFailure(
                    fact: fact, operation: "unknown", subject: subject, code: .undetermined,
                    message: "the report doesn't say why", exchange: nil)
        }
        guard let source = CollectionSource(rawValue: completeness.source) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: [], debugDescription: "unknown source '\(completeness.source)'"))
        }
        var conclusions: [String: [String]] = [:]
        let end = metadata.collection_ended.date
        let users = file.analysis_results.user_analysis.map { user in
            for key in user.access_keys {
                conclusions["\(user.username) \(key.label)"] =
                    [key.risk_level] + key.control_tests.map { "\($0.test) \($0.conclusion)" }
            }
            return user.user(failure)
        }
        self.conclusions = conclusions
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
            source: source, root: file.root_user.root(completeness.account_summary),
            accountSummary: completeness.account_summary?.reading
                ?? failures.first { $0.fact == .accountSummary }.map { .failed($0) } ?? .notAsked,
            credentialReport: completeness.credential_report?.reading
                ?? failures.first { $0.fact == .credentialReport }.map { .failed($0) } ?? .notAsked,
            notes: try completeness.population_notes.map { try $0.note() })
    }
}

extension ReportReading {
    /// The keys of which the report says something else than its facts come to.
    package func differences(from assessment: Assessment) -> [String] {
        assessment.keys.compactMap { key in
            let now =
                [key.levelName] + key.verdicts.map { "\($0.test.rawValue) \($0.verdict.conclusion.rawValue)" }
            return conclusions["\(key.user.name) \(key.key.label)"] == now
                ? nil : "\(key.key.label) of \(key.user.name)"
        }
    }
}
