import AWSClient
import Evidence
import FoundationEssentials

/// What a later list of users says of those who were read. Nothing is asked here.
extension Scan {
    /// How often keys have seemed to be gone so far. They were asked for by name: if the name is another user's by now, so
    /// is the list that doesn't have them.
    var keysGone: Int {
        secondLook.seenAgain.count + findings.notes.count { $0.kind == .keyVanished }
    }

    /// Users whose keys, by the report, were looked for again.
    var usersWithoutTheirKeys: [IAMUser] { findings.users.filter { secondLook.seenAgain.contains($0.name) } }

    /// The report's users whom no list has named, and who weren't looked for yet.
    var missingRows: [CredentialReport.Row] {
        guard let map else { return [] }
        var names = Set(findings.users.map(\.name))
        names.formUnion(gone.map(\.user.name))
        names.formUnion(secondLook.awaitingConfirmation.map(\.user.name))
        names.formUnion(secondLook.otherNames.values)
        names.formUnion(secondLook.soughtNames)
        return map.report.users.filter { !names.contains($0.user) && !map.duplicates.contains($0.user) }
    }

    /// Sets aside users who were read and have another name now, or whose name belongs to somebody else now. AWS answers
    /// by name, so that what was read may be about the other user.
    ///
    /// - Returns: whether there were any.
    mutating func setAsideRenamed(_ again: UserList) -> Bool {
        var haveBeen = false
        for (index, user) in findings.users.enumerated().reversed() where user.isRead {
            let other = again.other(named: user)
            guard let now = other ?? again.otherName(of: user) else { continue }
            // One that is older and wasn't there at first is what an older list has: it contradicts the first.
            let isLater =
                other == nil || user.id == nil || now.created >= user.created
                || now.id.map(secondLook.ids.contains) ?? false
            let failure = ReadFailure(
                fact: .population, operation: ListUsers.name, subject: .user(user.name),
                code: isLater ? .renamed : .duplicate,
                message: "two lists have "
                    + (other == nil ? "different names of this user" : "different users of this name")
                    + (user.id.map { ", \($0) and \(now.id ?? "")" } ?? ""),
                exchange: now.listed.exchange)
            guard isLater else {
                // The next list may say so again.
                if !findings.failures.contains(where: failure.isSame) { findings.failures.append(failure) }
                continue
            }
            haveBeen = true
            if let other, user.id != nil { findings.notes.append(.nameReused(user, by: other)) }
            forgetFailures(about: user)
            secondLook.seenAgain.remove(user.name)
            secondLook.lists[user.name] = nil
            secondLook.discarded.append(user)
            var gone = UserFindings(user: user, gone: failure)
            gone.user.keys = .undetermined(failure)
            self.gone.append(gone)
            findings.users.remove(at: index)
        }
        return haveBeen
    }

    typealias ToRead = [(user: ListedUser, note: PopulationNote)]

    /// Looks for those who seem gone in a later list. Whom it doesn't name is looked for in the next one as well, if there
    /// is one.
    ///
    /// - Returns: those who have another name now, to be read by it, and whether somebody vanished whom the list before
    ///   had.
    mutating func findAgain(_ again: UserList) -> (toRead: ToRead, haveVanished: Bool) {
        let before = Set(secondLook.awaitingConfirmation.map(\.user.name))
        let gone = takeGone() + secondLook.awaitingConfirmation
        secondLook.awaitingConfirmation = []
        var toRead: ToRead = []
        let known = Dictionary((findings.users + gone.map(\.user)).map { ($0.name, $0.created) }) { first, _ in
            first
        }
        let candidates = gone.map { again.users(as: $0.user, besides: known) }
        let claims = Dictionary(grouping: candidates.joined(), by: \.name).mapValues(\.count)
        var haveVanished = false
        for (gone, same) in zip(gone, candidates) {
            guard let still = same.first else {
                haveVanished = haveVanished || !before.contains(gone.user.name)
                secondLook.awaitingConfirmation.append(gone)
                continue
            }
            guard same.count == 1, claims[still.name] == 1 else {
                let others = same.map { "'\($0.name)'" }.joined(separator: ", ")
                keepUnconfirmed(
                    gone, "deleted, or renamed to \(others): more than one was created in that second")
                continue
            }
            guard still.name != gone.user.name else {
                let operation = gone.gone?.operation ?? ListAccessKeys.name
                keepUnconfirmed(gone, "\(operation) doesn't know the user, but ListUsers still names it")
                continue
            }
            secondLook.otherNames[still.name] = gone.user.name
            forgetFailures(about: gone.user)
            toRead.append((still, .renamed(gone, still)))
        }
        return (toRead, haveVanished)
    }

    /// Looks for those whom no list had before.
    ///
    /// - Parameters:
    ///   - isReport: whether the users are those of the credential report. Who came up since isn't looked for, but where
    ///     keys of a user are gone, whoever was created in the same second may have been that user.
    /// - Returns: those, to be read.
    mutating func comeSince(_ again: UserList, _ clock: CollectionClock, isReport: Bool) -> ToRead {
        var toRead: ToRead = []
        let read = Set(findings.users.map(\.name))
        let seconds = Set(isReport ? usersWithoutTheirKeys.map(\.created.wholeSecond) : [])
        for user in again.users {
            if isReport, !seconds.contains(user.created.wholeSecond) { continue }
            // By a name that is another's, only the other can be read.
            guard let id = user.id, secondLook.ids.insert(id).inserted, !read.contains(user.name) else { continue }
            let explanation =
                isReport
                ? "Created in the same second as a user whose keys are gone, and was read, too."
                : clock.hadBegun(by: user.created) ? "Created while the run went on; the user was read, too." : nil
            toRead.append((user, .listedLate(user, explanation)))
        }
        return toRead
    }

    /// Looks for users who were read and whom a later list doesn't name.
    ///
    /// - Returns: whether there are some whom the list before had.
    mutating func findMissing(_ again: UserList) -> Bool {
        let missing = Set(findings.users.lazy.filter(\.isRead).compactMap(\.id).filter { !again.has(id: $0) })
        defer { secondLook.missing = missing }
        return !missing.isSubset(of: secondLook.missing)
    }

    /// Takes down who and what is gone, when the last list has said its word.
    ///
    /// - Parameter isSettled: whether it confirmed the one before; else nothing is known of those who seem gone.
    mutating func settleGone(isSettled: Bool) {
        if isSettled, let last = secondLook.lastList {
            for gone in secondLook.awaitingConfirmation {
                confirmedGone += 1
                forgetFailures(about: gone.user)
                secondLook.soughtNames.insert(gone.user.name)
                findings.notes.append(.vanished(gone, last))
            }
            for user in findings.users where user.id.map(secondLook.missing.contains) ?? false {
                findings.notes.append(.deletedLater(user, last))
            }
            noteDiscardedKeys()
        } else {
            gone += secondLook.awaitingConfirmation
        }
        secondLook.awaitingConfirmation = []
        for gone in takeGone() { keepUnconfirmed(gone, "whether the user was deleted could not be confirmed") }
    }

    /// Of those who were read anew, the keys that nobody has any more.
    private mutating func noteDiscardedKeys() {
        guard !secondLook.discarded.isEmpty else { return }
        var known = Set(findings.users.lazy.flatMap { $0.keys.known.compactMap(\.id) })
        known.formUnion(findings.notes.lazy.filter { $0.kind == .keyVanished }.map(\.subject.name))
        for user in secondLook.discarded {
            for key in user.keys.known where key.id.map({ known.insert($0).inserted }) ?? false {
                let now = findings.users.first { $0.id == nil ? $0.name == user.name : $0.id == user.id }
                findings.notes.append(.vanished(key, of: user, readAnew: now))
            }
        }
    }
}

extension IAMUser {
    /// Whether the keys were read. Else nothing is concluded of the user that could be another's.
    fileprivate var isRead: Bool { keys.isRead }
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

    /// Whether they leave a list of keys in doubt.
    func isDoubtful(beside keys: [AccessKey], in report: ReportMap) -> Bool {
        guard !isEmpty else { return false }
        let changed = ChangedSlots(self, among: keys, in: report)
        return isActive(oneOf: keys) || missing(from: keys).contains { !changed.has($0) }
            || keys.contains { key in key.status != .active && changed.slot(of: key)?.isActive == true }
    }

    /// Whether one of these is active, and the list has it otherwise. Of keys made in the same second it isn't known which is
    /// which.
    private func isActive(oneOf keys: [AccessKey]) -> Bool {
        contains { slot in
            let same = keys.filter { $0.created.isSameSecond(as: slot.created) }
            return slot.isActive && same.count == 1 && same[0].status != .active
        }
    }
}
