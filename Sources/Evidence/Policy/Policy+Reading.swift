import PlainText
package import StrictYAML

extension Policy {
    /// A policy file, in YAML or JSON. What it doesn't say is that of the built-in policy that it extends, `default`
    /// where it names none.
    package init(reading value: YAMLValue) throws(YAMLError) {
        let file = try value.mapping("a policy", keys: Key.self)
        if let base = try file[.extends]?.choice(of: BuiltIn.self) {
            self = try Policy(base)
        } else {
            self.init()
        }
        name = try file.required(.name).policyName()
        title = try file[.title]?.line() ?? name
        let change = try RulesChange(file[.levels], file[.limits], file[.inactiveKeys], file[.due])
        rules = change.applied(to: rules)
        try rules.levels.checkOrder(file[.levels])
        try readTests(file)
        if let terms = try file[.exceptions]?.mapping("the terms of exceptions", keys: TermKey.self) {
            if let days = try terms[.maximumTerm]?.integer(in: 1...3660) { exceptions.maximumTerm = days }
            if let days = try terms[.warnBefore]?.integer(in: 0...3660) { exceptions.warnBefore = days }
        }
        try readOverrides(file[.overrides])
    }

    /// A policy file that somebody wrote. Reports name a policy, and under the name of a built-in one nobody looks for other
    /// limits than its own; what such a name meant in an older version, a bundle may say, and this may not.
    package init(ofOwn value: YAMLValue) throws(YAMLError) {
        try self.init(reading: value)
        // Whoever reads a report takes 'Default' for the built-in one as well.
        guard let builtIn = builtInMeant, try self != Policy(builtIn) else { return }
        throw try value.mapping("a policy", keys: Key.self).required(.name).error(
            "'\(name)' is the name of a built-in policy, and this one differs from it: give it a name of its own")
    }

    private enum Key: String, CaseIterable {
        case name, title, extends, levels, limits
        case inactiveKeys = "inactive_keys"
        case due, tests
        case ownerTags = "owner_tags"
        case exceptions, overrides
    }

    private enum TermKey: String, CaseIterable {
        case maximumTerm = "maximum_term"
        case warnBefore = "warn_before"
    }

    private mutating func readTests(_ file: YAMLMapping<Key>) throws(YAMLError) {
        if let tags = file[.ownerTags] {
            ownerTags = []
            let items = try tags.items()
            guard items.count <= Policy.mostOwnerTags else {
                throw tags.error("a user has at most \(Policy.mostOwnerTags) tags, and these are \(items.count)")
            }
            for tag in items {
                let key = try tag.line(atMost: 128)
                guard !ownerTags.contains(where: { OptionalFacts.Tag.isSameKey($0, key) }) else {
                    throw tag.error("'\(key)' stands here twice: the case of a tag's key makes no difference in IAM")
                }
                ownerTags.append(key)
            }
            // Whoever names the tags wants them looked at.
            if file[.tests] == nil, !ownerTags.isEmpty { tests.append(.identifierAssigned) }
        }
        guard let list = file[.tests] else { return }
        var chosen: Set<ControlTestID> = []
        for item in try list.items() {
            let test = try item.choice(of: ControlTestID.self)
            guard chosen.insert(test).inserted else { throw item.error("'\(test.rawValue)' stands here twice") }
            if test == .identifierAssigned, ownerTags.isEmpty {
                throw item.error("identifier-assigned looks for owner tags: name them in owner_tags, such as [owner]")
            }
        }
        guard !chosen.isEmpty else { throw list.error(expected: "at least one control test") }
        tests = ControlTestID.allCases.filter(chosen.contains)
    }

    private mutating func readOverrides(_ list: YAMLValue?) throws(YAMLError) {
        guard let list else { return }
        let items = try list.items()
        guard items.count <= Policy.mostOverrides else {
            throw list.error("a policy has at most \(Policy.mostOverrides) overrides, and this one \(items.count)")
        }
        overrides = []
        var size = 0
        for item in items {
            let file = try item.mapping("an override", keys: OverrideKey.self)
            let name = try file.required(.name)
            let override = PolicyOverride(
                name: try name.line(atMost: 64),
                match: try UserPattern(file.required(.match), "what an override matches"),
                change: try RulesChange(file[.levels], file[.limits], file[.inactiveKeys], file[.due]))
            guard !overrides.contains(where: { $0.name == override.name }) else {
                throw name.error("another override is called '\(override.name)' already")
            }
            guard override.change != RulesChange() else {
                throw item.error("an override needs levels, limits, inactive_keys or due: this one changes nothing")
            }
            try override.change.applied(to: rules).levels.checkOrder(file[.levels])
            size += override.match.size
            guard size <= UserPattern.mostInFile else { throw item.error(UserPattern.tooMany("overrides")) }
            overrides.append(override)
        }
    }

    private enum OverrideKey: String, CaseIterable {
        case name, match, levels, limits
        case inactiveKeys = "inactive_keys"
        case due
    }
}

extension UserPattern {
    /// - Parameter what: what it is for, with its article.
    init(_ value: YAMLValue, _ what: String) throws(YAMLError) {
        let file = try value.mapping(what, keys: Key.self)
        self.init(names: try Self.globs(file[.users]), paths: try Self.globs(file[.paths]))
        for path in try file[.paths]?.items() ?? [] {
            let text = try path.text()
            guard text.hasPrefix("/") || text.hasPrefix("*") else {
                throw path.error("a path begins with /, such as /service/*")
            }
        }
        tags = try Self.tags(file[.tags])
        guard self != UserPattern() else {
            throw value.error("\(what) needs users, paths or tags")
        }
    }

    private enum Key: String, CaseIterable {
        case users, paths, tags
    }

    /// - Parameter what: what has them.
    static func tooMany(_ what: String) -> String {
        "\(what) name at most \(mostInFile) users, paths and tags; patterns with * need fewer"
    }

    private static func globs(_ list: YAMLValue?) throws(YAMLError) -> [Glob] {
        var globs: [Glob] = []
        for item in try list?.items() ?? [] { globs.append(Glob(try item.line(atMost: 600))) }
        if let list, globs.isEmpty { throw list.error(expected: "at least one name; * stands for any characters") }
        return globs
    }

    static func tags(_ mapping: YAMLValue?) throws(YAMLError) -> [TagPattern] {
        var tags: [TagPattern] = []
        for (key, value) in try mapping?.entries() ?? [] {
            guard key.isIAMTagKey else {
                throw value.error(
                    "'\(key)' can't be a tag's key in IAM: it has 1 to 128 letters, digits, spaces and _ . : / = + - @")
            }
            tags.append(TagPattern(key: key, value: Glob(try value.line(atMost: 256))))
        }
        if let mapping, tags.isEmpty { throw mapping.error(expected: "at least one tag with a value; * fits any") }
        return tags.sorted { $0.key < $1.key }
    }
}

extension String {
    /// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html, the pattern of Key.
    fileprivate var isIAMTagKey: Bool {
        (1...128).contains(unicodeScalars.count)
            && unicodeScalars.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
                    .spaceSeparator, .lineSeparator, .paragraphSeparator, .decimalNumber, .letterNumber, .otherNumber:
                    true
                default: "_.:/=+-@".unicodeScalars.contains(scalar)
                }
            }
    }
}

extension RulesChange {
    init(
        _ levels: YAMLValue?, _ limits: YAMLValue?, _ inactive: YAMLValue?, _ due: YAMLValue?
    ) throws(YAMLError) {
        self.init()
        if let file = try levels?.mapping("the levels", keys: LevelKey.self) {
            critical = try file[.critical].map(Band.init(reading:))
            high = try file[.high].map(Band.init(reading:))
            medium = try file[.medium].map(Band.init(reading:))
            low = try file[.low].map(Band.init(reading:))
        }
        if let file = try limits?.mapping("the limits", keys: LimitKey.self) {
            lastUsed = try file[.lastUsed]?.days(from: 1)
            keyAge = try file[.keyAge]?.days(from: 1)
            rotationOverlap = try file[.rotationOverlap]?.days()
            inactiveGrace = try file[.inactiveGrace]?.days()
        }
        if let file = try inactive?.mapping("the rules for keys that aren't Active", keys: InactiveKey.self) {
            inactiveKeysAtMost = try file.required(.atMost).choice(of: LevelWord.self).level
        }
        if let file = try due?.mapping("the days in which something is due", keys: LevelKey.self) {
            dueCritical = try file[.critical]?.days()
            dueHigh = try file[.high]?.days()
            dueMedium = try file[.medium]?.days()
            dueLow = try file[.low]?.days()
        }
    }

    private enum LevelKey: String, CaseIterable {
        case critical, high, medium, low
    }

    private enum LimitKey: String, CaseIterable {
        case lastUsed = "last_used"
        case keyAge = "key_age"
        case rotationOverlap = "rotation_overlap"
        case inactiveGrace = "inactive_grace"
    }

    private enum InactiveKey: String, CaseIterable {
        case atMost = "at_most"
    }

    private enum LevelWord: String, CaseIterable {
        case critical, high, medium, low, compliant

        var level: RiskLevel {
            switch self {
            case .critical: .critical
            case .high: .high
            case .medium: .medium
            case .low: .low
            case .compliant: .compliant
            }
        }
    }
}

extension Band {
    fileprivate init(reading value: YAMLValue) throws(YAMLError) {
        let file = try value.mapping("a level", keys: Kind.self)
        self.init(
            neverUsedAge: try file[.neverUsedAge]?.days(), idle: try file[.idle]?.days(), age: try file[.age]?.days())
    }
}

extension Levels {
    /// - Parameter file: the levels as they stand in the file, to blame the right line.
    fileprivate func checkOrder(_ file: YAMLValue?) throws(YAMLError) {
        guard let file, let disorder else { return }
        let (milder, worse) = (disorder.milder, disorder.worse)
        let given = try file.entries()
        let blamed = given.last { $0.key == milder.level.word } ?? given.last { $0.key == worse.level.word }
        throw (blamed?.value ?? file).error(
            "levels out of order: \(milder.level.name) begins at \(disorder.kind.rawValue) \(milder.days), after "
                + "\(worse.level.name), which begins at \(worse.days); a milder level begins earlier or at the same time"
        )
    }
}

extension YAMLValue {
    func days(from least: Int = 0) throws(YAMLError) -> Int {
        do throws(YAMLError) { return try integer(in: least...36_500) } catch {
            throw self.error(expected: "whole days from \(least) to 36500")
        }
    }

    /// A text on one line, neither empty nor too long for a table.
    func line(atMost limit: Int = 200) throws(YAMLError) -> String {
        let text = try text()
        guard text.contains(where: { !$0.isWhitespace }), text.unicodeScalars.count <= limit,
            text.unicodeScalars.allSatisfy({
                $0.value >= 0x20 && $0.value != 0x7f && $0 != "\u{2028}" && $0 != "\u{2029}"
            })
        else { throw error(expected: "a text on one line, of 1 to \(limit) characters") }
        return text
    }

    fileprivate func policyName() throws(YAMLError) -> String {
        let name = try text()
        let isWord = name.utf8.allSatisfy { $0.isASCIIAlphanumeric || "-_.".utf8.contains($0) }
        guard isWord, 1...64 ~= name.utf8.count else {
            throw error(expected: "a name of 1 to 64 letters, digits, '-', '_' and '.'")
        }
        return name
    }
}
