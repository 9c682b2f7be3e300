import Collector
import Evidence
import FoundationEssentials
import MockIAM
import Synchronization
import Testing

/// Nothing is missed: what the sources disagree on is explained or makes the run incomplete, and what went away is
/// named.
@Suite struct ReconciliationTests {
    private static func key(
        _ number: Int, created: Date = .ago(days: 100), deleted: Date? = nil, status: String = "Active",
        used: Date? = .ago(days: 1)
    ) -> MockIAM.AccessKey {
        MockIAM.AccessKey(
            "AKIA00000000000000\(number)X", status: status, created: created, deleted: deleted,
            lastUse: used.map { MockIAM.LastUse($0) })
    }

    /// Four users: with a key, with two, with none, with an inactive one.
    private static func account(generated: Date? = nil) -> MockIAM.Account {
        var account = MockIAM.Account(clock: .testNow, created: .ago(days: 2000))
        account.credentialReport = MockIAM.CredentialReportPlan(generated: generated, polls: 2)
        account.users = [
            MockIAM.User("anna", created: .ago(days: 500), accessKeys: [key(1)]),
            MockIAM.User("bert", created: .ago(days: 500), accessKeys: [key(2), key(3, created: .ago(days: 20))]),
            MockIAM.User("carl", created: .ago(days: 500)),
            MockIAM.User("dora", created: .ago(days: 500), accessKeys: [key(4, status: "Inactive")]),
        ]
        return account
    }

    private static func deny(_ actions: String...) -> InProcessEmulator.Edit {
        { action, _, _, reply in
            guard actions.contains(action) else { return reply }
            return InProcessEmulator.Reply(
                status: 403, date: reply.date,
                body: """
                    <ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error>\
                    <RequestId>1</RequestId></ErrorResponse>
                    """)
        }
    }

    /// Takes what is between two texts, both included, out of the answers of an action.
    private static func cut(
        _ action: String, _ numbers: ClosedRange<Int> = 1...1000, from start: String, to end: String
    ) -> InProcessEmulator.Edit {
        { asked, number, _, reply in
            guard asked == action, numbers.contains(number), let first = reply.body.firstRange(of: start),
                let last = reply.body[first.lowerBound...].firstRange(of: end)
            else { return reply }
            var reply = reply
            reply.body.removeSubrange(first.lowerBound..<last.upperBound)
            return reply
        }
    }

    private func notes(_ assessment: Assessment) -> [String] {
        assessment.snapshot.notes.map { "\($0.kind.rawValue) \($0.subject)" }
    }

    // MARK: Calls

    @Test func `a report made for the run saves the calls for what it says`() async throws {
        let emulator = try InProcessEmulator(Self.account())
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.isComplete)
        #expect(notes(assessment).isEmpty)
        #expect(assessment.snapshot.credentialReport.value?.wasMadeDuringRun == true)
        // carl has no key: nothing to list.
        #expect(emulator.counts["ListAccessKeys"] == 3)
        #expect(emulator.counts["GetAccessKeyLastUsed"] == nil)
        #expect(emulator.counts["GetLoginProfile"] == nil)
    }

    @Test func `one from the cache saves those for keys that a use can't change, and finds new keys`() async throws {
        var account = Self.account(generated: .ago(hours: 3))
        // Of users of one second, with keys of one second, everything is asked for.
        for index in account.users.indices { account.users[index].created = .ago(days: Double(500 + index)) }
        // Not used for 95 days, by the report; used an hour ago.
        account.users[0].accessKeys[0].earlierUse = MockIAM.LastUse(.ago(days: 95))
        account.users[0].accessKeys[0].lastUse = MockIAM.LastUse(.ago(hours: 1))
        account.users[2].accessKeys = [Self.key(9, created: .ago(hours: 1), used: nil)]
        let emulator = try InProcessEmulator(account)
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.isComplete)
        #expect(assessment.keys.count == 5)
        #expect(assessment.keys.first { $0.user.name == "anna" }?.idleDays == 0)
        #expect(emulator.counts["ListAccessKeys"] == 4)
        #expect(emulator.counts["GetAccessKeyLastUsed"] == 2)
        #expect(notes(assessment) == ["key-not-in-report AKIA000000000000009X"])
        #expect(assessment.snapshot.notes.allSatisfy { $0.explanation != nil })
    }

    @Test func `live asks for every fact`() async throws {
        let emulator = try InProcessEmulator(Self.account())
        let assessment = try await emulator.collect(.live)
        #expect(assessment.isComplete)
        #expect(emulator.counts["ListAccessKeys"] == 4)
        #expect(emulator.counts["GetAccessKeyLastUsed"] == 4)
        #expect(emulator.counts["GetLoginProfile"] == 4)
        let sources = Set(assessment.keys.compactMap(\.key.lastUse.source?.operation))
        #expect(sources == [.getAccessKeyLastUsed])
    }

    @Test func `the report alone takes four calls, and names keys by slot`() async throws {
        var account = Self.account(generated: .ago(hours: 2))
        account.root.accessKeys = [Self.key(8, created: .ago(days: 900))]
        let emulator = try InProcessEmulator(account)
        let assessment = try await emulator.collect(.report) { $0.withoutKeyIDs = true }
        // The fourth is GetCallerIdentity.
        #expect(
            emulator.counts == ["GenerateCredentialReport": 1, "GetCredentialReport": 1, "GetAccountSummary": 1])
        #expect(assessment.isComplete)
        #expect(assessment.keys.map(\.key.label) == ["slot 1", "slot 1", "slot 2", "slot 1"])
        #expect(assessment.keys.allSatisfy { $0.key.id == nil && $0.key.listed.asOf == .ago(hours: 2) })
        #expect(assessment.snapshot.root.keys?.count == 1)
        #expect(assessment.snapshot.root.accessKeysPresent == true)
        #expect(Set(assessment.keys.map(\.naturalKeyForTest)).count == 4)
    }

    @Test func `the report with ids lists the keys of users who have some`() async throws {
        let emulator = try InProcessEmulator(Self.account(generated: .ago(hours: 2)))
        let assessment = try await emulator.collect(.report)
        #expect(emulator.counts["ListAccessKeys"] == 3)
        #expect(emulator.counts["ListUsers"] == nil)
        #expect(assessment.isComplete)
        #expect(assessment.keys.compactMap(\.key.id).count == 4)
    }

    @Test func `a report that misses a user of the account doesn't pass`() async throws {
        var account = Self.account(generated: .ago(hours: 2))
        account.users.append(MockIAM.User("eve", created: .ago(hours: 1), accessKeys: [Self.key(7)]))
        let assessment = try await InProcessEmulator(account).collect(.report)
        #expect(!assessment.isComplete)
        #expect(notes(assessment) == ["user-count account"])
    }

    // MARK: What goes away

    @Test(arguments: [CollectionSource.auto, .live])
    func `a user deleted during the run is confirmed by listing again, and named`(_ source: CollectionSource)
        async throws
    {
        var account = Self.account(generated: .ago(hours: 2))
        account.users[1].deleted = .testNow + 10
        let emulator = try InProcessEmulator(
            account,
            watch: { _, form, emulator in
                if form.contains("Action=ListAccessKeys"), form.contains("UserName=bert") { emulator.advance(by: 20) }
            })
        let assessment = try await emulator.collect(source)
        #expect(assessment.isComplete)
        // The summary had counted the user.
        #expect(notes(assessment) == ["user-count account", "user-vanished bert"])
        #expect(assessment.snapshot.users.map(\.name) == ["anna", "carl", "dora"])
        #expect(emulator.counts["ListUsers"] == 2)
    }

    @Test func `one that ListUsers still names isn't gone, and its keys aren't known`() async throws {
        let emulator = try InProcessEmulator(Self.account()) { action, _, form, reply in
            guard action == "ListAccessKeys", form.contains("bert") else { return reply }
            return InProcessEmulator.Reply(
                status: 404, date: reply.date,
                body: "<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>no</Message></Error></ErrorResponse>")
        }
        let assessment = try await emulator.collect(.auto)
        #expect(!assessment.isComplete)
        #expect(assessment.snapshot.users.count == 4)
        #expect(assessment.blockingFailures.map(\.subject) == ["bert"])
        #expect(assessment.conclusion(of: .unusedKey) != .satisfied)
    }

    @Test func `a key deleted during the run is confirmed by listing again, and named`() async throws {
        var account = Self.account()
        account.users[0].accessKeys[0].deleted = .testNow + 10
        let emulator = try InProcessEmulator(
            account,
            watch: { _, form, emulator in
                if form.contains("Action=GetAccessKeyLastUsed"), form.contains("1X") { emulator.advance(by: 20) }
            })
        let assessment = try await emulator.collect(.live)
        #expect(assessment.isComplete)
        #expect(notes(assessment).contains("key-vanished AKIA000000000000001X"))
        #expect(!assessment.keys.contains { $0.user.name == "anna" })
    }

    @Test func `a key whose last use AWS doesn't know, though it is still listed, is undetermined`() async throws {
        let emulator = try InProcessEmulator(Self.account()) { action, _, form, reply in
            guard action == "GetAccessKeyLastUsed", form.contains("1X") else { return reply }
            return InProcessEmulator.Reply(
                status: 404, date: reply.date,
                body: "<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>no</Message></Error></ErrorResponse>")
        }
        let assessment = try await emulator.collect(.live)
        #expect(!assessment.isComplete)
        #expect(assessment.blockingFailures.map(\.fact) == [.lastUse])
    }

    // MARK: Sources that disagree

    @Test func `a user whom ListUsers left out is found by the report, read, and not explained`() async throws {
        let edit = Self.cut("ListUsers", 1...1, from: "<member>", to: "</member>")
        for source in [CollectionSource.auto, .live] {
            let emulator = try InProcessEmulator(
                Self.account(), edit: { edit($0, $1, $2, $3.withMembersOnOneLine) })
            let assessment = try await emulator.collect(source)
            #expect(assessment.snapshot.users.count == 4, "\(source)")
            #expect(assessment.keys.count == 4)
            #expect(notes(assessment).filter { $0.hasPrefix("user-listed-late") }.count == 1)
            #expect(!assessment.isComplete)
            #expect(assessment.blockingFailures.map(\.code) == ["unexplained"])
        }
    }

    @Test func `a run that can't ask any more doesn't pass, though what it needed was there`() async throws {
        // The user whom ListUsers left out could only be looked for by asking again.
        let cut = Self.cut("ListUsers", 1...1, from: "<member>", to: "</member>")
        let emulator = try InProcessEmulator(Self.account()) { action, number, form, reply in
            if action == "GetAccountSummary" { return Self.deny(action)(action, number, form, reply) }
            // The last call of all: what it asks for nobody needs.
            guard action == "ListMFADevices", form.contains("dora") else {
                return cut(action, number, form, reply.withMembersOnOneLine)
            }
            return InProcessEmulator.Reply(
                status: 403, date: reply.date,
                body: "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>no</Message></Error></ErrorResponse>")
        }
        let assessment = try await emulator.collect(.auto) {
            $0.include = [.mfaDevices]
            $0.concurrency = 1...1
        }
        #expect(!assessment.isComplete)
        #expect(assessment.blockingFailures.map(\.code) == ["ExpiredToken"])
    }

    @Test func `a user deleted since the report was made is explained`() async throws {
        var account = Self.account(generated: .ago(hours: 2))
        account.users[1].deleted = .ago(hours: 1)
        let assessment = try await InProcessEmulator(account).collect(.auto)
        #expect(assessment.isComplete)
        #expect(notes(assessment) == ["user-only-in-report bert"])
    }

    @Test func `a user created since the report was made is explained, and read with calls`() async throws {
        var account = Self.account(generated: .ago(hours: 2))
        account.users.append(
            MockIAM.User("eve", created: .ago(hours: 1), accessKeys: [Self.key(7, created: .ago(hours: 1), used: nil)]))
        let emulator = try InProcessEmulator(account)
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.isComplete)
        #expect(notes(assessment) == ["user-not-in-report eve"])
        #expect(emulator.counts["GetLoginProfile"] == 1)
    }

    @Test func `an old user whom the report lacks isn't explained`() async throws {
        let emulator = try InProcessEmulator(Self.account(), edit: Self.withoutReportRow(of: "anna"))
        let assessment = try await emulator.collect(.auto)
        #expect(!assessment.isComplete)
        #expect(notes(assessment) == ["user-not-in-report anna"])
        #expect(assessment.keys.count == 4)
    }

    @Test func `a key that the list left out is found by the report, and read`() async throws {
        let edit = Self.cut("ListAccessKeys", 1...3, from: "<member><UserName>anna", to: "</member>")
        let emulator = try InProcessEmulator(Self.account(), edit: { edit($0, $1, $2, $3.withMembersOnOneLine) })
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.isComplete)
        #expect(assessment.keys.count == 4)
    }

    @Test func `a count of users that doesn't fit makes the run incomplete, and is asked for twice`() async throws {
        var account = Self.account()
        account.summary = ["Users": 7]
        let emulator = try InProcessEmulator(account)
        let assessment = try await emulator.collect(.auto)
        #expect(!assessment.isComplete)
        #expect(notes(assessment) == ["user-count account"])
        #expect(emulator.counts["GetAccountSummary"] == 2)
        #expect(assessment.conclusion(of: .keyRotation) == .notSatisfied)
        #expect(assessment.summary.complianceRate == nil)
        let note = try #require(assessment.snapshot.notes.first)
        #expect(
            note.observed
                == "The account summary counted 7 users, and 4 were read. At the end of the run it counted 7.")
        // Of both counts.
        #expect(Set(note.exchanges).count == 2)
    }

    @Test func `a count that fits at the end is explained`() async throws {
        let emulator = try InProcessEmulator(Self.account()) { action, number, _, reply in
            guard action == "GetAccountSummary", number == 1 else { return reply }
            var reply = reply
            reply.body = reply.body.replacing("<key>Users</key><value>4", with: "<key>Users</key><value>5")
            return reply
        }
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.isComplete)
        #expect(notes(assessment) == ["user-count account"])
        let note = try #require(assessment.snapshot.notes.first)
        #expect(
            note.observed
                == "The account summary counted 5 users, and 4 were read. At the end of the run it counted 4.")
        #expect(Set(note.exchanges).count == 2)
    }

    /// AWS counts one fewer than are listed.
    @Test(arguments: [true, false])
    func `whoever was created during the run need not have been counted`(isNew: Bool) async throws {
        var account = Self.account()
        account.users[2].created = .ago(days: isNew ? 0 : 1)
        account.summary = ["Users": 3]
        let assessment = try await InProcessEmulator(account).collect(.auto)
        #expect(assessment.isComplete == isNew)
        let note = try #require(assessment.snapshot.notes.first { $0.kind == .userCount })
        #expect(note.explanation == (isNew ? "1 created and 0 deleted during the run." : nil))
    }

    @Test func `keys made in the same second are asked for, and said to be ambiguous`() async throws {
        var account = Self.account()
        account.users[1].accessKeys[1].created = account.users[1].accessKeys[0].created
        account.users[1].accessKeys[1].lastUse = nil
        let emulator = try InProcessEmulator(account)
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.isComplete)
        #expect(emulator.counts["GetAccessKeyLastUsed"] == 2)
        #expect(notes(assessment) == ["ambiguous-keys AKIA000000000000002X", "ambiguous-keys AKIA000000000000003X"])
        #expect(assessment.keys.filter(\.isNeverUsed).map(\.key.label) == ["AKIA000000000000003X"])
    }

    @Test func `a status that changed since the report is the list's`() async throws {
        let emulator = try InProcessEmulator(Self.account()) { action, _, form, reply in
            guard action == "ListAccessKeys", form.contains("anna") else { return reply }
            var reply = reply
            reply.body = reply.body.replacing("<Status>Active", with: "<Status>Inactive")
            return reply
        }
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.isComplete)
        #expect(notes(assessment) == ["key-status-changed AKIA000000000000001X"])
        #expect(assessment.keys[0].key.status == .inactive)
    }

    // MARK: What can't be read

    @Test(arguments: [
        ["GetAccountSummary"], ["GenerateCredentialReport"], ["GetCredentialReport"],
        ["GenerateCredentialReport", "GetLoginProfile"],
    ])
    func `what no test needs may be denied, and is said to be`(_ denied: [String]) async throws {
        let emulator = try InProcessEmulator(
            Self.account(),
            edit: { action, number, form, reply in
                denied.contains(action) ? Self.deny(action)(action, number, form, reply) : reply
            })
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.isComplete)
        #expect(Set(assessment.otherFailures.map(\.operation)) == Set(denied))
        #expect(assessment.keys.count == 4)
        let isReportDenied = denied.contains { $0.hasSuffix("CredentialReport") }
        #expect(emulator.counts["GetAccessKeyLastUsed"] == (isReportDenied ? 4 : nil))
    }

    @Test func `one of account summary and credential report must tell about the root user`() async throws {
        let edit = Self.deny("GetAccountSummary", "GenerateCredentialReport")
        let assessment = try await InProcessEmulator(Self.account(), edit: edit).collect(.auto)
        #expect(!assessment.isComplete)
        #expect(assessment.conclusion(of: .rootKey) == .undetermined)
        #expect(Set(assessment.blockingFailures.map(\.operation)) == ["GetAccountSummary", "GenerateCredentialReport"])
        // A policy that doesn't ask about the root user can do without both.
        var policy = Policy()
        policy.tests.removeAll { $0 == .rootKey }
        let without = try await InProcessEmulator(Self.account(), edit: edit).collect(.auto, policy: policy)
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
        var account = Self.account()
        account.users[0].tags = [MockIAM.Tag("type", "service")]
        let emulator = try InProcessEmulator(account)
        let assessment = try await emulator.collect(.auto, policy: policy)
        #expect(assessment.isComplete)
        #expect(emulator.counts["ListUserTags"] == 4)
        #expect(assessment.keys.map { $0.outcomes[.keyRotation] } == [.satisfied, .failed, .satisfied, .notApplicable])
        #expect(assessment.keys.map(\.overrideName) == ["services", nil, nil, nil])

        let denied = try await InProcessEmulator(account, edit: Self.deny("ListUserTags")).collect(
            .auto, policy: policy)
        #expect(!denied.isComplete)
        // Which of the two limits holds isn't known: one fails, the other doesn't. The young key passes by both.
        #expect(
            denied.keys.map { $0.outcomes[.keyRotation] } == [.undetermined, .undetermined, .satisfied, .notApplicable])
    }

    @Test(arguments: ["ListUsers", "ListAccessKeys", "GetAccessKeyLastUsed"])
    func `what is needed may not`(_ action: String) async throws {
        let emulator = try InProcessEmulator(Self.account(), edit: Self.deny(action))
        let assessment = try await emulator.collect(.live)
        #expect(!assessment.isComplete)
        #expect(assessment.blockingFailures.contains { $0.operation == action })
    }

    @Test func `a report that was to be the population and is denied is no empty account`() async throws {
        let emulator = try InProcessEmulator(Self.account(), edit: Self.deny("GenerateCredentialReport"))
        let assessment = try await emulator.collect(.report)
        #expect(!assessment.isComplete)
        #expect(!assessment.snapshot.populationIsKnown)
        #expect(assessment.overallStatus == .undetermined)
    }

    @Test func `a report that AWS never finishes is given up`() async throws {
        var account = Self.account()
        account.credentialReport.polls = 1_000_000
        let assessment = try await InProcessEmulator(account).collect(.auto)
        #expect(assessment.isComplete)
        #expect(assessment.otherFailures.map(\.fact) == [.credentialReport])
        #expect(assessment.keys.count == 4)
    }

    @Test(arguments: ["", "user,arn\nx,y", "garbage"])
    func `a report that can't be read is none`(_ csv: String) async throws {
        let emulator = try InProcessEmulator(Self.account(), edit: Self.withReport { _ in csv })
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.isComplete)
        #expect(assessment.otherFailures.map(\.code) == ["unreadable-answer"])
        #expect(emulator.counts["GetAccessKeyLastUsed"] == 4)
    }

    @Test func `a user who is twice in the report is asked for, and said to be`() async throws {
        let emulator = try InProcessEmulator(
            Self.account(),
            edit: Self.withReport { csv in
                let row = csv.split(separator: "\n").first { $0.hasPrefix("anna,") } ?? ""
                return "\(csv)\n\(row)"
            })
        let assessment = try await emulator.collect(.auto)
        // Which of the two rows is right nobody knows.
        #expect(!assessment.isComplete)
        #expect(assessment.blockingFailures.contains { $0.code == "duplicate" && $0.subject == "anna" })
        #expect(emulator.counts["GetAccessKeyLastUsed"] == 1)
    }

    @Test func `a user who is listed twice, and a key, make the run incomplete`() async throws {
        let users = try InProcessEmulator(Self.account()) { action, _, _, reply in
            guard action == "ListUsers" else { return reply }
            return reply.withFirstMemberTwice
        }
        let twice = try await users.collect(.auto)
        #expect(twice.blockingFailures.map(\.code) == ["listed-twice"])
        // It is the list that is wrong, and not the identifier.
        #expect(twice.conclusion(of: .identifierUnique) == .undetermined)
        let keys = try InProcessEmulator(Self.account()) { action, _, form, reply in
            guard action == "ListAccessKeys", form.contains("anna") else { return reply }
            return reply.withFirstMemberTwice
        }
        let assessment = try await keys.collect(.auto)
        #expect(assessment.blockingFailures.map(\.code) == ["listed-twice"])
        #expect(assessment.conclusion(of: .identifierUnique) == .undetermined)
        #expect(assessment.keys.count == 4)
    }

    @Test func `a key of two users is evidence about neither`() async throws {
        let emulator = try InProcessEmulator(Self.account()) { action, _, form, reply in
            guard action == "ListAccessKeys", form.contains("dora") else { return reply }
            var reply = reply
            reply.body = reply.body.replacing("AKIA000000000000004X", with: "AKIA000000000000001X")
            return reply
        }
        let assessment = try await emulator.collect(.auto)
        #expect(!assessment.isComplete)
        #expect(
            assessment.blockingFailures.allSatisfy { $0.code == "duplicate" && $0.subject == "AKIA000000000000001X" })
        #expect(Set(assessment.blockingFailures.map(\.fact)) == [.population, .lastUse])
        let shared = assessment.keys.filter { $0.key.id == "AKIA000000000000001X" }
        #expect(shared.count == 2 && shared.allSatisfy { $0.level == nil })
    }

    @Test func `a status that nobody knows makes the run incomplete`() async throws {
        var account = Self.account()
        account.users[0].accessKeys[0].status = "Suspended"
        let assessment = try await InProcessEmulator(account).collect(.auto)
        #expect(!assessment.isComplete)
        #expect(assessment.blockingFailures.map(\.fact) == [.keyStatus])
    }

    // MARK: Root and the optional sources

    @Test func `the root user's keys are known from summary and report`() async throws {
        var account = Self.account()
        account.root.accessKeys = [Self.key(8, created: .ago(days: 900), used: .ago(days: 30))]
        let root = try await InProcessEmulator(account).collect(.auto).snapshot.root
        #expect(root.accessKeysPresent == true)
        #expect(root.keys?.map(\.created) == [.ago(days: 900)])
        #expect(root.hasAccessKeys == true)
    }

    @Test func `what is included is read for every user, and denied it is said to be`() async throws {
        var account = Self.account()
        account.users[0].tags = [MockIAM.Tag("owner", "anna@example.com")]
        account.users[0].serviceSpecificCredentials = [
            MockIAM.ServiceSpecificCredential(
                "ACCA0000000000000000", service: "codecommit.amazonaws.com", created: .ago(days: 3))
        ]
        let emulator = try InProcessEmulator(account, edit: Self.deny("ListSSHPublicKeys"))
        let assessment = try await emulator.collect(.auto) { $0.include = Set(OptionalSource.allCases) }
        #expect(assessment.isComplete)
        let optional = try #require(assessment.snapshot.users.first).optional
        #expect(optional.tags?.value == [OptionalFacts.Tag(key: "owner", value: "anna@example.com")])
        #expect(optional.serviceSpecificCredentials?.value?.map(\.service) == ["codecommit.amazonaws.com"])
        #expect(optional.mfaDevices?.value == [])
        #expect(optional.signingCertificates?.value == [])
        #expect(optional.sshPublicKeys?.value == nil)
        #expect(assessment.otherFailures.count == 4)
    }

    @Test func `a run that is interrupted says so`() async throws {
        let stop = Mutex<(@Sendable () -> Void)?>(nil)
        let emulator = try InProcessEmulator(
            Self.account(),
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

    // MARK: Editing reports

    private static func withReport(_ change: @escaping @Sendable (String) -> String) -> InProcessEmulator.Edit {
        { action, _, _, reply in
            guard action == "GetCredentialReport", reply.status == 200,
                let start = reply.body.firstRange(of: "<Content>"), let end = reply.body.firstRange(of: "</Content>"),
                let csv = Data(base64Encoded: String(reply.body[start.upperBound..<end.lowerBound]))
            else { return reply }
            var reply = reply
            let changed = Data(change(String(decoding: csv, as: UTF8.self)).utf8).base64EncodedString()
            reply.body.replaceSubrange(start.upperBound..<end.lowerBound, with: changed)
            return reply
        }
    }

    private static func withoutReportRow(of user: String) -> InProcessEmulator.Edit {
        withReport { csv in
            csv.split(separator: "\n").filter { !$0.hasPrefix("\(user),") }.joined(separator: "\n")
        }
    }
}

extension KeyAssessment {
    /// What names a key without an id.
    fileprivate var naturalKeyForTest: String { "\(user.name) \(key.label) \(key.created)" }
}

extension InProcessEmulator.Reply {
    /// Without white space between elements, so that texts can be looked for.
    fileprivate var withMembersOnOneLine: Self {
        var reply = self
        reply.body = body.split(separator: "\n").map { $0.drop { $0 == " " } }.joined()
        return reply
    }

    fileprivate var withFirstMemberTwice: Self {
        var reply = self
        guard let start = body.firstRange(of: "<member>"), let end = body.firstRange(of: "</member>") else {
            return self
        }
        reply.body.insert(contentsOf: body[start.lowerBound..<end.upperBound], at: end.upperBound)
        return reply
    }
}
