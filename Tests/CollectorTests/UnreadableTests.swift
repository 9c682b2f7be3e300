import Collector
import Evidence
import FoundationEssentials
import MockIAM
import Synchronization
import Testing

/// What AWS refuses, doesn't finish or garbles: what no test needs is said to be unknown, anything else makes the run
/// incomplete.
@Suite struct UnreadableTests {
    // MARK: Denied

    @Test(arguments: [
        ["GetAccountSummary"], ["GenerateCredentialReport"], ["GetCredentialReport"],
        ["GenerateCredentialReport", "GetLoginProfile"],
    ])
    func `what no test needs may be denied, and is said to be`(_ denied: [String]) async throws {
        let emulator = try InProcessEmulator(
            FourUsers.account(),
            edit: { action, number, form, reply in
                denied.contains(action) ? .denied : reply
            })
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.isComplete)
        #expect(Set(assessment.otherFailures.map(\.operation)) == Set(denied))
        #expect(assessment.keys.count == 4)
        let isReportDenied = denied.contains { $0.hasSuffix("CredentialReport") }
        #expect(emulator.counts["GetAccessKeyLastUsed"] == (isReportDenied ? 4 : nil))
    }

    @Test func `one of account summary and credential report must tell about the root user`() async throws {
        let edit = denying("GetAccountSummary", "GenerateCredentialReport")
        let assessment = try await InProcessEmulator(FourUsers.account(), edit: edit).collect(.auto)
        #expect(!assessment.isComplete)
        #expect(assessment.conclusion(of: .rootKey) == .undetermined)
        #expect(Set(assessment.blockingFailures.map(\.operation)) == ["GetAccountSummary", "GenerateCredentialReport"])
        // A policy that doesn't ask about the root user can do without both.
        var policy = Policy()
        policy.tests.removeAll { $0 == .rootKey }
        let without = try await InProcessEmulator(FourUsers.account(), edit: edit).collect(.auto, policy: policy)
        #expect(without.isComplete)
    }

    @Test func `tags are read where a policy looks at them, and needed then`() async throws {
        var policy = Policy()
        policy.overrides = [
            PolicyOverride(
                name: "services",
                match: UserPattern(tags: [UserPattern.TagPattern(key: "type", value: Glob("service"))]),
                change: {
                    var change = RulesChange()
                    change.keyAge = 365
                    return change
                }())
        ]
        var account = FourUsers.account()
        account.users[0].tags = [MockIAM.Tag("type", "service")]
        let emulator = try InProcessEmulator(account)
        let assessment = try await emulator.collect(.auto, policy: policy)
        #expect(assessment.isComplete)
        #expect(emulator.counts["ListUserTags"] == 4)
        #expect(assessment.keys.map { $0.outcomes[.keyRotation] } == [.satisfied, .failed, .satisfied, .notApplicable])
        #expect(assessment.keys.map(\.overrideName) == ["services", nil, nil, nil])

        let denied = try await InProcessEmulator(account, edit: denying("ListUserTags")).collect(
            .auto, policy: policy)
        #expect(!denied.isComplete)
        // Which of the two limits holds isn't known: one fails, the other doesn't. The young key passes by both.
        #expect(
            denied.keys.map { $0.outcomes[.keyRotation] } == [.undetermined, .undetermined, .satisfied, .notApplicable])
    }

    @Test(arguments: ["ListUsers", "ListAccessKeys", "GetAccessKeyLastUsed"])
    func `what is needed may not`(_ action: String) async throws {
        let emulator = try InProcessEmulator(FourUsers.account(), edit: denying(action))
        let assessment = try await emulator.collect(.live)
        #expect(!assessment.isComplete)
        #expect(assessment.blockingFailures.contains { $0.operation == action })
    }

    @Test func `a report that was to be the population and is denied is no empty account`() async throws {
        let emulator = try InProcessEmulator(FourUsers.account(), edit: denying("GenerateCredentialReport"))
        let assessment = try await emulator.collect(.report)
        #expect(!assessment.isComplete)
        #expect(!assessment.snapshot.populationIsKnown)
        #expect(assessment.overallStatus == .undetermined)
    }

    // MARK: Unreadable

    @Test func `a report that AWS never finishes is given up`() async throws {
        var account = FourUsers.account()
        account.credentialReport.polls = 1_000_000
        let assessment = try await InProcessEmulator(account).collect(.auto)
        #expect(assessment.isComplete)
        #expect(assessment.otherFailures.map(\.fact) == [.credentialReport])
        #expect(assessment.keys.count == 4)
    }

    @Test(arguments: ["", "user,arn\nx,y", "garbage"])
    func `a report that can't be read is none`(_ csv: String) async throws {
        let emulator = try InProcessEmulator(
            FourUsers.account(), edit: { $0 == "GetCredentialReport" ? $3.withReport(csv) : $3 })
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.isComplete)
        #expect(assessment.otherFailures.map(\.code) == ["unreadable-answer"])
        #expect(emulator.counts["GetAccessKeyLastUsed"] == 4)
    }

    @Test func `a status that nobody knows makes the run incomplete`() async throws {
        var account = FourUsers.account()
        account.users[0].accessKeys[0].status = "Suspended"
        let assessment = try await InProcessEmulator(account).collect(.auto)
        #expect(!assessment.isComplete)
        #expect(assessment.blockingFailures.map(\.fact) == [.keyStatus])
    }

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

    @Test func `a credential report of the future isn't read`() async throws {
        let found = try await EditedRun.of(SmallAccount.account(), .auto) { action, _, _, reply in
            guard action == "GetCredentialReport" else { return reply }
            let tomorrow = (SmallAccount.now + 86_400).ISO8601Format()
            return EditedReply(
                status: reply.status,
                body: reply.body.replacing(/<GeneratedTime>[^<]*/, with: "<GeneratedTime>\(tomorrow)"))
        }
        #expect(found.assessment.snapshot.credentialReport.failure?.code == "untimely")
    }

    @Test(arguments: ["-1", "9223372036854775807"])
    func `a number of users that can't be is none`(number: String) async throws {
        let found = try await EditedRun.of(SmallAccount.account(), .auto) { action, _, _, reply in
            action == "GetAccountSummary"
                ? reply.replacing("<key>Users</key><value>2", with: "<key>Users</key><value>\(number)") : reply
        }
        #expect(found.assessment.snapshot.accountSummary.failure?.code == "unreadable-answer")
    }

    // MARK: Interrupted

    @Test func `a run that is interrupted says so`() async throws {
        let stop = Mutex<(@Sendable () -> Void)?>(nil)
        let emulator = try InProcessEmulator(
            FourUsers.account(),
            watch: { _, form, _ in
                if form.contains("Action=ListAccessKeys") { stop.withLock { $0 }?() }
            })
        let run = Task {
            // Not before the task can be cancelled.
            while stop.withLock({ $0 }) == nil { await Task.yield() }
            return try await emulator.collect(.auto)
        }
        stop.withLock { $0 = { run.cancel() } }
        let assessment = try await run.value
        #expect(!assessment.isComplete)
        #expect(assessment.blockingFailures.contains { $0.code == "interrupted" })
        #expect(assessment.overallStatus == .undetermined)
    }
}
