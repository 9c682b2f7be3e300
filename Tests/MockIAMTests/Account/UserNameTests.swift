import Foundation
@testable import MockIAM
import Testing

@Suite("Names of users, whatever their case")
struct UserNameTests {
    private static func account() -> MockIAM.Account {
        var account = MockIAM.Account.made(
            MockIAM.User("Carol", created: .madeClock - 86_400), MockIAM.User("alice", created: .madeClock - 86_400),
            MockIAM.User("bob", created: .madeClock - 86_400), MockIAM.User("Bea", created: .madeClock - 86_400),
            MockIAM.User("_x", created: .madeClock - 86_400))
        account.credentialReport = MockIAM.CredentialReportPlan(generated: .madeClock - 60)
        return account
    }

    private static let inOrder = ["_x", "alice", "Bea", "bob", "Carol"]

    @Test("Lists and reports have users in the order of their names, whatever the case", arguments: [1, 2, 3, 100])
    func order(size: Int) async throws {
        try await MockIAM.run(account: Self.account()) { server async throws in
            for action in ["ListUsers", "GetAccountAuthorizationDetails"] {
                let pages = try await server.pages(action, ["MaxItems": "\(size)"])
                #expect(pages.flatMap { $0.values("UserName") } == Self.inOrder)
            }
            let report = try await server.ask("GetCredentialReport").values("Content").first ?? ""
            let rows = String(decoding: try #require(Data(base64Encoded: report)), as: UTF8.self).split(separator: "\n")
            #expect(rows.dropFirst(2).map { String($0.prefix { $0 != "," }) } == Self.inOrder)
        }
    }

    @Test("A page begins behind a user that is gone, whatever the case of its name")
    func vanished() async throws {
        var account = Self.account()
        try await MockIAM.run(account: account) { server async throws in
            let first = try await server.ask("ListUsers", ["MaxItems": "3"])
            #expect(first.values("UserName") == ["_x", "alice", "Bea"])
            account.users.removeAll { $0.name == "Bea" }
            server.serve([account])
            let marker = try #require(first.values("Marker").first)
            #expect(try await server.ask("ListUsers", ["Marker": marker]).values("UserName") == ["bob", "Carol"])
        }
    }

    @Test(
        "A user is found by its name in any case, and has its own in the answer",
        arguments: ["GetUser", "ListAccessKeys", "GetLoginProfile", "ListMFADevices"])
    func found(action: String) async throws {
        let account = MockIAM.Account.made(
            MockIAM.User(
                "alice", created: .madeClock - 86_400, password: MockIAM.Password(created: .madeClock - 86_400),
                accessKeys: [MockIAM.AccessKey("AKIAEXAMPLE000000001", created: .madeClock)],
                mfaDevices: [MockIAM.MFADevice("GAHT12345678", enabled: .madeClock)]))
        try await MockIAM.run(account: account) { server async throws in
            for name in ["alice", "ALICE", "aLiCe"] {
                #expect(try await server.ask(action, ["UserName": name]).values("UserName") == ["alice"])
            }
            let none = try await server.ask(action, ["UserName": "ALICIA"])
            #expect(none.message == "The user with name ALICIA cannot be found.")
        }
    }

    @Test(
        "Of names that IAM wouldn't have side by side, each is found by itself, and the one that isn't deleted by both")
    func sideBySide() throws {
        let account = ServedAccount(
            .made(
                MockIAM.User("Twin", path: "/1/", created: .madeClock),
                MockIAM.User("twin", path: "/2/", created: .madeClock),
                MockIAM.User("back", path: "/old/", created: .madeClock - 60, deleted: .madeClock - 30),
                MockIAM.User("Back", path: "/new/", created: .madeClock)))
        #expect(account.user(named: "twin", at: .madeClock)?.path == "/2/")
        #expect(account.user(named: "Twin", at: .madeClock)?.path == "/1/")
        #expect(account.user(named: "back", at: .madeClock)?.path == "/new/")
        #expect(account.user(named: "BACK", at: .madeClock)?.path == "/new/")
        #expect(account.user(named: "back")?.path == "/old/")
    }
}
