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
        let verdicts = judge.verdicts(on: key, of: users[index], by: choice)
        return exceptions.isEmpty ? verdicts : excepted(verdicts, about: key, ofUserAt: index)
    }

    func verdicts(onUserAt index: Int, by choice: RuleChoice) -> [TestVerdict] {
        let verdicts = judge.verdicts(on: users[index], by: choice)
        return exceptions.isEmpty ? verdicts : excepted(verdicts, about: nil, ofUserAt: index)
    }

    /// The places of the exceptions about a user, or one of its keys.
    func places(about key: AccessKey?, ofUserAt index: Int) -> [Int] {
        exceptions.isEmpty ? [] : exceptions.places(about: key, among: placesOfUsers[index])
    }

    private func excepted(_ verdicts: [TestVerdict], about key: AccessKey?, ofUserAt index: Int) -> [TestVerdict] {
        guard verdicts.contains(where: { $0.verdict.conclusion == .notSatisfied }) else { return verdicts }
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
