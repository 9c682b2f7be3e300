import Collector
import Evidence
import Foundation
import MockIAM
import Testing

/// Keys that come, go, or seem to be another's between two lists.
@Suite struct SecondLookAtKeysTests {
    @Test(arguments: [CollectionSource.auto, .live])
    func `of keys made in the same second none is left out`(_ source: CollectionSource) async throws {
        var account = SmallAccount.account()
        account.users[1].accessKeys.append(SmallAccount.key(3))
        let found = try await EditedRun.of(account, source) { action, number, form, reply in
            action == "ListAccessKeys" && form.contains("bert") && number == 1
                ? reply.without(memberWith: "3X") : reply
        }
        #expect(found.assessment.isComplete)
        #expect(found.keys.count == 3)
        #expect(found.assessment.conclusion(of: .singleActiveKey) == .notSatisfied)
        // Left out twice it isn't there, and the report's word stands against two lists.
        let twice = try await EditedRun.of(account, source) { action, _, form, reply in
            action == "ListAccessKeys" && form.contains("bert") ? reply.without(memberWith: "3X") : reply
        }
        #expect(twice.keys.count == 2)
        #expect(twice.notes.contains("key-only-in-report bert"))
    }

    @Test func `a key more than the report has of a second isn't explained if it is old`() async throws {
        var account = SmallAccount.account()
        account.users[1].accessKeys.append(SmallAccount.key(3))
        let found = try await EditedRun.of(account, .auto) { action, _, _, reply in
            action == "GetCredentialReport" ? reply.withoutSecondKey(of: "bert") : reply
        }
        #expect(!found.assessment.isComplete)
        #expect(found.unexplained == ["key-not-in-report bert"])
    }

    @Test func `a key that went between two lists is named`() async throws {
        // The report has a third key, which no list names: bert's keys are listed again, and one is gone.
        var account = SmallAccount.account(reportAge: 100)
        account.users[1].accessKeys = [SmallAccount.key(2), SmallAccount.key(3, age: 10)]
        let found = try await EditedRun.of(account, .auto) { action, number, form, reply in
            guard action == "ListAccessKeys", form.contains("bert") else { return reply }
            return number == 1
                ? reply.without(memberWith: "3X") : reply.without(memberWith: "2X").without(memberWith: "3X")
        }
        #expect(found.notes.contains("key-vanished AKIA000000000000002X"))
        #expect(found.keys == ["anna AKIA000000000000001X"])
    }

    @Test func `what the first list told stays where the second can't be had`() async throws {
        var account = SmallAccount.account()
        account.users[1].accessKeys = [SmallAccount.key(2), SmallAccount.key(3, age: 10)]
        let found = try await EditedRun.of(account, .auto) { action, number, form, reply in
            guard action == "ListAccessKeys", form.contains("bert") else { return reply }
            return number == 1 ? reply.without(memberWith: "3X") : .denied
        }
        #expect(!found.assessment.isComplete)
        #expect(found.critical == ["bert"])
        #expect(found.assessment.overallStatus == .nonCompliant)
        #expect(found.unexplained == ["key-only-in-report bert"])
    }

    @Test func `a user who is gone when the keys are listed again is looked for`() async throws {
        var account = SmallAccount.account()
        account.users[1].accessKeys = [SmallAccount.key(2), SmallAccount.key(3, age: 10)]
        let found = try await EditedRun.of(account, .auto, left: 1) { action, number, form, reply in
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
        var account = SmallAccount.account()
        account.users[1].accessKeys = [SmallAccount.key(2), SmallAccount.key(3, age: 0)]
        let found = try await EditedRun.of(account, source) { action, number, form, reply in
            switch action {
            case "ListAccessKeys" where form.contains("bert"): reply.without(memberWith: number == 1 ? "3X" : "2X")
            case "GetAccessKeyLastUsed": form.contains("2X") ? .unknownKey(form) : reply
            case "GenerateCredentialReport": .denied
            default: reply
            }
        }
        #expect(found.assessment.isComplete)
        #expect(found.notes == ["key-vanished AKIA000000000000002X"])
        #expect(found.keys == ["anna AKIA000000000000001X", "bert AKIA000000000000003X"])
    }

    @Test func `what live looks at again is asked for, too, though the report would tell`() async throws {
        // A user who is in the report and not in the first list, and a key in the same way.
        let found = try await EditedRun.of(SmallAccount.account(), .live) { action, number, form, reply in
            switch action {
            case "ListUsers" where number == 1: reply.without(memberWith: "<UserName>anna<")
            case "ListAccessKeys" where number == 1 && form.contains("bert"): reply.without(memberWith: "2X")
            default: reply
            }
        }
        #expect(found.keys == ["anna AKIA000000000000001X", "bert AKIA000000000000002X"])
        #expect(found.notes == ["user-listed-late anna"])
        for user in found.assessment.snapshot.users {
            #expect(user.consoleAccess.source?.operation == .getLoginProfile)
            #expect(user.keys.source?.operation == .listAccessKeys)
            #expect(user.keys.known.map(\.lastUse.source?.operation) == [.getAccessKeyLastUsed])
        }
    }

    @Test func `keys that are others each time are given up`() async throws {
        let found = try await EditedRun.of(SmallAccount.account(), .live) { action, number, form, reply in
            switch action {
            case "ListAccessKeys" where form.contains("bert"): reply.replacing("2X", with: "2\(number)")
            case "GetAccessKeyLastUsed": form.contains("1X") ? reply : .unknownKey(form)
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
        let found = try await EditedRun.of(SmallAccount.account(), source) { action, _, form, reply in
            action == "ListAccessKeys" && form.contains("bert") ? reply.replacing("2X", with: "1X") : reply
        }
        #expect(!found.assessment.isComplete)
        #expect(found.keys == ["anna AKIA000000000000001X", "bert AKIA000000000000001X"])
        #expect(found.assessment.keys.allSatisfy { $0.level == nil })
        #expect(found.assessment.conclusion(of: .identifierUnique) == .notSatisfied)
    }

    @Test func `two calls with the same request, one of which is made again, aren't mixed up`() async throws {
        // Carl has the key, too, so that three ask for its last use.
        var account = SmallAccount.account()
        account.users.append(
            MockIAM.User("carl", created: SmallAccount.ago(days: 300), accessKeys: [SmallAccount.key(3)]))
        // Which of them comes when is chance.
        for _ in 0..<10 {
            let found = try await EditedRun.of(account, .live) { action, number, _, reply in
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
        let found = try await EditedRun.of(SmallAccount.account(), .auto, include: [.mfaDevices], left: 1) {
            action, number, form, reply in
            switch action {
            case "ListUsers" where number > 1: reply.without(memberWith: "bert")
            case "ListAccessKeys" where form.contains("anna"):
                reply.replacing("1X", with: "2X").replacing(
                    SmallAccount.ago(days: 20).ISO8601Format(), with: SmallAccount.now.ISO8601Format())
            case "ListMFADevices" where form.contains("bert"): .unknownUser("bert")
            default: reply
            }
        }
        #expect(!found.assessment.isComplete)
        #expect(found.keys == ["anna AKIA000000000000002X"])
        #expect(found.assessment.blockingFailures.map(\.fact) == [.lastUse])
    }

    @Test func `fractions of a second make no day more`() async throws {
        let found = try await EditedRun.of(SmallAccount.account(), .live) { _, _, _, reply in
            EditedReply(status: reply.status, body: reply.body.replacing(/(T\d\d:\d\d:\d\d)Z/) { "\($0.1).900Z" })
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.keys.count == 2)
    }

    @Test func `a last use of no user's key is none`() async throws {
        let found = try await EditedRun.of(SmallAccount.account(), .live) { action, _, form, reply in
            action == "GetAccessKeyLastUsed" && form.contains("2X")
                ? reply.replacing("<UserName>bert</UserName>", with: "") : reply
        }
        #expect(!found.assessment.isComplete)
        #expect(found.assessment.blockingFailures.map(\.fact) == [.lastUse])
    }

    /// The key that is named there was even made in the second of the one that is missing.
    @Test func `a second list that is about another user changes nothing`() async throws {
        var account = SmallAccount.account()
        account.users[1].accessKeys = [SmallAccount.key(2), SmallAccount.key(3, age: 10)]
        let found = try await EditedRun.of(account, .auto) { action, number, form, reply in
            guard action == "ListAccessKeys", form.contains("bert") else { return reply }
            return number == 1
                ? reply.without(memberWith: "3X")
                : reply.without(memberWith: "2X").replacing("<UserName>bert", with: "<UserName>anna")
                    .replacing("3X", with: "1X")
        }
        #expect(!found.assessment.isComplete)
        #expect(found.keys == ["anna AKIA000000000000001X", "bert AKIA000000000000002X"])
        #expect(found.unexplained == ["key-only-in-report bert"])
        #expect(
            found.assessment.blockingFailures.contains { $0.code == "unreadable-answer" && $0.subject == .user("bert") }
        )
    }

    /// Renamed, and a key deleted, since the report was made: by which name the report has the user is known at the end only.
    @Test(arguments: [CollectionSource.auto, .live], [true, false])
    func `keys of one who was renamed since the report was made are listed again, too`(
        _ source: CollectionSource, isTaken: Bool
    ) async throws {
        var account = SmallAccount.account(reportAge: 100)
        account.users[1].accessKeys = [SmallAccount.key(2), SmallAccount.key(3, age: 10)]
        // Somebody new may have the name.
        if isTaken { account.users.append(MockIAM.User("robert", created: SmallAccount.ago(minutes: 50))) }
        let found = try await EditedRun.of(account, source) { action, _, form, reply in
            switch action {
            case "GetCredentialReport": reply.replacingInReport("bert", with: "robert")
            case "ListAccessKeys" where form.contains("UserName=bert"): reply.without(memberWith: "3X")
            default: reply
            }
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.notes.contains("user-renamed bert") && found.notes.contains("key-only-in-report bert"))
        #expect(found.keys == ["anna AKIA000000000000001X", "bert AKIA000000000000002X"])
    }
}
