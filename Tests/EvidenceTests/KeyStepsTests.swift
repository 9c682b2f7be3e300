import Evidence
import FoundationEssentials
import Testing

/// What is said of a key that is dealt with beside another one.
@Suite struct KeyStepsTests {
    private func steps(of id: String, _ keys: [AccessKey], policy: Policy = Policy()) throws -> [RemediationStep] {
        let assessment = try Assessment.made(.made(users: [.made(keys: .listed(keys))]), policy: policy)
        return try #require(assessment.keys.first { $0.key.id == id }).recommendation.steps
    }

    @Test func `a key's successor is the newer one, or the other one where that is older`() throws {
        let newer = [AccessKey.made("AKIA1", age: 100), .made("AKIA2", age: 5)]
        #expect(
            try steps(of: "AKIA1", newer)[0].text
                == "Use the user's newer key, AKIA2; there can't be a third")
        // By its age no key is any worse.
        var policy = Policy()
        (policy.rules.levels.medium.age, policy.rules.levels.low.age) = (nil, nil)
        let older = [AccessKey.made("AKIA1", age: 80), .made("AKIA2", age: 75, lastUse: .used(daysAgo: 65))]
        #expect(
            try steps(of: "AKIA2", older, policy: policy)[0].text
                == "Use the user's other key, AKIA1; there can't be a third")
    }

    @Test func `a key whose dates can't be right says why that matters`() throws {
        let key = try #require(try Assessment.made(keys: [.made(age: 3000)]).keys.first)
        #expect(key.recommendation.why == "A date that can't be right may hide one that fails.")
        let unread = try #require(try Assessment.made(keys: [.made(lastUse: .undetermined(.denied))]).keys.first)
        #expect(unread.recommendation.why == "What could not be read may be what is wrong.")
    }

    @Test func `a key that expired is counted among those that aren't active`() throws {
        let keys = [AccessKey.made(status: .expired), .made(status: .inactive), .made(), .made(status: .unknown("X"))]
        #expect(try Assessment.made(keys: keys).summary.inactive == 2)
    }

    @Test func `of a user's failures those that an exception answers for aren't what to do first`() throws {
        var policy = Policy()
        policy.tests.append(.identifierAssigned)
        policy.ownerTags = ["owner"]
        let user = IAMUser.made("ci", keys: .listed([.made("AKIA1", age: 20), .made("AKIA2", age: 15)]), tags: [:])
        let exception = ControlException.made(.user("ci"), tests: [.singleActiveKey])
        let assessment = try Assessment.made(.made(users: [user]), policy: policy, exceptions: [exception])
        let text = TerminalSummary(assessment, style: TerminalStyle(color: false)).text
        #expect(text.contains("1. ci: The user has access keys and no owner tag."), "\(text)")
        #expect(!text.contains("side by side"))
        #expect(assessment.users[0].recommendations.count == 2)
    }

    /// Which rules hold is for the tags to say, and they weren't read.
    @Test(
        arguments: [
            // MEDIUM and failing from the same day on by each of them.
            (
                RulesChange.with { $0.high = Band(age: 300) }, since: Date.before(days: 40) as Date?,
                due: .before(days: 40 - 30)
            ),
            (.with { $0.medium = Band(age: 40) }, nil, nil),
            (.with { $0.dueMedium = 3 }, .before(days: 40), nil),
            (.with { $0.keyAge = 95 }, .before(days: 40), .before(days: 40 - 30)),
            // By one of them it is due for the test that it has failed since long before it came to its level.
            (.with { ($0.keyAge, $0.dueLow) = (20, 5) }, .before(days: 40), nil),
        ] as [(RulesChange, since: Date?, due: Date?)])
    func `where several rules may hold, only a date that all of them agree on is told`(
        change: RulesChange, since: Date?, due: Date?
    ) throws {
        var policy = Policy()
        policy.overrides = [
            PolicyOverride(
                name: "vendors",
                match: UserPattern(tags: [UserPattern.TagPattern(key: "type", value: Glob("vendor"))]), change: change)
        ]
        let user = IAMUser.made(keys: .listed([.made(age: 100)]))
        let key = try #require(try Assessment.made(.made(users: [user]), policy: policy).keys.first)
        #expect(key.level == .medium && key.recommendation.since == since && key.recommendation.due == due)
    }

    @Test func `a key that may stay for a while has nothing done with it`() throws {
        var policy = Policy()
        policy.rules.limits.inactiveGrace = 30
        let user = IAMUser.made(keys: .listed([.made(status: .inactive, age: 10)]))
        let key = try #require(try Assessment.made(.made(users: [user]), policy: policy).keys.first)
        #expect(!key.needsAction)
        #expect(key.recommendation.issue == "10 days old.")
        #expect(key.recommendation.action == "Keep monitoring.")
        #expect(key.recommendation.steps.isEmpty && key.recommendation.due == nil)
    }
}

extension RulesChange {
    fileprivate static func with(_ change: (inout RulesChange) -> Void) -> RulesChange {
        var rules = RulesChange()
        change(&rules)
        return rules
    }
}
