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
        var csv = CSVWriter(to: output)
        csv.row(header)
        for key in assessment.keys {
            write(KeyDetails(key), of: assessment, to: &csv)
            csv.endRow()
        }
        output = csv.finish()
    }

    private static func write(_ details: KeyDetails, of assessment: Assessment, to csv: inout CSVWriter) {
        let (assessed, key) = (details.assessed, details.key)
        let outcomes = assessed.outcomes.union(assessed.userOutcomes)
        func test(_ id: ControlTestID) -> String { outcomes[id].conclusion?.rawValue ?? "not-applicable" }
        csv.cell(assessment.snapshot.account.id)
        csv.cell(details.userName)
        csv.cell(details.userARN)
        csv.cell(assessed.user.consoleAccess.isKnown.map { $0 ? "true" : "false" } ?? "undetermined")
        csv.cell(key.id ?? "")
        csv.cell(key.slot)
        csv.cell(key.status.name)
        csv.cell(key.created)
        csv.cell(assessed.ageDays)
        switch key.lastUse {
        case .used(let date, let service, let region):
            csv.cell(date)
            csv.cell(assessed.idleDays)
            csv.cell("false")
            csv.cell(service)
            csv.cell(region)
        case .never:
            csv.cell("")
            csv.cell("")
            csv.cell("true")
            csv.cell("")
            csv.cell("")
        case .undetermined:
            for _ in 0..<5 { csv.cell("undetermined") }
        }
        csv.cell(assessed.levelName)
        csv.cell(test(.unusedKey))
        csv.cell(test(.keyRotation))
        csv.cell { details.issue.put(to: &$0) }
        csv.cell { details.action.put(to: &$0) }
        csv.cell(assessment.asOf)
        csv.cell(key.lastUseSource?.operation ?? "")
        csv.cell(key.lastUseSource?.asOf)
        csv.cell(test(.inactiveKeyRemoved))
        csv.cell(test(.singleActiveKey))
        csv.cell(test(.identifierAssigned))
        csv.cell(outcomes.excepted.map(\.rawValue).joined(separator: " "))
        csv.cell(details.due)
    }
}
