import Collector
import Evidence
import Foundation
import MockIAM
import Testing

/// Lists of users that change while they are read, or have since the report was made.
@Suite struct ChangingListsTests {
    /// Bert got a name on a page that was read before, and isn't on any; nothing but AWS's count, or somebody who is new
    /// and makes up for him in it, gives a hint.
    @Test(arguments: [true, false])
    func `a user whom renaming has hidden is looked for`(isMadeUpFor: Bool) async throws {
        var account = SmallAccount.account()
        if isMadeUpFor { account.users.append(MockIAM.User("carl", created: SmallAccount.now)) }
        let found = try await EditedRun.of(account, .auto, left: isMadeUpFor ? 3 : 2) { action, number, _, reply in
            switch action {
            case "ListUsers" where number == 1: reply.without(memberWith: "bert")
            case "GetAccountSummary": reply.counting(2)
            case "GenerateCredentialReport": .denied
            default: reply
            }
        }
        // The third one confirms by which name he was read.
        #expect(found.edited.counts["ListUsers"] == 3)
        #expect(found.critical == ["bert"])
        // He was there before, and nobody knows whom else the list left out.
        #expect(!found.assessment.isComplete)
        #expect(found.unexplained == ["user-listed-late bert"])
    }

    @Test func `without AWS's count a second list is what the first one is held to`() async throws {
        // Bert came after the report was made, and got a name on a page that had been read.
        var account = SmallAccount.account(reportAge: 200)
        account.users[1].created = SmallAccount.ago(minutes: 100)
        let found = try await EditedRun.of(account, .auto) { action, number, _, reply in
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
        var account = SmallAccount.account()
        account.users.append(MockIAM.User("carl", created: SmallAccount.now))
        let found = try await EditedRun.of(account, .auto) { action, number, _, reply in
            action == "ListUsers" && number > 1 ? .denied : reply
        }
        #expect(!found.assessment.isComplete)
        #expect(found.assessment.blockingFailures.map(\.code) == ["unconfirmed"])
    }

    @Test(arguments: [true, false])
    func `a user who is on two pages by two names is one`(isKnownByTheFirst: Bool) async throws {
        let found = try await EditedRun.of(SmallAccount.accountOfBertAndRobert(), .live) {
            action, number, form, reply in
            if action == "GenerateCredentialReport" { return .denied }
            if !isKnownByTheFirst, form.contains("UserName=bert") { return .unknownUser("bert") }
            let reply = SmallAccount.asOnePerson(action, isKnownByTheFirst ? number : 2, form, reply)
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
            var account = SmallAccount.account()
            account.users[1].id = "AIDA0000000000000NEW"
            account.users[1].created = SmallAccount.now
            account.users[1].accessKeys[0].created = SmallAccount.now
            account.users.append(MockIAM.User("carl", created: SmallAccount.ago(days: 3)))
            let found = try await EditedRun.of(account, .live, left: 2) { action, number, form, reply in
                switch action {
                case "ListUsers" where isOlder ? number > 1 : number == 1:
                    (isOlder ? reply.without(memberWith: "carl") : reply)
                        .replacing("AIDA0000000000000NEW", with: "AIDA0000000000000OLD")
                        .replacing(
                            "<CreateDate>\(SmallAccount.now.ISO8601Format())",
                            with: "<CreateDate>\(SmallAccount.ago(days: 400).ISO8601Format())")
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
                // Once, though each later list says so.
                #expect(
                    found.assessment.blockingFailures.count {
                        $0.code == "duplicate" && $0.subject == .user("bert")
                    } == 1)
                continue
            }
            #expect(found.notes.contains("user-vanished bert") && found.notes.contains("user-listed-late bert"))
            #expect(found.keys == ["anna AKIA000000000000001X", "bert AKIA000000000000002X"])
            #expect(found.assessment.users.map(\.user.id).contains("AIDA0000000000000NEW"))
        }
    }

    @Test func `from the report alone, two who may have become the same one are neither`() async throws {
        var account = SmallAccount.account(reportAge: 100)
        account.users[1].name = "robert"
        account.users.append(
            MockIAM.User("carl", created: account.users[1].created, accessKeys: [SmallAccount.key(3, used: true)]))
        let found = try await EditedRun.of(account, .report) { action, _, form, reply in
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
        var account = SmallAccount.account(reportAge: 100)
        account.users[1].created = SmallAccount.ago(days: 350)
        for (name, number) in [("zoe", 3), ("carl", 4)] {
            account.users.append(
                MockIAM.User(
                    name, created: SmallAccount.ago(days: 400), accessKeys: [SmallAccount.key(number, used: true)]))
        }
        let found = try await EditedRun.of(account, .report) { action, _, form, reply in
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
        #expect(failures.contains(.user("bert")) && failures.contains(.user("carl")))
    }

    @Test func `from the report alone, who was deleted since wasn't deleted during the run`() async throws {
        let found = try await EditedRun.of(SmallAccount.account(reportAge: 100), .report) { action, _, form, reply in
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
        let found = try await EditedRun.of(SmallAccount.account(reportAge: 100), .report) { action, _, _, reply in
            action == "ListAccessKeys" ? reply.withoutMembers : reply
        }
        #expect(found.keys.isEmpty)
    }

    @Test func `what was asked about users of whom none is left can be done again`() async throws {
        var account = SmallAccount.account()
        account.users.removeFirst()
        let found = try await EditedRun.of(account, .live, include: [.tags], left: 0) { action, number, _, reply in
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
        let found = try await EditedRun.of(SmallAccount.account(reportAge: 100), source) { action, _, _, reply in
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
        let found = try await EditedRun.of(SmallAccount.accountOfBertAndRobert(), .live) {
            action, number, form, reply in
            switch action {
            case "GenerateCredentialReport": return .denied
            case "GetAccessKeyLastUsed" where form.contains("2X") && number == 1: return .unknownKey(form)
            case "ListAccessKeys" where form.contains("UserName=bert") && number > 1: return reply.withoutMembers
            case "ListUsers":
                return SmallAccount.asOnePerson(action, number, form, reply)
                    .without(memberWith: "<UserName>\(number == 1 ? "robert" : "bert")<")
            default: return SmallAccount.asOnePerson(action, number, form, reply)
            }
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.notes == ["user-renamed robert"])
        #expect(found.keys == ["anna AKIA000000000000001X", "robert AKIA000000000000002X"])
    }

    /// Nobody comes or goes, the count fits, and there is no report: only a second list tells.
    @Test func `two who swap their names while they are read are read anew`() async throws {
        var account = SmallAccount.account()
        account.users[1].name = "carl"
        account.users.append(MockIAM.User("bert", created: SmallAccount.ago(days: 30)))
        let found = try await EditedRun.of(account, .auto) { action, number, form, reply in
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
        #expect(
            found.notes == [
                "user-recreated bert", "user-recreated carl", "user-renamed bert", "user-renamed carl",
            ])
    }

    /// Of two who were made in one second, keys and all, blue was deleted, and green has the name.
    @Test(arguments: [CollectionSource.auto, .report])
    func `the report's word about one isn't taken for another of the same second and name`(_ source: CollectionSource)
        async throws
    {
        var account = SmallAccount.account(reportAge: 100)
        func user(_ name: String, _ number: Int, usedDaysAgo days: Double) -> MockIAM.User {
            MockIAM.User(
                name, created: SmallAccount.ago(days: 400),
                accessKeys: [
                    MockIAM.AccessKey(
                        "AKIA00000000000000\(number)X", created: SmallAccount.ago(days: 300),
                        lastUse: MockIAM.LastUse(SmallAccount.ago(days: days)))
                ])
        }
        account.users[1] = user("blue", 2, usedDaysAgo: 200)
        account.users.append(user("green", 3, usedDaysAgo: 1))
        let found = try await EditedRun.of(account, source) { action, _, form, reply in
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
        var account = SmallAccount.account(reportAge: 100)
        account.users[1].name = "robert"
        account.users.append(MockIAM.User("bert", created: SmallAccount.ago(days: 30)))
        let found = try await EditedRun.of(account, source) { action, number, _, reply in
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
        var account = SmallAccount.account(reportAge: 100)
        account.users.append(MockIAM.User("carl", created: SmallAccount.ago(days: 450)))
        let found = try await EditedRun.of(account, source) { action, _, form, reply in
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
}
