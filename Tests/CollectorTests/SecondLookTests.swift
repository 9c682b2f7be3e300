import Collector
import Evidence
import Foundation
import MockIAM
import Synchronization
import Testing

/// Lists that leave somebody out, and users who come, go and change their names between two lists. Whatever a run makes of
/// it, it makes of it again from its recording.
@Suite struct SecondLookTests {
    // MARK: Names

    @Test(arguments: [CollectionSource.auto, .live], [true, false])
    func `a user who is renamed during the run is read by the new name`(
        _ source: CollectionSource, isReportOld: Bool
    ) async throws {
        // Bert is robert by the time his keys are listed.
        var account = SmallAccount.account()
        account.users[1].name = "robert"
        let found = try await EditedRun.of(account, source) { action, number, _, reply in
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
        // The third one confirms the name.
        #expect(found.edited.counts["ListUsers"] == 3)
    }

    @Test func `one who was read before the new name came is read by it again, and is there once`() async throws {
        // The first list and the keys are bert's; report and second list have robert.
        let found = try await EditedRun.of(SmallAccount.accountOfBertAndRobert(), .auto) {
            action, number, form, reply in
            let reply = SmallAccount.asOnePerson(action, number, form, reply)
            return action == "ListUsers"
                ? reply.without(memberWith: "<UserName>\(number == 1 ? "robert" : "bert")<") : reply
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.notes == ["user-renamed robert"])
        #expect(found.keys == ["anna AKIA000000000000001X", "robert AKIA000000000000002X"])
        #expect(found.assessment.conclusion(of: .identifierUnique) == .satisfied)
    }

    /// Without keys by a report of this run, nobody asks about the user by either name.
    @Test func `one whom the list itself has by two names is read by the later one`() async throws {
        var account = SmallAccount.account()
        account.users[1].name = "robert"
        account.users[1].accessKeys = []
        let found = try await EditedRun.of(account, .auto) { action, number, _, reply in
            switch action {
            case "ListUsers" where number == 1: reply.replacing("robert", with: "bert").naming("bert", also: "robert")
            case "GetCredentialReport": reply.replacingInReport("robert", with: "bert")
            default: reply
            }
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.notes == ["user-renamed robert"])
        #expect(found.assessment.snapshot.users.map(\.name) == ["anna", "robert"])
    }

    @Test func `one who was renamed since the report was made is found in it by the creation date`() async throws {
        var account = SmallAccount.account(reportAge: 100)
        account.users[1].name = "robert"
        let found = try await EditedRun.of(account, .auto) { action, _, _, reply in
            action == "GetCredentialReport" ? reply.replacingInReport("robert", with: "bert") : reply
        }
        #expect(found.assessment.isComplete)
        #expect(found.notes == ["user-renamed robert"])
        #expect(found.critical == ["robert"])
    }

    @Test func `such a user's keys are held to the report all the same`() async throws {
        var account = SmallAccount.account(reportAge: 100)
        account.users[1].name = "robert"
        account.users[1].accessKeys.append(SmallAccount.key(3, age: 10))
        let found = try await EditedRun.of(account, .auto) { action, number, form, reply in
            if action == "GetCredentialReport" { return reply.replacingInReport("robert", with: "bert") }
            let isLeftOut = action == "ListAccessKeys" && form.contains("robert") && number == 1
            return isLeftOut ? reply.without(memberWith: "3X") : reply
        }
        #expect(found.assessment.isComplete)
        #expect(found.notes == ["user-renamed robert"])
        #expect(found.keys.count == 3)
    }

    /// With nothing to count them by.
    @Test func `from the report alone, one who was renamed since isn't taken for deleted`() async throws {
        for others in [0, 1] {
            var account = SmallAccount.account(reportAge: 100)
            account.users[1].name = "robert"
            if others == 1 { account.users.append(MockIAM.User("carl", created: account.users[1].created)) }
            let found = try await EditedRun.of(account, .report) { action, _, _, reply in
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
        var account = SmallAccount.account(reportAge: 100)
        account.users[1].name = "robert"
        account.users.append(MockIAM.User("carl", created: account.users[1].created))
        let found = try await EditedRun.of(account, .auto) { action, _, _, reply in
            guard action == "GetCredentialReport" else { return reply }
            return reply.replacingInReport("robert", with: "bert").replacingInReport("carl", with: "karl")
        }
        #expect(!found.assessment.isComplete)
        #expect(found.unexplained == ["user-not-in-report carl", "user-not-in-report robert"])
    }

    @Test func `a name that came back belongs to somebody who is read, too`() async throws {
        // Between the two lists bert was deleted and another bert created.
        var account = SmallAccount.account()
        account.users[1].id = "AIDA0000000000000NEW"
        account.users[1].created = SmallAccount.now
        account.users[1].accessKeys[0].created = SmallAccount.now
        let found = try await EditedRun.of(account, .live) { action, number, form, reply in
            switch action {
            case "ListUsers" where number == 1:
                reply.replacing("AIDA0000000000000NEW", with: "AIDA0000000000000OLD")
                    .replacing(
                        "<CreateDate>\(SmallAccount.now.ISO8601Format())",
                        with: "<CreateDate>\(SmallAccount.ago(days: 400).ISO8601Format())")
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
        let found = try await EditedRun.of(SmallAccount.account(), source) { action, _, _, reply in
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
        var account = SmallAccount.account(reportAge: 100)
        account.users[1].deleted = SmallAccount.ago(minutes: 50)
        let found = try await EditedRun.of(account, .auto) { _, _, _, reply in reply }
        #expect(found.assessment.isComplete)
        #expect(found.notes == ["user-only-in-report bert"])
        let note = try #require(found.assessment.snapshot.notes.first)
        #expect(note.explanation?.contains("neither a second ListUsers nor ListAccessKeys") == true)
        // The report, both lists of users, and the one of keys.
        #expect(note.exchanges.count == 4)
    }

    @Test func `a user whom only the second list names is read, and explained only if new`() async throws {
        for (created, isExplained) in [(SmallAccount.now, true), (SmallAccount.ago(days: 30), false)] {
            var account = SmallAccount.account()
            account.users[0].created = created
            account.users[0].accessKeys = [SmallAccount.key(1, age: 0)]
            // Without the report nothing tells of anna; bert's going makes AWS be asked again.
            let found = try await EditedRun.of(account, .live, left: 1) { action, number, form, reply in
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
        let found = try await EditedRun.of(SmallAccount.account(), .live, include: [.tags, .mfaDevices], left: 1) {
            action, number, form, reply in
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
        let found = try await EditedRun.of(SmallAccount.account(), .live) { action, _, _, reply in
            action == "ListUsers"
                ? reply.replacing("<IsTruncated>false</IsTruncated>", with: "<IsTruncated>true</IsTruncated>") : reply
        }
        #expect(!found.assessment.isComplete)
        #expect(found.assessment.blockingFailures.map(\.code) == ["pagination"])
        #expect(found.keys.count == 2)
    }
    // MARK: The report

    @Test(arguments: [CollectionSource.auto, .live])
    func `a user who was made a moment before the report need not be in it`(_ source: CollectionSource) async throws {
        for (seconds, isExplained) in [(50.0, true), (70, false)] {
            var account = SmallAccount.account()
            account.users[1].created = SmallAccount.now - seconds
            account.users[1].accessKeys[0].created = SmallAccount.now - seconds
            let found = try await EditedRun.of(account, source) { action, _, _, reply in
                action == "GetCredentialReport" ? reply.withoutReportRow(of: "bert") : reply
            }
            #expect(found.notes == ["user-not-in-report bert"])
            #expect(found.keys.count == 2)
            #expect(found.assessment.isComplete == isExplained)
        }
    }

    @Test func `the keys of such a user are listed, though the report has none`() async throws {
        var account = SmallAccount.account()
        account.users[1].created = SmallAccount.now - 50
        account.users[1].accessKeys[0].created = SmallAccount.now - 50
        let found = try await EditedRun.of(account, .auto) { action, _, _, reply in
            action == "GetCredentialReport" ? reply.withoutKeysInReport(of: "bert") : reply
        }
        #expect(found.keys.count == 2)
        #expect(found.assessment.isComplete)
    }

    @Test func `a report that was on its way before isn't one of this run`() async throws {
        // Bert's first key came while AWS was making the report for somebody else.
        var account = SmallAccount.account()
        account.users[1].accessKeys = [SmallAccount.key(2, age: 2.0 / 1440)]
        let found = try await EditedRun.of(account, .auto) { action, _, _, reply in
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
