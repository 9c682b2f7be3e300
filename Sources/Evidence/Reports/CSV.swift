import CanonicalJSON

/// CSV as RFC 4180 has it: CRLF between rows, cells quoted where they must be.
///
/// A cell that a spreadsheet would take for a formula is neutralised by a leading apostrophe; the exact value stands in
/// the JSON report.
enum CSV {
    static func write(header: [String], rows: some Sequence<[String]>, to output: inout OutputBuffer) {
        write(header, to: &output)
        for cells in rows {
            write(cells, to: &output)
            output.flushIfLarge()
        }
    }

    private static func write(_ cells: [String], to output: inout OutputBuffer) {
        for (index, value) in cells.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            output.append(cell(value))
        }
        output.append("\r\n")
    }

    private static func cell(_ value: String) -> String {
        let isFormula =
            switch value.utf8.first {
            case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0d: true
            default: false
            }
        let safe = isFormula ? "'\(value)" : value
        let needsQuotes = safe.utf8.contains { byte in
            byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0a || byte == 0x0d
        }
        guard needsQuotes else { return safe }
        return "\"\(safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }
}
