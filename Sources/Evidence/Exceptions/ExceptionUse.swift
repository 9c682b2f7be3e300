import FoundationEssentials

/// What the exceptions of a list turned out to be about.
struct ExceptionUse {
    private struct Count {
        var subjects = 0
        var failures = 0
        var approvers: Set<String> = []
    }

    private var counts: [Count]

    init(count: Int) {
        counts = Array(repeating: Count(), count: count)
    }

    /// Notes that some exceptions, by their places, are about a subject of which some tests failed.
    mutating func note(_ places: [Int], failed: [ControlTestID], by user: IAMUser?, _ list: ExceptionList) {
        for place in places {
            let exception = list.exceptions[place]
            counts[place].subjects += 1
            if failed.contains(where: exception.tests.contains) { counts[place].failures += 1 }
            if let user, exception.isApproved(by: user) { counts[place].approvers.insert(user.name) }
        }
    }

    /// What is to be said about them, in the order of the list.
    func notes(
        on list: ExceptionList, over snapshot: AccountSnapshot, terms: ExceptionTerms, at asOf: Date
    ) -> [ExceptionNote] {
        var notes: [ExceptionNote] = []
        var firstTicket: [String: String] = [:]
        for (exception, count) in zip(list.exceptions, counts) {
            func note(_ kind: ExceptionNote.Kind, _ message: String) {
                notes.append(
                    ExceptionNote(
                        kind: kind, ticket: exception.ticket, subject: exception.subject.text, message: message))
            }
            let day = exception.expires.iso8601
            let isExpired = asOf >= exception.expires
            if isExpired {
                note(
                    .expired,
                    "Expired on \(day)."
                        + (count.failures > 0 ? " What it was for fails the run again: renew it or put it right." : ""))
            } else if asOf < exception.created {
                note(.notYetInForce, "Holds from \(exception.created.iso8601) on.")
            } else if asOf.addingTimeInterval(Double(terms.warnBefore) * 86_400) >= exception.expires {
                let days = wholeDays(from: asOf, to: exception.expires)
                note(
                    .expiresSoon,
                    "Expires on \(day), in \(days) \(days == 1 ? "day" : "days"): put it right or renew it.")
            }
            for name in count.approvers.sorted() {
                note(.selfApproved, "Approved by '\(name)', whom it is about: it doesn't hold there.")
            }
            for test in exception.tests {
                let place = "\(test.rawValue) \(exception.subject.text)"
                if let first = firstTicket[place] {
                    note(.duplicate, "\(first) is about \(test.rawValue) of \(exception.subject.text), too.")
                } else {
                    firstTicket[place] = exception.ticket
                }
            }
            if count.subjects == 0 {
                if case .users(let pattern) = exception.subject, !pattern.tags.isEmpty,
                    snapshot.users.contains(where: { pattern.matches($0) == nil })
                {
                    note(
                        .tagsUnknown, "Not every user's tags were read; nothing is excepted by tags that aren't known.")
                } else {
                    note(
                        .matchesNothing,
                        "The account has no such \(exception.subject.noun). Is it the right account, or gone?")
                }
            } else if count.failures == 0, !isExpired {
                note(.notNeeded, "Nothing that it is about fails. It can go.")
            }
        }
        return notes
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
}
