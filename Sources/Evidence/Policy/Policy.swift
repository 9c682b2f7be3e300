/// What a control owner decides: the limits that keys are held to, which control tests run, and how long exceptions may
/// last. `evidence-schemas/policy.schema.json` says what each field means.
package struct Policy: Sendable, Equatable {
    package var name: String
    /// One line for people.
    package var title: String
    /// What holds where no override says otherwise.
    package var rules: Rules
    /// The control tests that run, by id, in the standard order.
    package var tests: [ControlTestID]
    /// The tags that name a user's owner, for `identifier-assigned`; any one of them will do.
    package var ownerTags: [String]
    package var exceptions: ExceptionTerms
    /// Other rules for some users. The first one that fits a user applies.
    package var overrides: [PolicyOverride]

    /// The most overrides that a policy can have: each user is compared with all of them.
    static let mostOverrides = 1000
    /// The most tags that can name an owner: a user has fifty at most.
    static let mostOwnerTags = 50

    /// The policy `default`.
    package init() {
        name = "default"
        title = "The known levels, and every control test that needs no more than the keys"
        rules = Rules()
        tests = ControlTestID.allCases.filter { $0 != .identifierAssigned }
        ownerTags = []
        exceptions = ExceptionTerms()
        overrides = []
    }

    /// Puts other limits in the place of the policy's, as `--key-age-threshold` and `--last-used-threshold` do.
    ///
    /// The unused limit takes the HIGH band with it; see ``Levels/beginHigh(at:)``. Overrides that name a limit of their own
    /// keep it. A policy that is changed by this gets another name, so that nobody takes it for the one that it was.
    ///
    /// - Throws: where the levels of an override would be out of order by it: no file could say so, and a bundle holds the
    ///   policy as a file.
    package mutating func adjust(keyAge: Int?, lastUsed: Int?) throws(OverrideDisorder) {
        var adjusted = rules
        if let keyAge { adjusted.limits.keyAge = keyAge }
        if let lastUsed, lastUsed != rules.limits.lastUsed {
            adjusted.limits.lastUsed = lastUsed
            adjusted.levels.beginHigh(at: lastUsed)
            for override in overrides { try override.checkOrder(over: adjusted) }
        }
        guard adjusted != rules else { return }
        let changes = [("key_age", rules.limits.keyAge, keyAge), ("last_used", rules.limits.lastUsed, lastUsed)]
            .compactMap { name, before, after in after.flatMap { $0 == before ? nil : "\(name) \($0)" } }
        rules = adjusted
        // A name has 64 characters at most, and a title 200.
        name = "\(name.prefix(64 - Self.adjustedSuffix.count))\(Self.adjustedSuffix)"
        title = "Adjusted to \(changes.joined(separator: " and ")); before: \(title)".firstScalars(200)
    }

    /// What the names of policies end with that options have changed.
    static let adjustedSuffix = "-adjusted"

    /// Whether users' tags must be known to judge by it.
    package var looksAtTags: Bool {
        tests.contains(.identifierAssigned) || overrides.contains { !$0.match.tags.isEmpty }
    }
}

extension String {
    fileprivate func firstScalars(_ count: Int) -> String {
        String(String.UnicodeScalarView(unicodeScalars.prefix(count)))
    }
}

/// What a key is held to.
package struct Rules: Sendable, Equatable {
    package var levels = Levels()
    package var limits = Limits()
    /// An Inactive or Expired key can't be used: whatever its age, its level is at most this.
    package var inactiveKeysAtMost = RiskLevel.low
    package var due = DueDays()

    package init() {}
}

extension Rules {
    /// Within how many days something is to be done about a key that has just come to be unused for too long: by the level
    /// that it has then. A key that was used so long ago is at least as old.
    var dueOfUnusedKey: Int {
        let days = limits.lastUsed
        let level = levels.bands.first { days >= $0.band.idle ?? .max || days >= $0.band.age ?? .max }?.level
        return due[level ?? .compliant]
    }
}

/// The limits of the control tests, in whole days.
package struct Limits: Sendable, Equatable {
    /// `unused-key` fails an Active key from this many days on without a use, or since its creation if it was never used.
    package var lastUsed = 90
    /// `key-rotation` fails an Active key from this age on.
    package var keyAge = 90
    /// `single-active-key` fails a user who has had two Active keys for longer than this: so long the change from one to the
    /// other may take.
    package var rotationOverlap = 14
    /// `inactive-key-removed` fails an Inactive key that is there for longer than this: so long it may stay, in case that
    /// something still needs it.
    package var inactiveGrace = 0

    package init() {}
}

/// Within how many days something is to be done about a key, from the instant at which it came to its level.
package struct DueDays: Sendable, Equatable {
    package var critical = 0
    package var high = 7
    package var medium = 30
    /// Also for keys of a lower level that fail a control test.
    package var low = 90

    package init() {}

    package subscript(level: RiskLevel) -> Int {
        switch level {
        case .critical: critical
        case .high: high
        case .medium: medium
        case .low, .compliant: low
        }
    }
}

/// What exceptions are held to, in days.
package struct ExceptionTerms: Sendable, Equatable {
    /// The longest time from an exception's creation to its expiry.
    package var maximumTerm = 365
    /// So long before its expiry an exception is reported.
    package var warnBefore = 14

    package init() {}
}
