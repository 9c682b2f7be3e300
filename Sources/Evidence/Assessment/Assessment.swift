package import FoundationEssentials

/// An account judged at one instant.
package struct Assessment: Sendable {
    package let snapshot: AccountSnapshot
    package let policy: Policy
    package let crosswalk: Crosswalk
    /// The instant at which ages are counted.
    package let asOf: Date
    package let tests: [any ControlTest]
    /// Every known key, by user name, then creation date, then id.
    package let keys: [KeyAssessment]
    private let urgencyOrder: [Int]

    package static let standardTests: [any ControlTest] = [UnusedKey(), KeyRotation()]

    package init(
        of snapshot: AccountSnapshot, policy: Policy, crosswalk: Crosswalk, at asOf: Date,
        tests: [any ControlTest] = Assessment.standardTests
    ) {
        self.snapshot = snapshot
        self.policy = policy
        self.crosswalk = crosswalk
        self.asOf = asOf
        self.tests = tests
        let users = snapshot.users
        var keys: [KeyAssessment] = []
        keys.reserveCapacity(users.reduce(0) { $0 + $1.keys.known.count })
        for (userIndex, user) in users.enumerated() {
            for (keyIndex, key) in user.keys.known.enumerated() {
                keys.append(
                    KeyAssessment(
                        users: users, userIndex: userIndex, keyIndex: keyIndex, ageDays: key.ageDays(at: asOf),
                        idleDays: key.idleDays(at: asOf), classification: policy.classify(key, at: asOf),
                        verdicts: tests.compactMap { test in
                            test.evaluate(key, policy: policy, at: asOf).map { TestVerdict(test: test.id, verdict: $0) }
                        }))
            }
        }
        self.keys = keys
        urgencyOrder = Self.urgencyOrder(keys)
    }

    /// The keys, the worst first: by urgency, then failed tests, then idle time and age, then name.
    package var byUrgency: some RandomAccessCollection<KeyAssessment> {
        let keys = keys
        return urgencyOrder.lazy.map { keys[$0] }
    }

    /// Whether everything in scope was read and judged. Only a complete assessment can pass.
    package var isComplete: Bool {
        snapshot.userListing.isComplete && blockingFailures.isEmpty
            && keys.allSatisfy { $0.classification.level != nil }
    }

    /// The kinds of facts without which the assessment isn't whole: the risk levels and the tests look at them.
    package var neededFacts: Set<FactKind> {
        tests.reduce(into: [.population, .keyStatus, .lastUse]) { $0.formUnion($1.facts) }
    }

    /// What could not be read and is needed.
    package var blockingFailures: [ReadFailure] {
        let needed = neededFacts
        return snapshot.failures.filter { needed.contains($0.fact) }
    }

    /// What could not be read, though nothing that was judged depends on it.
    package var otherFailures: [ReadFailure] {
        let needed = neededFacts
        return snapshot.failures.filter { !needed.contains($0.fact) }
    }

    /// What a test concludes over the whole population.
    package func conclusion(of test: String) -> Conclusion {
        let conclusions = keys.flatMap(\.verdicts).filter { $0.test == test }.map(\.verdict.conclusion)
        // A key that nobody listed may be the one that fails.
        return .all(conclusions + (snapshot.populationIsKnown ? [] : [.undetermined]))
    }

    /// What the tests that speak to a control conclude together; nil where none does.
    package func conclusion(ofControl control: String) -> Conclusion? {
        let speaking = crosswalk.tests.filter { $0.mappings.contains { $0.control == control } }.map(\.test)
        let ours = tests.map(\.id).filter(speaking.contains)
        return ours.isEmpty ? nil : .all(ours.map(conclusion(of:)))
    }

    /// The keys with a finding at or above a level.
    package func keys(atOrAbove level: RiskLevel) -> [KeyAssessment] {
        keys.filter { ($0.classification.level ?? .compliant) >= level }
    }

    /// The places of the keys, in order of urgency.
    private static func urgencyOrder(_ keys: [KeyAssessment]) -> [Int] {
        let ranks = keys.map { key in
            (key.classification.urgency, key.failedTests.count, key.unusedDays, key.ageDays)
        }
        return keys.indices.sorted { left, right in
            if ranks[left] != ranks[right] { return ranks[left] > ranks[right] }
            return (keys[left].user.name, keys[left].key.label) < (keys[right].user.name, keys[right].key.label)
        }
    }
}

/// One key judged.
package struct KeyAssessment: Sendable {
    // User and key stand once, in the snapshot: a large account has very many.
    private let users: [IAMUser]
    private let userIndex: Int
    private let keyIndex: Int
    /// Whole days.
    package var ageDays: Int
    /// Whole days; nil where the key was never used or its last use isn't known.
    package var idleDays: Int?
    package var classification: Classification
    /// One for each test that applies to the key.
    package var verdicts: [TestVerdict]

    fileprivate init(
        users: [IAMUser], userIndex: Int, keyIndex: Int, ageDays: Int, idleDays: Int?, classification: Classification,
        verdicts: [TestVerdict]
    ) {
        self.users = users
        self.userIndex = userIndex
        self.keyIndex = keyIndex
        self.ageDays = ageDays
        self.idleDays = idleDays
        self.classification = classification
        self.verdicts = verdicts
    }

    package var user: IAMUser { users[userIndex] }

    package var key: AccessKey { users[userIndex].keys.known[keyIndex] }

    package var failedTests: [TestVerdict] { verdicts.filter { $0.verdict.conclusion == .notSatisfied } }

    package var isNeverUsed: Bool { key.lastUse == .never }

    /// For how long nobody used the key: since its last use, or since it was made.
    var unusedDays: Int { idleDays ?? (isNeverUsed ? ageDays : 0) }
}

/// A test's verdict on one key.
package struct TestVerdict: Sendable, Equatable {
    package var test: String
    package var verdict: Verdict
}
