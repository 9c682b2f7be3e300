import AWSClient
import Evidence
import FoundationEssentials

/// A collection on its way: what is known, what waits, and what runs.
struct Scan {
    var findings = AccountCollection.Findings()
    /// Nil until it is known whether there is one.
    var report: Result<ReportMap, ReadFailure>?
    /// Users who were listed and aren't being read yet, from ``next`` on.
    var waiting: [ListedUser] = []
    private var next = 0
    var running = 0
    /// How many users are looked at at the same time.
    var limit = 1
    /// Users whom AWS didn't know when it was asked about them.
    var gone: [UserFindings] = []
    /// How many of them are confirmed to be.
    var confirmedGone = 0
    /// What a second look at users and keys brought to light.
    var secondLook = SecondLook()
    /// The exchanges of the first list of users.
    private(set) var listExchanges: [Int] = []
    /// The ids of those listed, by name, and their names, by id.
    private var ids: [String: String] = [:]
    private var names: [String: String] = [:]
    private var keys = 0
    private var pages = 0
    private var isListingDone = false
    private var done = 0

    var map: ReportMap? { report.flatMap { try? $0.get() } }

    /// Whether the first user is being read, or was.
    var hasBegun: Bool { running + done > 0 }

    mutating func nextWaiting() -> ListedUser? {
        guard next < waiting.count else {
            // What was taken is let go of.
            waiting.removeAll(keepingCapacity: true)
            next = 0
            return nil
        }
        defer { next += 1 }
        return waiting[next]
    }

    /// - Returns: whether there is another page to be asked for.
    mutating func take(_ page: Result<Answer<ListUsers.Output>?, AWSError>, _ clock: CollectionClock) -> Bool {
        switch page {
        case .success(let page?):
            pages += 1
            noteDate(of: page, ListUsers.name, clock)
            if let number = page.receipt?.number { listExchanges.append(number) }
            findings.userListing = .complete(pages: pages)
            let listed = Provenance(.listUsers, page.receipt, clock)
            for user in page.output.items {
                if let name = names.updateValue(user.userName, forKey: user.userID), name != user.userName {
                    // Renamed between two pages, and no second user; the second look tells by which name to read it.
                    secondLook.isCalledFor = true
                    ids[user.userName] = user.userID
                    continue
                }
                guard let other = ids.updateValue(user.userID, forKey: user.userName) else {
                    waiting.append(ListedUser(user, listed: listed))
                    continue
                }
                // The same one twice says something of the list; another of the same name, of the name.
                findings.failures.append(
                    other == user.userID
                        ? ReadFailure(userListedTwice: user.userName, exchange: page.receipt?.number)
                        : ReadFailure(
                            usersNamed: user.userName, other, user.userID, exchange: page.receipt?.number))
            }
            return true
        case .success(nil):
            isListingDone = true
            return false
        case .failure(let error):
            isListingDone = true
            findings.userListing = .incomplete(pages: pages)
            findings.failures.append(ReadFailure(error, fact: .population, subject: .account))
            return false
        }
    }

    mutating func take(_ summary: Result<Answer<GetAccountSummary.Output>, AWSError>, _ clock: CollectionClock) {
        switch summary {
        case .success(let answer):
            noteDate(of: answer, GetAccountSummary.name, clock)
            let source = Provenance(.getAccountSummary, answer.receipt, clock)
            findings.accountSummary = .read(SummaryFacts(users: answer.output.users), source)
            findings.root.accessKeysPresent = answer.output.rootHasAccessKeys
            findings.root.hasMFA = answer.output.rootHasMFA
            findings.root.summary = source
        case .failure(let error):
            let failure = ReadFailure(error, fact: .accountSummary, subject: .account)
            findings.accountSummary = .failed(failure)
            findings.failures.append(failure)
        }
    }

    /// Ages are counted by the date of the run's first answer. Where a later one is of another time, nobody knows which is right.
    private mutating func noteDate<Output>(of answer: Answer<Output>, _ operation: String, _ clock: CollectionClock) {
        guard let date = answer.serverDate, !clock.canAnswer(at: date),
            !findings.failures.contains(where: { $0.code == .untimely && $0.operation == operation })
        else { return }
        findings.failures.append(
            ReadFailure(
                fact: .population, operation: operation, subject: .account, code: .untimely,
                message: "AWS's clock says \(date.iso8601) here, and \(clock.began.iso8601) in the run's first answer",
                exchange: answer.receipt?.number))
    }

    mutating func take(_ found: UserFindings) {
        done += 1
        add(found)
    }

    /// Hands over the users whom AWS didn't know.
    mutating func takeGone() -> [UserFindings] {
        defer { gone = [] }
        return gone
    }

    mutating func add(_ found: UserFindings) {
        if found.gone != nil {
            gone.append(found)
            return
        }
        keys += found.user.keys.known.count
        findings.users.append(found.user)
        findings.failures += found.failures
        findings.notes += found.notes
    }

    /// A user who seemed gone and isn't known to be: that is a failure.
    mutating func keepUnconfirmed(_ found: UserFindings, _ message: String) {
        var found = found
        if var failure = found.gone {
            failure.message = "\(failure.message) (\(message))"
            if !found.user.keys.isRead { found.user.keys = .undetermined(failure) }
            found.failures.append(failure)
            found.gone = nil
        }
        add(found)
    }

    /// Puts what a second list of a user's keys has come to in the place of what was known of the user.
    mutating func replace(userAt index: Int, with found: UserFindings) {
        secondLook.seenAgain.insert(found.user.name)
        secondLook.lists[found.user.name] = found.secondList.map {
            (findings.users[index].keys.source?.exchanges ?? []) + $0.exchanges
        }
        findings.users[index] = found.user
        findings.failures += found.failures
        findings.notes += found.notes
    }

    /// Forgets what could not be read about a user who isn't there any more, or is read anew.
    mutating func forgetFailures(about user: IAMUser) {
        // What is wrong with a key that another user has as well stays the other's.
        let others = findings.users.lazy.filter { $0.name != user.name || $0.id != user.id }
        let shared = Set(user.keys.known.isEmpty ? [] : others.flatMap { $0.keys.known.compactMap(\.id) })
        let own = user.keys.known.compactMap(\.id).filter { !shared.contains($0) }
        let subjects = Set([.user(user.name)] + own.map(ReadSubject.accessKey))
        // What is wrong with lists isn't undone by that.
        let ofLists: Set<FactKind> = [.population, .accountSummary, .credentialReport, .rootKeys]
        findings.failures.removeAll { subjects.contains($0.subject) && !ofLists.contains($0.fact) }
    }

    /// A name belongs to one user: who bears it now and was read. Of one whose fate isn't known the failure tells, which
    /// stays.
    mutating func settleSharedNames() {
        var read: Set<String> = []
        for user in findings.users {
            if user.keys.isRead { read.insert(user.name) }
        }
        guard read.count < findings.users.count else { return }
        findings.users.removeAll { user in
            !user.keys.isRead && read.contains(user.name)
        }
    }

    /// An access key id belongs to one user. One that two users seem to have is no evidence about either, and its last use
    /// of neither of them: whose the answers are that were had to the same question twice, nobody can tell.
    mutating func settleDuplicateKeys() {
        var owners: [String: String] = [:]
        var unknown: [String: ReadFailure] = [:]
        // In the order of names, whichever was read first.
        for user in findings.users.sorted(by: { $0.name < $1.name }) {
            for key in user.keys.known {
                guard let id = key.id, let other = owners.updateValue(user.name, forKey: id) else { continue }
                var failure = ReadFailure(
                    fact: .population, operation: ListAccessKeys.name, subject: .accessKey(id), code: .duplicate,
                    message: "the key was listed for user '\(other)' and for user '\(user.name)'",
                    exchange: key.listed.exchange)
                findings.failures.append(failure)
                failure.fact = .lastUse
                unknown[id] = unknown[id] ?? failure
            }
        }
        guard !unknown.isEmpty else { return }
        findings.failures.removeAll { $0.fact == .lastUse && unknown[$0.subject.name] != nil }
        findings.failures += unknown.values
        for index in findings.users.indices {
            guard case .read(var keys, let source) = findings.users[index].keys else { continue }
            for place in keys.indices {
                guard let failure = keys[place].id.flatMap({ unknown[$0] }) else { continue }
                keys[place].lastUse = .undetermined(failure)
            }
            findings.users[index].keys = .read(keys, source)
        }
    }

    /// Removes the notes of vanished keys that were found again under their user's new name.
    mutating func forgetVanishedKeysThatAreThere() {
        guard findings.notes.contains(where: { $0.kind == .keyVanished }) else { return }
        let known = Set(findings.users.lazy.flatMap { $0.keys.known.compactMap(\.id) })
        findings.notes.removeAll { $0.kind == .keyVanished && known.contains($0.subject.name) }
    }

    func progress(_ load: (calls: Int, throttles: Int)) -> CollectionProgress {
        CollectionProgress(
            usersDone: done, usersListed: done + running + waiting.count - next, isListingDone: isListingDone,
            keys: keys,
            calls: load.calls, throttles: load.throttles, waitsForReport: report == nil)
    }
}
