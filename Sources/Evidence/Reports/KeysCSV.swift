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
        "excepted_tests", "due_date", "policy_override",
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
        csv.cell(plain: assessed.user.consoleAccess.value.map { $0 ? "true" : "false" } ?? "undetermined")
        csv.cell(assessed.id ?? "")
        csv.cell(assessed.slot)
        csv.cell(key.status.name)
        csv.cell(key.created)
        csv.cell(assessed.ageDays)
        switch key.lastUse {
        case .read(.used(let date, let service, let region), _):
            csv.cell(date)
            csv.cell(assessed.idleDays)
            csv.cell(plain: "false")
            csv.cell(service)
            csv.cell(region)
        case .read(.never, _):
            csv.cell(plain: "")
            csv.cell(plain: "")
            csv.cell(plain: "true")
            csv.cell(plain: "")
            csv.cell(plain: "")
        case .undetermined:
            for _ in 0..<5 { csv.cell(plain: "undetermined") }
        }
        csv.cell(plain: assessed.levelName)
        csv.cell(plain: test(.unusedKey))
        csv.cell(plain: test(.keyRotation))
        csv.cell { details.issue.put(to: &$0) }
        csv.cell { details.action.put(to: &$0) }
        csv.cell(assessment.asOf)
        csv.cell(plain: key.lastUse.source?.operation.rawValue ?? "")
        csv.cell(key.lastUse.source?.asOf)
        csv.cell(plain: test(.inactiveKeyRemoved))
        csv.cell(plain: test(.singleActiveKey))
        csv.cell(plain: test(.identifierAssigned))
        csv.cell { csv in
            for (index, test) in outcomes.excepted.enumerated() {
                if index > 0 { csv.literal(" ") }
                csv.put(test.rawValue)
            }
        }
        csv.cell(details.due)
        csv.cell(assessed.overrideName ?? "")
    }
}
