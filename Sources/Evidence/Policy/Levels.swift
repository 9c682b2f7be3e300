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

    /// What is out of order: a milder level that begins later than a worse one would never be reached, and whoever wrote
    /// that meant something else. Nil where all are in order, as those of every policy are.
    var disorder: Disorder? {
        for kind in Band.Kind.allCases {
            var worse: Disorder.Beginning?
            for (level, band) in bands {
                guard let days = band[keyPath: kind.limit] else { continue }
                let beginning = Disorder.Beginning(level: level, days: days)
                if let worse, days > worse.days { return Disorder(kind: kind, milder: beginning, worse: worse) }
                worse = beginning
            }
        }
        return nil
    }

    /// A level that begins later than a worse one.
    struct Disorder: Error, Equatable {
        struct Beginning: Equatable {
            let level: RiskLevel
            let days: Int
        }

        let kind: Band.Kind
        let milder: Beginning
        let worse: Beginning
    }

    /// Lets HIGH begin at another time without use. A worse band that would begin before it, or a milder one that would
    /// begin after it, gives way.
    mutating func beginHigh(at days: Int) {
        high.neverUsedAge = days
        high.idle = days
        for limit in [\Band.neverUsedAge, \Band.idle] {
            if let before = critical[keyPath: limit] { critical[keyPath: limit] = max(before, days) }
            if let before = medium[keyPath: limit] { medium[keyPath: limit] = min(before, days) }
            if let before = low[keyPath: limit] { low[keyPath: limit] = min(before, days) }
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

    /// The limits that a band may have, by the names that files have for them.
    enum Kind: String, CaseIterable {
        case neverUsedAge = "never_used_age"
        case idle, age

        var limit: KeyPath<Band, Int?> {
            switch self {
            case .neverUsedAge: \.neverUsedAge
            case .idle: \.idle
            case .age: \.age
            }
        }
    }

    package init(neverUsedAge: Int? = nil, idle: Int? = nil, age: Int? = nil) {
        self.neverUsedAge = neverUsedAge
        self.idle = idle
        self.age = age
    }
}
