extension Assessment {
    /// What is put together while users and keys are gone through.
    struct Work {
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
            let choice = basis.judge.policy.choice(for: user)
            let assessed = UserAssessment(
                basis: basis, index: index,
                outcomes: take(basis.verdicts(onUserAt: index, by: choice), about: nil, ofUserAt: index, basis))
            users.append(assessed)
            for (keyIndex, key) in user.keys.known.enumerated() {
                if let finding = DataFinding(key, of: user, latest: basis.judge.latest) { dataFindings.append(finding) }
                let outcomes = take(
                    basis.verdicts(on: key, ofUserAt: index, by: choice), about: key, ofUserAt: index, basis)
                keys.append(
                    KeyAssessment(
                        basis: basis, userIndex: index, keyIndex: keyIndex,
                        classification: basis.judge.classify(key, of: user, by: choice), outcomes: outcomes,
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
