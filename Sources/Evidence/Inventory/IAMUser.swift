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

    /// Whether the user has a console password.
    package var consoleAccess: Fact<Bool> {
        get { facts.consoleAccess }
        set { change { $0.consoleAccess = newValue } }
    }

    package var keys: Fact<[AccessKey]> {
        get { facts.keys }
        set { change { $0.keys = newValue } }
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
        var consoleAccess: Fact<Bool>
        var keys: Fact<[AccessKey]>
        var listed: Provenance
        var optional = OptionalFacts()
    }

    package init(
        name: String, id: String?, arn: String, created: Date, passwordLastUsed: Date? = nil,
        consoleAccess: Fact<Bool>, keys: Fact<[AccessKey]>, listed: Provenance
    ) {
        shared = Shared(
            Facts(
                name: name, id: id, arn: arn, created: created, passwordLastUsed: passwordLastUsed,
                consoleAccess: consoleAccess, keys: keys, listed: listed))
    }

    private mutating func change(_ change: (inout Facts) -> Void) {
        shared = shared.changed(change)
    }

    mutating func sortKeys() {
        guard case .read(let listed, let source) = keys, listed.count > 1 else { return }
        keys = .read(listed.sorted { ($0.created, $0.label) < ($1.created, $1.label) }, source)
    }
}

extension IAMUser {
    /// The IAM path, such as `/service/`, from the ARN; `/` where it has none.
    package var path: String {
        guard
            let resource = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).dropFirst(5).first,
            let first = resource.firstIndex(of: "/"), let last = resource.lastIndex(of: "/")
        else { return "/" }
        return String(resource[first...last])
    }
}

extension Fact<[AccessKey]> {
    /// The keys that are known; none where the list could not be read, which is not the same as having none.
    package var known: [AccessKey] { value ?? [] }
}
