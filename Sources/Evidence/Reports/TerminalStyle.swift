/// How text for a terminal may look.
package struct TerminalStyle: Sendable {
    package var color: Bool

    package init(color: Bool) {
        self.color = color
    }

    func bold(_ text: String) -> String { wrap(text, "1") }
    func dim(_ text: String) -> String { wrap(text, "2") }

    package func level(_ name: String, padded text: String) -> String {
        switch name {
        case "CRITICAL", "NON_COMPLIANT": wrap(text, "1;31")
        case "HIGH": wrap(text, "31")
        case "MEDIUM", "PARTIALLY_COMPLIANT": wrap(text, "33")
        case "LOW": wrap(text, "36")
        case "COMPLIANT": wrap(text, "32")
        case "UNDETERMINED": wrap(text, "1;35")
        default: text
        }
    }

    private func wrap(_ text: String, _ code: String) -> String {
        color ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }
}

extension String {
    /// The text with everything visible that a terminal would act on: control characters, and the bidirectional
    /// overrides that make a name read as another.
    package var escapedForTerminal: String {
        var escaped = ""
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                escaped += "\\u{\(String(scalar.value, radix: 16))}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Filled up with spaces, or cut off with `…`, to so many characters.
    func fitted(_ width: Int) -> String {
        count > width ? prefix(max(0, width - 1)) + "…" : self + String(repeating: " ", count: width - count)
    }
}
