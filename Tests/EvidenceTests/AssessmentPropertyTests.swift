import Evidence
import FoundationEssentials
import Testing

/// What holds for every policy, every account and every exception.
@Suite struct AssessmentPropertyTests {
    private static let worse: [Conclusion: Int] = [.satisfied: 0, .undetermined: 1, .notSatisfied: 2]

    /// A key's level by a policy, or the least that it must be.
    private func level(_ key: AccessKey, _ policy: Policy) throws -> RiskLevel {
        try #require(try Assessment.made(keys: [key], policy: policy).keys.first).leastLevel
    }

    @Test func `a level never falls as a key grows older or lies idle longer`() throws {
        var random = PolicyDice(seed: 11)
        for _ in 0..<400 {
            let policy = random.policy()
            let status: KeyStatus = random.oneOf([.active, .active, .inactive])
            var (byAge, byIdle, neverUsed) = (RiskLevel.compliant, RiskLevel.compliant, RiskLevel.compliant)
            for days in stride(from: 0, through: 250, by: random.roll(1...9)) {
                let rules = policy.rules
                func next(_ last: inout RiskLevel, _ key: AccessKey) {
                    let level = rules.classify(key, at: .asOf).leastLevel
                    #expect(level >= last, "\(policy.rules.levels) at \(days)")
                    last = level
                }
                next(&byAge, .made(status: status, age: days, lastUse: .used(daysAgo: 0)))
                next(&byIdle, .made(status: status, age: 250, lastUse: .used(daysAgo: days)))
                next(&neverUsed, .made(status: status, age: days, lastUse: .never))
            }
        }
    }

    @Test func `verdicts and documents don't depend on the order of what was heard`() throws {
        var random = PolicyDice(seed: 12)
        for _ in 0..<150 {
            let policy = random.policy()
            let exceptions = (0..<random.roll(0...4)).map { _ in random.exception() }
            let snapshot = random.snapshot()
            let users = snapshot.users.reversed().map { user in
                var user = user
                if let keys = user.keys.value { user.keys = .listed(keys.reversed()) }
                return user
            }
            let other = AccountSnapshot.made(users: users, root: snapshot.root)
            let one = try Assessment.made(snapshot, policy: policy, exceptions: exceptions)
            let two = try Assessment.made(other, policy: policy, exceptions: exceptions)
            #expect(BundleDocuments.inMemory(one) == BundleDocuments.inMemory(two))
        }
    }

    @Test func `a fact that isn't known never makes a verdict satisfied, nor a level known to be better`() throws {
        var random = PolicyDice(seed: 13)
        var satisfied = 0
        for _ in 0..<600 {
            let policy = random.policy()
            let user = random.user(1)
            let known = try Assessment.made(.made(users: [user]), policy: policy)
            for hidden in [Hidden.lastUse, .tags, .status] {
                let unknown = try Assessment.made(.made(users: [hidden.hide(in: user)]), policy: policy)
                #expect(known.keys.count == unknown.keys.count)
                for (before, after) in zip(known.keys, unknown.keys) {
                    // Less is known: the level is open, or the same.
                    #expect(after.leastLevel <= before.leastLevel || hidden == .status)
                    if let level = after.level, before.isLevelKnown { #expect(level == before.level) }
                    for test in ControlTestID.allCases where after.outcomes[test] == .satisfied {
                        satisfied += 1
                        #expect(before.outcomes[test] == .satisfied, "\(hidden) \(test)")
                    }
                }
                for test in ControlTestID.allCases where unknown.users[0].outcomes[test] == .satisfied {
                    #expect(known.users[0].outcomes[test] == .satisfied, "\(hidden) \(test)")
                }
                for test in ControlTestID.allCases where unknown.conclusion(of: test) == .satisfied {
                    #expect(known.conclusion(of: test) == .satisfied || known.tally(of: test).tested == 0)
                }
            }
        }
        // It was put to the test.
        #expect(satisfied > 100)
    }

    @Test func `an exception changes no level and no verdict, and never turns what passes into what fails`() throws {
        var random = PolicyDice(seed: 14)
        for _ in 0..<400 {
            let policy = random.policy()
            let snapshot = random.snapshot()
            var exceptions: [ControlException] = []
            var last = try Assessment.made(snapshot, policy: policy)
            for _ in 0..<3 {
                exceptions.append(random.exception())
                let next = try Assessment.made(snapshot, policy: policy, exceptions: exceptions)
                #expect(next.keys.map(\.levelName) == last.keys.map(\.levelName))
                #expect(next.keys.map { $0.verdicts.map(\.verdict) } == last.keys.map { $0.verdicts.map(\.verdict) })
                #expect(next.users.map { $0.verdicts.map(\.verdict) } == last.users.map { $0.verdicts.map(\.verdict) })
                #expect(next.overallStatus == last.overallStatus)
                #expect(next.isComplete == last.isComplete)
                for test in ControlTestID.allCases {
                    #expect(next.conclusion(of: test) == last.conclusion(of: test))
                    #expect(next.tally(of: test).failed <= last.tally(of: test).failed)
                    #expect(next.tally(of: test).tested == last.tally(of: test).tested)
                }
                last = next
            }
        }
    }

    @Test func `an account-level conclusion is satisfied only where every subject is`() throws {
        var random = PolicyDice(seed: 15)
        for _ in 0..<300 {
            let assessment = try Assessment.made(random.snapshot(), policy: random.policy())
            for test in assessment.tests.map(\.id) where assessment.conclusion(of: test) == .satisfied {
                let verdicts =
                    assessment.keys.flatMap(\.verdicts) + assessment.users.flatMap(\.verdicts)
                    + assessment.accountVerdicts
                #expect(verdicts.filter { $0.test == test }.allSatisfy { $0.verdict.conclusion == .satisfied })
                #expect(assessment.snapshot.populationIsKnown || test == .rootKey)
            }
        }
    }
}

/// What AWS didn't tell.
private enum Hidden {
    case lastUse, tags, status

    func hide(in user: IAMUser) -> IAMUser {
        var user = user
        if self == .tags { user.optional.tags = .failed(.denied) }
        guard self != .tags, let keys = user.keys.value else { return user }
        user.keys = .listed(
            keys.map { key in
                var key = key
                if self == .lastUse { key.lastUse = .undetermined(.denied) }
                if self == .status { key.status = .unknown("New") }
                return key
            })
        return user
    }
}

/// Whether a call can be saved.
@Suite struct SettledVerdictTests {
    private func isSettled(_ key: AccessKey, _ policy: Policy, from hours: Double, at asOf: Date = .asOf) -> Bool {
        let uses = Date.asOf.addingTimeInterval(-hours * 3600)...Date.asOf
        return Judge(policy, at: asOf).isSettled(key, of: .made(keys: .listed([key])), whateverUsesIn: uses)
    }

    @Test func `a key whose verdict a use could change isn't settled`() {
        #expect(isSettled(.made(age: 20, lastUse: .used(daysAgo: 3)), Policy(), from: 4))
        #expect(!isSettled(.made(age: 400, lastUse: .used(daysAgo: 100)), Policy(), from: 4))
        #expect(!isSettled(.made(age: 95, lastUse: .never), Policy(), from: 4))
        #expect(isSettled(.made(status: .inactive, age: 95, lastUse: .never), Policy(), from: 4))
    }

    /// A use just after the report was made may count as a day ago, and the latest one as today.
    @Test func `both ends of the span count`() {
        var policy = Policy()
        policy.rules.levels.critical = Band(idle: 1)
        let tomorrow = Date.asOf.addingTimeInterval(86_400 - 3600)
        #expect(!isSettled(.made(age: 20, lastUse: .never), policy, from: 4, at: tomorrow))
        #expect(isSettled(.made(age: 20, lastUse: .never), policy, from: 0.5, at: tomorrow))
    }

    @Test func `the limits are those that hold for the user`() {
        var policy = Policy()
        var change = RulesChange()
        change.lastUsed = 2
        policy.overrides = [PolicyOverride(name: "x", match: UserPattern(names: [Glob("ci-*")]), change: change)]
        #expect(!isSettled(.made(age: 20, lastUse: .used(daysAgo: 3)), policy, from: 4))
    }
}
