import FoundationEssentials

/// Where the as-of instant came from: an auditor must see that a run was judged at another instant than that of its
/// calls.
package enum AsOfSource: String, Sendable {
    /// The clock, when the run began.
    case clock
    /// The `--as-of` option.
    case option
}

extension Report {
    package init(_ assessment: Assessment, asOfSource: AsOfSource) {
        metadata = Metadata(assessment, asOfSource: asOfSource)
        analysis_results = AnalysisResults(assessment: assessment)
        compliance_assessment = ComplianceAssessment(
            overall_status: assessment.overallStatus.rawValue,
            soc2_cc6_1_status: assessment.status(ofControl: "cc6.1").rawValue,
            nist_ia_4_status: assessment.status(ofControl: "ia-4").rawValue
        )
        control_tests = assessment.tests.map { TestResult($0, in: assessment) }
        root_user = RootUser(assessment.snapshot.root)
        completeness = Completeness(assessment)
    }
}

extension Assessment {
    /// The status of a control for the reports: a control that no test speaks to is undetermined.
    package func status(ofControl control: String) -> ComplianceStatus {
        conclusion(ofControl: control).map(ComplianceStatus.init) ?? .undetermined
    }
}

extension KeyAssessment {
    /// Whether the key belongs among the recommendations.
    package var needsAction: Bool {
        classification.level != .compliant || !failedTests.isEmpty || key.status != .active
    }
}

extension Report.Metadata {
    init(_ assessment: Assessment, asOfSource: AsOfSource) {
        let snapshot = assessment.snapshot
        account_id = snapshot.account.id
        account_partition = snapshot.account.partition
        assessment_date = assessment.asOf.iso8601
        as_of_source = asOfSource.rawValue
        collection_started = snapshot.window.started.iso8601
        collection_ended = snapshot.window.ended.iso8601
        caller_arn = snapshot.account.callerARN
        aws_region = snapshot.region
        thresholds = Report.Thresholds(
            key_age_threshold_days: assessment.policy.keyAgeThreshold,
            last_used_threshold_days: assessment.policy.lastUsedThreshold)
        policy = assessment.policy
        policy_sha256 = assessment.policy.digest
        standards_evaluated = ["SOC 2 CC6.1", "NIST 800-53 IA-4"]
        aws_profile = snapshot.profile
    }
}

extension Report.Counts {
    init(_ summary: Summary) {
        total_users = summary.users
        users_with_keys = summary.usersWithKeys
        total_keys = summary.keys
        critical_keys = summary.count(.critical)
        high_risk_keys = summary.count(.high)
        medium_risk_keys = summary.count(.medium)
        low_risk_keys = summary.count(.low)
        compliant_keys = summary.count(.compliant)
        undetermined_keys = summary.undetermined
        never_used_keys = summary.neverUsed
        inactive_keys = summary.inactive
        compliance_rate = summary.complianceRate
    }
}

extension Report.User {
    init(_ user: IAMUser, keys: ArraySlice<KeyAssessment>, policy: Policy) {
        username = user.name
        user_id = user.id
        arn = user.arn
        user_created = user.created.iso8601
        let isListed = if case .listed = user.keys { true } else { false }
        access_keys_listed = isListed
        access_keys = keys.map { Report.Key($0, policy: policy) }
        key_count = keys.count
        switch user.consoleAccess {
        case .yes: has_console_access = true
        case .no: has_console_access = false
        case .undetermined: has_console_access = nil
        }
        password_last_used = user.passwordLastUsed?.iso8601
        facts = Report.UserFacts(user: user.listed, console_access: user.consoleAccessSource)
        optional = user.optional
        let worst = keys.max { $0.classification.urgency < $1.classification.urgency }
        highest_risk_level = isListed ? worst?.classification.name : "UNDETERMINED"
    }
}

extension Report.Key {
    init(_ assessed: KeyAssessment, policy: Policy) {
        access_key_id = assessed.key.id
        access_key_slot = assessed.key.slot
        status = assessed.key.status.name
        created_date = assessed.key.created.iso8601
        age_days = assessed.ageDays
        last_used_determined = if case .undetermined = assessed.key.lastUse { false } else { true }
        risk_level = assessed.classification.name
        risk_reason = assessed.classification.reason
        recommendation = assessed.recommendation(policy).action
        control_tests = assessed.verdicts.map {
            Report.KeyTest(test: $0.test, conclusion: $0.verdict.conclusion.rawValue, reason: $0.verdict.reason)
        }
        evidence_exchanges = assessed.key.exchanges
        facts = Report.KeyFacts(status: assessed.key.listed, last_use: assessed.key.lastUseSource)
        if case .undetermined(let level, _) = assessed.classification { risk_level_at_least = level.name }
        days_since_last_used = assessed.idleDays
        switch assessed.key.lastUse {
        case .used(let at, let service, let region):
            last_used_date = at.iso8601
            never_used = false
            last_used_service = service
            last_used_region = region
        case .never:
            never_used = true
        case .undetermined:
            break
        }
    }
}

extension Report.HighRiskFinding {
    init?(_ assessed: KeyAssessment, policy: Policy) {
        guard let level = assessed.classification.level, level >= .high else { return nil }
        let recommended = assessed.recommendation(policy)
        username = assessed.user.name
        access_key_id = assessed.key.id
        access_key_slot = assessed.key.slot
        risk_level = level.name
        age_days = assessed.ageDays
        never_used = assessed.isNeverUsed
        issue = recommended.issue
        recommendation = recommended.action
        failed_control_tests = assessed.failedTests.map(\.test)
        days_since_last_used = assessed.idleDays
    }
}

extension Report.RecommendationEntry {
    init(_ assessed: KeyAssessment, policy: Policy) {
        let recommended = assessed.recommendation(policy)
        priority = assessed.classification.name
        username = assessed.user.name
        access_key_id = assessed.key.id
        access_key_slot = assessed.key.slot
        issue = recommended.issue
        recommendation = recommended.action
    }
}

extension Report.TestResult {
    init(_ test: any ControlTest, in assessment: Assessment) {
        let conclusions = assessment.keys.flatMap(\.verdicts).filter { $0.test == test.id }.map(\.verdict.conclusion)
        self.test = test.id
        title = test.title
        question = test.question
        limit_days = test.limit(in: assessment.policy)
        conclusion = assessment.conclusion(of: test.id).rawValue
        keys_tested = conclusions.count
        keys_failed = conclusions.count { $0 == .notSatisfied }
        keys_undetermined = conclusions.count { $0 == .undetermined }
        controls = assessment.crosswalk.mappings(of: test.id)
    }
}
