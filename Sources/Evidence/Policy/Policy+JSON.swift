package import CanonicalJSON
import Crypto
import Digests

/// As policy files have it, with nothing left out: what this writes, ``Policy/init(reading:)`` reads back.
extension Policy: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("due", rules.due)
            json.member("exceptions", exceptions)
            json.member("inactive_keys", InactiveKeys(atMost: rules.inactiveKeysAtMost))
            json.member("levels", LevelBands(rules.levels))
            json.member("limits", rules.limits)
            json.member("name", name)
            json.member("overrides", overrides)
            json.name("owner_tags")
            json.array(ownerTags)
            json.name("tests")
            json.array(tests.map(\.rawValue))
            json.member("title", title)
        }
    }

    /// The policy as a file, `policy.json` of a bundle.
    package var file: [UInt8] { CanonicalJSON.document(self) }

    /// SHA-256 of that file.
    package var digest: String { SHA256.hexadecimal(of: file) }
}

extension PolicyOverride: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("due", change.due)
            json.member("inactive_keys", change.inactiveKeysAtMost.map(InactiveKeys.init))
            json.member("levels", LevelBands(change))
            json.member("limits", change.limits)
            json.member("match", match)
            json.member("name", name)
        }
    }
}

extension UserPattern: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            if !paths.isEmpty {
                json.name("paths")
                json.array(paths.map(\.text))
            }
            if !tags.isEmpty {
                json.member("tags", Dictionary(uniqueKeysWithValues: tags.map { ($0.key, $0.value.text) }))
            }
            if !names.isEmpty {
                json.name("users")
                json.array(names.map(\.text))
            }
        }
    }
}

/// The bands that are given.
private struct LevelBands: JSONWritable {
    var critical: Band?
    var high: Band?
    var medium: Band?
    var low: Band?

    init(_ levels: Levels) {
        (critical, high, medium, low) = (levels.critical, levels.high, levels.medium, levels.low)
    }

    init?(_ change: RulesChange) {
        (critical, high, medium, low) = (change.critical, change.high, change.medium, change.low)
        if critical == nil, high == nil, medium == nil, low == nil { return nil }
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("critical", critical)
            json.member("high", high)
            json.member("low", low)
            json.member("medium", medium)
        }
    }
}

extension Band: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("age", age)
            json.member("idle", idle)
            json.member("never_used_age", neverUsedAge)
        }
    }
}

extension Limits: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("inactive_grace", inactiveGrace)
            json.member("key_age", keyAge)
            json.member("last_used", lastUsed)
            json.member("rotation_overlap", rotationOverlap)
        }
    }
}

extension DueDays: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("critical", critical)
            json.member("high", high)
            json.member("low", low)
            json.member("medium", medium)
        }
    }
}

extension ExceptionTerms: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("maximum_term", maximumTerm)
            json.member("warn_before", warnBefore)
        }
    }
}

private struct InactiveKeys: JSONWritable {
    var atMost: RiskLevel

    init(atMost: RiskLevel) {
        self.atMost = atMost
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("at_most", atMost.word)
        }
    }
}

/// The days that are given, by name.
private struct Days: JSONWritable {
    var days: [(name: String, count: Int?)]

    func write(to json: inout JSONWriter) {
        json.object { json in
            for case (let name, let count?) in days {
                json.name(of: name)
                json.value(count)
            }
        }
    }
}

extension RulesChange {
    fileprivate var limits: Days? {
        let days = Days(days: [
            ("inactive_grace", inactiveGrace), ("key_age", keyAge), ("last_used", lastUsed),
            ("rotation_overlap", rotationOverlap),
        ])
        return days.days.allSatisfy { $0.count == nil } ? nil : days
    }

    fileprivate var due: Days? {
        let days = Days(days: [
            ("critical", dueCritical), ("high", dueHigh), ("low", dueLow), ("medium", dueMedium),
        ])
        return days.days.allSatisfy { $0.count == nil } ? nil : days
    }
}
