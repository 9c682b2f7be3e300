import AWSClient
import Collector
import Evidence
import Foundation
import MockIAM
import Synchronization
import Testing

/// Lists that leave somebody out, and users and keys that come, go and change their names between two lists. Whatever a
/// run makes of it, it makes of it again from its recording.
@Suite struct SecondLookTests {
    private static let now = Date(timeIntervalSince1970: Date.now.timeIntervalSince1970.rounded(.down))

    private static func ago(days: Double = 0, minutes: Double = 0) -> Date { now - days * 86_400 - minutes * 60 }

    private static func key(_ number: Int, age: Double = 300, deleted: Date? = nil, used: Bool = false)
        -> MockIAM.AccessKey
    {
        MockIAM.AccessKey(
            "AKIA00000000000000\(number)X", created: ago(days: age), deleted: deleted,
            lastUse: used ? MockIAM.LastUse(ago(days: 1)) : nil)
    }

    /// Anna has a good key, bert one that was never used.
    private static func account(reportAge minutes: Double? = nil) -> MockIAM.Account {
        var account = MockIAM.Account(clock: now, created: ago(days: 2000))
        account.credentialReport = MockIAM.CredentialReportPlan(
            generated: minutes.map { ago(minutes: $0) }, polls: 2)
        account.users = [
            MockIAM.User("anna", created: ago(days: 500), accessKeys: [key(1, age: 20, used: true)]),
            MockIAM.User("bert", created: ago(days: 400), accessKeys: [key(2)]),
        ]
        return account
    }

    /// What a run came to.
    private struct Outcome {
        var assessment: Assessment
        var edited: EditedTransport

        var notes: [String] { assessment.snapshot.notes.map { "\($0.kind.rawValue) \($0.subject)" } }
        var unexplained: [String] {
            assessment.snapshot.notes.filter { $0.explanation == nil }.map { "\($0.kind.rawValue) \($0.subject)" }
        }
        var keys: [String] { assessment.keys.map { "\($0.user.name) \($0.key.label)" } }
        var critical: [String] { assessment.keys.filter { $0.levelName == "CRITICAL" }.map(\.user.name) }
    }

    private func run(
        _ account: MockIAM.Account, _ source: CollectionSource, include: Set<OptionalSource> = [],
        edit: @escaping Edit
    ) async throws -> Outcome {
        let made = Mutex<EditedTransport?>(nil)
        var outcome: Outcome?
        try await withBundle(
            of: account, MockIAM.Options(authentication: .off), source,
            prepare: { run in
                let transport = EditedTransport(run.transport, edit)
                made.withLock { $0 = transport }
                run.transport = transport
                run.plan = { criteria, asOf in
                    var plan = CollectionPlan(criteria: criteria, asOf: asOf)
                    plan.source = source
                    plan.include = include
                    return plan
                }
            }
        ) { bundle in
            let flaws = await recomputationFlaws(bundle)
            #expect(flaws.isEmpty, "\(flaws.map { String($0.prefix(400)) })")
            let edited = made.withLock(\.self)
            outcome = Outcome(
                assessment: try BundleReading(folder: bundle.path).assessment, edited: try #require(edited))
        }
        return try #require(outcome)
    }

    // MARK: Names

    @Test(arguments: [CollectionSource.auto, .live], [true, false])
    func `a user who is renamed during the run is read by the new name`(
        _ source: CollectionSource, isReportOld: Bool
    ) async throws {
        // Bert is robert by the time his keys are listed.
        var account = Self.account()
        account.users[1].name = "robert"
        let found = try await run(account, source) { action, number, _, reply in
            switch action {
            case "ListUsers" where number == 1: reply.replacing("robert", with: "bert")
            case "GetCredentialReport" where isReportOld: reply.replacingInReport("robert", with: "bert")
            default: reply
            }
        }
        #expect(found.assessment.isComplete)
        #expect(found.notes == ["user-renamed robert"])
        #expect(found.keys == ["anna AKIA000000000000001X", "robert AKIA000000000000002X"])
        #expect(found.critical == ["robert"])
        #expect(found.edited.counts["ListUsers"] == 2)
    }

    /// Bert, and robert, who is bert by another name: the emulator knows both, lists and answers are made to.
    private static func accountOfBertAndRobert() -> MockIAM.Account {
        var account = account()
        account.users[1].id = "AIDA0000000000000BERT"
        var robert = account.users[1]
        robert.name = "robert"
        robert.id = "AIDA0000000000000ROBT"
        robert.accessKeys[0].id = "AKIA000000000000004X"
        account.users.append(robert)
        return account
    }

    private static func asOnePerson(_ action: String, _ number: Int, _ form: String, _ reply: EditedReply)
        -> EditedReply
    {
        switch action {
        case "ListUsers": reply.replacing("0ROBT", with: "0BERT")
        case "ListAccessKeys": reply.replacing("4X", with: "2X")
        // First it was bert's.
        case "GetAccessKeyLastUsed" where number > 1: reply.replacing("bert", with: "robert")
        case "GetCredentialReport": reply.withoutReportRow(of: "bert")
        case "GetAccountSummary": reply.counting(2)
        default: reply
        }
    }

    @Test func `one who was read before the new name came is read by it again, and is there once`() async throws {
        // The first list and the keys are bert's; report and second list have robert.
        let found = try await run(Self.accountOfBertAndRobert(), .auto) { action, number, form, reply in
            let reply = Self.asOnePerson(action, number, form, reply)
            return action == "ListUsers"
                ? reply.without(memberWith: "<UserName>\(number == 1 ? "robert" : "bert")<") : reply
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.notes == ["user-renamed robert"])
        #expect(found.keys == ["anna AKIA000000000000001X", "robert AKIA000000000000002X"])
        #expect(found.assessment.conclusion(of: .identifierUnique) == .satisfied)
    }

    @Test func `one who was renamed since the report was made is found in it by the creation date`() async throws {
        var account = Self.account(reportAge: 100)
        account.users[1].name = "robert"
        let found = try await run(account, .auto) { action, _, _, reply in
            action == "GetCredentialReport" ? reply.replacingInReport("robert", with: "bert") : reply
        }
        #expect(found.assessment.isComplete)
        #expect(found.notes == ["user-renamed robert"])
        #expect(found.critical == ["robert"])
    }

    @Test func `such a user's keys are held to the report all the same`() async throws {
        var account = Self.account(reportAge: 100)
        account.users[1].name = "robert"
        account.users[1].accessKeys.append(Self.key(3, age: 10))
        let found = try await run(account, .auto) { action, _, form, reply in
            if action == "GetCredentialReport" { return reply.replacingInReport("robert", with: "bert") }
            return action == "ListAccessKeys" && form.contains("robert") ? reply.without(memberWith: "3X") : reply
        }
        #expect(!found.assessment.isComplete)
        #expect(found.unexplained == ["key-only-in-report robert"])
    }

    /// With nothing to count them by.
    @Test func `from the report alone, one who was renamed since isn't taken for deleted`() async throws {
        for others in [0, 1] {
            var account = Self.account(reportAge: 100)
            account.users[1].name = "robert"
            if others == 1 { account.users.append(MockIAM.User("carl", created: account.users[1].created)) }
            let found = try await run(account, .report) { action, _, _, reply in
                switch action {
                case "GetCredentialReport":
                    reply.replacingInReport("robert", with: "bert").withoutReportRow(of: "carl")
                case "GetAccountSummary": .denied
                default: reply
                }
            }
            // Of two who were created in that second nobody knows who it is.
            #expect(found.assessment.isComplete == (others == 0))
            #expect(found.notes.contains("user-renamed robert") == (others == 0))
            #expect(found.critical == (others == 0 ? ["robert"] : []))
            #expect(!found.notes.contains { $0.hasPrefix("user-vanished") })
        }
    }

    @Test func `where two were created in that second, nobody knows which`() async throws {
        var account = Self.account(reportAge: 100)
        account.users[1].name = "robert"
        account.users.append(MockIAM.User("carl", created: account.users[1].created))
        let found = try await run(account, .auto) { action, _, _, reply in
            guard action == "GetCredentialReport" else { return reply }
            return reply.replacingInReport("robert", with: "bert").replacingInReport("carl", with: "karl")
        }
        #expect(!found.assessment.isComplete)
        #expect(found.unexplained == ["user-not-in-report carl", "user-not-in-report robert"])
    }

    @Test func `a name that came back belongs to somebody who is read, too`() async throws {
        // Between the two lists bert was deleted and another bert created.
        var account = Self.account()
        account.users[1].id = "AIDA0000000000000NEW"
        account.users[1].created = Self.now
        account.users[1].accessKeys[0].created = Self.now
        let found = try await run(account, .live) { action, number, form, reply in
            switch action {
            case "ListUsers" where number == 1:
                reply.replacing("AIDA0000000000000NEW", with: "AIDA0000000000000OLD")
                    .replacing(
                        "<CreateDate>\(Self.now.ISO8601Format())",
                        with: "<CreateDate>\(Self.ago(days: 400).ISO8601Format())")
            case "ListAccessKeys" where form.contains("bert") && number == 1: .unknownUser("bert")
            default: reply
            }
        }
        #expect(found.notes.contains("user-vanished bert"))
        #expect(found.notes.contains("user-listed-late bert"))
        #expect(found.keys.contains("bert AKIA000000000000002X"))
        let vanished = found.assessment.snapshot.notes.first { $0.kind == .userVanished }
        #expect(vanished?.explanation?.contains("another user of this name") == true)
    }

    // MARK: Users

    @Test(arguments: [CollectionSource.auto, .live])
    func `users whom ListUsers leaves out twice aren't explained by the report that has them`(
        _ source: CollectionSource
    ) async throws {
        // And there is no count to compare with.
        let found = try await run(Self.account(), source) { action, _, _, reply in
            switch action {
            case "ListUsers": reply.withoutMembers
            case "GetAccountSummary": .denied
            default: reply
            }
        }
        #expect(!found.assessment.isComplete)
        #expect(found.unexplained == ["user-only-in-report anna", "user-only-in-report bert"])
        #expect(found.keys.count == 2)
        #expect(found.critical == ["bert"])
    }

    @Test func `a user of the report whom AWS doesn't know by name was deleted`() async throws {
        var account = Self.account(reportAge: 100)
        account.users[1].deleted = Self.ago(minutes: 50)
        let found = try await run(account, .auto) { _, _, _, reply in reply }
        #expect(found.assessment.isComplete)
        #expect(found.notes == ["user-only-in-report bert"])
        let note = try #require(found.assessment.snapshot.notes.first)
        #expect(note.explanation?.contains("neither a second ListUsers nor ListAccessKeys") == true)
        #expect(note.exchanges.count == 3)
    }

    @Test func `a user whom only the second list names is read, and explained only if new`() async throws {
        for (created, isExplained) in [(Self.now, true), (Self.ago(days: 30), false)] {
            var account = Self.account()
            account.users[0].created = created
            account.users[0].accessKeys = [Self.key(1, age: 0)]
            // Without the report nothing tells of anna; bert's going makes AWS be asked again.
            let found = try await run(account, .live) { action, number, form, reply in
                switch action {
                case "ListUsers" where number == 1: reply.without(memberWith: "anna")
                case "ListUsers": reply.without(memberWith: "bert")
                case "ListAccessKeys" where form.contains("bert"): .unknownUser("bert")
                case "GenerateCredentialReport": .denied
                default: reply
                }
            }
            #expect(found.keys == ["anna AKIA000000000000001X"])
            #expect(found.notes.contains("user-listed-late anna"))
            #expect(found.assessment.isComplete == isExplained)
        }
    }

    @Test(arguments: ["GetAccessKeyLastUsed", "GetLoginProfile", "ListMFADevices", "ListUserTags"])
    func `whichever call doesn't know the user any more, the user is looked for again`(_ last: String) async throws {
        let isGone = Mutex(false)
        let found = try await run(Self.account(), .live, include: [.tags, .mfaDevices]) { action, number, form, reply in
            if action == "ListUsers" { return number == 1 ? reply : reply.without(memberWith: "bert") }
            // Neither the report nor a second list knows of bert.
            if action == "GetCredentialReport" { return reply.withoutReportRow(of: "bert") }
            guard form.contains("UserName=bert") || form.contains("2X") else { return reply }
            if action == last { isGone.withLock { $0 = true } }
            return isGone.withLock(\.self) ? .unknownUser("bert") : reply
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.notes.contains("user-vanished bert"))
        #expect(found.keys == ["anna AKIA000000000000001X"])
    }

    @Test func `users of a page whose marker is bad are read all the same`() async throws {
        let found = try await run(Self.account(), .live) { action, _, _, reply in
            action == "ListUsers"
                ? reply.replacing("<IsTruncated>false</IsTruncated>", with: "<IsTruncated>true</IsTruncated>") : reply
        }
        #expect(!found.assessment.isComplete)
        #expect(found.assessment.blockingFailures.map(\.code) == ["pagination"])
        #expect(found.keys.count == 2)
    }

    // MARK: Lists that change while they are read

    /// Bert got a name on a page that was read before, and isn't on any; nothing but AWS's count, or somebody who is new
    /// and makes up for him in it, gives a hint.
    @Test(arguments: [true, false])
    func `a user whom renaming has hidden is looked for`(isMadeUpFor: Bool) async throws {
        var account = Self.account()
        if isMadeUpFor { account.users.append(MockIAM.User("carl", created: Self.now)) }
        let found = try await run(account, .auto) { action, number, _, reply in
            switch action {
            case "ListUsers" where number == 1: reply.without(memberWith: "bert")
            case "GetAccountSummary": reply.counting(2)
            case "GenerateCredentialReport": .denied
            default: reply
            }
        }
        #expect(found.edited.counts["ListUsers"] == 2)
        #expect(found.critical == ["bert"])
        // He was there before, and nobody knows whom else the list left out.
        #expect(!found.assessment.isComplete)
        #expect(found.unexplained == ["user-listed-late bert"])
    }

    @Test func `without AWS's count a second list is what the first one is held to`() async throws {
        // Bert came after the report was made, and got a name on a page that had been read.
        var account = Self.account(reportAge: 200)
        account.users[1].created = Self.ago(minutes: 100)
        let found = try await run(account, .auto) { action, number, _, reply in
            switch action {
            case "ListUsers" where number == 1: reply.without(memberWith: "bert")
            case "GetAccountSummary": .denied
            default: reply
            }
        }
        #expect(!found.assessment.isComplete)
        #expect(found.unexplained == ["user-listed-late bert"])
        #expect(found.keys.count == 2)
    }

    @Test func `where the list can't be had again, the doubt stays`() async throws {
        var account = Self.account()
        account.users.append(MockIAM.User("carl", created: Self.now))
        let found = try await run(account, .auto) { action, number, _, reply in
            action == "ListUsers" && number > 1 ? .denied : reply
        }
        #expect(!found.assessment.isComplete)
        #expect(found.assessment.blockingFailures.map(\.code) == ["unconfirmed"])
    }

    @Test(arguments: [true, false])
    func `a user who is on two pages by two names is one`(isKnownByTheFirst: Bool) async throws {
        let found = try await run(Self.accountOfBertAndRobert(), .live) { action, number, form, reply in
            if action == "GenerateCredentialReport" { return .denied }
            if !isKnownByTheFirst, form.contains("UserName=bert") { return .unknownUser("bert") }
            let reply = Self.asOnePerson(action, isKnownByTheFirst ? number : 2, form, reply)
            return action == "ListUsers" && number > 1 ? reply.without(memberWith: "<UserName>bert<") : reply
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.notes == ["user-renamed robert"])
        #expect(found.keys == ["anna AKIA000000000000001X", "robert AKIA000000000000002X"])
        #expect(found.assessment.conclusion(of: .identifierUnique) == .satisfied)
    }

    /// Another's going makes AWS be asked again.
    @Test func `whose name is another's now was deleted, and what was read is the other's`() async throws {
        for isOlder in [false, true] {
            var account = Self.account()
            account.users[1].id = "AIDA0000000000000NEW"
            account.users[1].created = Self.now
            account.users[1].accessKeys[0].created = Self.now
            account.users.append(MockIAM.User("carl", created: Self.ago(days: 3)))
            let found = try await run(account, .live) { action, number, form, reply in
                switch action {
                case "ListUsers" where isOlder ? number > 1 : number == 1:
                    (isOlder ? reply.without(memberWith: "carl") : reply)
                        .replacing("AIDA0000000000000NEW", with: "AIDA0000000000000OLD")
                        .replacing(
                            "<CreateDate>\(Self.now.ISO8601Format())",
                            with: "<CreateDate>\(Self.ago(days: 400).ISO8601Format())")
                case "ListUsers" where number > 1: reply.without(memberWith: "carl")
                case "GenerateCredentialReport": .denied
                case "ListAccessKeys" where form.contains("carl"): .unknownUser("carl")
                default: reply
                }
            }
            // A list that has an older one after a newer one is no evidence.
            #expect(found.assessment.isComplete == !isOlder, "\(found.assessment.blockingFailures)")
            #expect(found.notes.contains("user-vanished carl"))
            guard !isOlder else {
                #expect(found.assessment.blockingFailures.contains { $0.code == "duplicate" && $0.subject == "bert" })
                continue
            }
            #expect(found.notes.contains("user-vanished bert") && found.notes.contains("user-listed-late bert"))
            #expect(found.keys == ["anna AKIA000000000000001X", "bert AKIA000000000000002X"])
            #expect(found.assessment.users.map(\.user.id).contains("AIDA0000000000000NEW"))
        }
    }

    @Test func `from the report alone, two who may have become the same one are neither`() async throws {
        var account = Self.account(reportAge: 100)
        account.users[1].name = "robert"
        account.users.append(
            MockIAM.User("carl", created: account.users[1].created, accessKeys: [Self.key(3, used: true)]))
        let found = try await run(account, .report) { action, _, form, reply in
            switch action {
            case "GetCredentialReport": reply.replacingInReport("robert", with: "bert")
            case "ListUsers": reply.without(memberWith: "carl")
            case "ListAccessKeys", "GetLoginProfile":
                form.contains("carl") ? .unknownUser("carl") : reply
            default: reply
            }
        }
        #expect(!found.assessment.isComplete)
        #expect(found.critical.isEmpty && !found.notes.contains { $0.hasPrefix("user-renamed") })
    }

    @Test func `whose fate isn't known gives way to whoever bears the name now, and is named as a failure`()
        async throws
    {
        // The report has bert and carl, of one second, and robert. One of the two is zoe now, and robert bert.
        var account = Self.account(reportAge: 100)
        account.users[1].created = Self.ago(days: 350)
        for (name, number) in [("zoe", 3), ("carl", 4)] {
            account.users.append(
                MockIAM.User(name, created: Self.ago(days: 400), accessKeys: [Self.key(number, used: true)]))
        }
        let found = try await run(account, .report) { action, _, form, reply in
            switch action {
            case "GetCredentialReport":
                reply.replacingInReport("bert", with: "robert").replacingInReport("zoe", with: "bert")
            case "ListUsers": reply.without(memberWith: "carl")
            case "ListAccessKeys", "GetLoginProfile": form.contains("carl") ? .unknownUser("carl") : reply
            default: reply
            }
        }
        #expect(!found.assessment.isComplete)
        #expect(found.assessment.users.map(\.user.name) == ["anna", "bert", "carl"])
        #expect(found.critical == ["bert"])
        let failures = found.assessment.blockingFailures.filter { $0.fact == .population }.map(\.subject)
        #expect(failures.contains("bert") && failures.contains("carl"))
    }

    @Test func `from the report alone, who was deleted since wasn't deleted during the run`() async throws {
        let found = try await run(Self.account(reportAge: 100), .report) { action, _, form, reply in
            switch action {
            case "ListUsers": reply.without(memberWith: "bert")
            case "GetAccountSummary": reply.counting(1)
            case "ListAccessKeys": form.contains("bert") ? .unknownUser("bert") : reply
            default: reply
            }
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.notes == ["user-only-in-report bert"])
        #expect(
            found.assessment.snapshot.notes.first?.explanation?.hasPrefix("Deleted since the report was made") == true)
    }

    @Test func `from the report alone, an account without a key left can be done again`() async throws {
        let found = try await run(Self.account(reportAge: 100), .report) { action, _, _, reply in
            action == "ListAccessKeys" ? reply.withoutMembers : reply
        }
        #expect(found.keys.isEmpty)
    }

    @Test func `what was asked about users of whom none is left can be done again`() async throws {
        var account = Self.account()
        account.users.removeFirst()
        let found = try await run(account, .live, include: [.tags]) { action, number, _, reply in
            switch action {
            case "ListUsers" where number > 1: reply.withoutMembers
            case "ListAccessKeys": .unknownUser("bert")
            case "GenerateCredentialReport": .denied
            default: reply
            }
        }
        #expect(found.assessment.isComplete)
        #expect(found.notes.contains("user-vanished bert"))
    }

    @Test(arguments: [CollectionSource.auto, .live])
    func `two who swapped their names since the report was made are told apart by their creation dates`(
        _ source: CollectionSource
    ) async throws {
        let found = try await run(Self.account(reportAge: 100), source) { action, _, _, reply in
            guard action == "GetCredentialReport" else { return reply }
            return reply.replacingInReport("bert", with: "tmp").replacingInReport("anna", with: "bert")
                .replacingInReport("tmp", with: "anna")
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.keys == ["anna AKIA000000000000001X", "bert AKIA000000000000002X"])
        #expect(found.critical == ["bert"])
        #expect(
            Set(found.notes) == [
                "user-renamed anna", "user-renamed bert", "user-recreated anna", "user-recreated bert",
            ])
        #expect(!found.assessment.snapshot.notes.contains { $0.explanation?.contains("Deleted") ?? false })
    }

    @Test func `a key that is there hasn't vanished`() async throws {
        // Bert's key isn't known and in no list of bert's keys, as he has another name, by which it is found.
        let found = try await run(Self.accountOfBertAndRobert(), .live) { action, number, form, reply in
            switch action {
            case "GenerateCredentialReport": return .denied
            case "GetAccessKeyLastUsed" where form.contains("2X") && number == 1: return .unknownKey
            case "ListAccessKeys" where form.contains("UserName=bert") && number > 1: return reply.withoutMembers
            case "ListUsers":
                return Self.asOnePerson(action, number, form, reply)
                    .without(memberWith: "<UserName>\(number == 1 ? "robert" : "bert")<")
            default: return Self.asOnePerson(action, number, form, reply)
            }
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.notes == ["user-renamed robert"])
        #expect(found.keys == ["anna AKIA000000000000001X", "robert AKIA000000000000002X"])
    }

    /// Nobody comes or goes, the count fits, and there is no report: only a second list tells.
    @Test func `two who swap their names while they are read are read anew`() async throws {
        var account = Self.account()
        account.users[1].name = "carl"
        account.users.append(MockIAM.User("bert", created: Self.ago(days: 30)))
        let found = try await run(account, .auto) { action, number, form, reply in
            switch action {
            case "ListUsers" where number == 1:
                reply.replacing("bert", with: "tmp").replacing("carl", with: "bert").replacing("tmp", with: "carl")
            // By then it was the other's.
            case "ListAccessKeys" where form.contains("carl") && number == 1: reply.withoutMembers
            case "GenerateCredentialReport": .denied
            default: reply
            }
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.keys == ["anna AKIA000000000000001X", "carl AKIA000000000000002X"])
        #expect(found.critical == ["carl"])
        #expect(found.notes == ["user-renamed bert", "user-renamed carl"])
    }

    /// Of two who were made in one second, keys and all, blue was deleted, and green has the name.
    @Test(arguments: [CollectionSource.auto, .report])
    func `the report's word about one isn't taken for another of the same second and name`(_ source: CollectionSource)
        async throws
    {
        var account = Self.account(reportAge: 100)
        func user(_ name: String, _ number: Int, usedDaysAgo days: Double) -> MockIAM.User {
            MockIAM.User(
                name, created: Self.ago(days: 400),
                accessKeys: [
                    MockIAM.AccessKey(
                        "AKIA00000000000000\(number)X", created: Self.ago(days: 300),
                        lastUse: MockIAM.LastUse(Self.ago(days: days)))
                ])
        }
        account.users[1] = user("blue", 2, usedDaysAgo: 200)
        account.users.append(user("green", 3, usedDaysAgo: 1))
        let found = try await run(account, source) { action, _, form, reply in
            switch action {
            case "GetCredentialReport":
                reply.replacingInReport("blue", with: "tmp").replacingInReport("green", with: "blue")
                    .replacingInReport("tmp", with: "green")
            case "ListUsers": reply.without(memberWith: "green")
            case "GetAccountSummary": reply.counting(2)
            case "ListAccessKeys", "GetLoginProfile":
                form.contains("UserName=green") ? .unknownUser("green") : reply
            default: reply
            }
        }
        #expect(found.keys == ["anna AKIA000000000000001X", "blue AKIA000000000000002X"])
        #expect(found.critical == ["blue"])
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
    }

    /// Bert, who has the key, is robert now, and carl, who has none, is bert: nobody is gone, new or uncounted.
    @Test(arguments: [CollectionSource.auto, .report])
    func `a key isn't deleted because its user's name is another's now`(_ source: CollectionSource) async throws {
        var account = Self.account(reportAge: 100)
        account.users[1].name = "robert"
        account.users.append(MockIAM.User("bert", created: Self.ago(days: 30)))
        let found = try await run(account, source) { action, number, _, reply in
            switch action {
            case "ListUsers" where number == 1 && source == .auto:
                reply.replacing("bert", with: "carl").replacing("robert", with: "bert")
            case "GetCredentialReport":
                reply.replacingInReport("bert", with: "carl").replacingInReport("robert", with: "bert")
            default: reply
            }
        }
        #expect(found.critical == ["robert"])
        #expect(found.keys == ["anna AKIA000000000000001X", "robert AKIA000000000000002X"])
    }

    /// The report has an old bert, and a robert who has his name now.
    @Test(arguments: [CollectionSource.auto, .live, .report])
    func `a user who took over the name of one who was deleted is explained`(_ source: CollectionSource) async throws {
        var account = Self.account(reportAge: 100)
        account.users.append(MockIAM.User("carl", created: Self.ago(days: 450)))
        let found = try await run(account, source) { action, _, form, reply in
            switch action {
            case "GetCredentialReport":
                reply.replacingInReport("bert", with: "robert").replacingInReport("carl", with: "bert")
            case "ListUsers": reply.without(memberWith: "carl")
            case "GetAccountSummary": reply.counting(2)
            default: reply
            }
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.keys == ["anna AKIA000000000000001X", "bert AKIA000000000000002X"])
        #expect(found.critical == ["bert"])
        #expect(found.notes.contains("user-renamed bert"))
        #expect(found.notes.contains(source == .report ? "user-only-in-report bert" : "user-recreated bert"))
        if source != .report {
            #expect(found.assessment.conclusion(of: .identifierUnique) == .notSatisfied)
        }
    }

    // MARK: Keys

    @Test(arguments: [CollectionSource.auto, .live])
    func `of keys made in the same second none is left out`(_ source: CollectionSource) async throws {
        var account = Self.account()
        account.users[1].accessKeys.append(Self.key(3))
        let found = try await run(account, source) { action, number, form, reply in
            action == "ListAccessKeys" && form.contains("bert") && number == 1
                ? reply.without(memberWith: "3X") : reply
        }
        #expect(found.assessment.isComplete)
        #expect(found.keys.count == 3)
        #expect(found.assessment.conclusion(of: .singleActiveKey) == .notSatisfied)
        // Left out twice it isn't there, and the report's word stands against two lists.
        let twice = try await run(account, source) { action, _, form, reply in
            action == "ListAccessKeys" && form.contains("bert") ? reply.without(memberWith: "3X") : reply
        }
        #expect(twice.keys.count == 2)
        #expect(twice.notes.contains("key-only-in-report bert"))
    }

    @Test func `a key more than the report has of a second isn't explained if it is old`() async throws {
        var account = Self.account()
        account.users[1].accessKeys.append(Self.key(3))
        let found = try await run(account, .auto) { action, _, _, reply in
            action == "GetCredentialReport" ? reply.withoutSecondKey(of: "bert") : reply
        }
        #expect(!found.assessment.isComplete)
        #expect(found.unexplained == ["key-not-in-report bert"])
    }

    @Test func `a key that went between two lists is named`() async throws {
        // The report has a third key, which no list names: bert's keys are listed again, and one is gone.
        var account = Self.account(reportAge: 100)
        account.users[1].accessKeys = [Self.key(2), Self.key(3, age: 10)]
        let found = try await run(account, .auto) { action, number, form, reply in
            guard action == "ListAccessKeys", form.contains("bert") else { return reply }
            return number == 1
                ? reply.without(memberWith: "3X") : reply.without(memberWith: "2X").without(memberWith: "3X")
        }
        #expect(found.notes.contains("key-vanished AKIA000000000000002X"))
        #expect(found.keys == ["anna AKIA000000000000001X"])
    }

    @Test func `what the first list told stays where the second can't be had`() async throws {
        var account = Self.account()
        account.users[1].accessKeys = [Self.key(2), Self.key(3, age: 10)]
        let found = try await run(account, .auto) { action, number, form, reply in
            guard action == "ListAccessKeys", form.contains("bert") else { return reply }
            return number == 1 ? reply.without(memberWith: "3X") : .denied
        }
        #expect(!found.assessment.isComplete)
        #expect(found.critical == ["bert"])
        #expect(found.assessment.overallStatus == .nonCompliant)
        #expect(found.unexplained == ["key-only-in-report bert"])
    }

    @Test func `a user who is gone when the keys are listed again is looked for`() async throws {
        var account = Self.account()
        account.users[1].accessKeys = [Self.key(2), Self.key(3, age: 10)]
        let found = try await run(account, .auto) { action, number, form, reply in
            if action == "ListUsers", number > 1 { return reply.without(memberWith: "bert") }
            guard action == "ListAccessKeys", form.contains("bert") else { return reply }
            return number == 1 ? reply.without(memberWith: "3X") : .unknownUser("bert")
        }
        #expect(found.assessment.isComplete)
        #expect(found.notes == ["user-count account", "user-vanished bert"])
        #expect(found.keys == ["anna AKIA000000000000001X"])
    }

    @Test(arguments: [CollectionSource.auto, .live])
    func `a key that took the place of one that went is read`(_ source: CollectionSource) async throws {
        var account = Self.account()
        account.users[1].accessKeys = [Self.key(2), Self.key(3, age: 0)]
        let found = try await run(account, source) { action, number, form, reply in
            switch action {
            case "ListAccessKeys" where form.contains("bert"): reply.without(memberWith: number == 1 ? "3X" : "2X")
            case "GetAccessKeyLastUsed": form.contains("2X") ? .unknownKey : reply
            case "GenerateCredentialReport": .denied
            default: reply
            }
        }
        #expect(found.assessment.isComplete)
        #expect(found.notes == ["key-vanished AKIA000000000000002X"])
        #expect(found.keys == ["anna AKIA000000000000001X", "bert AKIA000000000000003X"])
    }

    @Test func `keys that are others each time are given up`() async throws {
        let found = try await run(Self.account(), .live) { action, number, form, reply in
            switch action {
            case "ListAccessKeys" where form.contains("bert"): reply.replacing("2X", with: "2\(number)")
            case "GetAccessKeyLastUsed": form.contains("1X") ? reply : .unknownKey
            case "GenerateCredentialReport": .denied
            default: reply
            }
        }
        #expect(!found.assessment.isComplete)
        #expect(found.assessment.blockingFailures.map(\.code) == ["unconfirmed"])
    }

    @Test(arguments: [CollectionSource.auto, .live])
    func `a key that two users seem to have is two things, and known of neither`(_ source: CollectionSource)
        async throws
    {
        let found = try await run(Self.account(), source) { action, _, form, reply in
            action == "ListAccessKeys" && form.contains("bert") ? reply.replacing("2X", with: "1X") : reply
        }
        #expect(!found.assessment.isComplete)
        #expect(found.keys == ["anna AKIA000000000000001X", "bert AKIA000000000000001X"])
        #expect(found.assessment.keys.allSatisfy { $0.level == nil })
        #expect(found.assessment.conclusion(of: .identifierUnique) == .notSatisfied)
    }

    @Test func `two calls with the same request, one of which is made again, aren't mixed up`() async throws {
        // Carl has the key, too, so that three ask for its last use.
        var account = Self.account()
        account.users.append(MockIAM.User("carl", created: Self.ago(days: 300), accessKeys: [Self.key(3)]))
        // Which of them comes when is chance.
        for _ in 0..<10 {
            let found = try await run(account, .live) { action, number, _, reply in
                switch action {
                case "ListAccessKeys": reply.replacing("2X", with: "1X").replacing("3X", with: "1X")
                case "GetAccessKeyLastUsed" where number == 1: .error(503, "ServiceUnavailable", "busy")
                default: reply
                }
            }
            #expect(found.keys.count == 3)
        }
    }

    @Test func `what is wrong with a key stays where a user who had it goes`() async throws {
        // Anna has it since the report was made, so that hers is the only last use that is asked for.
        let found = try await run(Self.account(), .auto, include: [.mfaDevices]) { action, number, form, reply in
            switch action {
            case "ListUsers" where number > 1: reply.without(memberWith: "bert")
            case "ListAccessKeys" where form.contains("anna"):
                reply.replacing("1X", with: "2X").replacing(
                    Self.ago(days: 20).ISO8601Format(), with: Self.now.ISO8601Format())
            case "ListMFADevices" where form.contains("bert"): .unknownUser("bert")
            default: reply
            }
        }
        #expect(!found.assessment.isComplete)
        #expect(found.keys == ["anna AKIA000000000000002X"])
        #expect(found.assessment.blockingFailures.map(\.fact) == [.lastUse])
    }

    @Test func `fractions of a second make no day more`() async throws {
        let found = try await run(Self.account(), .live) { _, _, _, reply in
            EditedReply(status: reply.status, body: reply.body.replacing(/(T\d\d:\d\d:\d\d)Z/) { "\($0.1).900Z" })
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.keys.count == 2)
    }

    @Test func `a last use of no user's key is none`() async throws {
        let found = try await run(Self.account(), .live) { action, _, form, reply in
            action == "GetAccessKeyLastUsed" && form.contains("2X")
                ? reply.replacing("<UserName>bert</UserName>", with: "") : reply
        }
        #expect(!found.assessment.isComplete)
        #expect(found.assessment.blockingFailures.map(\.fact) == [.lastUse])
    }

    // MARK: The report

    @Test(arguments: [CollectionSource.auto, .live])
    func `a user who was made a moment before the report need not be in it`(_ source: CollectionSource) async throws {
        for (seconds, isExplained) in [(50.0, true), (70, false)] {
            var account = Self.account()
            account.users[1].created = Self.now - seconds
            account.users[1].accessKeys[0].created = Self.now - seconds
            let found = try await run(account, source) { action, _, _, reply in
                action == "GetCredentialReport" ? reply.withoutReportRow(of: "bert") : reply
            }
            #expect(found.notes == ["user-not-in-report bert"])
            #expect(found.keys.count == 2)
            #expect(found.assessment.isComplete == isExplained)
        }
    }

    @Test func `the keys of such a user are listed, though the report has none`() async throws {
        var account = Self.account()
        account.users[1].created = Self.now - 50
        account.users[1].accessKeys[0].created = Self.now - 50
        let found = try await run(account, .auto) { action, _, _, reply in
            action == "GetCredentialReport" ? reply.withoutKeysInReport(of: "bert") : reply
        }
        #expect(found.keys.count == 2)
        #expect(found.assessment.isComplete)
    }

    @Test func `a report that was on its way before isn't one of this run`() async throws {
        // Bert's first key came while AWS was making the report for somebody else.
        var account = Self.account()
        account.users[1].accessKeys = [Self.key(2, age: 2.0 / 1440)]
        let found = try await run(account, .auto) { action, _, _, reply in
            switch action {
            case "GenerateCredentialReport": reply.replacing("STARTED", with: "INPROGRESS")
            case "GetCredentialReport": reply.withoutKeysInReport(of: "bert")
            default: reply
            }
        }
        #expect(found.assessment.isComplete)
        #expect(found.assessment.snapshot.credentialReport.value?.wasMadeDuringRun == false)
        #expect(found.keys.count == 2)
    }
}
