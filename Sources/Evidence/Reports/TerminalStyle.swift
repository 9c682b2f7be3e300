import PlainText

/// How text for a terminal may look.
package struct TerminalStyle: Sendable {
    package var color: Bool

    package init(color: Bool) {
        self.color = color
    }

    func bold(_ text: String) -> String { wrap(text, "1") }
    func dim(_ text: String) -> String { wrap(text, "2") }

    /// What a color says, for those who see it; the words say it, too.
    package enum Tone: String, Sendable {
        case critical = "1;31"
        case high = "31"
        case medium = "33"
        case low = "36"
        case good = "32"
        case undetermined = "1;35"

        /// - Parameter level: nil where it is undetermined.
        package init(_ level: RiskLevel?) {
            switch level {
            case .critical: self = .critical
            case .high: self = .high
            case .medium: self = .medium
            case .low: self = .low
            case .compliant: self = .good
            case nil: self = .undetermined
            }
        }

        package init(_ status: ComplianceStatus) {
            switch status {
            case .compliant: self = .good
            case .partiallyCompliant: self = .medium
            case .nonCompliant: self = .critical
            case .undetermined: self = .undetermined
            }
        }

        package init(_ conclusion: Conclusion) {
            switch conclusion {
            case .satisfied: self = .good
            case .notSatisfied: self = .critical
            case .undetermined: self = .undetermined
            }
        }
    }

    /// A text in a tone; as it is where that is nil.
    package func toned(_ text: String, _ tone: Tone?) -> String {
        tone.map { wrap(text, $0.rawValue) } ?? text
    }

    private func wrap(_ text: String, _ code: String) -> String {
        color ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }
}

extension String {
    /// The text with everything visible that a terminal would act on: control characters, and the bidirectional
    /// overrides that make a name read as another.
    package var escapedForTerminal: String { withInvisibleEscaped }

    /// Filled up with spaces, or cut off with `…`, to so many characters.
    func fitted(_ width: Int) -> String {
        count > width ? prefix(max(0, width - 1)) + "…" : self + String(repeating: " ", count: width - count)
    }
}
