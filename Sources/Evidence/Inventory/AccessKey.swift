package import FoundationEssentials

/// An access key and what was found out about it.
package struct AccessKey: Sendable, Equatable {
    /// `AKIA…`; nil where only the credential report was read, which has no ids.
    package var id: String?
    /// The credential report's slot, 1 or 2, where the key is known by it.
    package var slot: Int?
    package var status: KeyStatus
    package var created: Date
    package var lastUse: LastUse
    /// Where existence, status and creation date come from.
    package var listed: Provenance
    /// Where the last use comes from; nil where it is undetermined.
    package var lastUseSource: Provenance?

    package init(
        id: String?, slot: Int? = nil, status: KeyStatus, created: Date, lastUse: LastUse, listed: Provenance,
        lastUseSource: Provenance?
    ) {
        self.id = id
        self.slot = slot
        self.status = status
        self.created = created
        self.lastUse = lastUse
        self.listed = listed
        self.lastUseSource = lastUseSource
    }

    /// The id, or `slot 1` where there is none.
    package var label: String { id ?? slot.map { "slot \($0)" } ?? "unknown key" }

    /// The exchanges that the facts rest on, by `_seq`.
    package var exchanges: [Int] {
        var lastUseExchange = lastUseSource?.exchange
        if case .undetermined(let failure) = lastUse { lastUseExchange = failure.exchange }
        if lastUseExchange == listed.exchange { lastUseExchange = nil }
        return [listed.exchange, lastUseExchange].compactMap { $0 }
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

/// When a key was last used. "Unknown" is neither a use nor its absence.
package enum LastUse: Sendable, Equatable {
    /// AWS writes `N/A` for the region of some global services.
    case used(at: Date, service: String, region: String)
    /// AWS knows of no use since it keeps track, 2015-04-22.
    case never
    // Apart, as all that is rare and large: a large account has very many keys.
    indirect case undetermined(ReadFailure)
}
