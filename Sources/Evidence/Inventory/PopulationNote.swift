package import CanonicalJSON

/// Something about the population that isn't plain: sources that disagree, things that went away meanwhile, keys that
/// can't be told apart.
package struct PopulationNote: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable, Decodable {
        // Deleted while the run went on, and confirmed by listing again.
        case userVanished = "user-vanished"
        case keyVanished = "key-vanished"
        // Deleted after the user was read, and assessed all the same.
        case userDeletedLater = "user-deleted-later"
        // The lists and the credential report disagree.
        case userNotInReport = "user-not-in-report"
        case userOnlyInReport = "user-only-in-report"
        case userRecreated = "user-recreated"
        case userRenamed = "user-renamed"
        // Named by a second list, and not by the first.
        case userListedLate = "user-listed-late"
        case keyNotInReport = "key-not-in-report"
        case keyOnlyInReport = "key-only-in-report"
        case keyStatusChanged = "key-status-changed"
        // The credential report dates a key by its last change.
        case keyDateDiffers = "key-date-differs"
        // The lists and the account summary disagree.
        case userCount = "user-count"
        case rootKeys = "root-keys"
        // Keys of a user that were made in the same second: the credential report doesn't tell which is which.
        case ambiguousKeys = "ambiguous-keys"
    }

    package var kind: Kind
    package var subject: ReadSubject
    /// What was seen, in one sentence.
    package var observed: String
    /// Why that is all right; nil where nothing explains it, which makes the run incomplete.
    package var explanation: String?
    package var exchanges: [Int]

    package init(kind: Kind, subject: ReadSubject, observed: String, explanation: String?, exchanges: [Int?]) {
        self.kind = kind
        self.subject = subject
        self.observed = observed
        self.explanation = explanation
        self.exchanges = []
        for exchange in exchanges { add(exchange) }
    }

    /// Among other notes.
    var place: (String, ReadSubject, String) { (kind.rawValue, subject, observed) }

    /// Names another exchange that shows it.
    package mutating func add(_ exchange: Int?) {
        guard let exchange, !exchanges.contains(exchange) else { return }
        exchanges.append(exchange)
    }
}

extension PopulationNote: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("exchanges", exchanges)
            json.member("explained", explanation != nil)
            json.member("explanation", orNull: explanation)
            json.member("kind", kind.rawValue)
            json.member("observed", observed)
            subject.writeMembers(to: &json)
        }
    }
}
