package import CanonicalJSON

/// `summary.csv`: one header row and one row, so that the rows of many runs make one table.
package enum SummaryCSV {
    package static func write(_ assessment: Assessment, to output: inout OutputBuffer) {
        let summary = assessment.summary
        let columns: [(name: String, value: String)] = [
            ("account_id", assessment.snapshot.account.id),
            ("as_of", assessment.asOf.iso8601),
            ("complete", String(assessment.isComplete)),
            ("overall_status", assessment.overallStatus.rawValue),
            ("soc2_cc6_1_status", assessment.status(of: .cc6_1).rawValue),
            ("nist_ia_4_status", assessment.status(of: .ia4).rawValue),
            ("total_users", String(summary.users)),
            ("users_with_keys", String(summary.usersWithKeys)),
            ("total_keys", String(summary.keys)),
            ("critical_keys", String(summary.count(.critical))),
            ("high_risk_keys", String(summary.count(.high))),
            ("medium_risk_keys", String(summary.count(.medium))),
            ("low_risk_keys", String(summary.count(.low))),
            ("compliant_keys", String(summary.count(.compliant))),
            ("undetermined_keys", String(summary.undetermined)),
            ("never_used_keys", String(summary.neverUsed)),
            ("inactive_keys", String(summary.inactive)),
            ("compliance_rate", summary.complianceRate.map(\.twoDecimals) ?? "undetermined"),
            ("read_failures", String(assessment.snapshot.failures.count)),
            ("excused_keys", String(summary.excused)),
            ("excepted_failures", String(summary.exceptedFailures)),
            ("data_findings", String(summary.doubtfulKeys)),
            ("policy", assessment.policy.name),
            (
                "root_has_access_keys",
                RootFacts(assessment.snapshot).hasKeys.map { $0 ? "true" : "false" } ?? "undetermined"
            ),
        ]
        let tests = ControlTestID.allCases.map { test in
            let runs = assessment.tests.contains { $0.id == test }
            return (name: test.columnName, value: runs ? assessment.conclusion(of: test).rawValue : "not-run")
        }
        var csv = CSVWriter(to: output)
        csv.row((columns + tests).map(\.name))
        csv.row((columns + tests).map(\.value))
        output = csv.finish()
    }
}

extension ControlTestID {
    /// `unused_key_test`, as in ``KeysCSV``.
    fileprivate var columnName: String { "\(rawValue.replacing("-", with: "_"))_test" }
}
