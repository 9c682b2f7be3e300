import FoundationEssentials

extension Assessment {
    /// What is put together while users and keys are gone through.
    struct Work {
        let exceptions: ExceptionList
        var keys: [KeyAssessment] = []
        var users: [UserAssessment] = []
        var dataFindings: [DataFinding] = []
        /// Keys with such findings; one key may have several.
        var doubtfulKeys = 0
        /// One for each test, in their order.
        private let tests: [ControlTestID]
        private var counts: [TestTally]
        private(set) var beyondLimits: [FrameworkLimits.Limit: Int] = [:]
        var use: ExceptionUse
        var factSources = FactSources()
        private var identifiers: IdentifierHashes

        init(_ snapshot: AccountSnapshot, tests: [ControlTestID], exceptions: ExceptionList) {
            self.exceptions = exceptions
            self.tests = tests
            counts = tests.map { _ in TestTally() }
            use = ExceptionUse(count: exceptions.exceptions.count)
            identifiers = IdentifierHashes(users: snapshot.users.count)
            keys.reserveCapacity(snapshot.users.reduce(0) { $0 + $1.keys.known.count })
            users.reserveCapacity(snapshot.users.count)
        }

        var tallies: [ControlTestID: TestTally] {
            Dictionary(uniqueKeysWithValues: zip(tests, counts))
        }

        private mutating func count(_ outcomes: TestOutcomes) {
            for place in tests.indices { counts[place].note(outcomes[tests[place]]) }
        }

        private mutating func countLimits(exceededBy found: TestVerdict, _ limits: FrameworkLimits) {
            limits.forEachExceeded(by: found) { beyondLimits[$0, default: 0] += 1 }
        }

        mutating func judge(userAt index: Int, _ basis: AssessmentBasis) {
            let user = basis.users[index]
            let choice = basis.judge.policy.choice(for: user)
            identifiers.note(user)
            factSources.note(user)
            var outcomes = TestOutcomes()
            basis.forEachVerdict(onUserAt: index, by: choice) { found in
                outcomes.note(found)
                countLimits(exceededBy: found, basis.judge.limits)
            }
            take(outcomes, about: nil, ofUserAt: index, basis)
            users.append(UserAssessment(basis: basis, index: index, outcomes: outcomes))
            let userOutcomes = outcomes
            for (keyIndex, key) in user.keys.known.enumerated() {
                factSources.note(key)
                let findings = DataFinding.all(in: key, of: user, latest: basis.judge.latest)
                if !findings.isEmpty { doubtfulKeys += 1 }
                dataFindings += findings
                var outcomes = TestOutcomes()
                var failureBegan: Date?
                basis.forEachVerdict(on: key, ofUserAt: index, by: choice) { found in
                    outcomes.note(found)
                    countLimits(exceededBy: found, basis.judge.limits)
                    guard found.isFailure else { return }
                    let began = basis.judge.beginning(of: found, of: key, by: choice)
                    failureBegan = failureBegan.map { min($0, began) } ?? began
                }
                take(outcomes, about: key, ofUserAt: index, basis)
                keys.append(
                    KeyAssessment(
                        basis: basis, userIndex: index, keyIndex: keyIndex,
                        classification: basis.judge.classify(key, of: user, by: choice), outcomes: outcomes,
                        userOutcomes: userOutcomes, failureBegan: failureBegan, choice: choice))
            }
        }

        private mutating func take(
            _ outcomes: TestOutcomes, about key: AccessKey?, ofUserAt index: Int, _ basis: AssessmentBasis
        ) {
            count(outcomes)
            if !exceptions.isEmpty {
                let places = basis.places(about: key, ofUserAt: index)
                let user = basis.users[index]
                use.note(
                    places, outcomes, about: user.principal, hasUnknownKeys: !user.keys.isRead, exceptions)
            }
        }

        /// After all users: their identifiers are known then.
        mutating func judgeAccount(_ snapshot: AccountSnapshot, _ basis: AssessmentBasis) -> [TestVerdict] {
            let judge = basis.judge
            var verdicts: [TestVerdict] = []
            for test in judge.ruleSets[0].tests {
                let subject: ControlSubject
                switch test.id.scope {
                case .rootUser: subject = .rootUser(RootFacts(snapshot))
                case .account: subject = .account(AccountIdentifiers(snapshot, hashes: identifiers))
                case .accessKey, .user: continue
                }
                guard let verdict = test.evaluate(subject, at: judge.asOf)?.doubted(by: judge.asOfGap) else {
                    continue
                }
                var found = TestVerdict(test: test.id, verdict: verdict)
                let places = exceptions.places(aboutThe: test.id.scope)
                let principal = test.id.scope == .rootUser ? Principal.rootUser(of: snapshot.account) : nil
                if verdict.conclusion == .notSatisfied {
                    found.exception = exceptions.match(test.id, among: places, about: principal, at: judge.asOf)
                }
                var outcomes = TestOutcomes()
                outcomes.note(found)
                count(outcomes)
                use.note(places, outcomes, about: principal, exceptions)
                verdicts.append(found)
            }
            return verdicts
        }
    }
}
