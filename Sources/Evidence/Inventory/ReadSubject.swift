import CanonicalJSON

/// What a failure or a note is about.
///
/// Its kind is told beside its name: users can be called `account`, or like the id of somebody's key.
package enum ReadSubject: Hashable, Sendable {
    /// The account as a whole.
    case account
    /// A user, by name.
    case user(String)
    /// A user, by the unique id that no other user ever has.
    case userID(String)
    /// An access key, by ``AccessKey/label``.
    case accessKey(String)

    /// As reports name the kinds of them, in `subject_type`.
    package enum Kind: String, Sendable, Decodable {
        case account
        case user
        case userID = "user-id"
        case accessKey = "access-key"
    }

    /// As a report has it.
    ///
    /// - Parameter name: for ``account`` nobody looks at it.
    package init(_ kind: Kind, name: String) {
        self =
            switch kind {
            case .account: .account
            case .user: .user(name)
            case .userID: .userID(name)
            case .accessKey: .accessKey(name)
            }
    }

    package var kind: Kind {
        switch self {
        case .account: .account
        case .user: .user
        case .userID: .userID
        case .accessKey: .accessKey
        }
    }

    /// The name or the id, or `account`.
    package var name: String {
        switch self {
        case .account: Kind.account.rawValue
        case .user(let name), .userID(let name), .accessKey(let name): name
        }
    }

    /// Writes the members `subject` and `subject_type` of an object.
    func writeMembers(to json: inout JSONWriter) {
        json.member("subject", name)
        json.member("subject_type", kind.rawValue)
    }
}

extension ReadSubject: Comparable {
    package static func < (one: ReadSubject, other: ReadSubject) -> Bool {
        (one.name, one.kind.rawValue) < (other.name, other.kind.rawValue)
    }
}

extension ReadSubject: CustomStringConvertible {
    package var description: String { name }
}
