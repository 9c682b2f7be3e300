package import FoundationEssentials

/// An access key and what was found out about it.
///
/// A value whose parts are kept in one place that copies share: a large account has very many keys, and every document
/// looks at each of them.
package struct AccessKey: Sendable, Equatable {
    /// `AKIA…`; nil where only the credential report was read, which has no ids.
    package var id: String? {
        get { facts.id }
        set { change { $0.id = newValue } }
    }

    /// The credential report's slot, 1 or 2, where the key is known by it.
    package var slot: Int? {
        get { facts.slot }
        set { change { $0.slot = newValue } }
    }

    package var status: KeyStatus {
        get { facts.status }
        set { change { $0.status = newValue } }
    }

    package var created: Date {
        get { facts.created }
        set { change { $0.created = newValue } }
    }

    package var lastUse: Fact<LastUse> {
        get { facts.lastUse }
        set { change { $0.lastUse = newValue } }
    }

    /// Where existence, status and creation date come from.
    package var listed: Provenance {
        get { facts.listed }
        set { change { $0.listed = newValue } }
    }

    private var shared: Shared<Facts>
    private var facts: Facts { shared.value }

    private struct Facts: Equatable {
        var id: String?
        var slot: Int?
        var status: KeyStatus
        var created: Date
        var lastUse: Fact<LastUse>
        var listed: Provenance
    }

    package init(
        id: String?, slot: Int? = nil, status: KeyStatus, created: Date, lastUse: Fact<LastUse>, listed: Provenance
    ) {
        shared = Shared(
            Facts(id: id, slot: slot, status: status, created: created, lastUse: lastUse, listed: listed))
    }

    private mutating func change(_ change: (inout Facts) -> Void) {
        shared = shared.changed(change)
    }

    /// The id, or `slot 1` where there is none.
    package var label: String { Self.label(id: id, slot: slot) }

    /// What a key of this id and slot is called.
    static func label(id: String?, slot: Int?) -> String { id ?? slot.map { "slot \($0)" } ?? "unknown key" }

    /// Whether AWS knows of no use. False also where that isn't known.
    package var isNeverUsed: Bool { if case .read(.never, _) = facts.lastUse { true } else { false } }

    /// When it was last used; nil where it never was, or that isn't known.
    package var lastUsed: Date? { if case .read(.used(let at, _, _), _) = facts.lastUse { at } else { nil } }

    /// The key as it would be by another last use. Nobody asks a supposition for its source.
    func supposing(_ use: LastUse) -> AccessKey {
        var key = self
        key.lastUse = .read(use, listed)
        return key
    }

    /// The exchanges that the facts rest on, by `_seq`.
    package var exchanges: [Int] {
        var exchanges: [Int] = []
        forEachExchange { exchanges.append($0) }
        return exchanges
    }

    func forEachExchange(_ body: (Int) -> Void) {
        let listed = listed.exchange
        if let listed { body(listed) }
        let lastUse =
            switch facts.lastUse {
            case .read(_, let source): source.exchange
            case .undetermined(let failure): failure.exchange
            }
        if let lastUse, lastUse != listed { body(lastUse) }
    }
}

/// A key's status. AWS may add values, as it added `Expired`, so one that we don't know is kept as it came.
package enum KeyStatus: Sendable, Equatable {
    case active
    case inactive
    case expired
    case unknown(String)

    package init(_ name: String) {
        switch name {
        case "Active": self = .active
        case "Inactive": self = .inactive
        case "Expired": self = .expired
        default: self = .unknown(name)
        }
    }

    /// As AWS writes it.
    package var name: String {
        switch self {
        case .active: "Active"
        case .inactive: "Inactive"
        case .expired: "Expired"
        case .unknown(let name): name
        }
    }
}

/// When a key was last used, by AWS.
package enum LastUse: Sendable, Equatable {
    /// AWS writes `N/A` for the region of some global services.
    case used(at: Date, service: String, region: String)
    /// AWS knows of no use since it keeps track, 2015-04-22.
    case never
}
