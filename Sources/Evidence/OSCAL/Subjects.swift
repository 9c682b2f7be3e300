/// What findings are about, each with the UUIDs by which the parts of a document refer to it.
struct Subjects {
    /// As in the assessment.
    let keys: [NamedKey]
    /// Those to whom a test about users applies.
    let users: [NamedUser]
    private let assessment: Assessment
    private let names: OSCALNames

    init(_ assessment: Assessment, names: OSCALNames) {
        self.assessment = assessment
        self.names = names
        keys = assessment.keys.enumerated().map { NamedKey($1, at: $0, names: names) }
        var users: [NamedUser] = []
        var first = 0
        for (index, user) in assessment.users.enumerated() {
            // The keys stand in the order of the users.
            let end = first + user.user.keys.known.count
            if user.isTested { users.append(NamedUser(user, at: index, keys: first..<end, names: names)) }
            first = end
        }
        self.users = users
    }

    /// Whether anything failed a test.
    var haveRisks: Bool {
        assessment.accountVerdicts.contains(where: \.isFailure)
            || assessment.keys.contains { $0.outcomes.hasFailures }
            || users.contains { assessment.users[$0.index].outcomes.hasFailures }
    }

    /// The risks of what failed one of some tests.
    func risks(ofFailures tests: [ControlTestID]) -> [UUIDv5] {
        var risks: [UUIDv5] = []
        for failed in assessment.accountVerdicts where failed.isFailure && tests.contains(failed.test) {
            risks.append(names.risk(of: failed.test))
        }
        for key in keys where assessment.keys[key.index].outcomes.failedAny(of: tests) {
            if let risk = key.risk { risks.append(risk) }
        }
        for user in users where assessment.users[user.index].outcomes.failedAny(of: tests) { risks.append(user.risk) }
        return risks
    }
}

/// A key with the UUIDs by which other parts of the document refer to it. Item and risk are the same in every run.
struct NamedKey {
    /// Its place among the assessment's keys.
    let index: Int
    let item: UUIDv5
    let observation: UUIDv5
    /// Nil where it failed nothing.
    let risk: UUIDv5?

    init(_ assessed: KeyAssessment, at index: Int, names: OSCALNames) {
        let key = assessed.naturalKey
        self.index = index
        item = names.item(key)
        observation = names.observation(key)
        risk = assessed.outcomes.hasFailures ? names.risk(key) : nil
    }
}

/// A user to whom a test applies.
struct NamedUser {
    /// Its place among the assessment's users.
    let index: Int
    /// The places of its keys.
    let keys: Range<Int>
    let risk: UUIDv5

    init(_ assessed: UserAssessment, at index: Int, keys: Range<Int>, names: OSCALNames) {
        self.index = index
        self.keys = keys
        risk = names.risk(assessed.user.arn)
    }
}
