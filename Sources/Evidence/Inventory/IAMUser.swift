package import FoundationEssentials

/// An IAM user and what was found out about it.
package struct IAMUser: Sendable, Equatable {
    package var name: String
    /// The stable and unique id, `AIDA…`; nil where only the credential report was read, which has none.
    package var id: String?
    package var arn: String
    package var created: Date
    package var passwordLastUsed: Date?
    package var consoleAccess: ConsoleAccess
    /// Where console access comes from; nil where it is undetermined.
    package var consoleAccessSource: Provenance?
    package var keys: KeyListing
    /// Where the user's existence comes from.
    package var listed: Provenance
    package var optional = OptionalFacts()

    package init(
        name: String, id: String?, arn: String, created: Date, passwordLastUsed: Date? = nil,
        consoleAccess: ConsoleAccess, consoleAccessSource: Provenance?, keys: KeyListing, listed: Provenance
    ) {
        self.name = name
        self.id = id
        self.arn = arn
        self.created = created
        self.passwordLastUsed = passwordLastUsed
        self.consoleAccess = consoleAccess
        self.consoleAccessSource = consoleAccessSource
        self.keys = keys
        self.listed = listed
    }

    mutating func sortKeys() {
        guard case .listed(let listed) = keys, listed.count > 1 else { return }
        keys = .listed(listed.sorted { ($0.created, $0.label) < ($1.created, $1.label) })
    }
}

/// Whether a user has a console password.
package enum ConsoleAccess: Sendable, Equatable {
    case yes
    case no
    indirect case undetermined(ReadFailure)
}

/// The access keys of a user.
package enum KeyListing: Sendable, Equatable {
    case listed([AccessKey])
    indirect case undetermined(ReadFailure)

    /// The keys that are known; none where the list could not be read, which is not the same as having none.
    package var known: [AccessKey] {
        if case .listed(let keys) = self { keys } else { [] }
    }
}
