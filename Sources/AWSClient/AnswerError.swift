/// Why an answer can't be read.
package enum AnswerError: Error, Equatable, CustomStringConvertible {
    case xml(XMLError)
    /// What isn't as it should be, without a word of the answer itself, which may hold a secret.
    case json(String)
    /// It is about somebody else than was asked about.
    case aboutAnotherUser(String, asked: String)

    package var description: String {
        switch self {
        case .xml(let error): error.description
        case .json(let reason): "the answer's JSON can't be read: \(reason)"
        case .aboutAnotherUser(let name, let asked):
            "the answer is about user '\(name)', and '\(asked)' was asked about"
        }
    }
}
