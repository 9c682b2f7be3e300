import CanonicalJSON
import FoundationEssentials

/// CSV as RFC 4180 has it: CRLF between rows, cells quoted where they must be.
///
/// A cell that a spreadsheet would take for a formula is neutralised by a leading apostrophe; the exact value stands in
/// the JSON report.
struct CSVWriter: ~Copyable {
    private var output: OutputBuffer
    private var isFirstInRow = true

    init(to output: consuming OutputBuffer) {
        self.output = output
    }

    consuming func finish() -> OutputBuffer { output }

    mutating func row(_ cells: [String]) {
        for value in cells { cell(value) }
        endRow()
    }

    mutating func endRow() {
        output.append("\r\n")
        output.flushIfLarge()
        isFirstInRow = true
    }

    mutating func cell(_ text: String) {
        cell { $0.put(text) }
    }

    /// A cell of ours, which needs no quotes.
    mutating func cell(plain text: String) {
        separate()
        output.append(text)
    }

    /// In UTC and whole seconds, which needs no quotes; empty where there is none.
    mutating func cell(_ instant: Date?) {
        separate()
        if let instant { output.append(instant: instant) }
    }

    /// A count, which is never negative.
    mutating func cell(_ number: Int?) {
        separate()
        if let number { output.append(decimal: number) }
    }

    /// A cell that is put together.
    mutating func cell(_ parts: (inout CSVWriter) -> Void) {
        separate()
        let start = output.count
        parts(&self)
        // Nearly all cells can stand as they are.
        if !output.isPlainCell(from: start) { quote(from: start) }
    }

    private mutating func separate() {
        if !isFirstInRow { output.append(UInt8(ascii: ",")) }
        isFirstInRow = false
    }

    private mutating func quote(from start: Int) {
        if output.byte(at: start)?.beginsFormula ?? false { output.insert(UInt8(ascii: "'"), at: start) }
        if output.isPlainInCSV(from: start) { return }
        let quote = UInt8(ascii: "\"")
        if output.holds(quote, from: start) {
            let value = output.takeBack(from: start)
            output.append(quote)
            for byte in value {
                if byte == quote { output.append(byte) }
                output.append(byte)
            }
        } else {
            output.insert(quote, at: start)
        }
        output.append(quote)
    }
}

extension CSVWriter: TextOutput {
    mutating func literal(_ text: StaticString) { output.append(text) }
    mutating func put(_ text: String) { output.append(text) }
    mutating func put(plain text: String) { output.append(text) }
    mutating func put(_ number: Int) { output.append(decimal: number) }
    mutating func put(_ instant: Date) { output.append(instant: instant) }
}

extension OutputBuffer {
    /// Whether what stands from an offset on is a cell without quotes.
    fileprivate func isPlainCell(from start: Int) -> Bool {
        !(byte(at: start)?.beginsFormula ?? false) && isPlainInCSV(from: start)
    }
}

extension UInt8 {
    /// Whether a spreadsheet takes a cell that begins with it for a formula.
    fileprivate var beginsFormula: Bool {
        switch self {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0d: true
        default: false
        }
    }
}
