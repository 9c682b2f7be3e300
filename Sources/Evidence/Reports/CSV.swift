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
            // Nearly all cells.
            if value.utf8.allSatisfy(\.isPlainInCells), value.utf8.first.map({ !$0.beginsFormula }) ?? true {
                output.append(value)
            } else {
                output.append(cell(value))
            }
        }
        output.append("\r\n")
    }

    private static func cell(_ value: String) -> String {
        let isFormula = value.utf8.first.map(\.beginsFormula) ?? false
        let safe = isFormula ? "'\(value)" : value
        guard !safe.utf8.allSatisfy(\.isPlainInCells) else { return safe }
        return "\"\(safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }
}

extension UInt8 {
    /// Whether a cell with it needs no quotes.
    fileprivate var isPlainInCells: Bool {
        self != UInt8(ascii: ",") && self != UInt8(ascii: "\"") && self != 0x0a && self != 0x0d
    }

    /// Whether a spreadsheet takes a cell that begins with it for a formula.
    fileprivate var beginsFormula: Bool {
        switch self {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0d: true
        default: false
        }
    }
}
