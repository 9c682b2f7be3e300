/// Other rules for some users, such as service accounts.
package struct PolicyOverride: Sendable, Equatable {
    package var name: String
    package var match: UserPattern
    /// What is different. What it leaves nil is as in the policy; a level's band is replaced as a whole.
    package var change: RulesChange

    package init(name: String, match: UserPattern, change: RulesChange) {
        self.name = name
        self.match = match
        self.change = change
    }
}

extension PolicyOverride {
    /// - Parameter rules: those that it changes, by an option otherwise than the policy has them.
    func checkOrder(over rules: Rules) throws(OverrideDisorder) {
        guard let disorder = change.applied(to: rules).levels.disorder else { return }
        throw OverrideDisorder(override: self, disorder: disorder)
    }
}

/// Levels of an override that don't go with an option: those that it names stay, and the others follow the option.
package struct OverrideDisorder: Error, CustomStringConvertible {
    let override: PolicyOverride
    let disorder: Levels.Disorder

    /// `override 'service' names MEDIUM idle 60, and the option lets HIGH begin at 45`
    package var description: String {
        let (milder, worse) = (disorder.milder, disorder.worse)
        // Among those that it names itself there was order when it was read.
        let (named, other) = override.change.names(milder.level) ? (milder, worse) : (worse, milder)
        return "override '\(override.name)' names \(named.level.name) \(disorder.kind.rawValue) \(named.days), and the "
            + "option lets \(other.level.name) begin at \(other.days)"
    }
}

/// The part of the rules that an override puts in place of the policy's.
package struct RulesChange: Sendable, Equatable {
    package var critical: Band?
    package var high: Band?
    package var medium: Band?
    package var low: Band?
    package var lastUsed: Int?
    package var keyAge: Int?
    package var rotationOverlap: Int?
    package var inactiveGrace: Int?
    package var inactiveKeysAtMost: RiskLevel?
    package var dueCritical: Int?
    package var dueHigh: Int?
    package var dueMedium: Int?
    package var dueLow: Int?

    package init() {}

    /// Whether it puts a level's band in place of the policy's.
    fileprivate func names(_ level: RiskLevel) -> Bool {
        switch level {
        case .critical: critical != nil
        case .high: high != nil
        case .medium: medium != nil
        case .low: low != nil
        case .compliant: false
        }
    }

    package func applied(to rules: Rules) -> Rules {
        var rules = rules
        func put<Value>(_ value: Value?, _ place: WritableKeyPath<Rules, Value>) {
            if let value { rules[keyPath: place] = value }
        }
        put(critical, \.levels.critical)
        put(high, \.levels.high)
        put(medium, \.levels.medium)
        put(low, \.levels.low)
        put(lastUsed, \.limits.lastUsed)
        put(keyAge, \.limits.keyAge)
        put(rotationOverlap, \.limits.rotationOverlap)
        put(inactiveGrace, \.limits.inactiveGrace)
        put(inactiveKeysAtMost, \.inactiveKeysAtMost)
        put(dueCritical, \.due.critical)
        put(dueHigh, \.due.high)
        put(dueMedium, \.due.medium)
        put(dueLow, \.due.low)
        return rules
    }
}

/// Which users something is about: all that it names must fit.
package struct UserPattern: Sendable, Equatable {
    /// The user name; any one of these.
    package var names: [Glob]
    /// The IAM path, such as `/service/`; any one of these.
    package var paths: [Glob]
    /// Tags that the user must all have, with a value that fits.
    package var tags: [TagPattern]

    package struct TagPattern: Sendable, Equatable {
        package var key: String
        package var value: Glob

        package init(key: String, value: Glob) {
            self.key = key
            self.value = value
        }
    }

    package init(names: [Glob] = [], paths: [Glob] = [], tags: [TagPattern] = []) {
        self.names = names
        self.paths = paths
        self.tags = tags
    }

    /// The most names, paths and tags that all patterns of a file can have together: each user is compared with all of
    /// them.
    static let mostInFile = 10_000

    /// How many users, paths and tags it names.
    package var size: Int { names.count + paths.count + tags.count }

    /// Whether it fits a user; nil where only the tags could say, and they aren't known.
    package func matches(_ user: IAMUser) -> Bool? {
        guard names.isEmpty || names.contains(where: { $0.matches(user.name) }),
            paths.isEmpty || paths.contains(where: { $0.matches(user.path) })
        else { return false }
        guard !tags.isEmpty else { return true }
        guard let own = user.optional.tags?.value else { return nil }
        return tags.allSatisfy { wanted in
            own.contains { $0.hasKey(wanted.key) && wanted.value.matches($0.value) }
        }
    }
}
