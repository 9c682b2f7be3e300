/// The risk levels' bands. A key has the worst level whose band it falls into.
package struct Levels: Sendable, Equatable {
    package var critical = Band(neverUsedAge: 180, idle: 120)
    package var high = Band(neverUsedAge: 90, idle: 90)
    package var medium = Band(idle: 60, age: 60)
    package var low = Band(age: 30)

    package init() {}

    /// From the worst down.
    package var bands: [(level: RiskLevel, band: Band)] {
        [(.critical, critical), (.high, high), (.medium, medium), (.low, low)]
    }

    /// Nil for COMPLIANT, which asks for nothing.
    subscript(level: RiskLevel) -> Band? {
        switch level {
        case .critical: critical
        case .high: high
        case .medium: medium
        case .low: low
        case .compliant: nil
        }
    }

    /// Lets HIGH begin at another time without use. A worse band that would begin before it, or a milder one that would
    /// begin after it, gives way.
    mutating func beginHigh(at days: Int) {
        high.neverUsedAge = days
        high.idle = days
        for kind in [\Band.neverUsedAge, \Band.idle] {
            if let limit = critical[keyPath: kind] { critical[keyPath: kind] = max(limit, days) }
            if let limit = medium[keyPath: kind] { medium[keyPath: kind] = min(limit, days) }
            if let limit = low[keyPath: kind] { low[keyPath: kind] = min(limit, days) }
        }
    }
}

/// What one level asks for, in whole days; a band that has no limit of a kind doesn't look at it.
package struct Band: Sendable, Equatable {
    /// Never used, and at least this old.
    package var neverUsedAge: Int?
    /// Last used at least this long ago.
    package var idle: Int?
    /// At least this old, used or not.
    package var age: Int?

    package init(neverUsedAge: Int? = nil, idle: Int? = nil, age: Int? = nil) {
        self.neverUsedAge = neverUsedAge
        self.idle = idle
        self.age = age
    }
}
