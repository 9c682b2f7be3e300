import FoundationEssentials

/// What the exceptions of a list turned out to be about.
struct ExceptionUse {
    private struct Count {
        var subjects = 0
        /// Subjects of which something failed, and of these the ones of which no exception in force answers for all of it.
        var failures = 0
        var openFailures = 0
        /// Tests of which nobody knows whether a subject passes.
        var undetermined: Set<ControlTestID> = []
        /// Whether it is about a user whose keys aren't known.
        var hasUnknownKeys = false
        var approvers: Set<String> = []

        /// What has become of it since it expired; empty where nothing of it fails.
        var sinceExpiry: String {
            if openFailures > 0 { return " What it was for fails the run again: renew it or put it right." }
            return failures > 0 ? " Others in force answer for what it was for: it can go." : ""
        }

        /// Why nobody knows whether what it is about passes; nil where that is known.
        var unknown: String? {
            if hasUnknownKeys { return "not every user's keys could be listed" }
            guard !undetermined.isEmpty else { return nil }
            let tests = ControlTestID.allCases.filter(undetermined.contains).map(\.rawValue)
            return "\(tests.joined(separator: ", ")) \(tests.count == 1 ? "is" : "are") undetermined"
        }
    }

    private var counts: [Count]

    init(count: Int) {
        counts = Array(repeating: Count(), count: count)
    }

    /// Notes that some exceptions, by their places, are about a subject, and what became of it in the tests.
    mutating func note(_ places: [Int], _ outcomes: TestOutcomes, by user: IAMUser?, _ list: ExceptionList) {
        let hasUnknownKeys = user.map { !$0.keys.isRead } ?? false
        for place in places {
            let exception = list.exceptions[place]
            counts[place].subjects += 1
            if outcomes.failedAny(of: exception.tests) { counts[place].failures += 1 }
            if exception.tests.contains(where: { outcomes[$0] == .failed }) { counts[place].openFailures += 1 }
            counts[place].undetermined.formUnion(exception.tests.filter { outcomes[$0] == .undetermined })
            if hasUnknownKeys { counts[place].hasUnknownKeys = true }
            if let user, exception.isApproved(by: user) { counts[place].approvers.insert(user.name) }
        }
    }

    /// What is to be said about them, in the order of the list.
    ///
    /// - Parameter notRun: tests that this way of collecting can't answer.
    func notes(
        on list: ExceptionList, over snapshot: AccountSnapshot, notRun: [ControlTestID], terms: ExceptionTerms,
        at asOf: Date
    ) -> [ExceptionNote] {
        let population = ExceptionPopulation(snapshot, notRun: notRun)
        var notes: [ExceptionNote] = []
        var before: [String: [ControlException]] = [:]
        for (exception, count) in zip(list.exceptions, counts) {
            func note(_ kind: ExceptionNote.Kind, _ message: String) {
                notes.append(
                    ExceptionNote(
                        kind: kind, ticket: exception.ticket, subject: exception.subject.text, message: message))
            }
            let day = exception.expires.iso8601
            let isExpired = asOf >= exception.expires
            if isExpired {
                note(.expired, "Expired on \(day).\(count.sinceExpiry)")
            } else if asOf < exception.created {
                note(.notYetInForce, "Holds from \(exception.created.iso8601) on.")
            } else if asOf.addingTimeInterval(Double(terms.warnBefore) * 86_400) >= exception.expires {
                let days = wholeDays(from: asOf, to: exception.expires)
                note(
                    .expiresSoon,
                    "Expires on \(day), in \(counted(days)): put it right or renew it.")
            }
            for name in count.approvers.sorted() {
                note(.selfApproved, "Approved by '\(name)', whom it is about: it doesn't hold there.")
            }
            for test in exception.tests {
                let place = "\(test.rawValue) \(exception.subject.text)"
                if let other = before[place]?.first(where: exception.overlaps) {
                    note(.duplicate, "\(other.ticket) is about \(test.rawValue) of \(exception.subject.text), too.")
                }
                before[place, default: []].append(exception)
            }
            if count.subjects == 0 {
                if population.hasUnknownTags(for: exception.subject) {
                    note(.tagsUnknown, Self.tagsUnknown)
                } else if let unknown = population.unknown(about: exception) {
                    note(
                        .notKnown,
                        "Whether the account has such \(exception.subject.nounWithArticle) isn't known: \(unknown).")
                } else {
                    note(
                        .matchesNothing,
                        "The account has no such \(exception.subject.noun). Is it the right account, or gone?")
                }
            } else if count.failures == 0, !isExpired {
                if let unknown = count.unknown ?? population.unknownOthers(for: exception.subject) {
                    note(.notKnown, "Whether anything that it is about fails isn't known: \(unknown).")
                } else if population.hasUnknownTags(for: exception.subject) {
                    note(.tagsUnknown, Self.tagsUnknown)
                } else {
                    note(.notNeeded, "Nothing that it is about fails. It can go.")
                }
            }
        }
        return notes
    }

    private static let tagsUnknown = "Not every user's tags were read; nothing is excepted by tags that aren't known."
}

extension ControlException {
    /// Whether both hold at some instant. One that takes the place of another doesn't.
    fileprivate func overlaps(_ other: ControlException) -> Bool { created < other.expires && other.created < expires }
}

/// How far it is known whom an account's exceptions may be about.
private struct ExceptionPopulation {
    private let snapshot: AccountSnapshot
    private let notRun: [ControlTestID]

    init(_ snapshot: AccountSnapshot, notRun: [ControlTestID]) {
        self.snapshot = snapshot
        self.notRun = notRun
    }

    /// Why nobody knows whether there is anything that an exception is about; nil where that is known.
    func unknown(about exception: ControlException) -> String? {
        switch exception.subject {
        case .key:
            if let unknown = unknownUsers { return unknown }
            if !snapshot.populationIsKnown { return "not every user's keys could be listed" }
            let keys = snapshot.users.lazy.flatMap(\.keys.known)
            return keys.allSatisfy { $0.id != nil } ? nil : "not every key's id was read"
        case .user, .users: return unknownUsers
        case .rootUser, .account:
            let tests = exception.tests.filter(notRun.contains).map(\.rawValue)
            return tests.isEmpty ? nil : "\(tests.joined(separator: ", ")) didn't run"
        }
    }

    /// Why others may be among those that an exception is about than are known to be.
    func unknownOthers(for subject: ControlException.Subject) -> String? {
        if case .users = subject { unknownUsers } else { nil }
    }

    /// Whether a user may be among those that it is about, if only the tags were known.
    func hasUnknownTags(for subject: ControlException.Subject) -> Bool {
        guard case .users(let pattern) = subject, !pattern.tags.isEmpty else { return false }
        return snapshot.users.contains { pattern.matches($0) == nil }
    }

    /// That a user may be missing. Whose keys couldn't be listed is a user all the same.
    private var unknownUsers: String? {
        let isWhole =
            snapshot.userListing.isComplete
            && !snapshot.failures.contains {
                $0.fact == .population && $0.operation != Provenance.Operation.listAccessKeys.rawValue
            }
        return isWhole ? nil : "the list of users isn't known to be whole"
    }
}

extension ControlException.Subject {
    fileprivate var noun: String {
        switch self {
        case .key: "access key"
        case .user: "user"
        case .users: "user"
        case .rootUser, .account: "subject of a test that runs"
        }
    }

    fileprivate var nounWithArticle: String {
        if case .key = self { "an \(noun)" } else { "a \(noun)" }
    }
}
