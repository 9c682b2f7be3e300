package import AWSClient
package import Evidence
import FoundationEssentials

/// Reads an account: every user, each user's keys and console password, each key's last use, and what AWS itself counts
/// and reports, to compare with.
///
/// Nothing that goes wrong on the way ends it: what could not be read is in the snapshot as a ``ReadFailure``.
package struct AccountCollection: Sendable {
    /// Whose users are read.
    let account: AccountIdentity
    let client: CollectionClient
    let clock: CollectionClock
    let plan: CollectionPlan
    /// Whether the credentials are others than those that ``account`` was asked with.
    let hasOtherCredentials: @Sendable () -> Bool
    let load: @Sendable () -> (calls: Int, throttles: Int)
    let progress: @Sendable (CollectionProgress) -> Void

    /// - Parameters:
    ///   - hasOtherCredentials: asked at the end: whether credentials were fetched again meanwhile, which may be another
    ///     account's.
    ///   - load: how many calls were made, and how many of them AWS refused because they came too fast.
    package init(
        of account: AccountIdentity, client: AWSClient, clock: CollectionClock, plan: CollectionPlan,
        hasOtherCredentials: @escaping @Sendable () -> Bool = { false },
        load: @escaping @Sendable () -> (calls: Int, throttles: Int) = { (0, 0) },
        progress: @escaping @Sendable (CollectionProgress) -> Void = { _ in }
    ) {
        self.account = account
        self.client = CollectionClient(client: client, halt: CollectionHalt(uptime: clock.uptime))
        self.clock = clock
        self.plan = plan
        self.hasOtherCredentials = hasOtherCredentials
        self.load = load
        self.progress = progress
    }

    /// Does a run again.
    ///
    /// - Parameters:
    ///   - hasOtherCredentials: whether the run found that it had.
    ///   - cause: as in ``CollectionHalt/init(replaying:)``.
    init(
        of account: AccountIdentity, client: AWSClient, clock: CollectionClock, plan: CollectionPlan,
        hasOtherCredentials: Bool, replaying cause: AWSError?
    ) {
        self.account = account
        self.client = CollectionClient(client: client, halt: CollectionHalt(replaying: cause))
        self.clock = clock
        self.plan = plan
        self.hasOtherCredentials = { hasOtherCredentials }
        load = { (0, 0) }
        progress = { _ in }
    }

    /// What was found, before it is put in order.
    package struct Findings: Sendable {
        package var users: [IAMUser] = []
        package var userListing = Listing.complete(pages: 0)
        package var failures: [ReadFailure] = []
        package var notes: [PopulationNote] = []
        package var root = RootUser()
        package var accountSummary = Reading<SummaryFacts>.notAsked
        package var credentialReport = Reading<ReportFacts>.notAsked

        /// Hands the users over, so that they aren't there twice.
        mutating func takeUsers() -> [IAMUser] {
            defer { users = [] }
            return users
        }
    }

    /// Something that one of the tasks running side by side has come to.
    private enum Event: Sendable {
        /// A page of users; nil after the last.
        case page(Result<Answer<ListUsers.Output>?, AWSError>, CollectionPages<ListUsers>)
        case report(Result<ReportMap, ReadFailure>)
        case summary(Result<Answer<GetAccountSummary.Output>, AWSError>)
        case user(UserFindings)
    }

    /// All users, in as few calls as AWS takes.
    static let wholeList = ListUsers(maxItems: ListUsers.largestPage)

    package func collect() async -> Findings {
        var scan = Scan()
        await withTaskGroup(of: Event.self) { group in
            group.addTask { .summary(await summary()) }
            group.addTask {
                .report(
                    await ReportCollection(client: client, clock: clock, patience: plan.reportPatience).collect())
            }
            if plan.source != .report { addPage(client.pages(Self.wholeList), to: &group) }
            var gauge = ConcurrencyGauge(plan.concurrency, at: clock.uptime())
            for await event in group {
                switch event {
                case .page(let page, let pages):
                    if scan.take(page, clock) { addPage(pages, to: &group) }
                case .report(let report): take(report, &scan)
                case .summary(let summary): scan.take(summary, clock)
                case .user(let found):
                    scan.running -= 1
                    scan.take(found)
                    gauge.update(load(), at: clock.uptime())
                }
                // Until the report is there, nobody knows what need not be asked.
                if plan.source == .live || scan.report != nil {
                    // Time that passed before tells nothing of how much AWS takes.
                    if !scan.hasBegun { gauge = ConcurrencyGauge(plan.concurrency, at: clock.uptime()) }
                    while scan.running < gauge.limit, let next = scan.nextWaiting() {
                        scan.running += 1
                        let map = plan.source == .live ? nil : scan.map
                        group.addTask { .user(await collection(of: next, map).collect()) }
                    }
                }
                scan.limit = gauge.limit
                progress(scan.progress(load()))
            }
        }
        await reconcile(&scan)
        return scan.findings
    }

    func collection(of user: ListedUser, _ map: ReportMap?) -> UserCollection {
        UserCollection(client: client, clock: clock, plan: plan, user: user, map: map)
    }

    private func addPage(_ pages: CollectionPages<ListUsers>, to group: inout TaskGroup<Event>) {
        group.addTask {
            var pages = pages
            do throws(AWSError) {
                return .page(.success(try await pages.next(isolation: nil)), pages)
            } catch {
                return .page(.failure(error), pages)
            }
        }
    }

    private func summary() async -> Result<Answer<GetAccountSummary.Output>, AWSError> {
        do throws(AWSError) { return .success(try await client.send(GetAccountSummary())) } catch {
            return .failure(error)
        }
    }

    private func take(_ report: Result<ReportMap, ReadFailure>, _ scan: inout Scan) {
        let report = report.flatMap(checked)
        scan.report = report
        switch report {
        case .success(let map):
            scan.findings.credentialReport = .read(map.facts, map.source)
            scan.findings.root.keys = map.rootKeys
            for name in map.duplicates.sorted() {
                // One row twice says something of the report; two users of a name, of the name.
                let isShared = map.sharedNames.contains(name)
                scan.findings.failures.append(
                    ReadFailure(
                        fact: .population, operation: GetCredentialReport.name, subject: .user(name),
                        code: isShared ? .duplicate : .listedTwice, message: "the report has the user twice",
                        exchange: map.source.exchange))
            }
            guard plan.source == .report else { return }
            scan.findings.userListing = .complete(pages: 1)
            scan.waiting = map.report.users.filter { !map.duplicates.contains($0.user) }.map {
                ListedUser($0, listed: map.source)
            }
        case .failure(var failure):
            scan.findings.credentialReport = .failed(failure)
            if plan.source == .report {
                // It was to be the population.
                failure.fact = .population
                scan.findings.userListing = .incomplete(pages: 0)
            }
            scan.findings.failures.append(failure)
        }
    }

    /// A report of another account is none of this one.
    private func checked(_ map: ReportMap) -> Result<ReportMap, ReadFailure> {
        guard let arn = map.report.root?.arn, arn != account.rootARN else { return .success(map) }
        return .failure(
            ReadFailure(
                fact: .credentialReport, operation: GetCredentialReport.name, subject: .account,
                code: .mismatched, message: "the report's root user is \(arn), not \(account.rootARN)",
                exchange: map.source.exchange))
    }

    // MARK: After the scan

    /// Confirms what seems to have gone, looks for what was missed, and compares the whole with what AWS counts.
    private func reconcile(_ scan: inout Scan) async {
        await lookAgain(&scan)
        scan.settleSharedNames()
        scan.settleDuplicateKeys()
        scan.forgetVanishedKeysThatAreThere()
        var findings = scan.findings
        if let map = scan.map {
            findings.notes += Reconciliation(map: map, users: findings.users, secondLook: scan.secondLook).notes
        }
        await reconcileCount(&findings, vanished: scan.confirmedGone, deletedLater: scan.secondLook.missing.count)
        // Whoever can't ask any more can't look for what a list may have left out, even where all that was needed is there.
        let population = plan.source == .report ? GetCredentialReport.name : ListUsers.name
        if let error = client.halt.error(insteadOf: population) {
            let failure = ReadFailure(error, fact: .population, subject: .account)
            // The list itself may have ended by it.
            if !findings.failures.contains(where: { $0.isSame(as: failure) }) { findings.failures.append(failure) }
        }
        findings.notes += await reconcileRoot(findings)
        if let failure = failureOfRoot(findings) { findings.failures.append(failure) }
        if hasOtherCredentials(), let failure = await failureOfIdentity() { findings.failures.append(failure) }
        findings.failures += findings.notes.compactMap(ReadFailure.init(unexplained:))
        scan.findings = findings
    }

    /// That nobody says whether the root user has access keys, though the account summary was had; nil where it is known, or
    /// the summary's own failure tells.
    private func failureOfRoot(_ findings: Findings) -> ReadFailure? {
        guard case .read(_, let source) = findings.accountSummary, findings.root.accessKeysPresent == nil,
            findings.root.keys == nil
        else { return nil }
        return ReadFailure(
            fact: .rootKeys, operation: GetAccountSummary.name, subject: .account, code: .unreadableAnswer,
            message: "neither the account summary nor a credential report says whether the root user has access keys",
            exchange: source.exchange)
    }

    /// Why it isn't known that credentials which were fetched during the run are of the same account; nil where they are.
    private func failureOfIdentity() async -> ReadFailure? {
        do throws(AWSError) {
            let answer = try await client.send(GetCallerIdentity())
            guard answer.output.account != account.id else { return nil }
            return ReadFailure(
                fact: .population, operation: GetCallerIdentity.name, subject: .account, code: .mismatched,
                message: "the credentials that were fetched during the run are of account \(answer.output.account)",
                exchange: answer.receipt?.number)
        } catch {
            return ReadFailure(error, fact: .population, subject: .account)
        }
    }

    /// Compares what the account summary and the report say of the root user's keys. A key that an older report has may be
    /// gone since; that it is, one summary isn't enough to show.
    private func reconcileRoot(_ findings: Findings) async -> [PopulationNote] {
        guard var note = Reconciliation.rootNote(findings), note.explanation == nil,
            findings.credentialReport.value?.wasMadeDuringRun == false,
            let again = try? await client.send(GetAccountSummary())
        else { return [Reconciliation.rootNote(findings)].compactMap(\.self) }
        note.add(again.receipt?.number)
        if again.output.rootHasAccessKeys == findings.root.accessKeysPresent {
            note.explanation = "Deleted since the report was made: a second account summary says the same."
        } else {
            note.observed += " A second account summary says otherwise."
        }
        return [note]
    }

    /// How long a change may take until AWS counts it: it gives no number, and mostly it is seconds.
    ///
    /// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html, "Changes that I make are not always
    /// immediately visible"
    private static let pausesForCount: [Duration] = [.zero, .seconds(2), .seconds(5), .seconds(10)]

    /// Compares the number of users with AWS's own. Where it doesn't fit, or somebody came or went meanwhile, AWS is asked
    /// again: of the first count nobody knows before or after whom it was made, and whoever came would make up for one whom
    /// the lists left out.
    ///
    /// - Parameters:
    ///   - vanished: how many users were deleted before they were read.
    ///   - deletedLater: how many were after it.
    private func reconcileCount(_ findings: inout Findings, vanished: Int, deletedLater: Int) async {
        guard case .read(var summary, let source) = findings.accountSummary, let first = summary.users,
            findings.userListing.isComplete
        else { return }
        let read = findings.users.count
        // A report knows nothing of the run.
        let created = plan.source == .report ? 0 : findings.users.count { clock.hadBegun(by: $0.created) }
        let gone = plan.source == .report ? 0 : vanished + deletedLater
        guard first != read || created + gone > 0 else { return }
        var observed = "The account summary counted \(first) users, and \(read) were read."
        var exchanges = [source.exchange]
        let left = plan.source == .report ? read : read - deletedLater
        var last: Int?
        for pause in Self.pausesForCount where last != left {
            try? await clock.sleep(pause)
            guard let again = try? await client.send(GetAccountSummary()), let users = again.output.users else { break }
            last = users
            exchanges.append(again.receipt?.number)
        }
        if let last {
            summary.usersAtEnd = last
            findings.accountSummary = .read(summary, source)
            observed += " At the end of the run it counted \(last)."
        } else {
            observed += " At the end of the run it could not be had again"
            observed += created + gone > 0 ? ", and \(created) were created in it and \(gone) deleted." : "."
        }
        guard first != read || last != left else { return }
        var explanation: String?
        // The first count was made before or after whoever came or went.
        let couldBe = (left - created)...(read + (plan.source == .report ? 0 : vanished))
        if last == left, couldBe.contains(first) || last != first {
            explanation =
                created + gone > 0
                ? "\(created) created and \(gone) deleted during the run, and the last count fits."
                : "Users were created or deleted while the run went on, and the last count fits."
        }
        findings.notes.append(
            PopulationNote(
                kind: .userCount, subject: .account, observed: observed, explanation: explanation,
                exchanges: exchanges))
    }
}

extension ReadFailure {
    /// Whether both say the same of the same thing, wherever they have it from.
    func isSame(as other: ReadFailure) -> Bool {
        (fact, operation, subject, code) == (other.fact, other.operation, other.subject, other.code)
    }

    /// What nothing explains means that the population isn't known.
    fileprivate init?(unexplained note: PopulationNote) {
        guard note.explanation == nil else { return nil }
        self.init(
            fact: note.kind == .rootKeys ? .rootKeys : .population, operation: Self.reconciliation,
            subject: note.subject,
            code: .unexplained, message: note.observed, exchange: note.exchanges.last)
    }
}
