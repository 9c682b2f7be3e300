/// What is wrong in a YAML file: where, at which value, and why.
///
///     users.yaml:12: users[3]: 'crated' is not a key of a user; did you mean 'created'?
package struct YAMLError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The name of the file, as the caller gave it.
    package var file: String
    /// The line of the file, counted from 1; nil where no line is to blame.
    package var line: Int?
    /// The way to the value from the top of the file, such as `users[3].keys[0].created`; empty for the top itself.
    package var path: String
    /// What is wrong and what was expected.
    package var reason: String

    package init(file: String, line: Int? = nil, path: String = "", reason: String) {
        self.file = file
        self.line = line
        self.path = path
        self.reason = reason
    }

    /// `users.yaml:12: users[3].created: …`, without the parts that aren't known.
    package var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return path.isEmpty ? "\(place): \(reason)" : "\(place): \(path): \(reason)"
    }
}
