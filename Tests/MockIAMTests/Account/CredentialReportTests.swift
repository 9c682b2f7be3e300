import Foundation
@testable import MockIAM
import NIOCore
import Testing

@Suite("The credential report")
struct CredentialReportTests {
    private static let hour: TimeInterval = 3600

    private func account(_ plan: MockIAM.CredentialReportPlan) -> MockIAM.Account {
        var account = MockIAM.Account.made(
            MockIAM.User(
                "a,b", created: .madeClock - 86_400,
                accessKeys: [
                    MockIAM.AccessKey(
                        "AKIAEXAMPLE000000001", created: .madeClock - 9 * Self.hour,
                        lastUse: MockIAM.LastUse(.madeClock - Self.hour),
                        earlierUse: MockIAM.LastUse(.madeClock - 5 * Self.hour, service: "iam", region: "us-east-1")),
                    MockIAM.AccessKey("AKIAEXAMPLE000000002", status: "Inactive", created: .madeClock - Self.hour),
                ]),
            MockIAM.User("gone", created: .madeClock - 86_400, deleted: .madeClock - Self.hour),
            MockIAM.User("new", created: .madeClock - Self.hour)
        )
        account.credentialReport = plan
        return account
    }

    private func rows(_ server: MockIAM.Server) async throws -> [[Substring]] {
        let answer = try await server.ask("GetCredentialReport")
        let data = try #require(Data(base64Encoded: answer.values("Content").first ?? ""))
        let text = String(decoding: data, as: UTF8.self)
        #expect(!text.hasSuffix("\n") && !text.contains("\r"))
        return text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    }

    @Test("It is started, in progress, complete, and then the same for four hours")
    func states() async throws {
        try await MockIAM.run(account: account(MockIAM.CredentialReportPlan(polls: 3))) { server async throws in
            #expect(try await server.ask("GetCredentialReport").code == "ReportNotPresent")
            #expect(try await server.ask("GetCredentialReport").status == 410)
            #expect(try await server.ask("GenerateCredentialReport").values("State") == ["STARTED"])
            #expect(try await server.ask("GenerateCredentialReport").values("State") == ["INPROGRESS"])
            #expect(try await server.ask("GenerateCredentialReport").values("State") == ["COMPLETE"])
            let first = try await server.ask("GetCredentialReport")
            #expect(first.values("GeneratedTime") == ["2026-11-22T20:45:00Z"])
            server.advanceClock(by: 4 * Self.hour - 1)
            #expect(try await server.ask("GenerateCredentialReport").values("State") == ["COMPLETE"])
            #expect(try await server.ask("GetCredentialReport").values("Content") == first.values("Content"))
            server.advanceClock(by: 1)
            #expect(try await server.ask("GenerateCredentialReport").values("State") == ["STARTED"])
            // Until the new one is made, the old one is there.
            #expect(try await server.ask("GetCredentialReport").values("GeneratedTime") == ["2026-11-22T20:45:00Z"])
            #expect(try await server.ask("GenerateCredentialReport").values("State") == ["COMPLETE"])
            #expect(try await server.ask("GetCredentialReport").values("GeneratedTime") == ["2026-11-23T00:45:00Z"])
        }
    }

    @Test("A key is dated by its last change, such as when it was activated again, if the report knows of that")
    func changed() async throws {
        var account = account(MockIAM.CredentialReportPlan(generated: .madeClock - 1800))
        account.users[0].accessKeys[0].changed = .madeClock - 2 * Self.hour
        account.users[0].accessKeys[1].changed = .madeClock - 600
        try await MockIAM.run(account: account) { server async throws in
            _ = try await server.ask("GenerateCredentialReport")
            let row = try #require(try await rows(server).first { $0[0].hasPrefix("\"a") })
            // Name and ARN have a comma in them.
            #expect(row[11] == "2026-11-22T18:45:00Z" && row[16] == "2026-11-22T19:45:00Z")
            let listed = try await server.ask("ListAccessKeys", ["UserName": "a,b"])
            #expect(listed.values("CreateDate") == ["2026-11-22T11:45:00Z", "2026-11-22T19:45:00Z"])
        }
    }

    @Test("That there is no report, or none yet, is said by a code alone; that one is too old, in words")
    func withoutMessage() async throws {
        try await MockIAM.run(account: account(MockIAM.CredentialReportPlan(polls: 3))) { server async throws in
            for code in ["ReportNotPresent", "ReportInProgress"] {
                let answer = try await server.ask("GetCredentialReport")
                #expect(answer.code == code && answer.message == nil)
                #expect(answer.body.contains("<Code>\(code)</Code>\n  </Error>\n"))
                _ = try await server.ask("GenerateCredentialReport")
            }
        }
        let old = MockIAM.CredentialReportPlan(generated: .madeClock - 8 * 86_400)
        try await MockIAM.run(account: account(old)) { server async throws in
            #expect(try await server.ask("GetCredentialReport").message?.hasPrefix("Report is expired.") == true)
        }
    }

    @Test("A device that was enabled after the report was made isn't in it")
    func laterDevice() async throws {
        func device(_ enabled: Date) -> MockIAM.MFADevice {
            MockIAM.MFADevice("arn:aws:iam::111122223333:mfa/a", enabled: enabled)
        }
        var account = MockIAM.Account.made(
            MockIAM.User("early", created: .madeClock - 86_400, mfaDevices: [device(.madeClock - Self.hour)]),
            MockIAM.User("late", created: .madeClock - 86_400, mfaDevices: [device(.madeClock - 1)]))
        account.credentialReport = MockIAM.CredentialReportPlan(generated: .madeClock - 60)
        try await MockIAM.run(account: account) { server async throws in
            let rows = try await rows(server)
            #expect(rows.dropFirst(2).map { [$0[0], $0[7]] } == [["early", "true"], ["late", "false"]])
        }
    }

    @Test("A report that can't be kept, because other accounts are served meanwhile, is given nevertheless")
    func replacedMeanwhile() throws {
        var account = account(MockIAM.CredentialReportPlan(generated: .madeClock - 60))
        account.clock = .madeClock
        let content = try CurrentContent(.accounts([account]), options: MockIAM.Options())
        let served = try #require(content.world.accounts.first)
        let report = try content.world.report(of: served) { [account] instant in
            #expect(instant == .madeClock - 60)
            content.replace([account])
            return ByteBuffer(string: "made")
        }
        #expect(report.content == ByteBuffer(string: "made") && report.generated == .madeClock - 60)
        // Nor is it kept for the one that took its place.
        let next = try #require(content.world.accounts.first)
        let other = try content.world.report(of: next) { _ in ByteBuffer(string: "other") }
        #expect(other.content == ByteBuffer(string: "other"))
        let again = try content.world.report(of: next) { _ in ByteBuffer(string: "again") }
        #expect(again.content == ByteBuffer(string: "other"))
    }

    @Test("Asking for the report again and again makes it, too")
    func polling() async throws {
        try await MockIAM.run(account: account(MockIAM.CredentialReportPlan(polls: 4))) { server async throws in
            _ = try await server.ask("GenerateCredentialReport")
            let codes = try await [
                server.ask("GetCredentialReport"), server.ask("GetCredentialReport"), server.ask("GetCredentialReport"),
            ].map { $0.code }
            #expect(codes == ["ReportInProgress", "ReportInProgress", nil])
        }
    }

    @Test("Who still has an account that isn't served any more gets no report, and leaves none to the one of its id")
    func replacedAccount() throws {
        let world = World(
            [account(.init(polls: 1))], clock: MockClock(at: .madeClock, isMoving: false), seed: 1, testKeys: [:])
        let old = try #require(world.accounts.first)
        world.replace(world.prepare([account(.init(polls: 1))]), clock: nil)
        let error = try #require(throws: AWSError.self) {
            try world.withReport(of: old) { report, now in report.generate(at: now) }
        }
        #expect(error.code == "InvalidClientTokenId")
        let new = try #require(world.accounts.first)
        let missing = try #require(throws: AWSError.self) {
            try world.withReport(of: new) { report, now throws(AWSError) in try report.fetch(at: now) }
        }
        #expect(missing.code == "ReportNotPresent")
    }

    @Test("An account's report is made at the account's time, however often accounts and clock change meanwhile")
    func replacedClock() async throws {
        let accounts = [0, 86_400].map { later in
            MockIAM.Account(name: "\(later)", clock: .madeClock + TimeInterval(later))
        }
        let world = World([accounts[0]], clock: MockClock(at: .madeClock, isMoving: false), seed: 1, testKeys: [:])
        let reader = Task {
            var seen: Set<TimeInterval> = []
            while !Task.isCancelled {
                for account in world.accounts {
                    let now = try? world.withReport(of: account) { $1 }
                    guard let clock = account.account.clock, let now else { continue }
                    seen.insert(now.timeIntervalSince(clock))
                }
            }
            return seen
        }
        for number in 0..<20_000 {
            let account = accounts[number % 2]
            world.replace(world.prepare([account]), clock: account.clock)
        }
        reader.cancel()
        #expect(await reader.value.isSubset(of: [0]))
    }

    @Test("A report that was made anew meanwhile isn't taken for the one before")
    func keptContent() throws {
        var report = CredentialReport(.init(generated: .madeClock - 5 * 3600, polls: 1))
        #expect(report.generate(at: .madeClock) == .complete)
        report.keep(ByteBuffer(string: "old"), of: .madeClock - 5 * 3600)
        #expect(try report.fetch(at: .madeClock).content == nil)
        report.keep(ByteBuffer(string: "new"), of: .madeClock)
        #expect(try report.fetch(at: .madeClock).content == ByteBuffer(string: "new"))
    }

    @Test("After seven days it is expired")
    func expiry() async throws {
        let plan = MockIAM.CredentialReportPlan(generated: .madeClock - 7 * 86_400)
        try await MockIAM.run(account: account(plan)) { server async throws in
            let answer = try await server.ask("GetCredentialReport")
            #expect(answer.status == 410 && answer.code == "ReportExpired")
        }
    }

    @Test("A report of three hours ago has the facts of that time")
    func cached() async throws {
        let plan = MockIAM.CredentialReportPlan(generated: .madeClock - 3 * Self.hour)
        try await MockIAM.run(account: account(plan)) { server async throws in
            let rows = try await rows(server)
            #expect(rows.map { $0[0] } == ["user", "<root_account>", "\"a", "gone"])
            #expect(rows[0].count == 22 && rows[1].count == 22)
            // The name has a comma, as IAM allows it.
            let user = rows[2].joined(separator: ",")
            #expect(
                user.hasPrefix(
                    #""a,b","arn:aws:iam::111122223333:user/a,b",2026-11-21T20:45:00Z,false,N/A,N/A,N/A,false,"#))
            #expect(user.contains("true,2026-11-22T11:45:00Z,2026-11-22T15:45:00Z,us-east-1,iam,false,N/A,"))
        }
    }

    @Test("A sign-in of the root user after the report was made isn't in it", arguments: [(4, true), (2, false)])
    func rootSignIn(hoursAgo: Int, isThere: Bool) async throws {
        var account = account(MockIAM.CredentialReportPlan(generated: .madeClock - 3 * Self.hour))
        account.root.passwordLastUsed = .madeClock - Double(hoursAgo) * Self.hour
        try await MockIAM.run(account: account) { server async throws in
            #expect(try await rows(server)[1][4] == (isThere ? "2026-11-22T16:45:00Z" : "no_information"))
        }
    }

    @Test("A field that holds what separates fields or rows stands in quotes")
    func quoting() async throws {
        var account = MockIAM.Account.made(
            MockIAM.User(
                "two\nlines", created: .madeClock - 60,
                accessKeys: [
                    MockIAM.AccessKey(
                        "AKIAEXAMPLE000000001", created: .madeClock - 60,
                        lastUse: MockIAM.LastUse(.madeClock - 1, service: "a,b", region: "c\"d"))
                ]))
        account.credentialReport = MockIAM.CredentialReportPlan(polls: 1)
        try await MockIAM.run(account: account) { server async throws in
            _ = try await server.ask("GenerateCredentialReport")
            let report = try await server.ask("GetCredentialReport").values("Content").first ?? ""
            let text = String(decoding: try #require(Data(base64Encoded: report)), as: UTF8.self)
            #expect(text.contains("\n\"two\nlines\",\"arn:aws:iam::111122223333:user/two\nlines\","))
            #expect(text.contains(",\"c\"\"d\",\"a,b\","))
        }
    }

    @Test("A report of now has the facts of now")
    func fresh() async throws {
        try await MockIAM.run(account: account(MockIAM.CredentialReportPlan(polls: 1))) { server async throws in
            #expect(try await server.ask("GenerateCredentialReport").values("State") == ["COMPLETE"])
            let rows = try await rows(server)
            #expect(rows.map { $0[0] } == ["user", "<root_account>", "\"a", "new"])
            #expect(rows[2].joined(separator: ",").contains(",2026-11-22T19:45:00Z,N/A,s3,false,2026-11-22T19:45"))
        }
    }
}
