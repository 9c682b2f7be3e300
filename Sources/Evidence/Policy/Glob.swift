/// A pattern for names: `*` stands for any characters, `?` for any one; everything else for itself.
package struct Glob: Sendable, Equatable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// Whether the whole name fits. Takes time in proportion to the product of both lengths at most, whatever the
    /// pattern.
    package func matches(_ name: String) -> Bool {
        let pattern = Array(text.unicodeScalars)
        let name = Array(name.unicodeScalars)
        var (at, place) = (0, 0)
        // Where the last star stood, and how much of the name it has taken.
        var star: (at: Int, place: Int)?
        while place < name.count {
            if at < pattern.count, pattern[at] == "*" {
                star = (at, place)
                at += 1
            } else if at < pattern.count, pattern[at] == "?" || pattern[at] == name[place] {
                at += 1
                place += 1
            } else if let last = star {
                star = (last.at, last.place + 1)
                at = last.at + 1
                place = last.place + 1
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == "*" }
    }
}
