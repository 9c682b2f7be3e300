/// `report.json`: the field names that users' scripts know, and more. `evidence-schemas/report.schema.json` says what
/// each means.
///
/// Properties are named as JSON has them, because the names are the product.
package struct Report: Encodable {
    var schema = "urn:keywitness:schema:report:1"
    var metadata: Metadata
    var analysis_results: AnalysisResults
    var compliance_assessment: ComplianceAssessment
    var control_tests: [TestResult]
    var completeness: Completeness

    struct Metadata: Encodable {
        var report_type = "AWS IAM access key evidence"
        var account_id: String
        var account_partition: String
        var assessment_date: String
        var as_of_source: String
        var collection_started: String
        var collection_ended: String
        var caller_arn: String
        var aws_region: String
        @Nullable var aws_profile: String? = nil
        var tool = KeyWitnessTool.name
        var tool_version = KeyWitnessTool.version
        var thresholds: Thresholds
        var policy: Policy
        var policy_sha256: String
        var standards_evaluated: [String]
    }

    struct Thresholds: Encodable {
        var key_age_threshold_days: Int
        var last_used_threshold_days: Int
    }

    struct AnalysisResults: Encodable {
        var summary: Counts
        var user_analysis: [User]
        var high_risk_findings: [HighRiskFinding]
        var recommendations: [RecommendationEntry]
    }

    struct Counts: Encodable {
        var total_users: Int
        var users_with_keys: Int
        var total_keys: Int
        var critical_keys: Int
        var high_risk_keys: Int
        var medium_risk_keys: Int
        var low_risk_keys: Int
        var compliant_keys: Int
        var undetermined_keys: Int
        var never_used_keys: Int
        var inactive_keys: Int
        @Nullable var compliance_rate: Double? = nil
    }

    struct User: Encodable {
        var username: String
        var user_id: String
        var arn: String
        var user_created: String
        @Nullable var has_console_access: Bool? = nil
        @Nullable var password_last_used: String? = nil
        var access_keys_listed: Bool
        var access_keys: [Key]
        var key_count: Int
        @Nullable var highest_risk_level: String? = nil
    }

    struct Key: Encodable {
        var access_key_id: String
        var status: String
        var created_date: String
        var age_days: Int
        var last_used_determined: Bool
        @Nullable var last_used_date: String? = nil
        @Nullable var days_since_last_used: Int? = nil
        @Nullable var never_used: Bool? = nil
        @Nullable var last_used_service: String? = nil
        @Nullable var last_used_region: String? = nil
        var risk_level: String
        var risk_reason: Reason
        @Nullable var risk_level_at_least: String? = nil
        var recommendation: String
        var control_tests: [KeyTest]
        var evidence_exchanges: [Int]
    }

    struct KeyTest: Encodable {
        var test: String
        var conclusion: String
        var reason: Reason
    }

    struct HighRiskFinding: Encodable {
        var username: String
        var access_key_id: String
        var risk_level: String
        var age_days: Int
        @Nullable var days_since_last_used: Int? = nil
        var never_used: Bool
        var issue: String
        var recommendation: String
        var failed_control_tests: [String]
    }

    struct RecommendationEntry: Encodable {
        var priority: String
        var username: String
        var access_key_id: String
        var issue: String
        var recommendation: String
    }

    struct ComplianceAssessment: Encodable {
        var overall_status: String
        var soc2_cc6_1_status: String
        var nist_ia_4_status: String
    }

    struct TestResult: Encodable {
        var test: String
        var title: String
        var question: String
        var limit_days: Int
        var conclusion: String
        var keys_tested: Int
        var keys_failed: Int
        var keys_undetermined: Int
        var controls: [Crosswalk.Mapping]
    }

    struct Completeness: Encodable {
        var complete: Bool
        var user_list_complete: Bool
        var user_list_pages: Int
        var users_listed: Int
        var users_with_unknown_keys: Int
        var failures: [ReadFailure]
        var requests: [String: Int]
        var requests_total: Int
        var retries: Int
        var errors: [String: Int]
    }
}
