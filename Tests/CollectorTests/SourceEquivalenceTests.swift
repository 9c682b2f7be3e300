import Collector
import Evidence
import FoundationEssentials
import MockIAM
import Testing

/// `auto` saves calls, and must not be seen in what is concluded: over thousands of accounts, with reports of any age
/// and with changes since they were made, it comes to the same verdicts as asking for every fact.
@Suite struct SourceEquivalenceTests {
    /// What an auditor reads of an assessment.
    private struct Conclusions: Equatable {
        var users: [String]
        var keys: [String: [String]]
        var tests: [Conclusion]
        var userVerdicts: [String]
        var account: [String]
        var overall: ComplianceStatus
        /// Of the controls of a framework that has limits of its own.
        var controls: [ComplianceStatus]
        var isComplete: Bool

        init(_ assessment: Assessment) {
            users = assessment.snapshot.users.map { "\($0.name) \($0.id ?? "")" }
            keys = Dictionary(
                assessment.keys.map { key in
                    (
                        key.key.label,
                        [key.user.name, key.key.status.name, key.classification.name]
                            + key.verdicts.map { "\($0.test) \($0.verdict.conclusion)" }
                    )
                }, uniquingKeysWith: { $0 + $1 })
            tests = assessment.tests.map { assessment.conclusion(of: $0.id) }
            userVerdicts = assessment.users.flatMap { user in
                user.verdicts.map { "\(user.user.name) \($0.test) \($0.verdict.conclusion)" }
            }
            account = assessment.accountVerdicts.map { "\($0.test) \($0.verdict.conclusion)" }
            overall = assessment.overallStatus
            controls = ["cis-aws-1.12", "cis-aws-1.13", "cis-aws-1.14"].map {
                assessment.status(ofControl: $0, of: SourceEquivalenceTests.limited)
            }
            isComplete = assessment.isComplete
        }
    }

    fileprivate static let limited = "cis-aws-3.0"

    /// 2,000 accounts in ten parts, which run side by side.
    @Test(arguments: 0..<10)
    func `auto reaches the same verdicts as live`(part: Int) async throws {
        for number in 0..<200 {
            var random = AccountDice(seed: UInt64(part * 200 + number))
            let account = random.account()
            let policy = random.policy()
            let asOf = random.oneOf([Date.testNow, .testNow, .testNow + 3600 * 20, .testNow - 3600 * 20])
            let options = MockIAM.Options(
                authentication: .off, pages: MockIAM.PageOptions(largest: random.roll(1...4)),
                seed: UInt64(number))
            let frameworks = number.isMultiple(of: 2) ? Crosswalk.standardFrameworks : [Self.limited]
            func collect(_ source: CollectionSource) async throws -> Assessment {
                try await InProcessEmulator(account, options: options).collect(
                    source, policy: policy, asOf: asOf, frameworks: frameworks)
            }
            let (live, auto) = (try await collect(.live), try await collect(.auto))
            let seen = Conclusions(auto)
            let same = seen == Conclusions(live)
            #expect(same, "account \(part * 200 + number)")
            #expect(seen.isComplete && auto.dataFindings.isEmpty, "account \(part * 200 + number)")
        }
    }
}

/// Makes accounts that put the two ways of collecting apart if anything does: uses and creations about a report's time,
/// last uses and ages about the limits, keys made in the same second, users and keys deleted since.
struct AccountDice {
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

    mutating func oneOf<Value>(_ values: [Value]) -> Value {
        values[roll(0...values.count - 1)]
    }

    mutating func happens(_ percent: Int) -> Bool {
        roll(1...100) <= percent
    }

    /// With limits anywhere, and other ones for some users, by name or by tag.
    mutating func policy() -> Policy {
        var policy = Policy()
        // Without overrides there is nothing that the limits may not go with.
        try? policy.adjust(keyAge: roll(1...200), lastUsed: oneOf([1, 30, 90, roll(1...200)]))
        policy.rules.limits.inactiveGrace = oneOf([0, 0, roll(1...100)])
        policy.rules.limits.rotationOverlap = roll(0...60)
        if happens(40) {
            var change = RulesChange()
            change.lastUsed = roll(1...200)
            change.inactiveGrace = roll(0...100)
            change.medium = Band(idle: roll(1...200), age: roll(1...200))
            let match =
                happens(50)
                ? UserPattern(names: [Glob("user-?"), Glob("nobody")])
                : UserPattern(tags: [UserPattern.TagPattern(key: "type", value: Glob("s*"))])
            policy.overrides = [PolicyOverride(name: "some", match: match, change: change)]
        }
        if happens(20) {
            policy.ownerTags = ["owner"]
            policy.tests.append(.identifierAssigned)
        }
        return policy
    }

    mutating func account() -> MockIAM.Account {
        // Made for the run, or handed out from the cache at any age up to four hours.
        let generated: Date? = happens(35) ? nil : .ago(seconds: Double(roll(1...14_399)))
        let since = generated ?? .testNow
        var account = MockIAM.Account(clock: .testNow, created: .ago(days: 3000))
        account.credentialReport = MockIAM.CredentialReportPlan(generated: generated, polls: roll(1...3))
        account.users = (0..<roll(0...5)).map { user(number: $0, report: since) }
        // Names come back: somebody else has them now.
        for user in account.users {
            guard let deleted = user.deleted, happens(50) else { continue }
            var other = self.user(number: account.users.count, report: since)
            other.name = user.name
            other.id = "AIDA00000000000000\(account.users.count)X"
            other.created = deleted + 1
            other.deleted = nil
            for index in other.accessKeys.indices {
                other.accessKeys[index].created = max(deleted + 1, other.accessKeys[index].created)
                other.accessKeys[index].lastUse = nil
                other.accessKeys[index].earlierUse = nil
            }
            account.users.append(other)
        }
        if happens(20) {
            account.root.accessKeys = [
                MockIAM.AccessKey("AKIAROOT000000000000", created: instant(before: .testNow, report: since))
            ]
        }
        return account
    }

    private mutating func user(number: Int, report: Date) -> MockIAM.User {
        let isNew = happens(15)
        let created =
            isNew && report < .testNow ? between(report, .testNow) : Date.ago(days: Double(roll(0...900)), hours: 5)
        var user = MockIAM.User("user-\(number)", created: min(created, .testNow))
        // Gone before the run, but after the report perhaps.
        if happens(8), report < .testNow - 10, created < report { user.deleted = between(report, .testNow - 5) }
        if happens(40) { user.tags = [MockIAM.Tag(oneOf(["owner", "type"]), oneOf(["service", "person"]))] }
        if happens(30) { user.password = MockIAM.Password(created: user.created) }
        var dates: [Date] = []
        for slot in 0..<roll(0...2) {
            let made = dates.first.flatMap { happens(25) ? $0 : nil } ?? instant(before: .testNow, report: report)
            let created = max(user.created, made)
            dates.append(created)
            let id = "AKIA" + String(repeating: "0", count: 13) + "\(number)\(slot)X"
            var key = MockIAM.AccessKey(
                id, status: oneOf(["Active", "Active", "Active", "Inactive"]), created: created)
            if happens(75) { key.lastUse = MockIAM.LastUse(max(created, instant(before: .testNow, report: report))) }
            if key.lastUse != nil, happens(40) {
                key.earlierUse = MockIAM.LastUse(max(created, instant(before: report, report: report)))
            }
            if let last = key.lastUse, let earlier = key.earlierUse, earlier.date > last.date { key.earlierUse = last }
            if happens(12), created < .testNow - 60 { key.changed = between(created + 30, .testNow) }
            if happens(8), report < .testNow, created < report { key.deleted = between(report, .testNow) }
            user.accessKeys.append(key)
        }
        return user
    }

    /// About the report, about a limit, or anywhere.
    private mutating func instant(before end: Date, report: Date) -> Date {
        let limit = oneOf([1, 30, 60, 90, 120, 180])
        let edge = oneOf([-1.0, 0, 1, 1800, -1800, 14_000, -14_000])
        let date = oneOf([
            report + edge, .ago(days: Double(limit)) + edge, .ago(days: Double(limit)) + edge,
            .ago(days: Double(roll(0...400)), hours: Double(roll(0...23))),
        ])
        let whole = Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down))
        return min(whole, end)
    }

    private mutating func between(_ start: Date, _ end: Date) -> Date {
        start + Double(roll(0...max(0, Int(end.timeIntervalSince(start)))))
    }
}
