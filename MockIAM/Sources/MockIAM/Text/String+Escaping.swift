import PlainText

extension String {
    /// Safe as XML text, and as an attribute's value in double quotes. An apostrophe stands as it is, as in AWS's answers
    /// [live]. What XML 1.0 can't hold at all, such as control characters, becomes U+FFFD.
    var xmlEscaped: String {
        var escaped = ""
        escaped.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\r": escaped += "&#13;"
            case "\t", "\n": escaped.unicodeScalars.append(scalar)
            case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Fit for a message and a log line: on one line, without terminal control, and not longer than `limit` characters.
    func printable(limit: Int = 300) -> String {
        let text = String(unicodeScalars.prefix(limit)).withInvisibleEscaped
        return unicodeScalars.count > limit ? text + "…" : text
    }
}
