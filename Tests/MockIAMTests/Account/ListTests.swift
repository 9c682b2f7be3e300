import Foundation
@testable import MockIAM
import Testing

@Suite("Lists of an account")
struct ListTests {
    @Test("Every page size gives every user once", arguments: [1, 2, 7, 100, 1000, nil] as [Int?])
    func pages(size: Int?) async throws {
        try await MockIAM.run(account: .made(users: 25)) { server async throws in
            let pages = try await server.pages("ListUsers", size.map { ["MaxItems": "\($0)"] } ?? [:])
            #expect(pages.flatMap { $0.values("UserName") } == (0..<25).map { $0 < 10 ? "user-0\($0)" : "user-\($0)" })
            #expect(pages.count == (25 + (size ?? 100) - 1) / (size ?? 100))
        }
    }

    @Test("Without MaxItems a page has a hundred")
    func defaultPage() async throws {
        try await MockIAM.run(account: .made(users: 120)) { server async throws in
            #expect(try await server.ask("ListUsers").values("UserName").count == 100)
        }
    }

    @Test("Pages of changing size lose nobody, and are the same in every run")
    func varying() async throws {
        let options = MockIAM.Options(pages: MockIAM.PageOptions(varies: true))
        var sizes: [[Int]] = []
        for _ in 0..<2 {
            try await MockIAM.run(account: .made(users: 40), options: options) { server async throws in
                let pages = try await server.pages("ListUsers", ["MaxItems": "9"]).map { $0.values("UserName") }
                #expect(pages.joined().count == 40 && Set(pages.joined()).count == 40)
                sizes.append(pages.map(\.count))
            }
        }
        #expect(sizes[0] == sizes[1])
        #expect(Set(sizes[0]).count > 1)
        #expect(sizes[0].allSatisfy { 1...9 ~= $0 })
    }

    @Test("A marker is good for its own list only")
    func markers() async throws {
        let accounts = [MockIAM.Account.made(users: 3), .made(users: 3, id: "444455556666")]
        try await MockIAM.run(accounts: accounts) { server async throws in
            let marker = try #require(try await server.ask("ListUsers", ["MaxItems": "1"]).values("Marker").first)
            #expect(Data(base64Encoded: marker) != nil && !marker.contains("user"))
            // Another page size is another page of the same list, as with AWS.
            let next = try await server.ask("ListUsers", ["MaxItems": "2", "Marker": marker])
            #expect(next.values("UserName") == ["user-01", "user-02"])
            let other = SigningKey(id: "444455556666", secret: "test")
            for wrong in [
                try await server.ask("ListUsers", ["PathPrefix": "/odd/", "Marker": marker]),
                try await server.ask("ListAccessKeys", ["UserName": "user-00", "Marker": marker]),
                try await server.ask("ListUsers", ["Marker": marker], as: other),
                try await server.ask("ListUsers", ["Marker": String(marker.dropLast(4))]),
                try await server.ask("ListUsers", ["Marker": "garbage"]),
            ] {
                #expect(wrong.status == 400)
                #expect(wrong.code == "ValidationError")
                #expect(wrong.message == "Invalid Marker.")
            }
        }
    }

    @Test("A marker is good however the same list is asked for")
    func sameList() async throws {
        var account = MockIAM.Account.made(users: 3)
        account.users[0].serviceSpecificCredentials = ["a", "b"].map {
            MockIAM.ServiceSpecificCredential("ACCAEXAMPLE000000\($0)", created: .madeClock)
        }
        account.users[0].tags = [MockIAM.Tag("a", ""), MockIAM.Tag("b", "")]
        try await MockIAM.run(account: account) { server async throws in
            for (action, first, again) in [
                ("ListUsers", [:], ["Tags.member.1.Key": "ignored"]), ("ListUsers", [:], ["PathPrefix": "/"]),
                ("ListUserTags", ["UserName": "user-00"], ["UserName": "USER-00"]),
                (
                    "ListServiceSpecificCredentials", ["UserName": "user-00"],
                    ["UserName": "user-00", "AllUsers": "0"]
                ),
                (
                    "GetAccountAuthorizationDetails", ["Filter.member.1": "User", "Filter.member.2": "Group"],
                    ["Filter.member.1": "Group", "Filter.member.2": "User", "Filter.member.3": "User"]
                ),
            ] as [(String, [String: String], [String: String])] {
                let page = try await server.ask(action, first.merging(["MaxItems": "1"]) { $1 })
                let marker = try #require(page.values("Marker").first)
                let next = try await server.ask(action, again.merging(["Marker": marker]) { $1 })
                #expect(next.status == 200, "\(action) \(again)")
            }
        }
    }

    @Test(
        "MaxItems is read as AWS reads it",
        arguments: [
            ("01", 200, nil), ("+1", 200, nil), ("1000", 200, nil), (" 1 ", 400, "MalformedInput"),
            ("1.0", 400, "MalformedInput"), ("", 400, "MalformedInput"), ("0", 400, "ValidationError"),
            ("1001", 400, "ValidationError"), ("-1", 400, "ValidationError"),
            ("99999999999999999999", 400, "MalformedInput"), ("2147483647", 400, "ValidationError"),
            ("2147483648", 400, "MalformedInput"), ("-2147483649", 400, "MalformedInput"),
        ] as [(String, Int, String?)]
    )
    func maxItems(value: String, status: Int, code: String?) async throws {
        try await MockIAM.run(account: .made(users: 3)) { server async throws in
            let answer = try await server.ask("ListUsers", ["MaxItems": value])
            #expect(answer.status == status)
            #expect(answer.code == code)
            if code == "MalformedInput" {
                #expect(answer.message == (value.isEmpty ? "missing value for decimal type" : nil))
            }
        }
    }

    @Test("Every constraint that fails is named, in one error")
    func constraints() async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            let long = String(repeating: "a", count: 129)
            let answer = try await server.ask("ListAccessKeys", ["MaxItems": "1001", "UserName": long])
            #expect(
                answer.message == """
                    2 validation errors detected: Value at 'maxItems' failed to satisfy constraint: Member must have \
                    value less than or equal to 1000; Value at 'userName' failed to satisfy constraint: \
                    Member must have length less than or equal to 128
                    """)
        }
    }

    @Test("A user that vanishes between two pages takes no other with it")
    func vanishing() async throws {
        var account = MockIAM.Account.made(users: 6)
        try await MockIAM.run(account: account) { server async throws in
            let first = try await server.ask("ListUsers", ["MaxItems": "2"])
            account.users.removeAll { $0.name == "user-01" || $0.name == "user-02" }
            server.serve([account])
            let marker = try #require(first.values("Marker").first)
            let rest = try await server.ask("ListUsers", ["Marker": marker])
            #expect(rest.values("UserName") == ["user-03", "user-04", "user-05"])
        }
    }

    @Test("What a user has that vanishes between two pages takes nothing else with it")
    func vanishingTags() async throws {
        var account = MockIAM.Account.made(users: 1)
        account.users[0].tags = (0..<6).map { MockIAM.Tag("tag-\($0)", "") }
        try await MockIAM.run(account: account) { server async throws in
            let asked = ["UserName": "user-00", "MaxItems": "2"]
            let first = try await server.ask("ListUserTags", asked)
            account.users[0].tags.removeAll { $0.key == "tag-1" || $0.key == "tag-2" }
            server.serve([account])
            let marker = try #require(first.values("Marker").first)
            let rest = try await server.ask("ListUserTags", ["UserName": "user-00", "Marker": marker])
            #expect(rest.values("Key") == ["tag-3", "tag-4", "tag-5"])
        }
    }

    @Test(
        "Names that are longer than IAM would allow have markers that it takes", arguments: [128, 200, 201, 400, 3000])
    func longNames(length: Int) async throws {
        let names = ["#a", "b", "c", "d"].map { $0 + String(repeating: "x", count: length - $0.utf8.count) }
        let account = MockIAM.Account(
            clock: .madeClock, users: names.map { MockIAM.User($0, created: .madeClock - 60) })
        try await MockIAM.run(account: account) { server async throws in
            let pages = try await server.pages("ListUsers", ["MaxItems": "1"])
            #expect(pages.map { $0.values("UserName") } == names.map { [$0] })
        }
    }

    @Test("PathPrefix picks by path, over the ends of pages")
    func pathPrefix() async throws {
        try await MockIAM.run(account: .made(users: 9)) { server async throws in
            let pages = try await server.pages("ListUsers", ["PathPrefix": "/odd/", "MaxItems": "3"])
            #expect(pages.map { $0.values("UserName").count } == [3, 1])
            #expect(pages.last?.values("IsTruncated") == ["false"])
        }
    }

    @Test("Elements come in changing order when asked for, with the same content")
    func elementOrder() async throws {
        let account = MockIAM.Account.made(users: 3)
        let plain = try await MockIAM.run(account: account) { try await $0.ask("ListUsers").body }
        var bodies: Set<String> = []
        for seed in 1...6 as ClosedRange<UInt64> {
            let options = MockIAM.Options(variesElementOrder: true, seed: seed)
            let answer = try await MockIAM.run(account: account, options: options) { try await $0.ask("ListUsers") }
            #expect(answer.values("UserName") == ["user-00", "user-01", "user-02"])
            #expect(answer.body.utf8.sorted() == plain.utf8.sorted())
            bodies.insert(answer.body)
        }
        #expect(bodies.count > 1)
    }
}
