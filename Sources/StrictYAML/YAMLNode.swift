/// The tree that a file is: no more than strings and where they stand.
///
/// Nothing is guessed: what a scalar means is up to who asks for it.
struct YAMLNode: Sendable {
    enum Content: Sendable {
        /// Without quotes: text, a number, a boolean or nothing.
        case plain(String)
        /// In quotes or as a block: text and nothing else.
        case quoted(String)
        case sequence([YAMLNode])
        case mapping([Entry])
    }

    struct Entry: Sendable {
        var key: String
        /// The line of the key; its value may begin on a later one.
        var line: Int32
        var value: YAMLNode
    }

    var content: Content
    /// Counted from 1.
    var line: Int32

    init(_ content: Content, line: Int) {
        self.content = content
        self.line = Int32(clamping: line)
    }
}

extension [YAMLNode.Entry] {
    /// A key that stands twice, at its first place; nil where there is none.
    var firstRepeated: YAMLNode.Entry? {
        // Nearly all mappings are small, and then a set costs more than comparing.
        if count <= 12 {
            for (index, entry) in enumerated() {
                for other in self[..<index] where other.key == entry.key { return other }
            }
            return nil
        }
        var lines: [String: Int] = Dictionary(minimumCapacity: count)
        for (index, entry) in enumerated() {
            if let first = lines.updateValue(index, forKey: entry.key) { return self[first] }
        }
        return nil
    }
}
