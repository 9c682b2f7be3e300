package import FoundationEssentials

/// Judges users and keys by a policy at an instant. The one place where rules, overrides and doubts come together.
package struct Judge: Sendable {
    package let policy: Policy
    /// The limits of the frameworks that documents show.
    let limits: FrameworkLimits
    package let asOf: Date
    /// The last instant at which anything can have happened.
    let latest: Date
    /// Nil where AWS was asked near the as-of instant.
    let asOfGap: AsOfGap?
    /// The tests that run.
    package let tests: [ControlTestID]
    let ruleSets: [RuleSet]

    /// - Parameter window: from when to when AWS was asked, by its own clock; nil where that goes on.
    package init(
        _ policy: Policy, limits: FrameworkLimits = .none, at asOf: Date, window: ClosedRange<Date>? = nil,
        tests: [ControlTestID]? = nil
    ) {
        self.policy = policy
        self.limits = limits
        self.asOf = asOf
        latest = window.map { $0.upperBound + DataFinding.tolerance } ?? .distantFuture
        asOfGap = window.flatMap { AsOfGap(asOf: asOf, window: $0) }
        self.tests = tests ?? policy.tests
        ruleSets = policy.ruleSets(running: self.tests)
    }

    /// The test as the policy has it for most users.
    func test(_ id: ControlTestID) -> (any ControlTest)? { ruleSets[0].test(id) }

    /// A key's risk level.
    package func classify(_ key: AccessKey, of user: IAMUser, by choice: RuleChoice) -> Classification {
        let findings = DataFinding.all(in: key, of: user, latest: latest)
        switch choice {
        case .one(let index):
            return ruleSets[index].rules.classify(key, at: asOf).doubted(by: asOfGap).doubted(by: findings)
        case .several(let indices):
            let all = indices.map { ruleSets[$0].rules.classify(key, at: asOf) }
            return .agreed(all, orElse: Self.unknownRules(of: user)).doubted(by: asOfGap).doubted(by: findings)
        }
    }

    /// What a key's own tests conclude.
    package func verdicts(on key: AccessKey, of user: IAMUser, by choice: RuleChoice) -> [TestVerdict] {
        gathered { forEachVerdict(on: key, of: user, by: choice, $0) }
    }

    /// What the tests about users conclude.
    package func verdicts(on user: IAMUser, by choice: RuleChoice) -> [TestVerdict] {
        gathered { forEachVerdict(on: user, by: choice, $0) }
    }

    func forEachVerdict(on key: AccessKey, of user: IAMUser, by choice: RuleChoice, _ body: (TestVerdict) -> Void) {
        let subject = ControlSubject.accessKey(key)
        for place in tests.indices where tests[place].scope == .accessKey {
            let verdict = verdict(
                testAt: place, on: subject, of: user, by: choice,
                doubts: DataFinding.all(in: key, of: user, latest: latest))
            if let verdict { body(verdict) }
        }
    }

    func forEachVerdict(on user: IAMUser, by choice: RuleChoice, _ body: (TestVerdict) -> Void) {
        for place in tests.indices where tests[place].scope == .user {
            // One key's doubtful date may be the one that counts.
            let verdict = verdict(
                testAt: place, on: .user(user), of: user, by: choice,
                doubts: user.keys.known.flatMap { DataFinding.all(in: $0, of: user, latest: latest) })
            if let verdict { body(verdict) }
        }
    }

    private func verdict(
        testAt place: Int, on subject: ControlSubject, of user: IAMUser, by choice: RuleChoice,
        doubts: @autoclosure () -> [DataFinding]
    ) -> TestVerdict? {
        guard let verdict = verdict(testAt: place, on: subject, of: user, by: choice)?.doubted(by: asOfGap) else {
            return nil
        }
        guard verdict.conclusion == .satisfied else { return TestVerdict(test: tests[place], verdict: verdict) }
        let doubts = doubts()
        guard !doubts.isEmpty else { return TestVerdict(test: tests[place], verdict: verdict) }
        let doubted = verdict.doubted(by: doubts, facts: ruleSets[0].tests[place].facts)
        return TestVerdict(test: tests[place], verdict: doubted)
    }

    private func verdict(
        testAt place: Int, on subject: ControlSubject, of user: IAMUser, by choice: RuleChoice
    ) -> Verdict? {
        switch choice {
        case .one(let index): return ruleSets[index].tests[place].evaluate(subject, at: asOf)
        case .several(let indices):
            let all = indices.compactMap { ruleSets[$0].tests[place].evaluate(subject, at: asOf) }
            return .agreed(all, orElse: Self.unknownRules(of: user))
        }
    }

    /// The tags say which rules hold, and weren't read.
    private static func unknownRules(of user: IAMUser) -> Reason {
        Reason(
            .override,
            observed: user.optional.tags?.failure.map(Reason.Observed.unread)
                ?? .text("undetermined: tags were not read"))
    }

    /// Whether a key that isn't Active has stayed for longer than it may: what the test says, or would say where it doesn't
    /// run.
    func isBeyondGrace(_ key: AccessKey, by choice: RuleChoice, _ outcomes: TestOutcomes) -> Bool {
        if tests.contains(.inactiveKeyRemoved) { return outcomes.failed(.inactiveKeyRemoved) }
        guard let grace = agreed(by: choice, \.limits.inactiveGrace) else { return false }
        return InactiveKeyRemoved(grace: grace).evaluate(.accessKey(key), at: asOf)?.conclusion == .notSatisfied
    }

    /// When a key began to fail a test; the earliest where several rules may hold.
    func beginning(of failure: TestVerdict, of key: AccessKey, by choice: RuleChoice) -> Date {
        let start =
            switch failure.test {
            case .inactiveKeyRemoved: key.inactiveSinceAtEarliest
            case .unusedKey: key.lastUsed ?? key.created
            default: key.created
            }
        return start.adding(days: failure.verdict.reason.limit ?? leastLimit(of: failure.test, by: choice))
    }

    /// A test's limit in days; the least where several rules may hold.
    private func leastLimit(of test: ControlTestID, by choice: RuleChoice) -> Int {
        choice.places.compactMap { ruleSets[$0].test(test)?.parameters.first?.days }.min() ?? 0
    }

    /// What the rules have in one place; nil where several may hold, and they differ in it.
    func agreed<Value: Equatable>(by choice: RuleChoice, _ part: (Rules) -> Value) -> Value? {
        let first = part(ruleSets[choice.places[0]].rules)
        return choice.places.allSatisfy { part(ruleSets[$0].rules) == first } ? first : nil
    }

    // MARK: For whoever decides what to ask

    /// Whether risk level, tests and frameworks' own limits come out the same however a key was used within a span of time
    /// that nothing is known about.
    ///
    /// All of them fall with the time since the last use and never rise, so it is enough to look at both ends of the
    /// span.
    ///
    /// - Parameter uses: from when the fact at hand is of, to the latest instant at which a use may have been since.
    package func isSettled(_ key: AccessKey, of user: IAMUser, whateverUsesIn uses: ClosedRange<Date>) -> Bool {
        let choice = policy.choice(for: user)
        func outcome(_ key: AccessKey) -> Outcome {
            let classification = classify(key, of: user, by: choice)
            var outcome = Outcome(level: classification.leastLevel, isLevelKnown: classification.level != nil)
            forEachVerdict(on: key, of: user, by: choice) { found in
                outcome.tests.note(found)
                limits.forEachExceeded(by: found) { outcome.exceeded.insert($0) }
            }
            return outcome
        }
        let now = outcome(key)
        return [uses.lowerBound, uses.upperBound].allSatisfy { use in
            outcome(key.supposing(.used(at: use, service: "", region: ""))) == now
        }
    }
}

extension Judge {
    /// What is concluded about a key.
    private struct Outcome: Equatable {
        var level: RiskLevel
        var isLevelKnown: Bool
        var tests = TestOutcomes()
        var exceeded: Set<FrameworkLimits.Limit> = []
    }
}

/// Verdicts that come one by one.
func gathered(_ forEach: ((TestVerdict) -> Void) -> Void) -> [TestVerdict] {
    var verdicts: [TestVerdict] = []
    forEach { verdicts.append($0) }
    return verdicts
}

/// A test's verdict on one subject.
package struct TestVerdict: Sendable, Equatable {
    package var test: ControlTestID
    package var verdict: Verdict
    /// What was found among the exceptions for a failure; nil where nothing was, or nothing failed.
    package var exception: ExceptionMatch?

    package init(test: ControlTestID, verdict: Verdict, exception: ExceptionMatch? = nil) {
        self.test = test
        self.verdict = verdict
        self.exception = exception
    }

    /// Excepted or not.
    var isFailure: Bool { verdict.conclusion == .notSatisfied }

    /// Whether no exception answers for the failure.
    package var isOpenFailure: Bool { isFailure && exception?.state != .inForce }
}
