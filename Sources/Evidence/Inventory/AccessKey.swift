package import FoundationEssentials

/// An access key and what was found out about it.
package struct AccessKey: Sendable, Equatable {
    /// `AKIA…`
    package var id: String
    package var status: KeyStatus
    package var created: Date
    package var lastUse: LastUse
    /// The exchanges that the facts rest on, by `_seq`.
    package var exchanges: [Int]

    package init(id: String, status: KeyStatus, created: Date, lastUse: LastUse, exchanges: [Int] = []) {
        self.id = id
        self.status = status
        self.created = created
        self.lastUse = lastUse
        self.exchanges = exchanges
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
    case undetermined(ReadFailure)
}
