/// Patterns as IAM policies have them: `*` is any text, `?` any one character.
enum Glob {
    /// - Parameter ignoresCase: actions compare without regard to case; the ARNs of principals don't.
    static func matches(_ text: String, _ pattern: String, ignoringCase ignoresCase: Bool = true) -> Bool {
        let (text, pattern) =
            ignoresCase
            ? (Array(text.lowercased().utf8), Array(pattern.lowercased().utf8))
            : (Array(text.utf8), Array(pattern.utf8))
        var (position, inPattern) = (0, 0)
        // Where to go on when a longer text for the last star is to be tried: linear in practice, never exponential.
        var retry: (pattern: Int, position: Int)?
        while position < text.count {
            if inPattern < pattern.count, pattern[inPattern] == UInt8(ascii: "*") {
                retry = (inPattern + 1, position)
                inPattern += 1
            } else if inPattern < pattern.count,
                pattern[inPattern] == UInt8(ascii: "?") || pattern[inPattern] == text[position]
            {
                position += 1
                inPattern += 1
            } else if let last = retry {
                retry = (last.pattern, last.position + 1)
                (inPattern, position) = (last.pattern, last.position + 1)
            } else {
                return false
            }
        }
        return pattern[inPattern...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
