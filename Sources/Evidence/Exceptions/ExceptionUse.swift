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
    ///
    /// - Parameter hasUnknownKeys: whether the subject is a user whose keys weren't read.
    mutating func note(
        _ places: [Int], _ outcomes: TestOutcomes, about principal: Principal?, hasUnknownKeys: Bool = false,
        _ list: ExceptionList
    ) {
        for place in places {
            let exception = list.exceptions[place]
            counts[place].subjects += 1
            if outcomes.failedAny(of: exception.tests) { counts[place].failures += 1 }
            if exception.tests.contains(where: { outcomes[$0] == .failed }) { counts[place].openFailures += 1 }
            counts[place].undetermined.formUnion(exception.tests.filter { outcomes[$0] == .undetermined })
            if hasUnknownKeys { counts[place].hasUnknownKeys = true }
            if let principal, exception.isApproved(by: principal) { counts[place].approvers.insert(principal.name) }
        }
    }

    /// What is to be said about them, in the order of the list.
    ///
    /// - Parameters:
    ///   - policy: which tests it has, and what it holds exceptions to.
    ///   - notRun: its tests that this way of collecting can't answer.
    func notes(
        on list: ExceptionList, over snapshot: AccountSnapshot, policy: Policy, notRun: [ControlTestID], at asOf: Date
    ) -> [ExceptionNote] {
        let population = ExceptionPopulation(snapshot, policy: policy, notRun: notRun)
        var notes: [ExceptionNote] = []
        var before: [String: [ControlException]] = [:]
        for (exception, count) in zip(list.exceptions, counts) {
            func add(_ remarks: [Remark]) {
                for (kind, message) in remarks {
                    notes.append(
                        ExceptionNote(
                            kind: kind, ticket: exception.ticket, subject: exception.subject.text, message: message))
                }
            }
            add(dateRemarks(on: exception, count, terms: policy.exceptions, at: asOf))
            add(
                count.approvers.sorted().map {
                    (.selfApproved, "Approved by '\($0)', whom it is about: it doesn't hold there.")
                })
            add(duplicateRemarks(on: exception, &before))
            add(populationRemarks(on: exception, count, population, isExpired: asOf >= exception.expires))
        }
        return notes
    }

    private typealias Remark = (kind: ExceptionNote.Kind, message: String)

    /// That it has expired, does so soon, or doesn't hold yet.
    private func dateRemarks(
        on exception: ControlException, _ count: Count, terms: ExceptionTerms, at asOf: Date
    ) -> [Remark] {
        let day = exception.expires.iso8601
        if asOf >= exception.expires { return [(.expired, "Expired on \(day).\(count.sinceExpiry)")] }
        if asOf < exception.created { return [(.notYetInForce, "Holds from \(exception.created.iso8601) on.")] }
        guard asOf.adding(days: terms.warnBefore) >= exception.expires else { return [] }
        let days = wholeDays(from: asOf, to: exception.expires)
        let left = days == 0 ? "in less than a day" : "in \(counted(days))"
        return [(.expiresSoon, "Expires on \(day), \(left): put it right or renew it.")]
    }

    /// That one before it is about the same.
    ///
    /// - Parameter before: those before it by test and subject; it is added to them.
    private func duplicateRemarks(
        on exception: ControlException, _ before: inout [String: [ControlException]]
    ) -> [Remark] {
        var remarks: [Remark] = []
        for test in exception.tests {
            let place = "\(test.rawValue) \(exception.subject.text)"
            if let other = before[place]?.first(where: exception.overlaps) {
                let message = "\(other.ticket) is about \(test.rawValue) of \(exception.subject.text), too."
                remarks.append((.duplicate, message))
            }
            before[place, default: []].append(exception)
        }
        return remarks
    }

    /// That it is about nothing, or about nothing that fails; or that nobody knows.
    private func populationRemarks(
        on exception: ControlException, _ count: Count, _ population: ExceptionPopulation, isExpired: Bool
    ) -> [Remark] {
        let subject = exception.subject
        let notRunning = population.notRunning(of: exception)
        if let notRunning, !population.runsAny(of: exception) { return [(.notKnown, "\(notRunning).")] }
        if count.subjects == 0 {
            if population.hasUnknownTags(for: subject) { return [(.tagsUnknown, Self.tagsUnknown)] }
            if let unknown = population.unknown(about: subject) {
                return [
                    (.notKnown, "Whether the account has such \(subject.nounWithArticle) isn't known: \(unknown).")
                ]
            }
            return [
                (.matchesNothing, "The account has no such \(subject.noun). Is it the right account, or gone?")
            ]
        }
        guard count.failures == 0, !isExpired else { return [] }
        if let unknown = count.unknown ?? population.unknownOthers(for: subject) ?? notRunning {
            return [(.notKnown, "Whether anything that it is about fails isn't known: \(unknown).")]
        }
        if population.hasUnknownTags(for: subject) { return [(.tagsUnknown, Self.tagsUnknown)] }
        return [(.notNeeded, "Nothing that it is about fails. It can go.")]
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
    private let policy: Policy
    private let notRun: [ControlTestID]

    init(_ snapshot: AccountSnapshot, policy: Policy, notRun: [ControlTestID]) {
        self.snapshot = snapshot
        self.policy = policy
        self.notRun = notRun
    }

    /// Whether any of an exception's tests runs.
    func runsAny(of exception: ControlException) -> Bool {
        exception.tests.contains { policy.tests.contains($0) && !notRun.contains($0) }
    }

    /// Which of an exception's tests don't run, and why; nil where all do.
    func notRunning(of exception: ControlException) -> String? {
        func sentence(_ tests: [ControlTestID], _ cause: String) -> String? {
            guard !tests.isEmpty else { return nil }
            return
                "\(tests.map(\.rawValue).joined(separator: ", ")) \(tests.count == 1 ? "doesn't" : "don't") run by \(cause)"
        }
        let reasons = [
            sentence(exception.tests.filter { !policy.tests.contains($0) }, "this policy"),
            sentence(exception.tests.filter(notRun.contains), "this way of collecting"),
        ].compactMap { $0 }
        return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
    }

    /// Why nobody knows whether there is anything that an exception is about; nil where that is known.
    func unknown(about subject: ControlException.Subject) -> String? {
        switch subject {
        case .key:
            if let unknown = unknownUsers { return unknown }
            if !snapshot.populationIsKnown { return "not every user's keys could be listed" }
            let keys = snapshot.users.lazy.flatMap(\.keys.known)
            return keys.allSatisfy { $0.id != nil } ? nil : "not every key's id was read"
        case .user, .users: return unknownUsers
        // There is one of each.
        case .rootUser, .account: return nil
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
