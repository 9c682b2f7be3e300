import Collector
import Evidence
import FoundationEssentials
import MockIAM
import Testing

/// AWS's report dates a key by its last change, such as when it was activated again; ListAccessKeys by its creation.
@Suite struct ChangedKeysTests {
    private typealias Change = (user: String, slot: Int, date: Date)

    private func run(
        _ account: MockIAM.Account, _ source: CollectionSource, _ changes: [Change],
        edit: @escaping Edit = { $3 }
    ) async throws -> EditedRun {
        try await EditedRun.of(account, source) { action, number, form, reply in
            guard action == "GetCredentialReport" else { return edit(action, number, form, reply) }
            return changes.reduce(reply) { $0.withKeyChanged(of: $1.user, slot: $1.slot, $1.date) }
        }
    }

    /// Anna's key was made 20 days ago, and used yesterday.
    @Test(
        arguments: [CollectionSource.auto, .live, .report], [nil, 100] as [Double?])
    func `a key that was changed since its creation is as old as it is, and nothing is missing`(
        source: CollectionSource, reportAge: Double?
    ) async throws {
        let found = try await run(
            SmallAccount.account(reportAge: reportAge), source, [("anna", 1, SmallAccount.ago(days: 10))])
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.notes == ["key-date-differs AKIA000000000000001X"] && found.unexplained.isEmpty)
        let key = try #require(found.assessment.keys.first { $0.key.id == "AKIA000000000000001X" })
        #expect(key.ageDays == 20 && key.idleDays == 1)
        // Which slot is whose isn't certain enough to take a use from.
        #expect(key.key.lastUse.source?.operation == .getAccessKeyLastUsed)
        // The list need not be had again for it.
        #expect(found.edited.counts["ListAccessKeys"] == 2)
    }

    @Test func `of two keys both may have been changed, or the younger one alone`() async throws {
        var account = SmallAccount.account()
        account.users[1].accessKeys.append(SmallAccount.key(3, age: 40, used: true))
        let both = try await run(
            account, .auto,
            [("bert", 1, SmallAccount.ago(days: 30)), ("bert", 2, SmallAccount.ago(days: 8))])
        #expect(both.assessment.isComplete && both.unexplained.isEmpty)
        #expect(
            both.notes == ["key-date-differs AKIA000000000000002X", "key-date-differs AKIA000000000000003X"])
        #expect(both.assessment.keys.filter { $0.user.name == "bert" }.map(\.ageDays).sorted() == [40, 300])
        let one = try await run(account, .auto, [("bert", 2, SmallAccount.ago(days: 8))])
        #expect(one.assessment.isComplete && one.notes == ["key-date-differs AKIA000000000000003X"])
    }

    @Test func `an earlier date is none of a change, and nothing explains it`() async throws {
        let found = try await run(SmallAccount.account(), .auto, [("anna", 1, SmallAccount.ago(days: 30))])
        #expect(!found.assessment.isComplete)
        #expect(found.unexplained == ["key-not-in-report AKIA000000000000001X"])
    }

    /// Its slot is another key's, which was deleted since.
    @Test func `a key that is newer than the report is no changed one`() async throws {
        var account = SmallAccount.account(reportAge: 100)
        account.users[0].accessKeys = [
            SmallAccount.key(1, age: 20, deleted: SmallAccount.ago(minutes: 50)),
            SmallAccount.key(5, age: 0.02),
        ]
        let found = try await run(account, .auto, [])
        #expect(found.assessment.isComplete)
        #expect(found.notes.sorted() == ["key-not-in-report AKIA000000000000005X", "key-only-in-report anna"])
    }

    @Test func `that a changed key isn't active any more, one list alone doesn't show`() async throws {
        let change = [("anna", 1, SmallAccount.ago(days: 10))] as [Change]
        let wrong = try await run(SmallAccount.account(), .auto, change) { action, number, form, reply in
            action == "ListAccessKeys" && form.contains("anna") && number == 1
                ? reply.replacing("<Status>Active", with: "<Status>Inactive") : reply
        }
        #expect(wrong.assessment.keys.first { $0.user.name == "anna" }?.key.status == .active)
        let right = try await run(SmallAccount.account(), .auto, change) { action, _, form, reply in
            action == "ListAccessKeys" && form.contains("anna")
                ? reply.replacing("<Status>Active", with: "<Status>Inactive") : reply
        }
        #expect(right.assessment.isComplete)
        #expect(
            right.notes == ["key-date-differs AKIA000000000000001X", "key-status-changed AKIA000000000000001X"])
    }

    /// The report is all there is: how old the key is, nobody knows.
    @Test func `without ids nothing passes by the date of a change that a use came before`() async throws {
        let emulator = try InProcessEmulator(FourUsers.account()) { action, _, _, reply in
            action == "GetCredentialReport" ? reply.withKeyChanged(of: "anna", slot: 1, .ago(days: 0.5)) : reply
        }
        let assessment = try await emulator.collect(.report) { $0.withoutKeyIDs = true }
        #expect(!assessment.isComplete && assessment.dataFindings.map(\.kind) == [.usedBeforeCreated])
        #expect(assessment.dataFindings[0].observed.hasSuffix("it is older than that."))
        let key = try #require(assessment.keys.first { $0.user.name == "anna" })
        #expect(key.level == nil && key.outcomes[.keyRotation] == .undetermined)
        #expect(key.recommendation.action.hasPrefix("Scan without --without-key-ids"))
    }

    /// Two keys of one second are asked for, report or not.
    @Test func `an answer that names another user has the users listed again`() async throws {
        var account = SmallAccount.accountOfBertAndRobert()
        for (place, number) in [(1, 3), (2, 5)] {
            var second = account.users[place].accessKeys[0]
            second.id = "AKIA00000000000000\(number)X"
            account.users[place].accessKeys.append(second)
        }
        let found = try await EditedRun.of(account, .auto) { action, number, _, reply in
            switch action {
            case "ListUsers":
                (number == 1 ? reply.without(memberWith: "robert") : reply.without(memberWith: ">bert<"))
                    .replacing("0ROBT", with: "0BERT")
            case "ListAccessKeys": reply.replacing("4X", with: "2X").replacing("5X", with: "3X")
            case "GetAccessKeyLastUsed": reply.replacing("<UserName>bert", with: "<UserName>robert")
            case "GetCredentialReport": reply.withoutReportRow(of: "robert")
            case "GetAccountSummary": reply.counting(2)
            default: reply
            }
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(
            found.keys == [
                "anna AKIA000000000000001X", "robert AKIA000000000000002X", "robert AKIA000000000000003X",
            ])
    }
}
