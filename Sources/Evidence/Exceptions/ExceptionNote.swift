package import CanonicalJSON

/// Something about an exception that its owner should know.
package struct ExceptionNote: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Its time is over.
        case expired
        case expiresSoon = "expires-soon"
        /// There is nothing that it could be about.
        case matchesNothing = "matches-nothing"
        /// What it is about passes.
        case notNeeded = "not-needed"
        /// What it is about, or whether that passes, could not be read.
        case notKnown = "not-known"
        /// Another one is about the same subject and test at the same time.
        case duplicate
        /// Its approver is its subject; it doesn't hold.
        case selfApproved = "self-approved"
        case notYetInForce = "not-yet-in-force"
        /// It is about tags, which weren't read.
        case tagsUnknown = "tags-unknown"
    }

    package var kind: Kind
    package var ticket: String
    package var subject: String
    /// One sentence.
    package var message: String
}

extension ExceptionNote: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("kind", kind.rawValue)
            json.member("message", message)
            json.member("subject", subject)
            json.member("ticket", ticket)
        }
    }
}
