import Collector
import Evidence
import Foundation
import MockIAM
import Synchronization
import Testing

/// AWS answers wrongly once about each of some users. Whatever it is, a run that says it is complete has every key.
@Suite struct GlitchTests {
    private enum Glitch: CaseIterable {
        /// ListUsers leaves the user out, the first or the second time.
        case notListed, notListedAgain
        /// ListUsers has the user twice.
        case listedTwice
        /// The user's keys are listed without the last, the first or the second time.
        case keyNotListed, keyNotListedAgain
        /// AWS doesn't know the user when it is asked for the keys, or for the password.
        case userUnknown, passwordUnknown
        /// AWS doesn't know a key when it is asked for its last use, or not whose it is.
        case keyUnknown, ownerUnknown
        /// The user has another name from the second list on.
        case renamed
        /// The report has no line of the user, or none of the last key.
        case notInReport, keyNotInReport
    }

    /// What befalls whom.
    private struct Plan {
        var glitches: [String: Glitch] = [:]
        /// The last key of each user.
        var lastKeys: [String: String] = [:]
    }

    private static func account(_ dice: inout AccountDice) -> MockIAM.Account {
        var account = MockIAM.Account(clock: .testNow, created: .ago(days: 3000))
        // Made for the run, or handed out from the cache; everything is older.
        account.credentialReport = MockIAM.CredentialReportPlan(
            generated: dice.happens(60) ? nil : .ago(minutes: Double(dice.roll(1...200))), polls: dice.roll(1...3))
        account.users = (0..<dice.roll(1...6)).map { number in
            let keys = (0..<dice.roll(0...2)).map { place in
                // Often made in the same second.
                MockIAM.AccessKey(
                    "AKIA0000000000000\(number)\(place)X", created: .ago(days: dice.oneOf([50, 50, 200])),
                    lastUse: dice.happens(50) ? MockIAM.LastUse(.ago(days: 3)) : nil)
            }
            return MockIAM.User("user-\(number)", created: .ago(days: 900 + Double(number)), accessKeys: keys)
        }
        return account
    }

    @Test(arguments: [CollectionSource.auto, .live, .report])
    func `a complete run has every key, whatever AWS got wrong once`(_ source: CollectionSource) async throws {
        var (complete, incomplete) = (0, 0)
        for seed in 0..<400 {
            var dice = AccountDice(seed: UInt64(seed) + 7)
            let account = Self.account(&dice)
            var plan = Plan()
            for user in account.users {
                plan.lastKeys[user.name] = user.accessKeys.last?.id
                if dice.happens(40) { plan.glitches[user.name] = dice.oneOf(Glitch.allCases) }
            }
            let emulator = try InProcessEmulator(account, edit: Self.edit(plan))
            let assessment = try await emulator.collect(source)
            let found = Set(assessment.keys.map(\.key.label))
            let all = Set(account.users.flatMap { $0.accessKeys.map(\.id) })
            #expect(found.isSubset(of: all), "account \(seed)")
            if assessment.isComplete {
                complete += 1
                let missing = all.subtracting(found)
                #expect(missing.isEmpty, "account \(seed): \(missing) of \(plan.glitches)")
            } else {
                incomplete += 1
            }
        }
        // Both are put to the test.
        #expect(complete > 80 && incomplete > 80, "\(complete) \(incomplete)")
    }

    private static func edit(_ plan: Plan) -> InProcessEmulator.Edit {
        let times = Mutex<[String: Int]>([:])
        return { action, _, form, reply in
            let time = times.withLock { times in
                times[form, default: 0] += 1
                return times[form] ?? 0
            }
            var edited = EditedReply(status: reply.status, body: reply.body.withoutIndentation)
            for (user, glitch) in plan.glitches {
                let isAboutUser = form.contains("UserName=\(user)")
                let lastKey = plan.lastKeys[user]
                switch (glitch, action) {
                case (.notListed, "ListUsers") where time == 1, (.notListedAgain, "ListUsers") where time == 2:
                    edited = edited.without(memberWith: "<UserName>\(user)<")
                case (.listedTwice, "ListUsers") where time == 1:
                    edited = edited.twice(memberWith: "<UserName>\(user)<")
                case (.renamed, "ListUsers") where time > 1:
                    edited = edited.replacing("<UserName>\(user)<", with: "<UserName>new-\(user)<")
                case (.keyNotListed, "ListAccessKeys") where isAboutUser && time == 1,
                    (.keyNotListedAgain, "ListAccessKeys") where isAboutUser && time == 2:
                    if let lastKey { edited = edited.without(memberWith: lastKey) }
                case (.userUnknown, "ListAccessKeys") where isAboutUser && time == 1,
                    (.passwordUnknown, "GetLoginProfile") where isAboutUser && time == 1:
                    edited = .unknownUser(user)
                case (.keyUnknown, "GetAccessKeyLastUsed") where time == 1 && form.contains(lastKey ?? "-"):
                    edited = .unknownKey
                case (.ownerUnknown, "GetAccessKeyLastUsed") where time == 1 && form.contains(lastKey ?? "-"):
                    edited = edited.replacing("<UserName>\(user)</UserName>", with: "")
                case (.notInReport, "GetCredentialReport"): edited = edited.withoutReportRow(of: user)
                case (.keyNotInReport, "GetCredentialReport"): edited = edited.withoutSecondKey(of: user)
                default: break
                }
            }
            return InProcessEmulator.Reply(status: edited.status, date: reply.date, body: edited.body)
        }
    }
}

extension Date {
    fileprivate static func ago(minutes: Double) -> Date { .ago(seconds: minutes * 60) }

    @Test func `a login profile of somebody else says nothing`() async throws {
        let found = try await EditedRun.of(SmallAccount.account(), .live) { action, _, form, reply in
            guard action == "GetLoginProfile", form.contains("bert") else {
                return action == "GenerateCredentialReport" ? .denied : reply
            }
            return EditedReply(
                status: 200,
                body: "<GetLoginProfileResponse><GetLoginProfileResult><LoginProfile><UserName>anna</UserName>"
                    + "<CreateDate>2026-01-01T00:00:00Z</CreateDate></LoginProfile></GetLoginProfileResult>"
                    + "</GetLoginProfileResponse>")
        }
        let bert = try #require(found.assessment.users.first { $0.user.name == "bert" }).user
        guard case .undetermined(let failure) = bert.consoleAccess else {
            Issue.record("\(bert.consoleAccess)")
            return
        }
        #expect(failure.code == "unreadable-answer" && failure.message.contains("about user 'anna'"))
    }

    @Test func `another's devices are nobody's, and what is listed twice counts once`() async throws {
        @Sendable func devices(_ owner: String, _ serials: [String]) -> EditedReply {
            let members = serials.map {
                "<member><UserName>\(owner)</UserName><SerialNumber>\($0)</SerialNumber>"
                    + "<EnableDate>2026-01-01T00:00:00Z</EnableDate></member>"
            }
            return EditedReply(
                status: 200,
                body: "<ListMFADevicesResponse><ListMFADevicesResult><IsTruncated>false</IsTruncated><MFADevices>"
                    + members.joined() + "</MFADevices></ListMFADevicesResult></ListMFADevicesResponse>")
        }
        let found = try await EditedRun.of(SmallAccount.account(), .auto, include: [.mfaDevices]) {
            action, _, form, reply in
            guard action == "ListMFADevices" else { return reply }
            return form.contains("bert") ? devices("anna", ["m1"]) : devices("anna", ["m1", "m2", "m1"])
        }
        let users = found.assessment.users.map(\.user)
        #expect(users[0].optional.mfaDevices?.value?.map(\.id) == ["m1", "m2"])
        #expect(users[1].optional.mfaDevices?.failure?.code == "unreadable-answer")
        let failures = found.assessment.snapshot.failures
        #expect(
            failures.map { "\($0.code) \($0.subject)" }.sorted() == ["listed-twice anna", "unreadable-answer bert"])
    }

    /// What AWS, or somebody in between, calls an error becomes the name of a member.
    @Test func `an error code can't write into the report`() async throws {
        let code = "x&quot;: 1}, &quot;complete&quot;: true, &quot;z&quot;: {&quot;q\\"
        let found = try await EditedRun.of(SmallAccount.account(), .auto) { action, _, form, reply in
            switch action {
            case "GetAccountSummary": .error(400, code, "no")
            case "ListAccessKeys" where form.contains("bert"): .error(400, code, "no")
            default: reply
            }
        }
        #expect(!found.assessment.isComplete)
        #expect(found.assessment.snapshot.traffic.errors.keys.contains { $0.hasSuffix("{\"q\\") })
    }

    /// As a proxy has it that changes answers on their way.
    @Test func `an answer that isn't quite 200 is one, also to whoever counts again`() async throws {
        let found = try await EditedRun.of(SmallAccount.account(), .live) { action, _, form, reply in
            action == "ListAccessKeys" && form.contains("bert") ? EditedReply(status: 203, body: reply.body) : reply
        }
        #expect(found.assessment.isComplete && found.keys.count == 2)
    }

    @Test func `a credential report of the far future isn't made for the run`() async throws {
        let found = try await EditedRun.of(SmallAccount.account(), .auto) { action, _, _, reply in
            guard action == "GetCredentialReport" else { return reply }
            let tomorrow = (SmallAccount.now + 86_400).ISO8601Format()
            return EditedReply(
                status: reply.status,
                body: reply.body.replacing(/<GeneratedTime>[^<]*/, with: "<GeneratedTime>\(tomorrow)"))
        }
        #expect(found.assessment.snapshot.credentialReport.value?.wasMadeDuringRun == false)
    }

    @Test(arguments: ["-1", "9223372036854775807"])
    func `a number of users that can't be is none`(number: String) async throws {
        let found = try await EditedRun.of(SmallAccount.account(), .auto) { action, _, _, reply in
            action == "GetAccountSummary"
                ? reply.replacing("<key>Users</key><value>2", with: "<key>Users</key><value>\(number)") : reply
        }
        #expect(found.assessment.snapshot.accountSummary.failure?.code == "unreadable-answer")
    }
}
