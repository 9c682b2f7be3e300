/// An error message of AWS's with names in it, and where they stand.
///
/// The sentences are those that IAM and STS answer; others of theirs are read word by word.
struct AWSSentence {
    enum Slot: String {
        case action, arn, group, id, policy, resource, role, serial, user
        /// The rest of the sentence, which is read word by word.
        case rest
    }

    enum Part: Equatable {
        case words(String)
        case slot(Slot, String)
    }

    private let parts: [Part]

    static let known: [AWSSentence] = [
        "The user with name {user} cannot be found.",
        "Login Profile for User {user} cannot be found.",
        "Cannot find Login Profile for User {user}",
        "The group with name {group} cannot be found.",
        "The role with name {role} cannot be found.",
        "The Access Key with id {id} cannot be found",
        "The Access Key with id {id} cannot be found.",
        "Policy {policy} was not found.",
        "MFA Device with serial number {serial} does not exist.",
        "User with name {user} already exists.",
        "Group with name {group} already exists.",
        "Role with name {role} already exists.",
        "User: {arn} is not authorized to perform: {action} on resource: {resource} because {rest}",
        "User: {arn} is not authorized to perform: {action} on resource: {resource} with an explicit deny{rest}",
        "User: {arn} is not authorized to perform: {action} on resource: {resource}",
        "User: {arn} is not authorized to perform: {action} because {rest}",
        "User: {arn} is not authorized to perform: {action}",
        "User: {arn} is not authorized to perform {action} on resource: {resource}",
    ].map(AWSSentence.init)

    /// - Parameter pattern: a sentence with `{slot}`s.
    private init(_ pattern: String) {
        var parts: [Part] = []
        for (index, piece) in pattern.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            guard index > 0, let end = piece.firstIndex(of: "}"), let slot = Slot(rawValue: String(piece[..<end]))
            else {
                parts.append(.words(String(piece)))
                continue
            }
            parts.append(.slot(slot, ""))
            if end < piece.index(before: piece.endIndex) {
                parts.append(.words(String(piece[piece.index(after: end)...])))
            }
        }
        self.parts = parts
    }

    /// The text's parts with what stands in the slots; nil where it is another sentence.
    func parts(of text: String) -> [Part]? {
        var rest = text[...]
        var found: [Part] = []
        for (index, part) in parts.enumerated() {
            switch part {
            case .words(let words):
                guard rest.hasPrefix(words) else { return nil }
                rest = rest.dropFirst(words.count)
                found.append(part)
            case .slot(let slot, _):
                var value = rest
                if index + 1 < parts.count, case .words(let following) = parts[index + 1] {
                    // The last place for the last words: a name may end in a full stop, too.
                    let isLast = index + 2 == parts.count
                    let places = rest.ranges(of: following)
                    guard let place = isLast ? places.last : places.first else { return nil }
                    value = rest[..<place.lowerBound]
                }
                guard !value.isEmpty || slot == .rest, slot.allowsSpaces || !value.contains(where: \.isWhitespace)
                else { return nil }
                found.append(.slot(slot, String(value)))
                rest = rest[value.endIndex...]
            }
        }
        return rest.isEmpty ? found : nil
    }
}

extension AWSSentence.Slot {
    fileprivate var allowsSpaces: Bool {
        self == .resource || self == .rest
    }
}
