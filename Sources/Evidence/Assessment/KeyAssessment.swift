import FoundationEssentials

/// One key judged. What can be had from the facts and the policy again is made when it is asked for: a large account
/// has very many keys. It never changes, and stands in one place that all who look at it share.
package final class KeyAssessment: Sendable {
    package let user: IAMUser
    package let key: AccessKey
    private let basis: AssessmentBasis
    /// The place of its user among those of the snapshot.
    let userIndex: Int32
    private let keyIndex: Int32
    private let age: Int32
    private let idle: Int32?
    /// The place of the rules that hold; nil where several may.
    private let ruleSet: Int16?
    // What every document looks at of every key, while key and user themselves lie elsewhere in memory.
    let id: String?
    let slot: Int?
    let label: String
    let userName: String
    let isActive: Bool
    /// Whether it is Inactive or Expired.
    let isOff: Bool
    package let isNeverUsed: Bool
    /// The rule that decided the level, if it is known and the rule counts days; its limit.
    private let rule: Reason.Rule?
    private let limit: Int32?
    /// The level, or the least that it must be.
    package let leastLevel: RiskLevel
    /// Whether ``leastLevel`` is the level.
    package let isLevelKnown: Bool
    /// Of the tests about the key.
    package let outcomes: TestOutcomes
    /// Of the tests about its user.
    package let userOutcomes: TestOutcomes
    /// When the first of the tests about the key that it fails began to, where it is known which rules hold.
    private let failureBegan: Date?

    init(
        basis: AssessmentBasis, userIndex: Int, keyIndex: Int, classification: Classification, outcomes: TestOutcomes,
        userOutcomes: TestOutcomes, failureBegan: Date?, choice: RuleChoice
    ) {
        self.basis = basis
        self.userIndex = Int32(userIndex)
        self.keyIndex = Int32(keyIndex)
        user = basis.users[userIndex]
        key = user.keys.known[keyIndex]
        id = key.id
        slot = key.slot
        label = key.label
        userName = user.name
        age = Int32(key.ageDays(at: basis.judge.asOf))
        idle = key.idleDays(at: basis.judge.asOf).map(Int32.init)
        leastLevel = classification.leastLevel
        isLevelKnown = classification.level != nil
        self.outcomes = outcomes
        self.userOutcomes = userOutcomes
        self.failureBegan = failureBegan
        switch key.status {
        case .active: (isActive, isOff) = (true, false)
        case .inactive, .expired: (isActive, isOff) = (false, true)
        case .unknown: (isActive, isOff) = (false, false)
        }
        isNeverUsed = key.isNeverUsed
        rule = classification.level == nil ? nil : classification.reason.rule
        limit = classification.reason.limit.map(Int32.init)
        ruleSet = if case .one(let index) = choice { Int16(index) } else { nil }
    }

    /// Whole days.
    package var ageDays: Int { Int(age) }

    /// Whole days; nil where the key was never used or its last use isn't known.
    package var idleDays: Int? { idle.map(Int.init) }

    package var level: RiskLevel? { isLevelKnown ? leastLevel : nil }

    /// As reports write it: `CRITICAL`, or `UNDETERMINED`.
    package var levelName: String { level.name }

    /// The level with its reason.
    package var classification: Classification {
        guard let rule else { return basis.judge.classify(key, of: user, by: choice) }
        return .level(
            leastLevel,
            Reason(
                rule, limit: limit.map(Int.init),
                observed: .days(rule == .idle ? idleDays ?? 0 : ageDays),
                source: rule == .age ? key.listed : key.lastUse.source))
    }

    /// One for each test about keys that applies to it.
    package var verdicts: [TestVerdict] { gathered(forEachVerdict) }

    func forEachVerdict(_ body: (TestVerdict) -> Void) {
        basis.forEachVerdict(on: key, ofUserAt: Int(userIndex), by: choice, body)
    }

    /// What each test about keys that applies to it concludes, in the order of ``verdicts``: without what makes the
    /// reasons.
    func forEachConclusion(_ body: (ControlTestID, Conclusion) -> Void) {
        for test in basis.judge.tests where test.scope == .accessKey {
            if let conclusion = outcomes[test].conclusion { body(test, conclusion) }
        }
    }

    /// Whether another user seems to have a key of the same id.
    var hasSharedID: Bool { !basis.duplicates.isEmpty && id.map { basis.duplicates.contains(.accessKey($0)) } ?? false }

    /// Whether any of its own failures may have an exception.
    var mayBeExcepted: Bool { !basis.exceptions.isEmpty }

    /// The tests that the key or its user failed, excepted or not.
    package var failedTests: [ControlTestID] { outcomes.union(userOutcomes).failed }

    /// Whether it failed something, and exceptions answer for all of it. What its user failed is the user's: an exception
    /// for that excuses no key, and without one a key may be excused.
    package var isExcused: Bool { outcomes.isExcused }

    /// Whether the key belongs among the recommendations.
    package var needsAction: Bool {
        level != .compliant || outcomes.hasFailures || isBeyondGrace
    }

    /// Whether it isn't Active, and has stayed for longer than it may.
    var isBeyondGrace: Bool { isOff && basis.judge.isBeyondGrace(key, by: choice, outcomes) }

    /// Whether it is known to be HIGH or CRITICAL.
    var isHighRisk: Bool { isLevelKnown && leastLevel >= .high }

    /// What is wrong with its dates; empty where nothing is.
    package var dataFindings: [DataFinding] { DataFinding.all(in: key, of: user, latest: basis.judge.latest) }

    /// For how long nobody used the key: since its last use, or since it was made.
    var unusedDays: Int { idleDays ?? (isNeverUsed ? ageDays : 0) }

    /// What comes first in a list of what to do: by level; an undetermined key ranks as the level that it has at least,
    /// before those that have just that.
    var urgency: Int { leastLevel.rawValue * 2 + (isLevelKnown ? 0 : 1) }

    /// What the rules that hold for it have in one place; nil where several may hold, and they differ in it.
    func agreed<Value: Equatable>(_ part: (Rules) -> Value) -> Value? {
        if let ruleSet { return part(basis.judge.ruleSets[Int(ruleSet)].rules) }
        return basis.judge.agreed(by: choice, part)
    }

    /// Whether the tags decide which rules hold, and weren't read.
    var hasOpenRules: Bool { ruleSet == nil }

    /// The override whose rules hold, if any.
    package var overrideName: String? { ruleSet.flatMap { basis.judge.ruleSets[Int($0)].name } }

    var judge: Judge { basis.judge }

    /// A date that follows from the rules; nil where several may hold, and it differs among them.
    ///
    /// - Parameter date: by the rules at a place among the judge's.
    func agreedDate(_ date: (Int) -> Date?) -> Date? {
        if let ruleSet { return date(Int(ruleSet)) }
        let dates = choice.places.map(date)
        return dates.allSatisfy { $0 == dates[0] } ? dates[0] : nil
    }

    /// When it came to a level by some rules, if it is Active and not below it.
    func beginning(of level: RiskLevel, byRulesAt place: Int) -> Date? {
        basis.judge.ruleSets[place].rules.beginning(of: level, of: key, at: asOf)
    }

    /// When the first of the tests about it that it fails began to, by some rules.
    func failureBegan(byRulesAt place: Int) -> Date? {
        guard ruleSet == nil else { return failureBegan }
        return verdicts.filter(\.isFailure).map { basis.judge.beginning(of: $0, of: key, by: .one(place)) }.min()
    }

    /// The rules that hold for it, as far as that is known.
    var choice: RuleChoice {
        ruleSet.map { .one(Int($0)) } ?? basis.judge.policy.choice(for: user)
    }

    var asOf: Date { basis.judge.asOf }

    /// What would be concluded if the key were otherwise, or gone: how it would be classified, and what the tests about it
    /// and its user would say.
    func judged(as changed: AccessKey?) -> (classification: Classification?, verdicts: [TestVerdict]) {
        let judge = basis.judge
        var user = user
        if case .read(var keys, let source) = user.keys {
            if let changed { keys[Int(keyIndex)] = changed } else { keys.remove(at: Int(keyIndex)) }
            user.keys = .read(keys, source)
        }
        let about = judge.verdicts(on: user, by: choice)
        guard let changed else { return (nil, about) }
        return (
            judge.classify(changed, of: user, by: choice),
            judge.verdicts(on: changed, of: user, by: choice) + about
        )
    }
}

/// One user judged.
package struct UserAssessment: Sendable {
    private let basis: AssessmentBasis
    private let index: Int
    /// Of the tests about the user.
    package let outcomes: TestOutcomes

    init(basis: AssessmentBasis, index: Int, outcomes: TestOutcomes) {
        self.basis = basis
        self.index = index
        self.outcomes = outcomes
    }

    package var user: IAMUser { basis.users[index] }

    /// One for each test about users that applies.
    package var verdicts: [TestVerdict] { gathered(forEachVerdict) }

    func forEachVerdict(_ body: (TestVerdict) -> Void) {
        guard isTested else { return }
        basis.forEachVerdict(onUserAt: index, by: choice, body)
    }

    /// Whether any of its own failures may have an exception.
    var mayBeExcepted: Bool { !basis.exceptions.isEmpty }

    var judge: Judge { basis.judge }

    /// The rules that hold for it, as far as that is known.
    var choice: RuleChoice { basis.judge.policy.choice(for: user) }

    var ownerTags: [String] { basis.judge.policy.ownerTags }

    var asOf: Date { basis.judge.asOf }

    /// Whether a test about users applies.
    package var isTested: Bool { outcomes != TestOutcomes() }
}
