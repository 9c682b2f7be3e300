/// What becomes of a key by its own recommendation. The steps with a user's other key depend on it.
struct KeyCourse {
    let key: AccessKey
    let remedy: KeyDetails.Remedy
    /// Whether it can take the place of the user's other key: it is Active, keeps within all limits, and nothing deletes it.
    let isSuccessor: Bool

    init(_ key: AccessKey, of user: IAMUser, by choice: RuleChoice, _ judge: Judge) {
        let classification = judge.classify(key, of: user, by: choice)
        var outcomes = TestOutcomes()
        judge.forEachVerdict(on: key, of: user, by: choice) { outcomes.note($0) }
        self.key = key
        remedy = KeyDetails.Remedy(
            level: classification.level, leastLevel: classification.leastLevel, isActive: key.status == .active,
            isNeverUsed: key.isNeverUsed, isBeyondGrace: judge.isBeyondGrace(key, by: choice, outcomes), outcomes)
        isSuccessor =
            key.status == .active && remedy == .watch
            && [.unusedKey, .keyRotation].allSatisfy { outcomes[$0] != .undetermined }
    }

    /// Nil where nothing is to be done with it, or nobody knows what.
    var keyRemedy: KeyRemedy? { remedy.keyRemedy }

    /// Whether nothing is known to need it.
    var isIdle: Bool { key.isNeverUsed || keyRemedy == .retirement || keyRemedy == .deletion }

    /// What is done with it where it is the one of two keys that goes.
    var remedyToGo: KeyRemedy { isIdle ? .retirement : .rotation }

    /// Of Active keys, the oldest first, the one that goes: one that nobody uses, then one that has to be rotated anyhow, then
    /// one that was never used, then the oldest.
    static func first(toGoOf courses: [KeyCourse]) -> KeyCourse? {
        courses.first { $0.keyRemedy != nil && $0.isIdle } ?? courses.first { $0.keyRemedy != nil }
            ?? courses.first(where: \.isIdle) ?? courses.first
    }
}
