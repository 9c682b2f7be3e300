import FoundationEssentials
import MockIAM
import Testing

@Suite("Example account files")
struct ExampleFileTests {
    static func path(_ name: String) -> String {
        URL(filePath: #filePath).appending(path: "../../../../MockIAM/Accounts/\(name)").standardized.path
    }

    @Test("small.yaml has one user for each case")
    func small() throws {
        let accounts = try MockIAM.Account.load(path: Self.path("small.yaml"))
        let account = try #require(accounts.first)
        #expect(accounts.count == 1)
        #expect(account.clock == MockIAM.AccountFile.clock)
        #expect(account.users.map(\.accessKeys.count) == [1, 1, 2, 0, 1, 1, 1, 1])
        #expect(
            account.users.map { $0.accessKeys.first?.lastUse == nil } == [
                false, true, false, true, false, false, true, false,
            ])
        #expect(account.users.count { $0.deleted != nil } == 1)
        #expect(account.users.count { $0.password != nil } == 2)
        #expect(account.users.flatMap(\.accessKeys).count { $0.status == "Inactive" } == 1)
        #expect(account.users.flatMap(\.accessKeys).count { $0.secret != nil } == 1)
    }

    /// A file with a key that nothing has, in each kind of mapping.
    private static var strangers: [(String, String)] {
        let ofAccount = [
            ("root", "root: {?}"), ("role", "roles: [{?}]"), ("caller", "callers: [{?}]"),
            ("credential report", "credential_report: {?}"), ("user", "users: [{?}]"),
        ]
        let ofUser = [
            ("password", "password: {?}"), ("key", "keys: [{?}]"), ("use", "keys: [{last_used: {?}}]"),
            ("tag", "tags: [{?}]"), ("MFA device", "mfa: [{?}]"),
            ("signing certificate", "signing_certificates: [{?}]"), ("SSH key", "ssh_public_keys: [{?}]"),
            ("service credential", "service_credentials: [{?}]"),
        ]
        var all = [("file", "accounts: []\n?"), ("account", "account: 111122223333\n?")]
        for (of, text) in ofAccount { all.append((of, "account: 111122223333\n\(text)")) }
        for (of, text) in ofUser {
            all.append((of, "account: 111122223333\nusers: [{name: a, created: 9d ago, \(text)}]"))
        }
        return all.map { ($0.0, $0.1.replacing("?", with: "qqqqqqqqqq: 1")) }
    }

    @Test("The page about mock-iam has every key of an account file, and no other")
    func documentedKeys() throws {
        let page = URL(filePath: #filePath).appending(path: "../../../../docs/mock-iam.md").standardized
        let rows = String(decoding: try Data(contentsOf: page), as: UTF8.self).split(separator: "\n").map { line in
            line.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") }
        }
        for (of, text) in Self.strangers {
            let error = try #require(throws: MockIAM.AccountFileError.self) { try MockIAM.AccountFile.made(text) }
            let keys = try #require(error.reason.split(separator: "; those are ").last).split(separator: ", ")
            let told = rows.filter { $0.count > 3 && $0[0] == of && $0[1].hasPrefix("`") }.map(\.[1])
            #expect(told.sorted() == keys.map { "`\($0)`" }.sorted(), "\(of)")
        }
    }

    @Test("In organization.yaml a user with MFA assumes BreakGlass, and nobody else does")
    func breakGlass() async throws {
        let accounts = try MockIAM.Account.load(path: Self.path("organization.yaml"))
        try await MockIAM.run(accounts: accounts) { server async throws in
            let role = [
                "RoleArn": "arn:aws:iam::222233334444:role/emergency/BreakGlass", "RoleSessionName": "emergency",
            ]
            let device = ["SerialNumber": "arn:aws:iam::111122223333:mfa/break-glass", "TokenCode": "123456"]
            let user = SigningKey(id: "AKIAEXAMPLEBREAKGLASS", secret: "test-secret-of-break-glass")
            let auditor = SigningKey(id: "AKIAEXAMPLEAUDITOR01", secret: "test-secret-of-the-auditor")
            for (key, more, status) in [(user, device, 200), (user, [:], 403), (auditor, device, 403)] {
                let answer = try await server.askSTS("AssumeRole", role.merging(more) { $1 }, as: key)
                #expect(answer.status == status, "\(key.id)")
            }
            #expect(
                try await server.ask("ListMFADevices", as: user).values("SerialNumber")
                    == [device["SerialNumber"]])
        }
    }

    @Test("organization.yaml has three accounts, roles and callers")
    func organization() throws {
        let accounts = try MockIAM.Account.load(path: Self.path("organization.yaml"))
        #expect(accounts.map(\.name) == ["Management", "Production", "Sandbox"])
        #expect(accounts.allSatisfy { $0.clock == MockIAM.AccountFile.clock })
        #expect(accounts.map { $0.roles?.count } == [1, 2, 1])
        #expect(accounts[0].callers.count == 3)
        #expect(accounts[1].roles?[0].trusts == ["111122223333"])
        #expect(accounts[1].roles?[0].externalID == "audit-2026")
        #expect(accounts[2].root.accessKeys.count == 1)
    }
}
