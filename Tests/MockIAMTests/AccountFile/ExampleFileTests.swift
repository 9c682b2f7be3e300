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

    @Test("organization.yaml has three accounts, roles and callers")
    func organization() throws {
        let accounts = try MockIAM.Account.load(path: Self.path("organization.yaml"))
        #expect(accounts.map(\.name) == ["Management", "Production", "Sandbox"])
        #expect(accounts.allSatisfy { $0.clock == MockIAM.AccountFile.clock })
        #expect(accounts.map { $0.roles?.count } == [1, 2, 1])
        #expect(accounts[0].callers.count == 2)
        #expect(accounts[1].roles?[0].trusts == ["111122223333"])
        #expect(accounts[1].roles?[0].externalID == "audit-2026")
        #expect(accounts[2].root.accessKeys.count == 1)
    }
}
