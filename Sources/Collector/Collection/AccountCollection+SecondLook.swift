import AWSClient
import Evidence
import FoundationEssentials

/// A second look where something seems to have gone, or to have been left out: nobody is taken for deleted, and nothing
/// for explained, because one list said so.
extension AccountCollection {
    /// Whoever is read anew may have another name again when it is read. The users are listed until a list confirms what
    /// was read; after so many rounds the lists contradict each other, or somebody changes them all the time.
    private static let rounds = 5
    /// Of so many lists whoever came during the run has to be confirmed by another one, too: the name may be somebody else's
    /// again before it is read. After that it isn't waited for that nobody comes any more.
    private static let confirmedNewcomers = 3

    func lookAgain(_ scan: inout Scan) async {
        var isCalledFor = isListDoubtful(scan)
        var keysGone = 0
        var isSettled = true
        var flaws: [ReadFailure] = []
        for _ in 0..<Self.rounds where !client.halt.isHalted && scan.findings.userListing.isComplete {
            await lookAgainAtKeys(&scan)
            if scan.keysGone != keysGone { isCalledFor = true }
            guard isCalledFor || !scan.gone.isEmpty || !scan.missingRows.isEmpty else { break }
            isSettled = false
            keysGone = scan.keysGone
            guard let again = await listAgain(&scan, isCalledFor: isCalledFor) else { return }
            flaws = again.flaws
            isCalledFor = flaws.isEmpty ? await settle(again, &scan) : true
            isSettled = !isCalledFor && scan.gone.isEmpty && scan.keysGone == keysGone
        }
        if !isSettled, !client.halt.isHalted { scan.findings.failures += flaws.isEmpty ? [unsettled(scan)] : flaws }
        scan.settleGone(isSettled: isSettled)
    }

    /// Whether the users may have changed while they were listed. Somebody whose new name stands on a page that was read
    /// before is on none, and whoever came meanwhile makes up for that in AWS's count.
    private func isListDoubtful(_ scan: Scan) -> Bool {
        guard plan.source != .report else { return false }
        if scan.secondLook.isCalledFor { return true }
        // Nothing says more plainly that somebody was renamed.
        if scan.findings.failures.contains(where: \.isAboutOtherUser) { return true }
        let users = scan.findings.users
        let isNew = { (user: IAMUser) in clock.hadBegun(by: user.created) }
        if users.contains(where: isNew) || scan.gone.contains(where: { isNew($0.user) }) { return true }
        // Without AWS's count, or a report that has all keys, a second list is all there is to hold the first one to.
        guard let count = scan.findings.accountSummary.value?.users, scan.map?.wasMadeDuringRun ?? false else {
            return true
        }
        return count != users.count + scan.gone.count
    }

    private func unsettled(_ scan: Scan) -> ReadFailure {
        ReadFailure(
            fact: .population, operation: ListUsers.name, subject: .account, code: .unconfirmed,
            message: "the users were others each time they were listed; run it again when nobody changes them",
            exchange: scan.secondLook.lastList?.exchanges.last)
    }

    // MARK: Keys

    /// A key that the report has and the list hasn't was deleted after the report was made, or made after its user was
    /// looked at, or left out; one that is active by the report alone was deactivated, or the list is wrong. The user's keys
    /// are listed again.
    private func lookAgainAtKeys(_ scan: inout Scan) async {
        guard let map = scan.map, !plan.readsNoKeyIDs else { return }
        let renames = Reconciliation(map: map, users: scan.findings.users, secondLook: scan.secondLook).renames
        let doubtful = scan.findings.users.indices.filter { index in
            let user = scan.findings.users[index]
            guard !scan.secondLook.seenAgain.contains(user.name), let keys = user.keys.value,
                keys.allSatisfy({ $0.id != nil }),
                let row = scan.secondLook.row(of: user, in: map) ?? renames[user.name]?.row
            else { return false }
            return row.keys.isDoubtful(beside: keys, in: map)
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

    /// Lists the users again.
    ///
    /// - Parameter isCalledFor: whether what was had before is in doubt by itself.
    /// - Returns: nil where that failed; all that it was to confirm is a failure then.
    private func listAgain(_ scan: inout Scan, isCalledFor: Bool) async -> UserList? {
        var again = UserList()
        do throws(AWSError) {
            for try await page in client.pages(Self.wholeList) { again.add(page, clock) }
            scan.secondLook.lastList = again
            return again
        } catch {
            failToList(
                ReadFailure(error, fact: .population, subject: .account), isCalledFor: isCalledFor, &scan)
            return nil
        }
    }

    /// Holds those who were read to a later list, and reads who is called for by it.
    ///
    /// - Returns: whether another list has to confirm what came of it. One page has all users at one moment; of several,
    ///   somebody may be on none, who got a name that belongs on a page that was read before.
    private func settle(_ again: UserList, _ scan: inout Scan) async -> Bool {
        for user in scan.findings.users + scan.gone.map(\.user) + scan.secondLook.awaitingConfirmation.map(\.user) {
            if let id = user.id { scan.secondLook.ids.insert(id) }
        }
        var isUnsettled = scan.setAsideRenamed(again)
        let ofReport = scan.gone.map(\.user).filter { $0.id == nil }.map(\.created)
        let (renamed, haveVanished) = scan.findAgain(again)
        let late = scan.comeSince(again, clock, isReport: plan.source == .report)
        isUnsettled = isUnsettled || !renamed.isEmpty || late.contains { !clock.hadBegun(by: $0.user.created) }
        if !late.isEmpty {
            scan.secondLook.listsWithNewcomers += 1
            if scan.secondLook.listsWithNewcomers <= Self.confirmedNewcomers { isUnsettled = true }
        }
        let isMissing = scan.findMissing(again)
        if again.pages > 1, haveVanished || isMissing { isUnsettled = true }
        let map = plan.source == .live ? nil : scan.map
        // What the report has of a name may be of somebody else who bore it.
        let toRead = renamed + late
        let found = await sideBySide(toRead, scan) { user, note in
            await collection(of: user, note.kind == .userRenamed || plan.source == .report ? nil : map).collect()
        }
        for (found, (_, note)) in zip(found, toRead) {
            scan.add(found)
            // Of one who went meanwhile the next round tells.
            if found.gone == nil { scan.findings.notes.append(note) }
        }
        await lookForRows(scan.missingRows, again, &scan)
        // Of those whom the report alone has.
        let haveTwins = await askTwins(of: ofReport + scan.secondLook.unknownRows.map(\.row.created), &scan)
        return isUnsettled || haveTwins
    }

    /// Two users were created in the same second, and one of them is gone, has no keys any more, or took the other's name.
    /// The report, which has names and dates only, can't tell them apart: the other one is read by calls. Without keys by
    /// the report it wasn't asked for any, and those that are missing may be its by now.
    ///
    /// - Returns: whether somebody was.
    private func askTwins(of gone: [Date], _ scan: inout Scan) async -> Bool {
        guard !plan.readsNoKeyIDs else { return false }
        let seconds = Set(gone.map(\.wholeSecond))
        let withoutKeys = Set(scan.usersWithoutTheirKeys.map(\.created.wholeSecond))
        let twins = scan.findings.users.indices.filter { index in
            let user = scan.findings.users[index]
            guard user.keys.isRead else { return false }
            let isTwin =
                seconds.contains(user.created.wholeSecond)
                || withoutKeys.contains(user.created.wholeSecond) && !scan.secondLook.seenAgain.contains(user.name)
            return isTwin && user.isFromReport
        }
        let users = twins.map { scan.findings.users[$0] }
        let found = await sideBySide(users, scan) { await collection(of: ListedUser($0), nil).collect() }
        for (index, found) in zip(twins, found).reversed() {
            let user = scan.findings.users.remove(at: index)
            scan.forgetFailures(about: user)
            scan.secondLook.discarded.append(user)
            scan.add(found)
        }
        return !twins.isEmpty
    }

    /// Asks AWS for the report's users whom two lists don't name.
    private func lookForRows(_ rows: [CredentialReport.Row], _ again: UserList, _ scan: inout Scan) async {
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
                        exchanges: [map.source.exchange] + scan.listExchanges + again.exchanges + [gone.exchange]))
                continue
            }
            scan.add(found)
            scan.findings.notes.append(
                PopulationNote(
                    kind: .userOnlyInReport, subject: .user(row.user),
                    observed: "The credential report has this user, and ListUsers, asked twice, doesn't.",
                    explanation: nil,
                    exchanges: [map.source.exchange] + scan.listExchanges + again.exchanges))
        }
    }

    private func failToList(_ failure: ReadFailure, isCalledFor: Bool, _ scan: inout Scan) {
        if isCalledFor {
            scan.findings.failures.append(
                ReadFailure(
                    fact: .population, operation: ListUsers.name, subject: .account, code: .unconfirmed,
                    message:
                        "whom the list of users may have left out only another one tells, and listing again failed: "
                        + "\(failure.code): \(failure.message)",
                    exchange: failure.exchange))
        }
        for gone in scan.takeGone() + scan.secondLook.awaitingConfirmation {
            scan.keepUnconfirmed(gone, "listing the users again failed: \(failure.code): \(failure.message)")
        }
        scan.secondLook.awaitingConfirmation = []
        for row in scan.missingRows {
            scan.secondLook.soughtNames.insert(row.user)
            scan.findings.failures.append(
                ReadFailure(
                    fact: .population, operation: ListUsers.name, subject: .user(row.user), code: .unconfirmed,
                    message: "the credential report has this user, ListUsers hadn't, and listing again failed",
                    exchange: failure.exchange))
        }
    }

    // MARK: Reading

    /// Reads users side by side, as many at the same time as the scan had come to; in their order.
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

extension IAMUser {
    /// Whether anything about the user is taken from the credential report.
    fileprivate var isFromReport: Bool {
        consoleAccess.source?.operation == .getCredentialReport || keys.source?.operation == .getCredentialReport
            || keys.known.contains { $0.lastUse.source?.operation == .getCredentialReport }
    }
}
