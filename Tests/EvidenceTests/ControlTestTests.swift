import Evidence
import Testing

@Suite struct ControlTestTests {
    @Test(arguments: [
        (AccessKey.made(age: 90, lastUse: .never), Conclusion.notSatisfied),
        (.made(age: 90, seconds: -1, lastUse: .never), .satisfied),
        (.made(age: 900, lastUse: .used(daysAgo: 90)), .notSatisfied),
        (.made(age: 900, lastUse: .used(daysAgo: 90, seconds: -1)), .satisfied),
        (.made(age: 1, lastUse: .undetermined(.denied)), .undetermined),
        (.made(status: .unknown("New"), age: 1), .undetermined),
    ])
    func `unused-key`(key: AccessKey, expected: Conclusion) {
        #expect(UnusedKey().evaluate(key, policy: Policy(), at: .asOf)?.conclusion == expected)
    }

    @Test(arguments: [
        (AccessKey.made(age: 90), Conclusion.notSatisfied), (.made(age: 90, seconds: -1), .satisfied),
        (.made(age: 400, lastUse: .used(daysAgo: 1)), .notSatisfied),
        (.made(age: 10, lastUse: .undetermined(.denied)), .satisfied),
        (.made(status: .unknown("New"), age: 1), .undetermined),
    ])
    func `key-rotation`(key: AccessKey, expected: Conclusion) {
        #expect(KeyRotation().evaluate(key, policy: Policy(), at: .asOf)?.conclusion == expected)
    }

    @Test func `neither applies to a key that can't be used`() {
        for status in [KeyStatus.inactive, .expired] {
            let key = AccessKey.made(status: status, age: 900, lastUse: .never)
            #expect(UnusedKey().evaluate(key, policy: Policy(), at: .asOf) == nil)
            #expect(KeyRotation().evaluate(key, policy: Policy(), at: .asOf) == nil)
        }
    }

    @Test func `the limits are the policy's`() {
        let policy = Policy(keyAgeThreshold: 365, lastUsedThreshold: 45)
        let key = AccessKey.made(age: 300, lastUse: .used(daysAgo: 50))
        #expect(KeyRotation().evaluate(key, policy: policy, at: .asOf)?.conclusion == .satisfied)
        let verdict = UnusedKey().evaluate(key, policy: policy, at: .asOf)
        #expect(verdict == Verdict(.notSatisfied, Reason(rule: "idle-days", limit: 45, observed: "50")))
    }

    @Test func `of several, one failure decides, and satisfied is only what all are`() {
        #expect(Conclusion.all([]) == .satisfied)
        #expect(Conclusion.all([.satisfied, .undetermined]) == .undetermined)
        #expect(Conclusion.all([.undetermined, .notSatisfied, .satisfied]) == .notSatisfied)
    }

    @Test func `the crosswalk names every test, and only objectives that exist in rev. 5`() throws {
        let crosswalk = try Crosswalk.builtIn()
        #expect(crosswalk.tests.map(\.test) == ["unused-key", "key-rotation"])
        #expect(
            crosswalk.objectives.map(\.mapping.target) == ["ac-2.3_obj.d", "ia-4_obj", "cc6.1_smt", "ia-5_obj.f"])
        for test in crosswalk.tests {
            let controls = test.mappings.map(\.control)
            #expect(controls.contains("ia-4") && controls.contains("cc6.1"))
            #expect(test.mappings.count { $0.relationship == "direct" && $0.parameter != nil } == 1)
        }
    }
}
