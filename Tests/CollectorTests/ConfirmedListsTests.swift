import Collector
import Evidence
import Foundation
import MockIAM
import Testing

/// What one later list of users says, another has to confirm, where it can't be the last word.
@Suite struct ConfirmedListsTests {
    private typealias Listed = (name: String, id: String)

    private static let created = "2025-01-02T03:04:05Z"

    /// A page of ListUsers; the next one is asked for with the marker `m`.
    private static func page(_ users: [Listed], hasNext: Bool = false, created: String = created) -> EditedReply {
        let members = users.map {
            "<member><Path>/</Path><UserName>\($0.name)</UserName><UserId>\($0.id)</UserId>"
                + "<Arn>arn:aws:iam::111122223333:user/\($0.name)</Arn><CreateDate>\(created)</CreateDate></member>"
        }
        return EditedReply(
            status: 200,
            body: "<ListUsersResponse><ListUsersResult><IsTruncated>\(hasNext)</IsTruncated>"
                + (hasNext ? "<Marker>m</Marker>" : "")
                + "<Users>\(members.joined())</Users></ListUsersResult></ListUsersResponse>")
    }

    private static let noKeys = EditedReply(
        status: 200,
        body: "<ListAccessKeysResponse><ListAccessKeysResult><AccessKeyMetadata/><IsTruncated>false</IsTruncated>"
            + "</ListAccessKeysResult></ListAccessKeysResponse>")

    private static func noPassword(_ user: String) -> EditedReply {
        .error(404, "NoSuchEntity", "Login Profile for User \(user) cannot be found.")
    }

    private static let anna: Listed = ("anna", "AIDA0000000000000ANNA")
    private static func bert(_ name: String) -> Listed { (name, "AIDA0000000000000BERT") }
    private static func dora(_ name: String) -> Listed { (name, "AIDA0000000000000DORA") }

    /// Bert has another name when his keys are asked for, and a third one, which belongs on the page that was read, before
    /// the second page is.
    @Test(arguments: [true, false])
    func `who is on no page of a second list is looked for in a third`(comesBack: Bool) async throws {
        var account = SmallAccount.account()
        account.users[1].name = "aaron"
        let found = try await EditedRun.of(account, .auto) { action, number, form, reply in
            switch action {
            case "ListUsers" where form.contains("Marker=m"): Self.page([])
            case "ListUsers" where number == 1: Self.page([Self.anna, Self.bert("bert")])
            case "ListUsers" where number == 2 || !comesBack: Self.page([Self.anna], hasNext: true)
            case "ListUsers": Self.page([Self.bert("aaron"), Self.anna])
            case "GetAccountSummary": reply.counting(comesBack ? 2 : 1)
            case "GenerateCredentialReport": .denied
            default: reply
            }
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        if comesBack {
            #expect(found.notes == ["user-renamed aaron"])
            #expect(found.critical == ["aaron"])
            // The first, two pages, the one that has him, and the one that confirms it.
            #expect(found.edited.counts["ListUsers"] == 5)
        } else {
            #expect(found.notes == ["user-vanished bert"])
            #expect(found.edited.counts["ListUsers"] == 5)
            // Every page of the list that doesn't name him.
            let note = try #require(found.assessment.snapshot.notes.first)
            #expect(note.exchanges.count == 4)
        }
    }

    /// The second list has bert as zoe, who is somebody else by the time zoe's keys are listed.
    @Test func `who was read by a new name is held to the next list`() async throws {
        var account = SmallAccount.account()
        account.users[1].name = "yan"
        account.users.append(MockIAM.User("zoe", created: SmallAccount.ago(days: 10)))
        let found = try await EditedRun.of(account, .auto) { action, number, form, reply in
            switch action {
            case "ListUsers" where number == 1: Self.page([Self.anna, Self.bert("bert"), Self.dora("dora")])
            case "ListUsers" where number == 2: Self.page([Self.anna, Self.dora("dora"), Self.bert("zoe")])
            case "ListUsers": Self.page([Self.anna, Self.bert("yan"), Self.dora("zoe")])
            case "ListAccessKeys" where form.contains("dora"): Self.noKeys
            case "GetLoginProfile" where form.contains("dora"): Self.noPassword("dora")
            case "GenerateCredentialReport": .denied
            default: reply
            }
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.critical == ["yan"])
        #expect(found.keys == ["anna AKIA000000000000001X", "yan AKIA000000000000002X"])
        // The name was one user's, and another's then.
        #expect(found.notes.contains("user-recreated zoe"))
        #expect(found.assessment.conclusion(of: .identifierUnique) == .notSatisfied)
    }

    /// A newcomer is deleted, and another of the name made, before the keys are listed: by name.
    /// Lists that prove nothing don't count.
    @Test(arguments: [0, 2])
    func `whoever came during the run is held to the next list, too`(flawed: Int) async throws {
        let now = Date.now.formatted(.iso8601)
        var account = SmallAccount.account()
        account.users[1].name = "eve"
        account.users[1].accessKeys = [SmallAccount.key(2, age: 0)]
        let found = try await EditedRun.of(account, .auto) { action, number, _, reply in
            switch action {
            case "ListUsers" where number == 1: Self.page([Self.anna])
            case "ListUsers" where number <= 1 + flawed: Self.page([Self.anna, Self.anna])
            case "ListUsers" where number == 2 + flawed:
                Self.page([Self.anna, ("eve", "AIDA000000000000EVE1")], created: now)
            case "ListUsers": Self.page([Self.anna, ("eve", "AIDA000000000000EVE2")], created: now)
            case "GenerateCredentialReport": .denied
            default: reply
            }
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        let eve = try #require(found.assessment.snapshot.users.first { $0.name == "eve" })
        #expect(eve.id == "AIDA000000000000EVE2" && eve.keys.known.count == 1)
        #expect(found.notes.contains("user-recreated eve"))
        #expect(found.edited.counts["ListUsers"] == 4 + flawed)
    }

    /// Somebody makes users all the time: it isn't waited for that nobody comes any more.
    @Test func `newcomers in every list don't make a run incomplete`() async throws {
        let now = Date.now.formatted(.iso8601)
        var account = SmallAccount.account()
        account.users[1].name = "eve"
        let found = try await EditedRun.of(account, .auto, left: 5) { action, number, _, reply in
            switch action {
            case "ListUsers" where number == 1: Self.page([Self.anna])
            case "ListUsers":
                Self.page(
                    [Self.anna] + (2...number).map { ("eve-\($0)", "AIDA00000000000EVE\(10 + $0)") }, created: now)
            case "ListAccessKeys": reply.status == 404 ? Self.noKeys : reply
            case "GetLoginProfile": reply.status == 404 ? Self.noPassword("x") : reply
            case "GenerateCredentialReport": .denied
            default: reply
            }
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.edited.counts["ListUsers"] == 5)
        #expect(found.assessment.snapshot.users.count == 5)
    }

    @Test func `two users of one id are no user who was renamed`() async throws {
        let found = try await EditedRun.of(SmallAccount.account(), .auto) { action, _, _, reply in
            action == "ListUsers" ? Self.page([Self.bert("anna"), Self.bert("bert")]) : reply
        }
        #expect(!found.assessment.isComplete)
        #expect(!found.notes.contains { $0.hasPrefix("user-renamed") })
        #expect(
            found.assessment.blockingFailures.contains {
                $0.code == .duplicate && $0.subject == .userID("AIDA0000000000000BERT")
            })
        #expect(found.assessment.conclusion(of: .identifierUnique) == .notSatisfied)
    }

    @Test(arguments: [true, false])
    func `a list that has somebody twice proves nothing, and another is had`(staysSo: Bool) async throws {
        let found = try await EditedRun.of(SmallAccount.account(), .auto) { action, number, _, reply in
            switch action {
            case "ListUsers" where number == 1: reply.without(memberWith: "bert")
            case "ListUsers" where number == 2 || staysSo:
                reply.without(memberWith: "bert").twice(memberWith: "anna")
            case "GetAccountSummary": reply.counting(1)
            case "GenerateCredentialReport": .denied
            default: reply
            }
        }
        #expect(!found.assessment.isComplete)
        if staysSo {
            #expect(found.assessment.blockingFailures.map(\.code) == ["listed-twice"])
        } else {
            #expect(found.critical == ["bert"])
            #expect(found.unexplained == ["user-count account", "user-listed-late bert"])
        }
    }

    @Test func `where the users are others each time they are listed, the run is incomplete`() async throws {
        let found = try await EditedRun.of(SmallAccount.account(), .auto) { action, number, _, reply in
            switch action {
            case "ListUsers": reply.replacing("bert", with: "bert\(number)")
            case "ListAccessKeys", "GetLoginProfile", "GetAccessKeyLastUsed": reply
            case "GenerateCredentialReport": .denied
            default: reply
            }
        }
        #expect(!found.assessment.isComplete)
        #expect(found.assessment.blockingFailures.contains { $0.code == .unconfirmed && $0.operation == "ListUsers" })
        #expect(found.edited.counts["ListUsers"] == 6)
    }

    @Test func `a second list of keys that has one twice may have left another out`() async throws {
        var account = SmallAccount.account(reportAge: 200)
        account.users[1].accessKeys.append(SmallAccount.key(4, age: 250))
        let found = try await EditedRun.of(account, .auto) { action, number, form, reply in
            guard action == "ListAccessKeys", form.contains("bert") else { return reply }
            let reply = reply.without(memberWith: "4X")
            return number == 1 ? reply : reply.twice(memberWith: "2X")
        }
        #expect(!found.assessment.isComplete)
        #expect(
            found.assessment.blockingFailures.contains {
                $0.code == .listedTwice && $0.subject == .accessKey("AKIA000000000000002X")
            })
    }

    @Test func `a key that went before its user was read anew is named`() async throws {
        let found = try await EditedRun.of(SmallAccount.accountOfBertAndRobert(), .auto) {
            action, number, form, reply in
            let reply = SmallAccount.asOnePerson(action, number, form, reply)
            switch action {
            case "ListUsers": return reply.without(memberWith: "<UserName>\(number == 1 ? "robert" : "bert")<")
            case "ListAccessKeys" where form.contains("robert"): return reply.withoutMembers
            case "GenerateCredentialReport": return .denied
            default: return reply
            }
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.keys == ["anna AKIA000000000000001X"])
        #expect(found.notes == ["key-vanished AKIA000000000000002X", "user-renamed robert"])
    }

    @Test func `who was read and isn't listed any more was deleted later, and is assessed`() async throws {
        let found = try await EditedRun.of(SmallAccount.account(), .auto) { action, number, _, reply in
            switch action {
            case "ListUsers" where number > 1: reply.without(memberWith: "bert")
            case "GetAccountSummary": .denied
            default: reply
            }
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.notes == ["user-deleted-later bert"])
        #expect(found.critical == ["bert"])
    }

    /// Anna and bert were created in one second. The report has bert's key, and it is anna's by name now.
    @Test(arguments: [CollectionSource.report, .auto])
    func `keys that went are looked for with all of that second`(_ source: CollectionSource) async throws {
        // For this run a report is made before the names change.
        var account = SmallAccount.account(reportAge: source == .report ? 200 : nil)
        account.users[0].accessKeys = []
        account.users[0].created = account.users[1].created
        let found = try await EditedRun.of(account, source) { action, _, form, reply in
            guard action == "ListAccessKeys" || action == "GetAccessKeyLastUsed" else { return reply }
            if form.contains("UserName=bert") { return Self.noKeys }
            return form.contains("UserName=anna") ? Self.keysOfBert(as: "anna") : reply.replacing("bert", with: "anna")
        }
        #expect(found.critical == ["anna"])
    }

    /// Anna and bert were created in one second, keys and all, and have changed names since the report was made: by it the
    /// key that was never used is the one that was.
    @Test func `a cached report doesn't tell users of one second and keys of one second apart`() async throws {
        var account = SmallAccount.account(reportAge: 200)
        account.users[0].created = account.users[1].created
        account.users[0].accessKeys = [SmallAccount.key(1, age: 300, used: true)]
        let found = try await EditedRun.of(account, .auto) { action, _, _, reply in
            guard action == "GetCredentialReport" else { return reply }
            return reply.replacingInReport("anna", with: "tmp").replacingInReport("bert", with: "anna")
                .replacingInReport("tmp", with: "bert")
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.critical == ["bert"])
    }

    private static func keysOfBert(as name: String) -> EditedReply {
        EditedReply(
            status: 200,
            body:
                "<ListAccessKeysResponse><ListAccessKeysResult><AccessKeyMetadata><member><UserName>\(name)</UserName>"
                + "<AccessKeyId>AKIA000000000000002X</AccessKeyId><Status>Active</Status>"
                + "<CreateDate>\(SmallAccount.ago(days: 300).ISO8601Format())</CreateDate></member></AccessKeyMetadata>"
                + "<IsTruncated>false</IsTruncated></ListAccessKeysResult></ListAccessKeysResponse>")
    }

    /// A name that is another user's since the report was made is no sign that its bearer became one of those who were
    /// created in the same second and have rows of their own.
    @Test func `whoever has a row of the own name isn't somebody who was renamed`() async throws {
        var account = SmallAccount.account(reportAge: 200)
        account.users[0].created = account.users[1].created
        let old = account.users[1].created.ISO8601Format()
        let found = try await EditedRun.of(account, .auto) { action, _, _, reply in
            guard action == "ListUsers" else { return reply }
            let new = SmallAccount.ago(minutes: 100).ISO8601Format()
            let members = reply.without(memberWith: "anna").replacing(old, with: new).body
            return EditedReply(
                status: 200,
                body: members.replacing("<Users>", with: "<Users>" + reply.without(memberWith: "bert").members))
        }
        let note = try #require(found.assessment.snapshot.notes.first { $0.kind == .userRecreated })
        #expect(note.subject == .user("bert"))
        #expect(note.explanation == "Deleted since the report was made, and this user created.")
    }
}

extension EditedReply {
    /// What stands between the list's tags.
    fileprivate var members: String {
        guard let start = body.firstRange(of: "<member>"), let end = body.ranges(of: "</member>").last else {
            return ""
        }
        return String(body[start.lowerBound..<end.upperBound])
    }
}
