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
