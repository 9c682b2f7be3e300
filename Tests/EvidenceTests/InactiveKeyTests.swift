import Evidence
import FoundationEssentials
import StrictYAML
import Testing

/// What is said of keys that aren't Active, and of those that are merely watched.
@Suite struct InactiveKeyTests {
    private static let resting = AccessKey.made(status: .inactive, age: 20, lastUse: .used(daysAgo: 10))

    private func action(
        _ key: AccessKey = resting, by policy: Policy, tags: [String: String]? = nil
    ) throws -> String {
        let user = IAMUser.made(keys: .listed([key]), tags: tags)
        let assessed = try #require(try Assessment.made(.made(users: [user]), policy: policy).keys.first)
        return assessed.recommendation.action
    }

    @Test func `within the policy's grace it isn't to be deleted, whether or not the test runs`() throws {
        var policy = Policy()
        for tests in [policy.tests, [.rootKey]] {
            policy.tests = tests
            policy.rules.limits.inactiveGrace = 30
            #expect(try action(by: policy) == "Keep monitoring.")
            policy.rules.limits.inactiveGrace = 10
            #expect(try action(by: policy) == "Delete the key if nothing has asked for it since it was deactivated.")
        }
    }

    @Test func `where nobody knows which grace it has, it isn't to be deleted yet`() throws {
        let policy = try Policy(
            reading: YAMLValue(
                parsing: """
                    name: ours
                    limits: {inactive_grace: 0}
                    overrides:
                      - name: services
                        match: {tags: {type: service}}
                        limits: {inactive_grace: 30}
                    """, file: "policy.yaml"))
        #expect(try action(by: policy) == "Keep monitoring.")
        #expect(try action(by: policy, tags: ["type": "service"]) == "Keep monitoring.")
        #expect(try action(by: policy, tags: [:]).hasPrefix("Delete the key"))
    }

    /// LOW by its age, while `inactive_keys.at_most` is no less.
    @Test func `a rotation comes due of an Active key alone, and where the policy asks for one`() throws {
        let low = AccessKey.made(age: 35)
        var policy = Policy()
        #expect(try action(low, by: policy) == "Watch the key; rotation comes due at 90 days.")
        policy.rules.limits.inactiveGrace = 60
        let off = AccessKey.made(status: .inactive, age: 35, lastUse: .used(daysAgo: 10))
        #expect(try action(off, by: policy) == "Keep monitoring.")
        policy.tests.removeAll { $0 == .keyRotation }
        policy.rules.levels.medium.age = nil
        #expect(try action(.made(age: 800), by: policy) == "Keep monitoring.")
    }
}
