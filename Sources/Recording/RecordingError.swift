/// A recording that can't be read, and where.
package struct RecordingError: Error, CustomStringConvertible, Equatable {
    package var reason: String
    /// The line counted from 1, where one is to blame.
    package var line: Int?

    package init(_ reason: String, line: Int? = nil) {
        self.reason = reason
        self.line = line
    }

    package var description: String {
        line.map { "line \($0): \(reason)" } ?? reason
    }
}
