/// Why an answer's XML could not be read.
package enum XMLError: Error, Equatable, CustomStringConvertible {
    /// The body holds no XML element at all.
    case notXML
    /// The document ends in its middle.
    case truncated
    /// The document breaks XML's rules; the line counts from 1, where one is to blame.
    case malformed(reason: String, line: Int?)
    /// The document holds a DOCTYPE. AWS never sends one, and it is the way in for entity bombs and local file reads.
    case doctype
    /// An element that an answer must have isn't there.
    case missing(String)
    /// An element that says one thing is there twice: one reader would take the first, another the last.
    case repeated(String)
    /// The document is about something else.
    case unexpectedElement(String, expected: String)
    /// An element's text isn't what its type allows.
    case invalidValue(element: String, value: String, expected: String)

    package var description: String {
        switch self {
        case .notXML: "the answer isn't XML"
        case .truncated: "the answer's XML is cut off before its end"
        case .malformed(let reason, let line):
            "the answer's XML is malformed\(line.map { " at line \($0)" } ?? ""): \(reason)"
        case .doctype: "the answer holds a DOCTYPE, which AWS never sends; it was refused unread"
        case .missing(let element): "the answer has no <\(element)>"
        case .repeated(let element): "the answer has <\(element)> twice in one place"
        case .unexpectedElement(let name, let expected): "the answer has <\(name)> where <\(expected)> belongs"
        case .invalidValue(let element, let value, let expected):
            "the answer's <\(element)> is '\(value.prefix(80))', which isn't \(expected)"
        }
    }
}
