package import CanonicalJSON

/// `report.json`: the field names that users' scripts know, and more. `evidence-schemas/report.schema.json` says what
/// each means.
///
/// Properties are named as JSON has them, because the names are the product.
package struct Report: JSONWritable {
    var schema = "urn:keywitness:schema:report:2"
    var metadata: Metadata
    var analysis_results: AnalysisResults
    var compliance_assessment: ComplianceAssessment
    var control_tests: [TestResult]
    var tests_not_run: [TestNotRun]
    var completeness: Completeness
    var data_findings: [DataFinding]
    var exceptions: Exceptions
    var root_user: RootUser

    struct Metadata: JSONWritable {
        var report_type = "AWS IAM access key evidence"
        var account_id: String
        var account_partition: String
        var assessment_date: String
        var as_of_source: String
        var collection_started: String
        var collection_ended: String
        var caller_arn: String
        var aws_region: String
        var aws_profile: String? = nil
        var tool = KeyWitnessTool.name
        var tool_version = KeyWitnessTool.version
        var thresholds: Thresholds
        var policy: PolicyReference
        var exceptions: FileReference?
        var frameworks: [String]
        var standards_evaluated: [String]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("account_id", account_id)
                json.member("account_partition", account_partition)
                json.member("as_of_source", as_of_source)
                json.member("assessment_date", assessment_date)
                json.member("aws_profile", orNull: aws_profile)
                json.member("aws_region", aws_region)
                json.member("caller_arn", caller_arn)
                json.member("collection_ended", collection_ended)
                json.member("collection_started", collection_started)
                json.member("exceptions", orNull: exceptions)
                json.name("frameworks")
                json.array(frameworks)
                json.member("policy", policy)
                json.member("report_type", report_type)
                json.member("standards_evaluated", standards_evaluated)
                json.member("thresholds", thresholds)
                json.member("tool", tool)
                json.member("tool_version", tool_version)
            }
        }
    }

    /// The policy, which stands in a file of its own.
    struct PolicyReference: JSONWritable {
        var policy: Policy

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("name", policy.name)
                json.member("path", BundlePath.policy)
                json.member("sha256", policy.digest)
                json.member("title", policy.title)
            }
        }
    }

    struct FileReference: JSONWritable {
        var path: String
        var sha256: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("path", path)
                json.member("sha256", sha256)
            }
        }
    }

    struct Thresholds: JSONWritable {
        var key_age_threshold_days: Int
        var last_used_threshold_days: Int

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("key_age_threshold_days", key_age_threshold_days)
                json.member("last_used_threshold_days", last_used_threshold_days)
            }
        }
    }

    struct AnalysisResults: JSONWritable {
        /// The lists are made as they are written: an account may have very many keys.
        let assessment: Assessment

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.name("high_risk_findings")
                json.array { json in
                    for key in assessment.byUrgency { HighRiskFinding(key)?.write(to: &json) }
                }
                json.name("recommendations")
                json.array { json in
                    RecommendationEntry.writeAll(assessment, to: &json)
                }
                json.member("summary", Counts(assessment.summary))
                json.name("user_analysis")
                json.array { json in
                    // The keys stand in the order of the users.
                    var keys = assessment.keys[...]
                    for assessed in assessment.users {
                        let own = keys.prefix(assessed.user.keys.known.count)
                        keys = keys.dropFirst(own.count)
                        User(assessed, keys: own).write(to: &json)
                    }
                }
            }
        }
    }

    struct Counts: JSONWritable {
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
        var excused_keys: Int
        var excepted_failures: Int
        var data_findings: Int
        var compliance_rate: Double? = nil

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("compliance_rate", orNull: compliance_rate)
                json.member("compliant_keys", compliant_keys)
                json.member("critical_keys", critical_keys)
                json.member("data_findings", data_findings)
                json.member("excepted_failures", excepted_failures)
                json.member("excused_keys", excused_keys)
                json.member("high_risk_keys", high_risk_keys)
                json.member("inactive_keys", inactive_keys)
                json.member("low_risk_keys", low_risk_keys)
                json.member("medium_risk_keys", medium_risk_keys)
                json.member("never_used_keys", never_used_keys)
                json.member("total_keys", total_keys)
                json.member("total_users", total_users)
                json.member("undetermined_keys", undetermined_keys)
                json.member("users_with_keys", users_with_keys)
            }
        }
    }

    struct User: JSONWritable {
        var username: String
        var user_id: String?
        var arn: String
        var user_created: String
        var has_console_access: Bool? = nil
        var password_last_used: String? = nil
        var access_keys_listed: Bool
        var access_keys: [Key]
        var key_count: Int
        var highest_risk_level: String? = nil
        var control_tests: [TestVerdict]
        var facts: UserFacts
        var optional: OptionalFacts

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("access_keys", access_keys)
                json.member("access_keys_listed", access_keys_listed)
                json.member("arn", arn)
                json.member("control_tests", control_tests)
                json.member("facts", facts)
                json.member("has_console_access", orNull: has_console_access)
                json.member("highest_risk_level", orNull: highest_risk_level)
                json.member("key_count", key_count)
                json.member("mfa_devices", optional.mfaDevices)
                json.member("password_last_used", orNull: password_last_used)
                json.member("service_specific_credentials", optional.serviceSpecificCredentials)
                json.member("signing_certificates", optional.signingCertificates)
                json.member("ssh_public_keys", optional.sshPublicKeys)
                json.member("tags", optional.tags)
                json.member("user_created", user_created)
                json.member("user_id", orNull: user_id)
                json.member("username", username)
            }
        }
    }

    struct Key: JSONWritable {
        var access_key_id: String?
        var access_key_slot: Int? = nil
        var status: String
        var created_date: String
        var age_days: Int
        var last_used_determined: Bool
        var last_used_date: String? = nil
        var days_since_last_used: Int? = nil
        var never_used: Bool? = nil
        var last_used_service: String? = nil
        var last_used_region: String? = nil
        var risk_level: String
        var risk_reason: Reason
        var risk_level_at_least: String? = nil
        var recommendation: String
        var due_date: String? = nil
        var policy_override: String? = nil
        var control_tests: [TestVerdict]
        var evidence_exchanges: [Int]
        var facts: KeyFacts

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("access_key_id", orNull: access_key_id)
                json.member("access_key_slot", access_key_slot)
                json.member("age_days", age_days)
                json.member("control_tests", control_tests)
                json.member("created_date", created_date)
                json.member("days_since_last_used", orNull: days_since_last_used)
                json.member("due_date", orNull: due_date)
                json.member("evidence_exchanges", evidence_exchanges)
                json.member("facts", facts)
                json.member("last_used_date", orNull: last_used_date)
                json.member("last_used_determined", last_used_determined)
                json.member("last_used_region", orNull: last_used_region)
                json.member("last_used_service", orNull: last_used_service)
                json.member("never_used", orNull: never_used)
                json.member("policy_override", policy_override)
                json.member("recommendation", recommendation)
                json.member("risk_level", risk_level)
                json.member("risk_level_at_least", orNull: risk_level_at_least)
                json.member("risk_reason", risk_reason)
                json.member("status", status)
            }
        }
    }

    struct HighRiskFinding: JSONWritable {
        var username: String
        var access_key_id: String?
        var access_key_slot: Int? = nil
        var risk_level: String
        var age_days: Int
        var days_since_last_used: Int? = nil
        var never_used: Bool
        var issue: String
        var recommendation: String
        var failed_control_tests: [String]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("access_key_id", orNull: access_key_id)
                json.member("access_key_slot", access_key_slot)
                json.member("age_days", age_days)
                json.member("days_since_last_used", orNull: days_since_last_used)
                json.member("failed_control_tests", failed_control_tests)
                json.member("issue", issue)
                json.member("never_used", never_used)
                json.member("recommendation", recommendation)
                json.member("risk_level", risk_level)
                json.member("username", username)
            }
        }
    }

    struct ComplianceAssessment: JSONWritable {
        var overall_status: String
        var soc2_cc6_1_status: String
        var nist_ia_4_status: String
        var controls: [ControlStatus]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.name("controls")
                json.array(controls)
                json.member("nist_ia_4_status", nist_ia_4_status)
                json.member("overall_status", overall_status)
                json.member("soc2_cc6_1_status", soc2_cc6_1_status)
            }
        }
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("analysis_results", analysis_results)
            json.member("completeness", completeness)
            json.member("compliance_assessment", compliance_assessment)
            json.name("control_tests")
            json.array(control_tests)
            json.name("data_findings")
            json.array(data_findings)
            json.member("exceptions", exceptions)
            json.member("metadata", metadata)
            json.member("root_user", root_user)
            json.member("schema", schema)
            json.name("tests_not_run")
            json.array(tests_not_run)
        }
    }
}
