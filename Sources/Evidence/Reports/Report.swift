package import CanonicalJSON
import FoundationEssentials

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
                json.member("path", BundleMember.policy.path)
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
                    for key in assessment.byUrgency where key.isHighRisk {
                        HighRiskFinding(details: KeyDetails(key)).write(to: &json)
                    }
                }
                json.name("recommendations")
                json.array { Recommendations.write(assessment, to: &$0) }
                json.member("summary", Counts(assessment.summary))
                json.name("user_analysis")
                json.array { json in
                    // The keys stand in the order of the users.
                    var keys = assessment.keys[...]
                    for assessed in assessment.users {
                        let own = keys.prefix(assessed.user.keys.known.count)
                        keys = keys.dropFirst(own.count)
                        User(assessed: assessed, keys: own).write(to: &json)
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
        let assessed: UserAssessment
        let keys: ArraySlice<KeyAssessment>

        func write(to json: inout JSONWriter) {
            let user = assessed.user
            let optional = user.optional
            let isListed = user.keys.isRead
            json.object { json in
                json.name("access_keys")
                json.array { json in
                    for key in keys { Key(KeyDetails(key)).write(to: &json) }
                }
                json.member("access_keys_listed", isListed)
                json.member("arn", user.arn)
                json.name("control_tests")
                json.array { json in
                    assessed.forEachVerdict { $0.write(to: &json) }
                }
                json.member(
                    "facts",
                    UserFacts(
                        user: user.listed, access_keys: user.keys.source, console_access: user.consoleAccess.source,
                        optional: optional))
                json.member("has_console_access", orNull: user.consoleAccess.value)
                json.member("highest_risk_level", orNull: isListed ? worst : "UNDETERMINED")
                json.member("key_count", keys.count)
                json.member("mfa_devices", optional.mfaDevices)
                json.member("password_last_used", orNull: user.passwordLastUsed)
                json.member("service_specific_credentials", optional.serviceSpecificCredentials)
                json.member("signing_certificates", optional.signingCertificates)
                json.member("ssh_public_keys", optional.sshPublicKeys)
                json.member("tags", optional.tags)
                json.member("user_created", user.created)
                json.member("user_id", orNull: user.id)
                json.member("username", user.name)
            }
        }

        /// Nil where the user has no keys. One whose level isn't known may be the worst, unless another can't be worse.
        private var worst: String? {
            let known = keys.compactMap(\.level).max()
            return known != .critical && keys.contains { !$0.isLevelKnown } ? "UNDETERMINED" : known?.name
        }
    }

    struct Key: JSONWritable {
        let details: KeyDetails

        init(_ details: KeyDetails) {
            self.details = details
        }

        func write(to json: inout JSONWriter) {
            let (assessed, key) = (details.assessed, details.key)
            var use: (date: Date, service: String, region: String)?
            let lastUse = key.lastUse
            if case .read(.used(let date, let service, let region), _) = lastUse { use = (date, service, region) }
            let isDetermined = lastUse.isRead
            json.object { json in
                json.member("access_key_id", orNull: assessed.id)
                json.member("access_key_slot", assessed.slot)
                json.member("age_days", assessed.ageDays)
                json.name("control_tests")
                json.array { json in
                    assessed.forEachVerdict { $0.write(to: &json) }
                }
                json.member("created_date", key.created)
                json.member("days_since_last_used", orNull: assessed.idleDays)
                json.member("due_date", orNull: details.due)
                json.name("evidence_exchanges")
                json.array { json in
                    details.forEachExchange { json.value($0) }
                }
                json.member("facts", KeyFacts(status: key.listed, last_use: lastUse.source))
                json.member("last_used_date", orNull: use?.date)
                json.member("last_used_determined", isDetermined)
                json.member("last_used_region", orNull: use?.region)
                json.member("last_used_service", orNull: use?.service)
                json.member("never_used", orNull: isDetermined ? use == nil : nil)
                json.member("policy_override", assessed.overrideName)
                json.member("recommendation", text: details.action)
                json.member("risk_level", assessed.levelName)
                json.member("risk_level_at_least", orNull: assessed.isLevelKnown ? nil : assessed.leastLevel.name)
                json.member("risk_reason", details.assessed.classification.reason)
                json.member("status", key.status.name)
            }
        }
    }

    struct HighRiskFinding: JSONWritable {
        let details: KeyDetails

        func write(to json: inout JSONWriter) {
            let assessed = details.assessed
            json.object { json in
                json.member("access_key_id", orNull: assessed.id)
                json.member("access_key_slot", details.assessed.slot)
                json.member("age_days", assessed.ageDays)
                json.member("days_since_last_used", orNull: assessed.idleDays)
                json.member("excepted_until", orNull: details.exceptedUntil)
                json.name("failed_control_tests")
                json.array { json in
                    for test in assessed.failedTests { json.value(test.rawValue) }
                }
                json.member("issue", text: details.issue)
                json.member("never_used", assessed.isNeverUsed)
                json.member("recommendation", text: details.action)
                json.member("risk_level", assessed.levelName)
                json.member("username", details.userName)
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
