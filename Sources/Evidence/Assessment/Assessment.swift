package import FoundationEssentials

/// An account judged at one instant.
package struct Assessment: Sendable {
    package let snapshot: AccountSnapshot
    package let criteria: Criteria
    /// The part of the crosswalk that documents show.
    package let shown: Crosswalk
    /// The instant at which ages are counted.
    package let asOf: Date
    /// The tests that ran, as the policy has them for most users.
    package let tests: [any ControlTest]
    /// The policy's tests that this way of collecting can't answer, and why.
    package let testsNotRun: [(test: ControlTestID, reason: String)]
    /// Every known key, by user name, then creation date, then id.
    package let keys: [KeyAssessment]
    /// In the order of the snapshot.
    package let users: [UserAssessment]
    /// On the root user and on the account as a whole.
    package let accountVerdicts: [TestVerdict]
    /// Dates that can't be right.
    package let dataFindings: [DataFinding]
    package let exceptionNotes: [ExceptionNote]
    private let tallies: [ControlTestID: TestTally]
    private let urgencyOrder: [Int32]

    package init(of snapshot: AccountSnapshot, by criteria: Criteria, at asOf: Date) {
        let (policy, exceptions) = (criteria.policy, criteria.exceptions)
        self.snapshot = snapshot
        self.criteria = criteria
        shown = criteria.crosswalk.limited(to: criteria.frameworks)
        self.asOf = asOf
        testsNotRun = snapshot.testsNotRun(of: policy)
        let running = policy.tests.filter { test in !snapshot.testsNotRun(of: policy).contains { $0.test == test } }
        let latest = max(asOf, snapshot.window.ended + Double(snapshot.traffic.clockSkew ?? 0)) + DataFinding.tolerance
        let judge = Judge(policy, at: asOf, latest: latest, tests: running)
        let basis = AssessmentBasis(users: snapshot.users, judge: judge, exceptions: exceptions)
        tests = running.compactMap(judge.test)

        var work = Work(tests: running, exceptions: exceptions)
        work.keys.reserveCapacity(snapshot.users.reduce(0) { $0 + $1.keys.known.count })
        work.users.reserveCapacity(snapshot.users.count)
        for index in snapshot.users.indices { work.judge(userAt: index, basis) }
        accountVerdicts = work.judgeAccount(snapshot, basis)
        keys = work.keys
        users = work.users
        dataFindings = work.dataFindings
        tallies = work.tallies
        urgencyOrder = Self.urgencyOrder(keys)
        exceptionNotes = work.use.notes(on: exceptions, over: snapshot, terms: policy.exceptions, at: asOf)
    }

    package var policy: Policy { criteria.policy }
    package var exceptions: ExceptionList { criteria.exceptions }
    package var crosswalk: Crosswalk { criteria.crosswalk }

    /// The keys, the worst first: by urgency, then failed tests, then idle time and age, then name.
    package var byUrgency: some RandomAccessCollection<KeyAssessment> {
        let keys = keys
        return urgencyOrder.lazy.map { keys[Int($0)] }
    }

    /// Whether everything in scope was read and judged. Only a complete assessment can pass.
    package var isComplete: Bool {
        snapshot.userListing.isComplete && blockingFailures.isEmpty && keys.allSatisfy(\.isLevelKnown)
            && tallies.values.allSatisfy { $0.undetermined == 0 }
    }

    /// The kinds of facts without which the assessment isn't whole: the risk levels and the tests look at them.
    package var neededFacts: Set<FactKind> {
        var needed: Set<FactKind> = tests.reduce(into: [.population, .keyStatus, .lastUse]) { $0.formUnion($1.facts) }
        if policy.looksAtTags { needed.insert(.tags) }
        // Either of the two would have told about the root user.
        if tally(of: .rootKey).undetermined > 0 { needed.formUnion([.accountSummary, .credentialReport]) }
        return needed
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

    package func tally(of test: ControlTestID) -> TestTally { tallies[test] ?? TestTally() }

    /// What a test concludes over all its subjects: satisfied only where every one is. An excepted failure is one.
    package func conclusion(of test: ControlTestID) -> Conclusion {
        let conclusion = tally(of: test).conclusion
        // A key that nobody listed may be the one that fails.
        if test.scope != .rootUser, !snapshot.populationIsKnown { return .all([conclusion, .undetermined]) }
        return conclusion
    }

    /// Whether a test keeps the run from passing: something failed that no exception answers for.
    package func hasOpenFailures(of test: ControlTestID) -> Bool { tally(of: test).failed > 0 }

    /// The keys with a finding at or above a level. One all of whose failed tests are excepted isn't among them.
    package func keys(atOrAbove level: RiskLevel) -> [KeyAssessment] {
        keys.filter { $0.leastLevel >= level && !$0.isExcused }
    }

    /// The places of the keys, in order of urgency.
    private static func urgencyOrder(_ keys: [KeyAssessment]) -> [Int32] {
        let ranks = keys.map { key in
            (key.urgency, key.outcomes.union(key.userOutcomes).failureCount, key.unusedDays, key.ageDays)
        }
        return (0..<Int32(keys.count)).sorted { left, right in
            let (left, right) = (Int(left), Int(right))
            if ranks[left] != ranks[right] { return ranks[left] > ranks[right] }
            return (keys[left].user.name, keys[left].key.label) < (keys[right].user.name, keys[right].key.label)
        }
    }
}

extension Assessment {
    /// What is put together while users and keys are gone through.
    private struct Work {
        let exceptions: ExceptionList
        var keys: [KeyAssessment] = []
        var users: [UserAssessment] = []
        var dataFindings: [DataFinding] = []
        var tallies: [ControlTestID: TestTally]
        var use: ExceptionUse

        init(tests: [ControlTestID], exceptions: ExceptionList) {
            self.exceptions = exceptions
            tallies = Dictionary(uniqueKeysWithValues: tests.map { ($0, TestTally()) })
            use = ExceptionUse(count: exceptions.exceptions.count)
        }

        mutating func judge(userAt index: Int, _ basis: AssessmentBasis) {
            let user = basis.users[index]
            let judge = basis.judge
            let choice = judge.policy.choice(for: user)
            let assessed = UserAssessment(
                basis: basis, index: index,
                outcomes: take(basis.verdicts(onUserAt: index, by: choice), about: nil, ofUserAt: index, basis))
            users.append(assessed)
            for (keyIndex, key) in user.keys.known.enumerated() {
                if let finding = DataFinding(key, of: user, latest: judge.latest) { dataFindings.append(finding) }
                let outcomes = take(
                    basis.verdicts(on: key, ofUserAt: index, by: choice), about: key, ofUserAt: index, basis)
                keys.append(
                    KeyAssessment(
                        basis: basis, userIndex: index, keyIndex: keyIndex,
                        classification: judge.classify(key, of: user, by: choice), outcomes: outcomes,
                        userOutcomes: assessed.outcomes, choice: choice))
            }
        }

        private mutating func take(
            _ verdicts: [TestVerdict], about key: AccessKey?, ofUserAt index: Int, _ basis: AssessmentBasis
        ) -> TestOutcomes {
            var outcomes = TestOutcomes()
            for verdict in verdicts {
                outcomes.note(verdict)
                tallies[verdict.test]?.note(outcomes[verdict.test])
            }
            if !exceptions.isEmpty {
                let places = basis.places(about: key, ofUserAt: index)
                use.note(places, failed: outcomes.failed, by: basis.users[index], exceptions)
            }
            return outcomes
        }

        mutating func judgeAccount(_ snapshot: AccountSnapshot, _ basis: AssessmentBasis) -> [TestVerdict] {
            let judge = basis.judge
            var verdicts: [TestVerdict] = []
            for test in judge.ruleSets[0].tests {
                let subject: ControlSubject
                switch test.id.scope {
                case .rootUser: subject = .rootUser(RootFacts(snapshot))
                case .account: subject = .account(AccountIdentifiers(snapshot))
                case .accessKey, .user: continue
                }
                guard let verdict = test.evaluate(subject, at: judge.asOf) else { continue }
                var found = TestVerdict(test: test.id, verdict: verdict)
                let places = exceptions.places(aboutThe: test.id.scope)
                if verdict.conclusion == .notSatisfied {
                    found.exception = exceptions.match(test.id, among: places, user: nil, at: judge.asOf)?.match
                }
                var outcomes = TestOutcomes()
                outcomes.note(found)
                tallies[test.id]?.note(outcomes[test.id])
                use.note(places, failed: outcomes.failed, by: nil, exceptions)
                verdicts.append(found)
            }
            return verdicts
        }
    }
}

extension AccountSnapshot {
    /// The tests that this way of collecting can't answer.
    fileprivate func testsNotRun(of policy: Policy) -> [(test: ControlTestID, reason: String)] {
        guard source == .report, policy.tests.contains(.identifierUnique) else { return [] }
        return [(.identifierUnique, "the credential report has no user ids; --source auto or live has")]
    }
}

/// What keys and users are judged by; it stands once.
final class AssessmentBasis: Sendable {
    let users: [IAMUser]
    let judge: Judge
    let exceptions: ExceptionList
    /// For each user the places of the exceptions about it: patterns are compared once.
    private let placesOfUsers: [[Int]]

    init(users: [IAMUser], judge: Judge, exceptions: ExceptionList) {
        self.users = users
        self.judge = judge
        self.exceptions = exceptions
        placesOfUsers = exceptions.isEmpty ? [] : users.map(exceptions.places(about:))
    }

    func verdicts(on key: AccessKey, ofUserAt index: Int, by choice: RuleChoice) -> [TestVerdict] {
        excepted(judge.verdicts(on: key, of: users[index], by: choice), about: key, ofUserAt: index)
    }

    func verdict(of test: ControlTestID, on key: AccessKey, ofUserAt index: Int, by choice: RuleChoice) -> TestVerdict?
    {
        guard let verdict = judge.verdict(of: test, on: key, of: users[index], by: choice) else { return nil }
        return excepted([verdict], about: key, ofUserAt: index).first
    }

    func verdicts(onUserAt index: Int, by choice: RuleChoice) -> [TestVerdict] {
        excepted(judge.verdicts(on: users[index], by: choice), about: nil, ofUserAt: index)
    }

    /// The places of the exceptions about a user, or one of its keys.
    func places(about key: AccessKey?, ofUserAt index: Int) -> [Int] {
        exceptions.isEmpty ? [] : exceptions.places(about: key, among: placesOfUsers[index])
    }

    private func excepted(_ verdicts: [TestVerdict], about key: AccessKey?, ofUserAt index: Int) -> [TestVerdict] {
        guard !exceptions.isEmpty, verdicts.contains(where: { $0.verdict.conclusion == .notSatisfied }) else {
            return verdicts
        }
        let places = places(about: key, ofUserAt: index)
        guard !places.isEmpty else { return verdicts }
        return verdicts.map { verdict in
            guard verdict.verdict.conclusion == .notSatisfied else { return verdict }
            var verdict = verdict
            verdict.exception = exceptions.match(verdict.test, among: places, user: users[index], at: judge.asOf)?.match
            return verdict
        }
    }
}
