/// CSV as RFC 4180 has it: CRLF between rows, cells quoted where they must be.
///
/// A cell that a spreadsheet would take for a formula is neutralised by a leading apostrophe; the exact value stands in
/// the JSON report.
enum CSV {
    static func table(header: [String], rows: some Sequence<[String]>) -> [UInt8] {
        var text = row(header)
        for cells in rows { text += row(cells) }
        return Array(text.utf8)
    }

    private static func row(_ cells: [String]) -> String {
        cells.map(cell).joined(separator: ",") + "\r\n"
    }

    private static func cell(_ value: String) -> String {
        let dangerous: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r"]
        let isFormula = value.unicodeScalars.first.map(dangerous.contains) ?? false
        let safe = isFormula ? "'\(value)" : value
        guard safe.utf8.contains(where: { [UInt8(ascii: ","), UInt8(ascii: "\""), 0x0a, 0x0d].contains($0) }) else {
            return safe
        }
        return "\"\(safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }
}
