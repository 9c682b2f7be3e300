extension MockIAM.FaultPlan {
    /// A text with wild cards, or several of them of which one has to match: `*` is any number of characters, `?` is
    /// one. Case doesn't count.
    public struct Pattern: Sendable, Equatable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
        /// The texts, any of which may match.
        public var alternatives: [String]

        /// A pattern of alternatives.
        public init(_ alternatives: [String]) {
            self.alternatives = alternatives
        }

        /// A pattern of one text.
        public init(stringLiteral text: String) {
            alternatives = [text]
        }

        /// A pattern of alternatives.
        public init(arrayLiteral texts: String...) {
            alternatives = texts
        }
    }
}

extension MockIAM.FaultPlan.Pattern {
    /// Nothing doesn't match, not even `*`.
    func matches(_ text: String?) -> Bool {
        guard let text else { return false }
        return alternatives.contains { Glob.matches(text, $0) }
    }
}
