import AWSClient
import Evidence
import FoundationEssentials

/// What was found out about one user, and what could not be.
struct UserFindings: Sendable {
    var user: IAMUser
    var failures: [ReadFailure] = []
    var notes: [PopulationNote] = []
    /// What AWS answered when it didn't know the user any more: to be confirmed by listing again.
    var gone: ReadFailure?
    /// The list of keys that was had a second time.
    var secondList: Provenance?
}

/// Reads one user: the keys, each key's last use, and whether there is a console password. What a credential report
/// says is taken from it where it holds.
struct UserCollection: Sendable {
    let client: CollectionClient
    let clock: CollectionClock
    let plan: CollectionPlan
    let user: ListedUser
    /// Nil where nothing is taken from a report.
    let map: ReportMap?

    func collect() async -> UserFindings {
        var findings = UserFindings(user: IAMUser(unread: user))
        let row = map?.row(user.name, created: user.created)
        // First, as the tags may say which limits the user's keys are held to.
        let optional = OptionalCollection(client: client, clock: clock, user: user.name)
        if plan.include.contains(.tags) { await optional.readTags(&findings) }
        if let gone = findings.gone {
            findings.user.keys = .undetermined(gone)
        } else {
            findings.user.keys = await keys(row, &findings)
        }
        // Of a user who is gone, "no login profile" would say that there was none; it says nothing.
        if findings.gone == nil { await readConsoleAccess(row, &findings) }
        if findings.gone == nil { await optional.collect(plan.include, &findings) }
        if let gone = findings.gone, !findings.user.consoleAccess.isRead {
            findings.user.consoleAccess = .undetermined(gone)
        }
        return findings
    }

    /// Lists the keys of a user who was read before once more. What is known of those that are still there stays; new ones,
    /// and those that have another status now, are read, and those that went are named.
    func again(_ first: IAMUser) async -> UserFindings {
        var findings = UserFindings(user: first)
        do throws(AWSError) {
            let list = try await client.list(ListAccessKeys(userName: user.name))
            let source = Provenance(.listAccessKeys, list.pages, clock)
            findings.secondList = source
            let statuses = Dictionary(list.items.map { ($0.item.accessKeyID, KeyStatus($0.item.status)) }) { $1 }
            var keys: [AccessKey] = []
            for key in first.keys.known {
                guard let status = key.id.flatMap({ statuses[$0] }) else {
                    findings.notes.append(vanished(key, seenBy: nil, secondList: list.exchanges))
                    continue
                }
                // What had to be asked about it depended on the status, too.
                if status == key.status { keys.append(key) }
            }
            let row = map?.row(user.name, created: user.created)
            keys += await read(list.items, besides: Set(keys.compactMap(\.id)), row, &findings)
            findings.user.keys = .read(keys, source)
        } catch {
            let failure = ReadFailure(error, fact: .population, subject: .user(user.name))
            if error.code == .noSuchEntity { findings.gone = failure } else { findings.failures.append(failure) }
        }
        return findings
    }

    // MARK: Keys

    private func keys(_ row: CredentialReport.Row?, _ findings: inout UserFindings) async -> Fact<[AccessKey]> {
        if let map, let row {
            // A report of before the run doesn't know the keys that were made since, nor need one of this run know all of a
            // user who was made a moment before.
            let isWhole = map.wasMadeDuringRun && !map.mayLack(whatWasCreated: user.created) || plan.source == .report
            if row.keys.isEmpty, isWhole { return .read([], map.source) }
            if plan.readsNoKeyIDs { return .read(row.keys.map { AccessKey(slot: $0, source: map.source) }, map.source) }
        }
        do throws(AWSError) {
            let list = try await client.list(ListAccessKeys(userName: user.name))
            return .read(
                await read(list.items, row, &findings), Provenance(.listAccessKeys, list.pages, clock))
        } catch {
            let failure = ReadFailure(error, fact: .population, subject: .user(user.name))
            if error.code == .noSuchEntity { findings.gone = failure } else { findings.failures.append(failure) }
            return .undetermined(failure)
        }
    }

    private typealias KeyList = [(item: ListAccessKeys.AccessKeyMetadata, receipt: Receipt?)]

    /// How many times a user's keys are listed while each list has keys that the one before had not: nobody changes them
    /// faster. What the last one has besides is a failure.
    private static let rounds = 4

    /// Reads the keys of a list that aren't known yet. Where one has gone meanwhile, the list that says so may name others
    /// that came in its place: these are read as well.
    private func read(
        _ list: KeyList, besides known: Set<String> = [], _ row: CredentialReport.Row?,
        _ findings: inout UserFindings
    ) async -> [AccessKey] {
        var (list, known, keys) = (list, known, [AccessKey]())
        for _ in 0..<Self.rounds {
            noteRepeated(in: list, &findings)
            let dates = list.map(\.item.createDate)
            var latest: KeyList?
            for (id, key) in checked(list.filter({ !known.contains($0.item.accessKeyID) }), &findings) {
                known.insert(id)
                switch await withLastUse(id, key, row?.keys.slot(of: key, among: dates), &findings) {
                case .read(let key): keys.append(key)
                case .gone(let again): latest = again
                }
            }
            guard let latest else { return keys }
            list = latest
        }
        for (key, receipt) in list where !known.contains(key.accessKeyID) {
            findings.failures.append(
                ReadFailure(
                    fact: .population, operation: ListAccessKeys.name, subject: .accessKey(key.accessKeyID),
                    code: .unconfirmed,
                    message: "user '\(user.name)' has other keys each time they are listed",
                    exchange: receipt?.number))
        }
        return keys
    }

    /// A list that has a key twice may have left another out.
    private func noteRepeated(in list: KeyList, _ findings: inout UserFindings) {
        var seen: Set<String> = []
        for (key, receipt) in list where !seen.insert(key.accessKeyID).inserted {
            findings.failures.append(
                ReadFailure(
                    listedTwice: "the key", operation: ListAccessKeys.name, subject: .accessKey(key.accessKeyID),
                    exchange: receipt?.number))
        }
    }

    /// The keys as they were listed, each once, by their ids, with what is wrong with them.
    private func checked(_ listed: KeyList, _ findings: inout UserFindings) -> [(id: String, key: AccessKey)] {
        var keys: [(id: String, key: AccessKey)] = []
        var seen: Set<String> = []
        for (key, receipt) in listed {
            guard seen.insert(key.accessKeyID).inserted else { continue }
            let status = KeyStatus(key.status)
            if case .unknown(let name) = status {
                findings.failures.append(
                    ReadFailure(
                        fact: .keyStatus, operation: ListAccessKeys.name, subject: .accessKey(key.accessKeyID),
                        code: .unknownStatus, message: "this version doesn't know the key status '\(name)'",
                        exchange: receipt?.number))
            }
            let read = AccessKey(
                id: key.accessKeyID, status: status, created: key.createDate, lastUse: .undetermined(.notReadYet),
                listed: Provenance(.listAccessKeys, receipt, clock))
            keys.append((key.accessKeyID, read))
        }
        return keys
    }

    /// What became of a key that was listed.
    private enum Found {
        case read(AccessKey)
        /// It was deleted meanwhile, as this later list says.
        case gone(KeyList)
    }

    private func withLastUse(
        _ id: String, _ key: AccessKey, _ slot: CredentialReport.Slot?, _ findings: inout UserFindings
    ) async -> Found {
        var key = key
        if let map, let slot {
            key.slot = slot.number
            key.lastUse = .read(LastUse(slot.lastUse), map.source)
            let holds =
                map.wasMadeDuringRun || plan.source == .report
                || !map.hasTwin(of: user.created, slot)
                    && plan.isSettled(key, findings.user, map.unknownUses(until: clock.began))
            if holds { return .read(key) }
        }
        let question = GetAccessKeyLastUsed(accessKeyID: id)
        do throws(AWSError) {
            let answer = try await client.send(question)
            if answer.output.userName == nil, let again = await listWithout(key, by: answer.receipt, &findings) {
                return .gone(again)
            }
            key.lastUse = Fact(
                answer.output, of: id, user: user.name, Provenance(.getAccessKeyLastUsed, answer.receipt, clock))
        } catch {
            if question.isUnknown(by: error), let again = await listWithout(key, by: error.receipt, &findings) {
                return .gone(again)
            }
            key.lastUse = .undetermined(ReadFailure(error, fact: .lastUse, subject: .accessKey(id)))
        }
        if let failure = key.lastUse.failure { findings.failures.append(failure) }
        return .read(key)
    }

    /// Lists the user's keys again, to see whether one that AWS doesn't know any more was deleted meanwhile, or the user.
    ///
    /// - Returns: that list; nil where it still has the key, or can't be had.
    private func listWithout(
        _ key: AccessKey, by receipt: Receipt?, _ findings: inout UserFindings
    ) async -> KeyList? {
        do throws(AWSError) {
            let again = try await client.list(ListAccessKeys(userName: user.name))
            guard again.items.allSatisfy({ $0.item.accessKeyID != key.id }) else { return nil }
            findings.notes.append(vanished(key, seenBy: receipt?.number, secondList: again.exchanges))
            return again.items
        } catch {
            if error.code == .noSuchEntity {
                findings.gone = ReadFailure(error, fact: .population, subject: .user(user.name))
            }
            // Where the list can't be had again, nothing is confirmed, and the failure stays one.
            return nil
        }
    }

    /// - Parameters:
    ///   - exchange: the one in which AWS didn't know the key; nil where it was missing from a list only.
    ///   - secondList: the exchanges of the list that doesn't name it.
    private func vanished(_ key: AccessKey, seenBy exchange: Int?, secondList: [Int]) -> PopulationNote {
        let saying =
            exchange == nil ? "A second ListAccessKeys doesn't name" : "GetAccessKeyLastUsed doesn't know"
        return PopulationNote(
            kind: .keyVanished, subject: .accessKey(key.label),
            observed: "\(saying) this key of user '\(user.name)', which was listed before.",
            explanation: "Deleted during the run: a second ListAccessKeys doesn't name it.",
            exchanges: [key.listed.exchange, exchange] + secondList)
    }

    // MARK: Console access

    private func readConsoleAccess(_ row: CredentialReport.Row?, _ findings: inout UserFindings) async {
        if let map, let isEnabled = row?.passwordEnabled {
            findings.user.consoleAccess = .read(isEnabled, map.source)
            return
        }
        do throws(AWSError) {
            let answer = try await client.loginProfile(of: user.name)
            findings.user.consoleAccess = .read(true, Provenance(.getLoginProfile, answer.receipt, clock))
        } catch {
            // Its one code for two things is told apart by the sentence alone.
            if error.isAboutUnknownUser {
                findings.gone = ReadFailure(error, fact: .population, subject: .user(user.name))
                return
            }
            // This is AWS's way of saying that there is no password.
            if error.code == .noSuchEntity {
                findings.user.consoleAccess = .read(false, Provenance(.getLoginProfile, error.receipt, clock))
                return
            }
            let failure = ReadFailure(error, fact: .consoleAccess, subject: .user(user.name))
            findings.failures.append(failure)
            findings.user.consoleAccess = .undetermined(failure)
        }
    }
}

extension AWSError {
    /// Whether AWS says that it doesn't know the user, and not only that it has nothing of what was asked for.
    fileprivate var isAboutUnknownUser: Bool {
        guard case .service(AWSErrorCode.noSuchEntity.rawValue, let message, _) = reason else { return false }
        return message.hasPrefix("The user with name ")
    }
}

extension IAMUser {
    /// A user of whom nothing is known yet but what a list says. What nobody reads after this stays undetermined.
    fileprivate init(unread user: ListedUser) {
        self.init(
            name: user.name, id: user.id, arn: user.arn, created: user.created, passwordLastUsed: user.passwordLastUsed,
            consoleAccess: .undetermined(.notReadYet), keys: .undetermined(.notReadYet), listed: user.listed)
    }
}

extension ReadFailure {
    /// Stands where a fact will be. One for all: what is left of it says nothing but that it was forgotten.
    fileprivate static let notReadYet = ReadFailure(
        fact: .population, operation: "", subject: .account, code: .undetermined, message: "was not read", exchange: nil
    )
}

extension [CredentialReport.Slot] {
    /// The slot of a key: the one that was made in the same second, if no other key or slot was.
    ///
    /// - Parameter dates: the creation dates of all keys of the user.
    func slot(of key: AccessKey, among dates: [Date]) -> CredentialReport.Slot? {
        let slots = filter { $0.created.isSameSecond(as: key.created) }
        let keys = dates.count { $0.isSameSecond(as: key.created) }
        return slots.count == 1 && keys == 1 ? slots[0] : nil
    }
}

extension Fact<LastUse> {
    /// What AWS's answer says. Without a date it says "never" only by `N/A` for the service; anything else contradicts
    /// itself.
    init(_ answer: GetAccessKeyLastUsed.Output, of key: String, user: String, _ source: Provenance) {
        func unreadable(_ message: String, _ code: ReadFailure.Code = .unreadableAnswer) -> Self {
            .undetermined(
                ReadFailure(
                    fact: .lastUse, operation: GetAccessKeyLastUsed.name, subject: .accessKey(key), code: code,
                    message: message, exchange: source.exchange))
        }
        if answer.userName != user {
            // Without a name it is about no user's key: AWS doesn't know it, or it is the root user's.
            let owner = answer.userName.map { "a key of user '\($0)'" } ?? "a key of no user"
            self = unreadable("the answer is about \(owner), not '\(user)'", .mismatched)
        } else if let date = answer.lastUsedDate {
            self = .read(.used(at: date, service: answer.serviceName, region: answer.region), source)
        } else if answer.serviceName == "N/A" {
            self = .read(.never, source)
        } else {
            self = unreadable("the answer names service '\(answer.serviceName)' but no LastUsedDate")
        }
    }
}

extension ReadFailure {
    /// Whether AWS named another user, or none, as the one who has a key than the one whose keys were listed.
    var isAboutOtherUser: Bool { fact == .lastUse && code == .mismatched }
}
