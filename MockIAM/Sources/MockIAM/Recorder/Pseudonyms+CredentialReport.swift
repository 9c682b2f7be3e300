import FoundationEssentials
import Recording

extension Pseudonyms {
    /// The credential report, base64 of a CSV text, with other users and ARNs; nil where it is no such report.
    mutating func credentialReport(_ base64: String) -> String? {
        guard let data = Data(base64Encoded: base64, options: .ignoreUnknownCharacters),
            let text = String(validating: data, as: UTF8.self), var table = CSVTable(text),
            let columns = table.rows.first?.fields, columns.first == "user"
        else { return nil }
        for row in table.rows.indices.dropFirst() {
            // The last line feed of a file that ends in one.
            if table.rows[row].fields == [""] { continue }
            guard table.rows[row].fields.count <= columns.count else { return nil }
            for column in table.rows[row].fields.indices {
                let field = table.rows[row].fields[column]
                table.rows[row].fields[column] = reportField(field, column: columns[column])
            }
        }
        table.rows[0].fields = columns.map { $0.isReportWord ? $0 : Scrubber.redacted }
        return Data(table.text.utf8).base64EncodedString()
    }

    private mutating func reportField(_ field: String, column: String) -> String {
        switch column {
        case "user": userName(field)
        case "arn": arn(field)
        case _ where ["N/A", "no_information", "not_supported"].contains(field) || field.isEmpty: field
        case _ where field == "true" || field == "false" || field.isDate: field
        // Of known columns only: a new one may hold names.
        case _ where column.hasSuffix("_last_used_region") || column.hasSuffix("_last_used_service"):
            value(field, .constant)
        default: Scrubber.redacted
        }
    }
}

extension String {
    /// As the names of the columns are.
    fileprivate var isReportWord: Bool {
        isFieldName(with: "_")
    }
}
