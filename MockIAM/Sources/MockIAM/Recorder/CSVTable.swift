/// Comma-separated values as RFC 4180 has them, with either line end.
struct CSVTable {
    struct Row {
        var fields: [String]
        /// What ended it: a line feed, with a carriage return or without, or nothing.
        var end: String
    }

    var rows: [Row]

    /// Nil where a quote isn't closed or stands where none may.
    init?(_ text: String) {
        rows = []
        var fields: [String] = []
        var field = String.UnicodeScalarView()
        var state = State.start
        // By scalars: to characters, CR LF is one.
        for scalar in text.unicodeScalars {
            switch (state, scalar) {
            case (.quoted, "\""): state = .closed
            case (.quoted, _): field.append(scalar)
            case (.closed, "\""):
                field.append(scalar)
                state = .quoted
            case (.start, "\""): state = .quoted
            case (_, ","):
                fields.append(String(field))
                field.removeAll()
                state = .start
            case (_, "\n"):
                var end = "\n"
                if field.last == "\r" {
                    field.removeLast()
                    end = "\r\n"
                }
                rows.append(Row(fields: fields + [String(field)], end: end))
                fields = []
                field.removeAll()
                state = .start
            case (.closed, "\r"): field.append(scalar)
            case (.closed, _), (.plain, "\""): return nil
            case (.start, _), (.plain, _):
                field.append(scalar)
                state = .plain
            }
        }
        guard state != .quoted else { return nil }
        rows.append(Row(fields: fields + [String(field)], end: ""))
    }

    private enum State {
        case start, plain, quoted, closed
    }

    var text: String {
        rows.map { $0.fields.map(\.csvField).joined(separator: ",") + $0.end }.joined()
    }
}
