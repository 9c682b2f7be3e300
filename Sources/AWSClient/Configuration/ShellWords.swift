/// Splits text into words as a POSIX shell does, without expanding anything: quotes, and backslashes outside of single
/// ones.
///
/// AWS CLI reads `[profile "with space"]` and `credential_process = /opt/tool "an argument"` this way (Python's `shlex`).
enum ShellWords {
    /// Nil where a quote isn't closed, or the text ends in a backslash.
    static func split(_ text: some StringProtocol) -> [String]? {
        var words: [String] = []
        var word: String.UnicodeScalarView?
        var quote: Unicode.Scalar?
        var isEscaped = false
        func append(_ scalar: Unicode.Scalar?) {
            word = word ?? String.UnicodeScalarView()
            if let scalar { word?.append(scalar) }
        }
        for scalar in text.unicodeScalars {
            if isEscaped {
                // Within double quotes a backslash escapes only these; before anything else it stands for itself.
                if quote != nil, scalar != "\"", scalar != "\\" { append("\\") }
                append(scalar)
                isEscaped = false
            } else if scalar == "\\", quote != "'" {
                isEscaped = true
                append(nil)
            } else if scalar == quote {
                quote = nil
            } else if quote != nil {
                append(scalar)
            } else if scalar == "\"" || scalar == "'" {
                quote = scalar
                append(nil)
            } else if [" ", "\t", "\r", "\n"].contains(scalar) {
                if let whole = word { words.append(String(whole)) }
                word = nil
            } else {
                append(scalar)
            }
        }
        guard quote == nil, !isEscaped else { return nil }
        if let whole = word { words.append(String(whole)) }
        return words
    }
}
