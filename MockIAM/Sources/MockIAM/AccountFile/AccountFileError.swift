import StrictYAML

extension MockIAM {
    /// An account file that can't be read: where in it, and why.
    public struct AccountFileError: Error, CustomStringConvertible, Equatable, Sendable {
        /// The name of the file.
        public var file: String
        /// The line of the file, counted from 1, where one is to blame.
        public var line: Int?
        /// The way to the value, such as `users[3].keys[0].created`; empty for the file as a whole.
        public var path: String
        /// What is wrong and what was expected.
        public var reason: String

        init(_ error: YAMLError) {
            file = error.file
            line = error.line
            path = error.path
            reason = error.reason
        }

        /// `users.yaml:12: users[3]: 'crated' is not a key of a user; did you mean 'created'?`
        public var description: String {
            YAMLError(file: file, line: line, path: path, reason: reason).description
        }
    }
}
