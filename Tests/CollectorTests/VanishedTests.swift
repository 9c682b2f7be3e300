import Collector
import Evidence
import FoundationEssentials
import MockIAM
import Testing

/// Users and keys that are deleted while the account is read: confirmed by listing again, and named.
@Suite struct VanishedTests {
    @Test(arguments: [CollectionSource.auto, .live])
    func `a user deleted during the run is confirmed by listing again, and named`(_ source: CollectionSource)
        async throws
    {
        var account = FourUsers.account(generated: .ago(hours: 2))
        account.users[1].deleted = .testNow + 10
        let emulator = try InProcessEmulator(
            account,
            watch: { _, form, emulator in
                if form.contains("Action=ListAccessKeys"), form.contains("UserName=bert") { emulator.advance(by: 20) }
            })
        let assessment = try await emulator.collect(source)
        #expect(assessment.isComplete)
        // The summary had counted the user.
        #expect(assessment.noteTexts == ["user-count account", "user-vanished bert"])
        #expect(assessment.snapshot.users.map(\.name) == ["anna", "carl", "dora"])
        #expect(emulator.counts["ListUsers"] == 2)
    }

    /// Nothing but the one who seems gone was in doubt.
    @Test func `where the list can't be had again, whoever seems gone is all that isn't known`() async throws {
        let found = try await EditedRun.of(SmallAccount.account(), .auto) { action, number, form, reply in
            switch action {
            case "ListAccessKeys" where form.contains("bert"): .unknownUser("bert")
            case "ListUsers" where number > 1: .denied
            default: reply
            }
        }
        #expect(!found.assessment.isComplete)
        #expect(
            found.assessment.blockingFailures.map(\.subject) == [.user("bert")], "\(found.assessment.blockingFailures)")
        #expect(found.keys == ["anna AKIA000000000000001X"])
    }

    /// Before it could be read.
    @Test func `one whom a later list alone names, and who is gone by the next, was deleted and nothing else`()
        async throws
    {
        let found = try await EditedRun.of(SmallAccount.account(), .live, left: 1) { action, number, form, reply in
            switch action {
            case "ListUsers" where number != 2: reply.without(memberWith: "bert")
            case "GenerateCredentialReport": .denied
            case "ListAccessKeys" where form.contains("bert"): .unknownUser("bert")
            default: reply
            }
        }
        #expect(found.notes == ["user-count account", "user-vanished bert"])
        #expect(found.unexplained.isEmpty && found.assessment.isComplete, "\(found.assessment.blockingFailures)")
    }

    @Test func `one that ListUsers still names isn't gone, and its keys aren't known`() async throws {
        let emulator = try InProcessEmulator(FourUsers.account()) { action, _, form, reply in
            action == "ListAccessKeys" && form.contains("bert") ? .unknownUser("bert") : reply
        }
        let assessment = try await emulator.collect(.auto)
        #expect(!assessment.isComplete)
        #expect(assessment.snapshot.users.count == 4)
        #expect(assessment.blockingFailures.map(\.subject) == [.user("bert")])
        #expect(assessment.conclusion(of: .unusedKey) != .satisfied)
    }

    @Test func `a key deleted during the run is confirmed by listing again, and named`() async throws {
        var account = FourUsers.account()
        account.users[0].accessKeys[0].deleted = .testNow + 10
        let emulator = try InProcessEmulator(
            account,
            watch: { _, form, emulator in
                if form.contains("Action=GetAccessKeyLastUsed"), form.contains("1X") { emulator.advance(by: 20) }
            })
        let assessment = try await emulator.collect(.live)
        #expect(assessment.isComplete)
        #expect(assessment.noteTexts.contains("key-vanished AKIA000000000000001X"))
        #expect(!assessment.keys.contains { $0.user.name == "anna" })
    }

    @Test func `a permission that is missing is no reason to list a user's keys again`() async throws {
        let emulator = try InProcessEmulator(FourUsers.account()) { action, _, form, reply in
            action == "GetAccessKeyLastUsed" && form.contains("1X")
                ? .error(
                    403, "AccessDenied",
                    "User: arn:aws:iam::111122223333:user/auditor is not authorized to perform: "
                        + "iam:GetAccessKeyLastUsed on resource: user anna because no identity-based policy allows the "
                        + "iam:GetAccessKeyLastUsed action") : reply
        }
        let assessment = try await emulator.collect(.live)
        #expect(!assessment.isComplete)
        #expect(emulator.counts["ListAccessKeys"] == 4)
    }

    @Test func `a key whose last use AWS doesn't know, though it is still listed, is undetermined`() async throws {
        let emulator = try InProcessEmulator(FourUsers.account()) { action, _, form, reply in
            action == "GetAccessKeyLastUsed" && form.contains("1X") ? .unknownKey(form) : reply
        }
        let assessment = try await emulator.collect(.live)
        #expect(!assessment.isComplete)
        #expect(assessment.blockingFailures.map(\.fact) == [.lastUse])
    }
}
