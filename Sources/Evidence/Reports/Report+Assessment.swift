import FoundationEssentials

extension Report {
    package init(_ assessment: Assessment, asOfSource: AsOfSource) {
        metadata = Metadata(assessment, asOfSource: asOfSource)
        analysis_results = AnalysisResults(assessment: assessment)
        compliance_assessment = ComplianceAssessment(
            overall_status: assessment.overallStatus.rawValue,
            soc2_cc6_1_status: assessment.status(of: .cc6_1).rawValue,
            nist_ia_4_status: assessment.status(of: .ia4).rawValue,
            controls: assessment.controlStatuses
        )
        control_tests = assessment.tests.map { TestResult(assessment: assessment, test: $0) }
        tests_not_run = assessment.testsNotRun.map { TestNotRun(test: $0.test, reason: $0.reason) }
        data_findings = assessment.dataFindings
        exceptions = Exceptions(assessment: assessment)
        root_user = RootUser(assessment.snapshot)
        completeness = Completeness(assessment)
    }
}

extension Assessment {
    /// The standards as reports have always named them, and others by their titles.
    var standards: [String] {
        shown.frameworks.map { framework in
            StandardControl.allCases.first { $0.framework == framework.id }?.title ?? framework.title
        }
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
            key_age_threshold_days: assessment.policy.rules.limits.keyAge,
            last_used_threshold_days: assessment.policy.rules.limits.lastUsed)
        policy = Report.PolicyReference(policy: assessment.policy)
        exceptions =
            assessment.exceptions.isEmpty
            ? nil : Report.FileReference(path: BundleMember.exceptions.path, sha256: assessment.exceptions.digest)
        frameworks = assessment.shown.frameworks.map(\.id)
        standards_evaluated = assessment.standards
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
        excused_keys = summary.excused
        excepted_failures = summary.exceptedFailures
        data_findings = summary.doubtfulKeys
        compliance_rate = summary.complianceRate
    }
}
