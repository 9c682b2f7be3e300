/// What keys and users are judged by; it stands once.
final class AssessmentBasis: Sendable {
    let users: [IAMUser]
    let judge: Judge
    let exceptions: ExceptionList
    /// The names and ids that stand for two users or keys; none, as a rule.
    let duplicates: Set<ReadSubject>
    /// For each user the places of the exceptions about it: patterns are compared once.
    private let placesOfUsers: [[Int]]

    init(_ snapshot: AccountSnapshot, judge: Judge, exceptions: ExceptionList) {
        users = snapshot.users
        duplicates = snapshot.duplicates
        self.judge = judge
        self.exceptions = exceptions
        placesOfUsers = exceptions.isEmpty ? [] : users.map(exceptions.places(about:))
    }

    func forEachVerdict(
        on key: AccessKey, ofUserAt index: Int, by choice: RuleChoice, _ body: (TestVerdict) -> Void
    ) {
        guard !exceptions.isEmpty else { return judge.forEachVerdict(on: key, of: users[index], by: choice, body) }
        judge.forEachVerdict(on: key, of: users[index], by: choice) {
            body(excepted($0, about: key, ofUserAt: index))
        }
    }

    func forEachVerdict(onUserAt index: Int, by choice: RuleChoice, _ body: (TestVerdict) -> Void) {
        guard !exceptions.isEmpty else { return judge.forEachVerdict(on: users[index], by: choice, body) }
        judge.forEachVerdict(on: users[index], by: choice) { body(excepted($0, about: nil, ofUserAt: index)) }
    }

    /// The places of the exceptions about a user, or one of its keys.
    func places(about key: AccessKey?, ofUserAt index: Int) -> [Int] {
        exceptions.isEmpty ? [] : exceptions.places(about: key, among: placesOfUsers[index])
    }

    private func excepted(_ verdict: TestVerdict, about key: AccessKey?, ofUserAt index: Int) -> TestVerdict {
        guard verdict.isFailure else { return verdict }
        var verdict = verdict
        verdict.exception = exceptions.match(
            verdict.test, among: places(about: key, ofUserAt: index), about: users[index].principal, at: judge.asOf)
        return verdict
    }
}
