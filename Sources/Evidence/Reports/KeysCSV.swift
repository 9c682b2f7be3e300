package import CanonicalJSON

/// `keys.csv`: one header row, then one row a key. An empty cell is a fact that doesn't exist (never used);
/// `undetermined` is one that could not be read.
package enum KeysCSV {
    private static let header = [
        "account_id", "username", "user_arn", "has_console_access", "access_key_id", "access_key_slot", "status",
        "created_date",
        "age_days", "last_used_date", "days_since_last_used", "never_used", "last_used_service", "last_used_region",
        "risk_level", "unused_key_test", "key_rotation_test", "issue", "recommendation", "as_of", "last_used_source",
        "last_used_as_of", "inactive_key_removed_test", "single_active_key_test", "identifier_assigned_test",
        "excepted_tests", "due_date",
    ]

    package static func write(_ assessment: Assessment, to output: inout OutputBuffer) {
        CSV.write(header: header, rows: assessment.keys.lazy.map { row($0, in: assessment) }, to: &output)
    }

    private static func row(_ assessed: KeyAssessment, in assessment: Assessment) -> [String] {
        let (key, user) = (assessed.key, assessed.user)
        let recommended = assessed.recommendation
        let outcomes = assessed.outcomes.union(assessed.userOutcomes)
        func test(_ id: ControlTestID) -> String {
            switch outcomes[id] {
            case .notApplicable: "not-applicable"
            case .satisfied: Conclusion.satisfied.rawValue
            case .failed, .excepted: Conclusion.notSatisfied.rawValue
            case .undetermined: Conclusion.undetermined.rawValue
            }
        }
        let excepted = ControlTestID.allCases.filter { outcomes[$0] == .excepted }.map(\.rawValue)
        let console =
            switch user.consoleAccess {
            case .yes: "true"
            case .no: "false"
            case .undetermined: "undetermined"
            }
        let lastUse: [String] =
            switch key.lastUse {
            case .used(let at, let service, let region):
                [at.iso8601, assessed.idleDays.map(String.init) ?? "", "false", service, region]
            case .never: ["", "", "true", "", ""]
            case .undetermined: Array(repeating: "undetermined", count: 5)
            }
        return [
            assessment.snapshot.account.id, user.name, user.arn, console, key.id ?? "",
            key.slot.map(String.init) ?? "", key.status.name,
            key.created.iso8601, String(assessed.ageDays),
        ] + lastUse + [
            assessed.levelName, test(.unusedKey), test(.keyRotation), recommended.issue,
            recommended.action, assessment.asOf.iso8601, key.lastUseSource?.operation ?? "",
            key.lastUseSource?.asOf.iso8601 ?? "", test(.inactiveKeyRemoved), test(.singleActiveKey),
            test(.identifierAssigned), excepted.joined(separator: " "), recommended.due?.iso8601 ?? "",
        ]
    }
}
