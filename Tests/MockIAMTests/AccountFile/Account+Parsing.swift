import FoundationEssentials
import MockIAM
import Testing

extension MockIAM.AccountFile {
    /// 2026-11-22T20:45:00Z
    static let clock = Date(timeIntervalSince1970: 1_795_380_300)

    /// What `users.yaml` says that holds `text`.
    static func made(_ text: String) throws(MockIAM.AccountFileError) -> MockIAM.AccountFile {
        try MockIAM.AccountFile(parsing: text, file: "users.yaml", now: clock)
    }
}

extension Date {
    /// So many days before 2026-11-22T20:45:00Z.
    static func ago(days: Double) -> Date { MockIAM.AccountFile.clock - days * 86_400 }
}

/// What is said to be wrong in `users.yaml` that holds `text`; a failure where nothing is.
func complaint(about text: String, sourceLocation: SourceLocation = #_sourceLocation) -> String {
    do throws(MockIAM.AccountFileError) {
        let file = try MockIAM.AccountFile.made(text)
        Issue.record("no error but \(file)", sourceLocation: sourceLocation)
        return ""
    } catch {
        return error.description
    }
}
