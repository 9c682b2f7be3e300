extension MockIAM {
    /// A fixture that can't be replayed: which one, where in it, and why.
    public struct FixtureError: Error, CustomStringConvertible, Equatable, Sendable {
        /// The file or directory.
        public var path: String
        /// The line of the file, counted from 1, where one is to blame.
        public var line: Int?
        /// What is wrong and what was expected.
        public var reason: String

        init(path: String, line: Int? = nil, reason: String) {
            self.path = path
            self.line = line
            self.reason = reason
        }

        /// `exchanges.jsonl:3: not a HAR entry: 'request' is missing`
        public var description: String {
            line.map { "\(path):\($0): \(reason)" } ?? "\(path): \(reason)"
        }
    }
}
