import Evidence
import FoundationEssentials

/// Makes policies, keys, users and accounts of any kind, the same ones for the same seed.
struct PolicyDice {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func roll(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.count))
    }

    mutating func oneOf<Value>(_ values: [Value]) -> Value { values[roll(0...values.count - 1)] }

    mutating func happens(_ percent: Int) -> Bool { roll(1...100) <= percent }

    // MARK: Policies

    /// Bands that may be missing, and that a file may have: the worse, the later.
    mutating func levels() -> Levels {
        func falling(_ random: inout PolicyDice) -> [Int?] {
            let days = (0..<4).map { _ in random.roll(0...200) }.sorted(by: >)
            return days.map { random.happens(75) ? $0 : nil }
        }
        let (never, idle, age) = (falling(&self), falling(&self), falling(&self))
        var levels = Levels()
        for (place, level) in [\Levels.critical, \.high, \.medium, \.low].enumerated() {
            levels[keyPath: level] = Band(neverUsedAge: never[place], idle: idle[place], age: age[place])
        }
        return levels
    }

    mutating func policy() -> Policy {
        var policy = Policy()
        policy.name = "dice-\(roll(0...9))"
        policy.title = oneOf(["Any", "With 'quotes' and \"more\"", "Größe: ≥ 3"])
        policy.rules.levels = levels()
        policy.rules.limits.lastUsed = roll(1...200)
        policy.rules.limits.keyAge = roll(1...200)
        policy.rules.limits.rotationOverlap = roll(0...30)
        policy.rules.limits.inactiveGrace = roll(0...30)
        policy.rules.inactiveKeysAtMost = oneOf(RiskLevel.allCases)
        policy.rules.due.high = roll(0...30)
        policy.exceptions.maximumTerm = roll(1...400)
        if happens(50) {
            policy.ownerTags = ["owner", "team"]
            policy.tests.append(.identifierAssigned)
        }
        if happens(20) { policy.tests.removeAll { $0 == .singleActiveKey } }
        for number in 0..<roll(0...3) {
            var change = RulesChange()
            if happens(50) { change.keyAge = roll(1...200) }
            if happens(50) { change.lastUsed = roll(1...200) }
            if happens(30) {
                let other = levels()
                (change.critical, change.high) = (other.critical, other.high)
                (change.medium, change.low) = (other.medium, other.low)
            }
            if happens(30) { change.inactiveKeysAtMost = oneOf(RiskLevel.allCases) }
            if happens(30) { change.dueLow = roll(0...90) }
            if happens(10) { change.dueHigh = roll(0...90) }
            // One that changes nothing can't be written.
            if change == RulesChange() { change.rotationOverlap = roll(0...30) }
            policy.overrides.append(PolicyOverride(name: "override \(number)", match: pattern(), change: change))
        }
        return policy
    }

    mutating func pattern() -> UserPattern {
        var pattern = UserPattern()
        if happens(40) { pattern.names = [Glob(oneOf(["user-?", "user-1*", "*", "nobody"]))] }
        if happens(30) { pattern.paths = [Glob(oneOf(["/", "/service/*", "/s*"]))] }
        if happens(40) || pattern == UserPattern() {
            pattern.tags = [
                UserPattern.TagPattern(key: oneOf(["owner", "type"]), value: Glob(oneOf(["*", "s*", "x"])))
            ]
        }
        return pattern
    }

    // MARK: Accounts

    mutating func key(_ number: Int) -> AccessKey {
        let age = roll(0...250)
        let lastUse: Fact<LastUse> =
            switch roll(0...9) {
            case 0...2: .never
            case 3: .undetermined(.denied)
            default: .used(daysAgo: roll(0...age), seconds: 0)
            }
        return .made(
            "AKIA\(number)", status: oneOf([.active, .active, .active, .inactive, .expired, .unknown("New")]), age: age,
            seconds: 3600, lastUse: lastUse)
    }

    mutating func user(_ number: Int) -> IAMUser {
        let tags: [String: String]? =
            happens(20) ? nil : happens(50) ? [:] : [oneOf(["owner", "type"]): oneOf(["s1", "x", ""])]
        let keys: Fact<[AccessKey]> =
            happens(5) ? .undetermined(.denied) : .listed((0..<roll(0...2)).map { key(number * 10 + $0) })
        return .made("user-\(number)", path: oneOf(["/", "/service/", "/s/"]), keys: keys, tags: tags)
    }

    mutating func snapshot() -> AccountSnapshot {
        .made(
            users: (0..<roll(0...8)).map { user($0) },
            root: oneOf([RootUser(accessKeysPresent: false), RootUser(accessKeysPresent: true), RootUser()]))
    }

    mutating func exception() -> ControlException {
        let subject: ControlException.Subject =
            switch roll(0...3) {
            case 0: .key("AKIA\(roll(0...80))")
            case 1: .user("user-\(roll(0...9))")
            default: .users(pattern())
            }
        let created = roll(-30...300)
        return .made(
            subject, tests: ControlTestID.allCases.filter { [.accessKey, .user].contains($0.scope) && happens(60) },
            created: created, expires: created - roll(1...300))
    }
}

extension ControlException {
    /// Days before the as-of instant.
    static func made(
        _ subject: Subject = .key("AKIA1"), ticket: String = "SEC-1", tests: [ControlTestID] = [.keyRotation],
        approver: String = "ciso@example.com", created: Int = 10, expires: Int = -100, seconds: Int = 0
    ) -> ControlException {
        ControlException(
            ticket: ticket, subject: subject, tests: tests, kind: .acceptedRisk, owner: "platform@example.com",
            approver: approver, reason: "The vendor can't rotate before March.", created: .before(days: created),
            expires: .before(days: expires, seconds: seconds))
    }
}
