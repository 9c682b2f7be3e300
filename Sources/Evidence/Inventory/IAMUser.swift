package import FoundationEssentials

/// An IAM user and what was found out about it.
///
/// A value whose parts are kept in one place that copies share, as ``AccessKey``'s are.
package struct IAMUser: Sendable, Equatable {
    package var name: String {
        get { facts.name }
        set { change { $0.name = newValue } }
    }

    /// The stable and unique id, `AIDA…`; nil where only the credential report was read, which has none.
    package var id: String? {
        get { facts.id }
        set { change { $0.id = newValue } }
    }

    package var arn: String {
        get { facts.arn }
        set { change { $0.arn = newValue } }
    }

    package var created: Date {
        get { facts.created }
        set { change { $0.created = newValue } }
    }

    package var passwordLastUsed: Date? {
        get { facts.passwordLastUsed }
        set { change { $0.passwordLastUsed = newValue } }
    }

    package var consoleAccess: ConsoleAccess {
        get { facts.consoleAccess }
        set { change { $0.consoleAccess = newValue } }
    }

    /// Where console access comes from; nil where it is undetermined.
    package var consoleAccessSource: Provenance? {
        get { facts.consoleAccessSource }
        set { change { $0.consoleAccessSource = newValue } }
    }

    package var keys: KeyListing {
        get { facts.keys }
        set { change { $0.keys = newValue } }
    }

    /// Where the list of keys comes from, which may be empty; nil where it is undetermined.
    package var keysListed: Provenance? {
        get { facts.keysListed }
        set { change { $0.keysListed = newValue } }
    }

    /// Where the user's existence comes from.
    package var listed: Provenance {
        get { facts.listed }
        set { change { $0.listed = newValue } }
    }

    package var optional: OptionalFacts {
        get { facts.optional }
        set { change { $0.optional = newValue } }
    }

    private var shared: Shared<Facts>
    private var facts: Facts { shared.value }

    private struct Facts: Equatable {
        var name: String
        var id: String?
        var arn: String
        var created: Date
        var passwordLastUsed: Date?
        var consoleAccess: ConsoleAccess
        var consoleAccessSource: Provenance?
        var keys: KeyListing
        var keysListed: Provenance?
        var listed: Provenance
        var optional = OptionalFacts()
    }

    package init(
        name: String, id: String?, arn: String, created: Date, passwordLastUsed: Date? = nil,
        consoleAccess: ConsoleAccess, consoleAccessSource: Provenance?, keys: KeyListing, listed: Provenance
    ) {
        shared = Shared(
            Facts(
                name: name, id: id, arn: arn, created: created, passwordLastUsed: passwordLastUsed,
                consoleAccess: consoleAccess, consoleAccessSource: consoleAccessSource, keys: keys, listed: listed))
    }

    private mutating func change(_ change: (inout Facts) -> Void) {
        shared = shared.changed(change)
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

    /// Nil where it is undetermined.
    var hasPassword: Bool? {
        switch self {
        case .yes: true
        case .no: false
        case .undetermined: nil
        }
    }
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
