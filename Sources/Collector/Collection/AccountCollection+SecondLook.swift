import AWSClient
import Evidence
import FoundationEssentials

/// A second look where something seems to have gone, or to have been left out: nobody is taken for deleted, and nothing
/// for explained, because one list said so.
extension AccountCollection {
    /// A user whom a second look finds may be gone when it is read, and is looked for again. After so many rounds the lists
    /// contradict each other.
    private static let rounds = 3

    func lookAgain(_ scan: inout Scan) async {
        var isCalledFor = isListDoubtful(scan)
        var hasListed = false
        for _ in 0..<Self.rounds where !client.halt.isHalted && scan.findings.userListing.isComplete {
            await lookAgainAtKeys(&scan)
            if !hasListed, haveKeysGone(scan) { isCalledFor = true }
            guard isCalledFor || !scan.gone.isEmpty || !missingRows(scan).isEmpty else { break }
            await lookAgainAtUsers(&scan, isCalledFor: isCalledFor)
            (isCalledFor, hasListed) = (false, true)
        }
        for gone in scan.takeGone() {
            scan.keepUnconfirmed(gone, "whether the user was deleted could not be confirmed")
        }
    }

    /// Whether keys are about to be called deleted. They were asked for by name: if the name is another user's now, so is
    /// the list that doesn't have them.
    private func haveKeysGone(_ scan: Scan) -> Bool {
        !scan.secondLook.seenAgain.isEmpty || scan.findings.notes.contains { $0.kind == .keyVanished }
    }

    /// Whether the users may have changed while they were listed. Somebody whose new name stands on a page that was read
    /// before is on none, and whoever came meanwhile makes up for that in AWS's count.
    private func isListDoubtful(_ scan: Scan) -> Bool {
        guard plan.source != .report else { return false }
        if scan.secondLook.isCalledFor { return true }
        let users = scan.findings.users
        let isNew = { (user: IAMUser) in user.created >= clock.began - 1 }
        if users.contains(where: isNew) || scan.gone.contains(where: { isNew($0.user) }) { return true }
        // Without AWS's count, or a report that has all keys, a second list is all there is to hold the first one to.
        guard let count = scan.findings.accountSummary.value?.users, scan.map?.wasMadeDuringRun ?? false else {
            return true
        }
        return count != users.count + scan.gone.count
    }

    // MARK: Keys

    /// A key that the report has and the list hasn't was deleted after the report was made, or made after its user was
    /// looked at, or left out: the user's keys are listed again.
    private func lookAgainAtKeys(_ scan: inout Scan) async {
        guard let map = scan.map, !plan.readsNoKeyIDs else { return }
        let renames = Reconciliation(map: map, users: scan.findings.users, secondLook: scan.secondLook).renames
        let doubtful = scan.findings.users.indices.filter { index in
            let user = scan.findings.users[index]
            guard !scan.secondLook.seenAgain.contains(user.name), case .listed(let keys) = user.keys,
                keys.allSatisfy({ $0.id != nil }),
                let row = scan.secondLook.row(of: user, in: map) ?? renames[user.name]?.row
            else { return false }
            return !row.keys.isEmpty && !row.keys.missing(from: keys).isEmpty
        }
        let users = doubtful.map { scan.findings.users[$0] }
        let found = await sideBySide(users, scan) { user in
            await collection(of: ListedUser(user), plan.source == .live ? nil : map).again(user)
        }
        var gone: [Int] = []
        for (index, found) in zip(doubtful, found) {
            if found.gone == nil {
                scan.replace(userAt: index, with: found)
            } else {
                gone.append(index)
                scan.gone.append(found)
            }
        }
        for index in gone.reversed() { scan.findings.users.remove(at: index) }
    }

    // MARK: Users

    /// The report's users whom no list has named, and who weren't looked for yet.
    private func missingRows(_ scan: Scan) -> [CredentialReport.Row] {
        guard let map = scan.map else { return [] }
        var names = Set(scan.findings.users.map(\.name))
        names.formUnion(scan.gone.map(\.user.name))
        names.formUnion(scan.secondLook.otherNames.values)
        names.formUnion(scan.secondLook.soughtNames)
        return map.report.users.filter { !names.contains($0.user) && !map.duplicates.contains($0.user) }
    }

    /// Lists the users again, because some who were listed seem gone, or some whom the report has weren't listed.
    ///
    /// - Parameter isCalledFor: whether the first list is in doubt by itself.
    private func lookAgainAtUsers(_ scan: inout Scan, isCalledFor: Bool) async {
        var again = SecondList()
        do throws(AWSError) {
            for try await page in client.client.pages(Self.wholeList) { again.add(page, clock) }
        } catch {
            let failure = ReadFailure(client.halt.settle(error), fact: .population, subject: "account")
            failToList(failure, isCalledFor: isCalledFor, &scan)
            return
        }
        for user in scan.findings.users + scan.gone.map(\.user) {
            if let id = user.id { scan.secondLook.ids.insert(id) }
        }
        setAsideRenamed(again, &scan)
        let gone = scan.takeGone()
        let toRead = findAgain(gone, again, &scan) + comeSince(again, &scan)
        let map = plan.source == .live ? nil : scan.map
        // What the report has of a name may be of somebody else who bore it.
        let found = await sideBySide(toRead, scan) { user, note in
            await collection(of: user, note.kind == .userRenamed ? nil : map).collect()
        }
        for (found, (_, note)) in zip(found, toRead) {
            scan.add(found)
            // Of one who went meanwhile the next round tells.
            if found.gone == nil { scan.findings.notes.append(note) }
        }
        await lookForRows(missingRows(scan), again, &scan)
        // Of those whom the report alone has.
        let ofReport = gone.map(\.user).filter { $0.id == nil }.map(\.created)
        await askTwins(of: ofReport + scan.secondLook.unknownRows.map(\.row.created), &scan)
    }

    /// Two users were created in the same second, and one of them is gone or took the other's name. The report, which has
    /// names and dates only, can't tell them apart: the one that is left is read by calls.
    private func askTwins(of gone: [Date], _ scan: inout Scan) async {
        guard !plan.readsNoKeyIDs else { return }
        let seconds = Set(gone.map { $0.timeIntervalSince1970.rounded(.down) })
        let twins = scan.findings.users.indices.filter { index in
            let user = scan.findings.users[index]
            return seconds.contains(user.created.timeIntervalSince1970.rounded(.down)) && user.isRead
                && user.isFromReport
        }
        let users = twins.map { scan.findings.users[$0] }
        let found = await sideBySide(users, scan) { await collection(of: ListedUser($0), nil).collect() }
        for (index, found) in zip(twins, found).reversed() {
            scan.forgetFailures(about: scan.findings.users.remove(at: index))
            scan.add(found)
        }
    }

    private typealias ToRead = [(user: ListedUser, note: PopulationNote)]

    /// Sets aside users who were read and have another name now, or whose name belongs to somebody else now. AWS answers
    /// by name, so that what was read may be about the other user.
    private func setAsideRenamed(_ again: SecondList, _ scan: inout Scan) {
        for (index, user) in scan.findings.users.enumerated().reversed() where user.isRead {
            let other = again.other(named: user)
            guard let now = other ?? again.otherName(of: user) else { continue }
            // One that is older and wasn't there at first is what an older list has: it contradicts the first.
            let isLater =
                other == nil || user.id == nil || now.created >= user.created
                || now.id.map(scan.secondLook.ids.contains) ?? false
            let failure = ReadFailure(
                fact: .population, operation: ListUsers.name, subject: user.name,
                code: isLater ? .renamed : .duplicate,
                message: "two lists have "
                    + (other == nil ? "different names of this user" : "different users of this name")
                    + (user.id.map { ", \($0) and \(now.id ?? "")" } ?? ""),
                exchange: now.listed.exchange)
            guard isLater else {
                scan.findings.failures.append(failure)
                continue
            }
            scan.forgetFailures(about: user)
            scan.secondLook.seenAgain.remove(user.name)
            scan.secondLook.lists[user.name] = nil
            var gone = UserFindings(user: user, gone: failure)
            gone.user.keys = .undetermined(failure)
            scan.gone.append(gone)
            scan.findings.users.remove(at: index)
        }
    }

    /// Looks for those who seem gone in the second list.
    ///
    /// - Returns: those who have another name now, to be read by it.
    private func findAgain(_ gone: [UserFindings], _ again: SecondList, _ scan: inout Scan) -> ToRead {
        var toRead: ToRead = []
        let known = Dictionary((scan.findings.users + gone.map(\.user)).map { ($0.name, $0.created) }) { first, _ in
            first
        }
        let candidates = gone.map { again.users(as: $0.user, besides: known) }
        let claims = Dictionary(grouping: candidates.joined(), by: \.name).mapValues(\.count)
        for (gone, same) in zip(gone, candidates) {
            guard let still = same.first else {
                scan.vanished += 1
                scan.forgetFailures(about: gone.user)
                scan.secondLook.soughtNames.insert(gone.user.name)
                scan.findings.notes.append(vanished(gone, again))
                continue
            }
            guard same.count == 1, claims[still.name] == 1 else {
                let others = same.map { "'\($0.name)'" }.joined(separator: ", ")
                scan.keepUnconfirmed(
                    gone, "deleted, or renamed to \(others): more than one was created in that second")
                continue
            }
            guard still.name != gone.user.name else {
                let operation = gone.gone?.operation ?? ListAccessKeys.name
                scan.keepUnconfirmed(gone, "\(operation) doesn't know the user, but ListUsers still names it")
                continue
            }
            scan.secondLook.otherNames[still.name] = gone.user.name
            scan.forgetFailures(about: gone.user)
            toRead.append((still, renamed(gone, still)))
        }
        return toRead
    }

    /// Looks for those whom the first list didn't have.
    ///
    /// - Returns: those, to be read.
    private func comeSince(_ again: SecondList, _ scan: inout Scan) -> ToRead {
        // From the report alone, what came up since isn't looked for.
        guard plan.source != .report else { return [] }
        var toRead: ToRead = []
        let read = Set(scan.findings.users.map(\.name))
        for user in again.users {
            guard let id = user.id, scan.secondLook.ids.insert(id).inserted else { continue }
            // By a name that is another's, only the other can be read.
            if !read.contains(user.name) { toRead.append((user, listedLate(user))) }
        }
        return toRead
    }

    /// Asks AWS for the report's users whom two lists don't name.
    private func lookForRows(_ rows: [CredentialReport.Row], _ again: SecondList, _ scan: inout Scan) async {
        guard let map = scan.map else { return }
        let found = await sideBySide(rows, scan) { row in
            await collection(of: ListedUser(row, listed: map.source), nil).collect()
        }
        for (row, found) in zip(rows, found) {
            scan.secondLook.soughtNames.insert(row.user)
            if let gone = found.gone {
                scan.secondLook.unknownRows.append(
                    SecondLook.UnknownRow(
                        row: row, operation: gone.operation,
                        exchanges: [map.source.exchange, again.lastExchange, gone.exchange]))
                continue
            }
            scan.add(found)
            scan.findings.notes.append(
                PopulationNote(
                    kind: .userOnlyInReport, subject: row.user,
                    observed: "The credential report has this user, and ListUsers, asked twice, doesn't.",
                    explanation: nil, exchanges: [map.source.exchange, again.lastExchange]))
        }
    }

    private func failToList(_ failure: ReadFailure, isCalledFor: Bool, _ scan: inout Scan) {
        if isCalledFor {
            scan.findings.failures.append(
                ReadFailure(
                    fact: .population, operation: ListUsers.name, subject: "account", code: .unconfirmed,
                    message:
                        "whom the list of users may have left out only a second one tells, and listing again failed: "
                        + "\(failure.code): \(failure.message)",
                    exchange: failure.exchange))
        }
        for gone in scan.takeGone() {
            scan.keepUnconfirmed(gone, "listing the users again failed: \(failure.code): \(failure.message)")
        }
        for row in missingRows(scan) {
            scan.secondLook.soughtNames.insert(row.user)
            scan.findings.failures.append(
                ReadFailure(
                    fact: .population, operation: ListUsers.name, subject: row.user, code: .unconfirmed,
                    message: "the credential report has this user, ListUsers hadn't, and listing again failed",
                    exchange: failure.exchange))
        }
    }

    // MARK: Notes

    private func vanished(_ gone: UserFindings, _ again: SecondList) -> PopulationNote {
        let user = gone.user
        let operation = gone.gone?.operation ?? ListAccessKeys.name
        let isReplaced = operation == ListUsers.name
        let isOfReport = user.id == nil
        let observed =
            switch (isOfReport, isReplaced) {
            case (false, false): "\(operation) doesn't know this user, who was listed before."
            case (false, true): "ListUsers named a user by this name, and another later."
            case (true, false): "The credential report has this user, and \(operation) doesn't know it."
            case (true, true): "The credential report has this user, and ListUsers another of this name."
            }
        return PopulationNote(
            kind: isOfReport ? .userOnlyInReport : .userVanished, subject: user.name, observed: observed,
            explanation: isOfReport
                ? "Deleted since the report was made: ListUsers has nobody of this name and creation date."
                : "Deleted during the run: a second ListUsers "
                    + (again.user(named: user.name) != nil
                        ? "has another user of this name." : "doesn't name the user."),
            exchanges: [user.listed.exchange, gone.gone?.exchange, again.lastExchange])
    }

    private func renamed(_ gone: UserFindings, _ now: ListedUser) -> PopulationNote {
        let user = gone.user
        let reason =
            gone.gone?.operation == ListUsers.name ? "whose name is another user's now" : "whom AWS doesn't know"
        return PopulationNote(
            kind: .userRenamed, subject: now.name,
            observed: user.id == nil
                ? "The credential report has '\(user.name)', \(reason), and ListUsers '\(now.name)', who alone was "
                    + "created in the same second."
                : "ListUsers named this user '\(user.name)' at first, and '\(now.name)' later, with the same id.",
            explanation:
                "Renamed \(user.id == nil ? "since the report was made" : "during the run"), and was read under it.",
            exchanges: [user.listed.exchange, now.listed.exchange])
    }

    private func listedLate(_ user: ListedUser) -> PopulationNote {
        PopulationNote(
            kind: .userListedLate, subject: user.name,
            observed: "ListUsers didn't name this user at first, and does now.",
            explanation: user.created >= clock.began - 1
                ? "Created while the run went on; the user was read, too." : nil,
            exchanges: [user.listed.exchange])
    }

    // MARK: Reading

    /// Reads users side by side, as many at the same time as the scan had come to.
    private func sideBySide<User: Sendable>(
        _ users: [User], _ scan: Scan, _ read: @escaping @Sendable (User) async -> UserFindings
    ) async -> [UserFindings] {
        var found: [UserFindings?] = Array(repeating: nil, count: users.count)
        await withTaskGroup(of: (Int, UserFindings).self) { group in
            var next = 0
            func start() {
                guard next < users.count else { return }
                let (place, user) = (next, users[next])
                next += 1
                group.addTask { (place, await read(user)) }
            }
            for _ in 0..<max(1, scan.limit) { start() }
            for await (place, findings) in group {
                found[place] = findings
                progress(scan.progress(load()))
                start()
            }
        }
        return found.compactMap(\.self)
    }
}

extension ListedUser {
    /// To read a user once more.
    fileprivate init(_ user: IAMUser) {
        name = user.name
        id = user.id
        arn = user.arn
        created = user.created
        passwordLastUsed = user.passwordLastUsed
        listed = user.listed
    }
}

extension IAMUser {
    /// Whether the keys were read. Else nothing is concluded of the user that could be another's.
    fileprivate var isRead: Bool { if case .listed = keys { true } else { false } }

    /// Whether anything about the user is taken from the credential report.
    fileprivate var isFromReport: Bool {
        consoleAccessSource?.operation == .getCredentialReport
            || keys.known.contains { $0.lastUseSource?.operation == .getCredentialReport }
    }
}

extension [CredentialReport.Slot] {
    /// The slots that aren't among the keys: for each second of creation, as many as there are more slots than keys.
    func missing(from keys: [AccessKey]) -> [CredentialReport.Slot] {
        var left = keys.map(\.created)
        return filter { slot in
            guard let place = left.firstIndex(where: { $0.isSameSecond(as: slot.created) }) else { return true }
            left.remove(at: place)
            return false
        }
    }
}
