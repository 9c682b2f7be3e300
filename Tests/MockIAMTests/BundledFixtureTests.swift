import FoundationEssentials
import MockIAM
import Recording
import Testing

@Suite("The bundled fixtures")
struct BundledFixtureTests {
    private static let names = ["demo-account", "clean-account", "partial-account"]

    @Test("Each loads, has its clock, and numbers its exchanges from 1", arguments: names)
    func loads(name: String) throws {
        let fixture = try MockIAM.Fixture(path: path(name))
        #expect(fixture.clock == .madeClock)
        #expect(fixture.exchanges.map(\.sequence) == Array(1...fixture.exchanges.count))
    }

    @Test("Each is complete: every page, every user's keys and password, every key's last use", arguments: names)
    func isComplete(name: String) async throws {
        try await MockIAM.run(fixture: path(name)) { server in
            try await RawConnection.open(to: server) { connection in
                let account = try await AccountReader.read(&connection)
                #expect(account.users.count == Set(account.users).count)
                #expect(!account.users.isEmpty && !account.keys.isEmpty)
            }
            #expect(server.journal.unmatched.map(\.description) == [])
            // Nothing that an unhurried reader wouldn't ask for.
            let recorded = try MockIAM.Fixture(path: path(name)).exchanges.count
            #expect(Set(server.journal.entries.map(\.outcome)).count == recorded)
        }
    }

    @Test("The demo account has 25 users on three pages and 25 keys")
    func demo() async throws {
        try await MockIAM.run(fixture: path("demo-account")) { server in
            let account = try await RawConnection.open(to: server) { try await AccountReader.read(&$0) }
            #expect(account.users.count == 25)
            #expect(account.keys.count == 25)
            #expect(server.journal.counts["ListUsers"] == 3)
            #expect(server.journal.counts["ListAccessKeys"] == 26)
            #expect(account.users.contains("=cmd-export") && account.users.contains("svc+reports@billing"))
        }
    }

    @Test("The partial account refuses, throttles and loses what its README says")
    func partial() async throws {
        try await MockIAM.run(fixture: path("partial-account")) { server in
            _ = try await RawConnection.open(to: server) { try await AccountReader.read(&$0) }
            let failed = server.journal.entries.filter { $0.status != 200 && $0.status != 404 }.map(\.description)
            #expect(
                failed == [
                    "400 ListAccessKeys UserName=ci-deploy", "403 GetLoginProfile UserName=db-snapshot",
                    "403 GetAccessKeyLastUsed AccessKeyId=AKIABREI5XQHPEXAMPLE",
                    "403 GetLoginProfile UserName=vault-sync", "403 GetAccountSummary", "403 GenerateCredentialReport",
                ]
            )
        }
    }

    private func path(_ name: String) -> String {
        URL(filePath: #filePath).appending(path: "../../../MockIAM/Fixtures/\(name)").standardizedFileURL.path
    }
}
