import Yams

extension YAMLError {
    /// What Yams and libyaml say of a file that isn't YAML, in the form of ours and with what helps.
    init(_ error: any Error, in text: String, file: String) {
        guard let error = error as? YamlError else {
            self.init(file: file, reason: "can't be read (\(error))")
            return
        }
        switch error {
        case .reader(let problem, let offset, let value, _):
            let line = offset.map { text.prefix($0).count { $0.isNewline } + 1 }
            guard let scalar = Unicode.Scalar(UInt32(clamping: value)), value >= 0 else {
                self.init(file: file, line: line, reason: "isn't YAML: \(problem)")
                return
            }
            let digits = String(scalar.value, radix: 16, uppercase: true)
            let name = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            self.init(
                file: file, line: line,
                reason: "the character \(name) can't stand in a YAML file; write it as an escape in double quotes")
        case .composer(_, let problem, let mark, _) where problem.contains("another document"):
            self.init(file: file, line: mark.line, reason: "a second document begins here; a file holds one")
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let begin = context.map {
                "\($0.text)" + ($0.mark.line == mark.line ? "" : " from line \($0.mark.line) on")
            }
            if "\(problem) \(begin ?? "")".contains("Maximum nesting level") {
                self.init(file: file, line: mark.line, reason: "lists and mappings are nested more than 1000 deep")
                return
            }
            let reason = ["isn't YAML:", problem, begin].compactMap { $0 }.joined(separator: " ")
            // libyaml puts what is missing at the end of the file on a line after the last one.
            let line = max(1, min(mark.line, Self.lines(of: text).count))
            self.init(file: file, line: line, reason: reason + Self.advice(on: problem, at: mark, in: text))
        case .duplicatedKeysInMapping(let keys, let context):
            self.init(repeated: keys.first ?? "", file: file, line: context.mark.line, path: .top)
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            self.init(file: file, reason: "can't be read (\(error))")
        }
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

    private static func advice(on problem: String, at mark: Mark, in text: String) -> String {
        if problem.hasPrefix("mapping values are not allowed") {
            return "; indent with care, and quote a text that has ': ' in it"
        }
        if problem.hasPrefix("did not find expected") { return "; look at the indentation and for a missing bracket" }
        let lines = lines(of: text)
        guard lines.indices.contains(mark.line - 1) else { return "" }
        switch lines[mark.line - 1].unicodeScalars.dropFirst(mark.column - 1).first {
        case "\t": return "; indent with spaces, not with tabs"
        case "@", "`", "%": return "; a text that begins with this character has to be quoted"
        default: return ""
        }
    }
}
