extension YAMLError {
    /// What libyaml says of a file that isn't YAML, in the form of ours and with what helps.
    init(_ error: YAMLEvents.SyntaxError, in text: String, file: String) {
        if let character = error.character {
            let digits = String(character.value, radix: 16, uppercase: true)
            let name = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            let before = String(decoding: text.utf8.prefix(error.offset), as: UTF8.self)
            self.init(
                file: file, line: Self.lines(of: before).count,
                reason: "the character \(name) can't stand in a YAML file; write it as an escape in double quotes")
            return
        }
        let begin = error.context.map { $0.text + ($0.line == error.line ? "" : " from line \($0.line) on") }
        let reason = ["isn't YAML:", error.problem, begin].compactMap { $0 }.joined(separator: " ")
        // libyaml puts what is missing at the end of the file on a line after the last one.
        let line = max(1, min(error.line, Self.lines(of: text).count))
        self.init(file: file, line: line, reason: reason + Self.advice(on: error, in: text))
    }

    /// A key that stands twice in one mapping.
    init(repeated key: String, file: String, line: Int, path: YAMLPath) {
        self.init(
            file: file, line: line, path: path.text,
            reason: "the key \(key.quoted) stands more than once in this mapping, here for the first time")
    }

    /// Far deeper than any file of ours, or an attack.
    init(nestedDeeperThan limit: Int, file: String, line: Int?) {
        self.init(file: file, line: line, reason: "lists and mappings are nested more than \(limit) deep")
    }

    /// Whatever ends them: a carriage return and a line feed are one character, which is neither of the two.
    private static func lines(of text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }

    private static func advice(on error: YAMLEvents.SyntaxError, in text: String) -> String {
        if error.problem.hasPrefix("mapping values are not allowed") {
            return "; indent with care, and quote a text that has ': ' in it"
        }
        if error.problem.hasPrefix("did not find expected") {
            return "; look at the indentation and for a missing bracket"
        }
        let lines = lines(of: text)
        guard lines.indices.contains(error.line - 1) else { return "" }
        switch lines[error.line - 1].unicodeScalars.dropFirst(error.column - 1).first {
        case "\t": return "; indent with spaces, not with tabs"
        case "@", "`", "%": return "; a text that begins with this character has to be quoted"
        default: return ""
        }
    }
}
