/// A pattern for names: `*` stands for any characters, `?` for any one; everything else for itself.
package struct Glob: Sendable, Equatable {
    package let text: String
    private let pattern: [Unicode.Scalar]

    package init(_ text: String) {
        self.text = text
        pattern = Array(text.unicodeScalars)
    }

    /// Whether the whole name fits. Takes time in proportion to the product of both lengths at most, whatever the
    /// pattern.
    package func matches(_ name: String) -> Bool {
        let name = name.unicodeScalars
        var (at, place) = (0, name.startIndex)
        // Where the last star stood, and how much of the name it has taken.
        var star: (at: Int, place: String.UnicodeScalarIndex)?
        while place < name.endIndex {
            if at < pattern.count, pattern[at] == "*" {
                star = (at, place)
                at += 1
            } else if at < pattern.count, pattern[at] == "?" || pattern[at] == name[place] {
                at += 1
                place = name.index(after: place)
            } else if let last = star {
                place = name.index(after: last.place)
                star = (last.at, place)
                at = last.at + 1
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == "*" }
    }
}
