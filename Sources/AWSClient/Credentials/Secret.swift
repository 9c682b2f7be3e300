/// A text that must not be shown: it prints as `<redacted>`, and has no `Codable` conformance by which it could be
/// written out.
package struct Secret: Sendable, Equatable {
    /// The text itself, for signing. Never print or store it.
    package let exposed: String

    package init(_ text: String) {
        exposed = text
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(reflecting: description) }
}
