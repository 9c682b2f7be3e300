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
    /// How many keys have such dates.
    package let doubtfulKeys: Int
    package let exceptionNotes: [ExceptionNote]
    private(set) package var summary = Summary()
    /// Nil where AWS was asked near the as-of instant.
    package let asOfGap: AsOfGap?
    /// The snapshot's, as of that instant.
    let populationIsKnown: Bool
    let factSources: FactSources
    private let tallies: [ControlTestID: TestTally]
    /// What overrides hold some users to, where that isn't the policy's own limit of a test.
    package func otherLimits(of test: ControlTestID) -> [(override: String, days: Int)] {
        guard let own = tests.first(where: { $0.id == test })?.parameters.first?.days else { return [] }
        return policy.ruleSets(running: [test]).compactMap { rules in
            guard let name = rules.name, let days = rules.tests.first?.parameters.first?.days, days != own else {
                return nil
            }
            return (name, days)
        }
    }

    /// In how many days overrides want something done about a key that has just come to be unused for too long, where that
    /// isn't in the policy's own time.
    var otherDueDays: [(override: String, days: Int)] {
        let own = policy.rules.dueOfUnusedKey
        return policy.ruleSets(running: []).compactMap { set in
            let days = set.rules.dueOfUnusedKey
            return set.name.flatMap { days == own ? nil : ($0, days) }
        }
    }

    /// How many subjects satisfied a test and are beyond a framework's own limit for it.
    private let beyondLimits: [FrameworkLimits.Limit: Int]
    private let urgencyOrder: [Int32]

    package init(of snapshot: AccountSnapshot, by criteria: Criteria, at asOf: Date) {
        let criteria = criteria.limited(to: snapshot.account.id)
        let (policy, exceptions) = (criteria.policy, criteria.exceptions)
        self.snapshot = snapshot
        self.criteria = criteria
        shown = criteria.crosswalk.limited(to: criteria.frameworks)
        self.asOf = asOf
        let notRun = snapshot.testsNotRun(of: policy)
        testsNotRun = notRun
        let running = policy.tests.filter { test in !notRun.contains { $0.test == test } }
        let judge = Judge(
            policy, limits: FrameworkLimits(of: shown), at: asOf, window: snapshot.windowByAWSClock, tests: running)
        let basis = AssessmentBasis(snapshot, judge: judge, exceptions: exceptions)
        tests = running.compactMap(judge.test)

        var work = Work(snapshot, tests: running, exceptions: exceptions)
        for index in snapshot.users.indices { work.judge(userAt: index, basis) }
        accountVerdicts = work.judgeAccount(snapshot, basis)
        keys = work.keys
        users = work.users
        dataFindings = work.dataFindings
        doubtfulKeys = work.doubtfulKeys
        tallies = work.tallies
        beyondLimits = work.beyondLimits
        factSources = work.factSources
        asOfGap = judge.asOfGap
        populationIsKnown = snapshot.populationIsKnown && judge.asOfGap == nil
        urgencyOrder = Self.urgencyOrder(keys)
        exceptionNotes = work.use.notes(
            on: exceptions, over: snapshot, policy: policy, notRun: notRun.map(\.test), at: asOf)
        summary = Summary(self)
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
        populationIsKnown && !tests.isEmpty && blockingFailures.isEmpty && keys.allSatisfy(\.isLevelKnown)
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

    /// What keeps it from being complete, in a few words each, for people; empty where it is complete.
    package var gaps: [String] {
        guard !isComplete else { return [] }
        guard !tests.isEmpty else { return ["no control test runs"] }
        var gaps = asOfGap.map { [$0.text] } ?? []
        let unread = blockingFailures.oncePerCall.count
        if unread > 0 {
            gaps.append("\(unread) \(unread == 1 ? "thing that counts" : "things that count") could not be read")
        }
        if doubtfulKeys > 0 {
            gaps.append("\(doubtfulKeys) \(doubtfulKeys == 1 ? "key has" : "keys have") dates that can't be right")
        }
        return gaps.isEmpty ? ["not everything that counts is known"] : gaps
    }

    /// What could not be read, though nothing that was judged depends on it.
    package var otherFailures: [ReadFailure] {
        let needed = neededFacts
        return snapshot.failures.filter { !needed.contains($0.fact) }
    }

    /// Of when the population is, where that isn't the run itself: of an older credential report, in which users and keys
    /// aren't that were made since.
    var populationAsOf: Date? {
        guard snapshot.source == .report, case .read(let facts, let source) = snapshot.credentialReport,
            !facts.wasMadeDuringRun
        else { return nil }
        return source.asOf
    }

    package func tally(of test: ControlTestID) -> TestTally { tallies[test] ?? TestTally() }

    /// How many subjects satisfied a test and are beyond a framework's own limit for it.
    func subjectsBeyond(_ limit: FrameworkLimits.Limit) -> Int { beyondLimits[limit] ?? 0 }

    /// What a test concludes over all its subjects: satisfied only where every one is. An excepted failure is one.
    package func conclusion(of test: ControlTestID) -> Conclusion {
        let conclusion = tally(of: test).conclusion
        // A key that nobody listed may be the one that fails.
        if test.scope != .rootUser, !populationIsKnown { return .all([conclusion, .undetermined]) }
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
        var places = keys.indices.map {
            Place(rank: keys[$0].rank, user: keys[$0].userIndex, index: Int32($0))
        }
        places.sort { left, right in
            if left.rank != right.rank { return left.rank > right.rank }
            // Users stand by their names.
            if left.user != right.user { return left.user < right.user }
            return keys[Int(left.index)].label < keys[Int(right.index)].label
        }
        return places.map(\.index)
    }

    private struct Place {
        let rank: UInt64
        let user: Int32
        let index: Int32
    }
}

extension KeyAssessment {
    /// Urgency, failed tests, idle time and age, in this order. Days are bounded: see `wholeDays`.
    fileprivate var rank: UInt64 {
        let failures = UInt64(outcomes.union(userOutcomes).failureCount)
        return UInt64(urgency) << 56 | failures << 48 | UInt64(unusedDays) << 24 | UInt64(ageDays)
    }
}

extension AccountSnapshot {
    /// The tests that this way of collecting can't answer.
    fileprivate func testsNotRun(of policy: Policy) -> [(test: ControlTestID, reason: String)] {
        source.unansweredTests.filter { policy.tests.contains($0.test) }
    }
}

extension CollectionSource {
    /// The tests that this way of collecting can't answer, and why.
    package var unansweredTests: [(test: ControlTestID, reason: String)] {
        switch self {
        case .auto, .live: []
        case .report: [(.identifierUnique, "the credential report has no user ids; --source auto or live has")]
        }
    }
}
