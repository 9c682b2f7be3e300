import CanonicalJSON
import Evidence
import FoundationEssentials
import Testing

@Suite struct ClassificationTests {
    /// The default table at its boundaries, to the second. A day that isn't full doesn't count.
    @Test(arguments: [
        (AccessKey.made(age: 180, lastUse: .never), RiskLevel.critical),
        (.made(age: 180, seconds: -1, lastUse: .never), .high),
        (.made(age: 90, lastUse: .never), .high),
        (.made(age: 90, seconds: -1, lastUse: .never), .medium),
        (.made(age: 400, lastUse: .used(daysAgo: 120)), .critical),
        (.made(age: 400, lastUse: .used(daysAgo: 120, seconds: -1)), .high),
        (.made(age: 400, lastUse: .used(daysAgo: 90)), .high),
        (.made(age: 400, lastUse: .used(daysAgo: 90, seconds: -1)), .medium),
        (.made(age: 400, lastUse: .used(daysAgo: 1)), .medium),
        (.made(age: 60, lastUse: .used(daysAgo: 0)), .medium),
        (.made(age: 60, seconds: -1, lastUse: .used(daysAgo: 0)), .low),
        (.made(age: 30, lastUse: .never), .low),
        (.made(age: 30, seconds: -1, lastUse: .never), .compliant),
        (.made(age: 0, lastUse: .never), .compliant),
    ])
    func `an Active key`(key: AccessKey, expected: RiskLevel) {
        #expect(Policy().rules.classify(key, at: .asOf).level == expected)
    }

    @Test(arguments: [KeyStatus.inactive, .expired])
    func `a key that can't be used is at most LOW`(status: KeyStatus) {
        let policy = Policy()
        #expect(policy.rules.classify(.made(status: status, age: 900, lastUse: .never), at: .asOf).level == .low)
        #expect(policy.rules.classify(.made(status: status, age: 5, lastUse: .never), at: .asOf).level == .compliant)
    }

    @Test func `the cap of a key that can't be used is the policy's`() {
        var policy = Policy()
        policy.rules.inactiveKeysAtMost = .high
        #expect(policy.rules.classify(.made(status: .inactive, age: 900, lastUse: .never), at: .asOf).level == .high)
    }

    @Test func `an unreadable last use leaves the level undetermined, whatever the age`() {
        for age in [0, 29, 30, 60, 900] {
            let classification = Policy().rules.classify(.made(age: age, lastUse: .undetermined(.denied)), at: .asOf)
            #expect(classification.level == nil)
            #expect(classification.name == "UNDETERMINED")
        }
        let old = Policy().rules.classify(.made(age: 70, lastUse: .undetermined(.denied)), at: .asOf)
        if case .undetermined(let atLeast, _) = old { #expect(atLeast == .medium) } else { Issue.record("\(old)") }
    }

    @Test func `a status that AWS added since is undetermined`() {
        let classification = Policy().rules.classify(.made(status: KeyStatus("Quarantined")), at: .asOf)
        #expect(classification.level == nil)
        #expect(classification.reason.observed.text.contains("Quarantined"))
    }

    @Test func `the reason names rule, limit and observed value`() {
        let reason = Policy().rules.classify(.made(age: 400, lastUse: .used(daysAgo: 100)), at: .asOf).reason
        #expect(
            reason
                == Reason(
                    .idle, limit: 90, observed: .days(100), source: .made(.getAccessKeyLastUsed, 4)))
    }

    @Test func `the unused limit takes the HIGH band with it, and CRITICAL never begins before HIGH`() {
        let strict = Policy(lastUsedThreshold: 45)
        #expect(strict.rules.classify(.made(age: 50, lastUse: .never), at: .asOf).level == .high)
        #expect(strict.rules.classify(.made(age: 50, lastUse: .used(daysAgo: 45)), at: .asOf).level == .high)
        let lenient = Policy(lastUsedThreshold: 365)
        #expect(lenient.rules.classify(.made(age: 400, lastUse: .used(daysAgo: 200)), at: .asOf).level == .medium)
        #expect(lenient.rules.classify(.made(age: 400, lastUse: .used(daysAgo: 365)), at: .asOf).level == .critical)
        #expect(lenient.rules.classify(.made(age: 364, lastUse: .never), at: .asOf).level == .medium)
    }

    @Test func `a level never falls as a key grows older or lies idle longer`() {
        for policy in [Policy(), Policy(lastUsedThreshold: 30), Policy(lastUsedThreshold: 200)] {
            var worst = RiskLevel.compliant
            for age in 0...400 {
                let level = policy.rules.classify(.made(age: age, lastUse: .never), at: .asOf).level ?? .compliant
                #expect(level >= worst)
                worst = level
            }
            worst = .compliant
            for idle in 0...400 {
                let key = AccessKey.made(age: 500, lastUse: .used(daysAgo: idle))
                let level = policy.rules.classify(key, at: .asOf).level ?? .compliant
                #expect(level >= worst)
                worst = level
            }
        }
    }

    @Test func `days are whole, of 86,400 seconds, and never negative`() {
        #expect(wholeDays(from: .before(days: 90, seconds: -1), to: .asOf) == 89)
        #expect(wholeDays(from: .before(days: 90), to: .asOf) == 90)
        #expect(wholeDays(from: .before(days: -3), to: .asOf) == 0)
        #expect(wholeDays(from: .distantPast, to: .distantFuture) < 10_000_001)
    }
}
