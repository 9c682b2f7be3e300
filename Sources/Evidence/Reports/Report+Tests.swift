package import CanonicalJSON
import FoundationEssentials

/// What the control tests and the controls come to, as the report says it.
extension Report {
    struct TestResult: JSONWritable {
        let assessment: Assessment
        let test: any ControlTest

        func write(to json: inout JSONWriter) {
            let tally = assessment.tally(of: test.id)
            json.object { json in
                json.member("conclusion", assessment.conclusion(of: test.id).rawValue)
                json.name("controls")
                json.array(assessment.shown.mappings(of: test.id))
                json.member("fails_run", assessment.hasOpenFailures(of: test.id))
                json.member("objective", orNull: assessment.shown.objective(of: test.id)?.target)
                json.name("parameters")
                json.object { json in
                    for parameter in test.parameters {
                        json.name(of: parameter.name)
                        json.value(parameter.days)
                    }
                }
                json.member("question", test.question)
                json.member("scope", test.id.scope.rawValue)
                json.member("subjects_excepted", tally.excepted)
                json.member("subjects_failed", tally.failed)
                json.member("subjects_satisfied", tally.satisfied)
                json.member("subjects_tested", tally.tested)
                json.member("subjects_undetermined", tally.undetermined)
                json.member("test", test.id.rawValue)
                json.member("title", test.title)
                // Of keys and users the verdicts stand with them.
                json.member("verdict", assessment.accountVerdicts.first { $0.test == test.id })
            }
        }
    }

    struct TestNotRun: JSONWritable {
        var test: ControlTestID
        var reason: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("reason", reason)
                json.member("test", test.rawValue)
            }
        }
    }

    /// What the tests say about one control of a framework.
    struct ControlStatus: JSONWritable {
        var framework: String
        var control: String
        var label: String
        var status: ComplianceStatus
        var tests: [ControlTestID]
        /// Those that satisfied a test, and not the framework's own limit for it; nil where it has none.
        var subjectsBeyondLimits: Int?

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("control", control)
                json.member("framework", framework)
                json.member("label", label)
                json.member("status", status.rawValue)
                json.member("subjects_beyond_limits", subjectsBeyondLimits)
                json.name("tests")
                json.array(tests.map(\.rawValue))
            }
        }
    }

    /// The exceptions and what is to be said about them; the list itself is `exceptions.json`.
    struct Exceptions: JSONWritable {
        let assessment: Assessment

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("given", assessment.exceptions.exceptions.count)
                json.name("notes")
                json.array(assessment.exceptionNotes)
            }
        }
    }

    /// What to do, the most urgent first.
    enum Recommendations {
        static func write(_ assessment: Assessment, to json: inout JSONWriter) {
            func put(_ priority: RiskLevel, _ subject: String, _ what: Recommendation) {
                OtherRecommendation(
                    priority: priority, subject: subject, recommendation: what, asOf: assessment.asOf
                ).write(to: &json)
            }
            for (failed, what) in assessment.accountRecommendations {
                let isRoot = failed.test.scope == .rootUser
                put(isRoot ? .critical : .low, isRoot ? Evidence.RootUser.name : "<account>", what)
            }
            for key in assessment.byUrgency where key.needsAction {
                KeyRecommendation(details: KeyDetails(key), asOf: assessment.asOf).write(to: &json)
            }
            for user in assessment.users {
                for what in user.recommendations { put(.low, user.user.name, what) }
            }
        }
    }

    private struct KeyRecommendation: JSONWritable {
        let details: KeyDetails
        let asOf: Date

        func write(to json: inout JSONWriter) {
            let (due, exceptedUntil) = (details.due, details.exceptedUntil)
            json.object { json in
                json.member("access_key_id", orNull: details.assessed.id)
                json.member("access_key_slot", details.assessed.slot)
                json.name("commands")
                json.array { json in
                    details.forEachCommand { command in json.string { command.put(to: &$0) } }
                }
                json.member("due_date", orNull: due)
                json.member("excepted_until", orNull: exceptedUntil)
                json.member("issue", text: details.issue)
                json.member("overdue", exceptedUntil == nil && due.map { $0 < asOf } ?? false)
                json.member("priority", details.assessed.levelName)
                json.member("recommendation", text: details.action)
                json.member("username", details.userName)
                json.member("why", details.why)
            }
        }
    }

    /// About a user, the root user or the account.
    private struct OtherRecommendation: JSONWritable {
        let priority: RiskLevel
        let subject: String
        let recommendation: Recommendation
        let asOf: Date

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("access_key_id", orNull: String?.none)
                json.name("commands")
                json.array { json in
                    recommendation.forEachCommand { command in json.string { command.put(to: &$0) } }
                }
                json.member("due_date", orNull: recommendation.due)
                json.member("excepted_until", orNull: recommendation.exceptedUntil)
                json.member("issue", recommendation.issue)
                json.member("overdue", recommendation.isOverdue(at: asOf))
                json.member("priority", priority.name)
                json.member("recommendation", recommendation.action)
                json.member("username", subject)
                json.member("why", recommendation.why)
            }
        }
    }
}

extension TestVerdict: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.fill(exception == nil ? Self.form : Self.exceptedForm) { gap, json in
            switch Gap(rawValue: gap) {
            case .conclusion: json.put(plain: verdict.conclusion.rawValue)
            case .exception: exception?.write(to: &json)
            case .reason: verdict.reason.write(to: &json)
            case .test: json.put(plain: test.rawValue)
            case nil: break
            }
        }
    }

    private enum Gap: Int { case conclusion, exception, reason, test }
    private static let form = form(isExcepted: false)
    private static let exceptedForm = form(isExcepted: true)

    private static func form(isExcepted: Bool) -> JSONForm {
        JSONForm { json in
            json.object { json in
                json.member("conclusion", gap: Gap.conclusion)
                if isExcepted { json.member("exception", valueGap: Gap.exception) }
                json.member("reason", valueGap: Gap.reason)
                json.member("test", gap: Gap.test)
            }
        }
    }
}

extension ExceptionMatch: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("expires", exception.expires.iso8601)
            json.member("kind", exception.kind.rawValue)
            json.member("state", state.rawValue)
            json.member("ticket", exception.ticket)
        }
    }
}
