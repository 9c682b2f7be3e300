import Collector
import Evidence
import FoundationEssentials
import MockIAM
import Testing

/// Nothing is missed: what the sources disagree on is explained or makes the run incomplete.
@Suite struct ReconciliationTests {
    // MARK: Sources that disagree

    @Test func `a user whom ListUsers left out is found by the report, read, and not explained`() async throws {
        for source in [CollectionSource.auto, .live] {
            let emulator = try InProcessEmulator(FourUsers.account(), edit: leavingOutAnna)
            let assessment = try await emulator.collect(source)
            #expect(assessment.snapshot.users.count == 4, "\(source)")
            #expect(assessment.keys.count == 4)
            #expect(assessment.noteTexts.filter { $0.hasPrefix("user-listed-late") }.count == 1)
            #expect(!assessment.isComplete)
            #expect(assessment.blockingFailures.map(\.code) == ["unexplained"])
        }
    }

    @Test func `a run that can't ask any more doesn't pass, though what it needed was there`() async throws {
        // The user whom ListUsers left out could only be looked for by asking again.
        let emulator = try InProcessEmulator(FourUsers.account()) { action, number, form, reply in
            switch action {
            case "GetAccountSummary": .denied
            // The last call of all: what it asks for nobody needs.
            case "ListMFADevices" where form.contains("dora"): .error(403, "ExpiredToken", "no")
            default: leavingOutAnna(action, number, form, reply)
            }
        }
        let assessment = try await emulator.collect(.auto) {
            $0.include = [.mfaDevices]
            $0.concurrency = 1...1
        }
        #expect(!assessment.isComplete)
        #expect(assessment.blockingFailures.map(\.code) == ["ExpiredToken"])
    }

    @Test func `a user deleted since the report was made is explained`() async throws {
        var account = FourUsers.account(generated: .ago(hours: 2))
        account.users[1].deleted = .ago(hours: 1)
        let assessment = try await InProcessEmulator(account).collect(.auto)
        #expect(assessment.isComplete)
        #expect(assessment.noteTexts == ["user-only-in-report bert"])
    }

    @Test func `a user created since the report was made is explained, and read with calls`() async throws {
        var account = FourUsers.account(generated: .ago(hours: 2))
        account.users.append(
            MockIAM.User(
                "eve", created: .ago(hours: 1), accessKeys: [FourUsers.key(7, created: .ago(hours: 1), used: nil)]))
        let emulator = try InProcessEmulator(account)
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.isComplete)
        #expect(assessment.noteTexts == ["user-not-in-report eve"])
        #expect(emulator.counts["GetLoginProfile"] == 1)
    }

    @Test func `an old user whom the report lacks isn't explained`() async throws {
        let emulator = try InProcessEmulator(
            FourUsers.account(), edit: { $0 == "GetCredentialReport" ? $3.withoutReportRow(of: "anna") : $3 })
        let assessment = try await emulator.collect(.auto)
        #expect(!assessment.isComplete)
        #expect(assessment.noteTexts == ["user-not-in-report anna"])
        #expect(assessment.keys.count == 4)
    }

    @Test func `a key that the list left out is found by the report, and read`() async throws {
        let emulator = try InProcessEmulator(FourUsers.account()) { action, number, form, reply in
            action == "ListAccessKeys" && number == 1 ? reply.without(memberWith: "anna") : reply
        }
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.isComplete)
        #expect(assessment.keys.count == 4)
    }

    @Test func `a count of users that doesn't fit makes the run incomplete, and is asked for again`() async throws {
        var account = FourUsers.account()
        account.summary = ["Users": 7]
        let emulator = try InProcessEmulator(account)
        let assessment = try await emulator.collect(.auto)
        #expect(!assessment.isComplete)
        #expect(assessment.noteTexts == ["user-count account"])
        #expect(emulator.counts["GetAccountSummary"] == 5)
        #expect(assessment.conclusion(of: .keyRotation) == .notSatisfied)
        #expect(assessment.summary.complianceRate == nil)
        let note = try #require(assessment.snapshot.notes.first)
        #expect(
            note.observed
                == "The account summary counted 7 users, and 4 were read. At the end of the run it counted 7.")
        // Of all counts.
        #expect(Set(note.exchanges).count == 5)
    }

    @Test func `a count that fits at the end is explained`() async throws {
        let emulator = try InProcessEmulator(FourUsers.account()) { action, number, _, reply in
            action == "GetAccountSummary" && number == 1 ? reply.counting(5) : reply
        }
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.isComplete)
        #expect(assessment.noteTexts == ["user-count account"])
        let note = try #require(assessment.snapshot.notes.first)
        #expect(
            note.observed
                == "The account summary counted 5 users, and 4 were read. At the end of the run it counted 4.")
        #expect(Set(note.exchanges).count == 2)
    }

    /// AWS counts one fewer than are listed, and all of them in the end, at the latest when it is asked for the fourth time.
    @Test(arguments: [(true, 2), (true, 5), (true, 6), (false, 2), (false, 6)])
    func `whoever was created during the run is counted in the end`(isNew: Bool, from number: Int) async throws {
        var account = FourUsers.account()
        account.users[2].created = .ago(days: isNew ? 0 : 1)
        let emulator = try InProcessEmulator(account) { action, count, _, reply in
            action == "GetAccountSummary" && count < number ? reply.counting(3) : reply
        }
        let assessment = try await emulator.collect(.auto)
        let note = try #require(assessment.snapshot.notes.first { $0.kind == .userCount })
        #expect(assessment.isComplete == (number <= 5))
        #expect(emulator.counts["GetAccountSummary"] == min(number, 5))
        let explanation =
            isNew
            ? "1 created and 0 deleted during the run, and the last count fits."
            : "Users were created or deleted while the run went on, and the last count fits."
        #expect(note.explanation == (number <= 5 ? explanation : nil))
    }

    /// Somebody whom every list leaves out, and somebody who comes or goes meanwhile and would make up for it.
    @Test(arguments: [CollectionSource.auto, .live], ["created", "vanished", "deleted later"])
    func `nobody who comes or goes makes up for one who was left out`(
        source: CollectionSource, what: String
    ) async throws {
        var account = FourUsers.account()
        if what == "created" { account.users[2].created = .testNow }
        let emulator = try InProcessEmulator(account) { action, number, form, reply in
            switch action {
            case "GenerateCredentialReport": .denied
            // Dora's key is on no list, and carl goes, before he is read or after it.
            case "ListUsers" where what == "deleted later" && number > 1:
                reply.without(memberWith: "dora").without(memberWith: "carl")
            case "ListUsers" where what == "vanished" && number > 1:
                reply.without(memberWith: "dora").without(memberWith: "carl")
            case "ListUsers": reply.without(memberWith: "dora")
            case "ListAccessKeys" where what == "vanished" && form.contains("carl"): .unknownUser("carl")
            case "GetAccountSummary": reply.counting(what == "created" && number == 1 ? 3 : what == "created" ? 4 : 3)
            default: reply
            }
        }
        let assessment = try await emulator.collect(source)
        #expect(!assessment.isComplete)
        #expect(assessment.noteTexts.contains("user-count account"))
        #expect(assessment.blockingFailures.contains { $0.code == .unexplained && $0.subject == .account })
    }

    @Test func `a creation date that hasn't come explains nothing`() async throws {
        for source in [CollectionSource.auto, .live] {
            var account = FourUsers.account()
            account.users[2].created = .testNow + 86_400 * 200
            let emulator = try InProcessEmulator(account) { action, _, _, reply in
                switch action {
                case "GetAccountSummary": reply.counting(3)
                case "GetCredentialReport": reply.withoutReportRow(of: "carl")
                default: reply
                }
            }
            let assessment = try await emulator.collect(source)
            #expect(!assessment.isComplete)
            #expect(
                assessment.snapshot.notes.filter { $0.explanation == nil }.map(\.kind) == [
                    .userCount, .userNotInReport,
                ])
        }
    }

    // MARK: When the report is of

    @Test(
        arguments: [
            (-200.0 * 24, false), (-4.5, false), (-4.1, true), (-1, true), (0.2, true), (0.5, false),
            (11, false),
        ] as [(Double, Bool)])
    func `a report of a time at which AWS can't have made it isn't used`(hours: Double, isTaken: Bool) async throws {
        for source in [CollectionSource.auto, .report] {
            let emulator = try InProcessEmulator(FourUsers.account()) { action, _, _, reply in
                guard action == "GetCredentialReport", reply.status == 200 else { return reply }
                let time = (Date.testNow + hours * 3600).ISO8601Format()
                return EditedReply(
                    status: 200, body: reply.body.replacing(/<GeneratedTime>[^<]*/, with: "<GeneratedTime>\(time)"))
            }
            let assessment = try await emulator.collect(source)
            let failures = assessment.snapshot.failures
            #expect(failures.map(\.code) == (isTaken ? [] : [.untimely]), "\(source)")
            #expect(assessment.isComplete == (isTaken || source == .auto), "\(failures)")
        }
    }

    @Test func `keys made in the same second are asked for, and said to be ambiguous`() async throws {
        var account = FourUsers.account()
        account.users[1].accessKeys[1].created = account.users[1].accessKeys[0].created
        account.users[1].accessKeys[1].lastUse = nil
        let emulator = try InProcessEmulator(account)
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.isComplete)
        #expect(emulator.counts["GetAccessKeyLastUsed"] == 2)
        #expect(assessment.noteTexts == ["ambiguous-keys AKIA000000000000002X", "ambiguous-keys AKIA000000000000003X"])
        #expect(assessment.keys.filter(\.isNeverUsed).map(\.key.label) == ["AKIA000000000000003X"])
    }

    @Test func `a status that changed since the report is the list's`() async throws {
        let emulator = try InProcessEmulator(FourUsers.account()) { action, _, form, reply in
            action == "ListAccessKeys" && form.contains("anna")
                ? reply.replacing("<Status>Active", with: "<Status>Inactive") : reply
        }
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.isComplete)
        #expect(assessment.noteTexts == ["key-status-changed AKIA000000000000001X"])
        #expect(assessment.keys[0].key.status == .inactive)
        let note = try #require(assessment.snapshot.notes.first)
        #expect(note.explanation == "Deactivated since the report was made: a second ListAccessKeys says the same.")
        #expect(note.exchanges.count == 3)
    }

    @Test(arguments: [CollectionSource.auto, .live])
    func `that a key of the report's isn't active any more, one list alone doesn't show`(
        source: CollectionSource
    ) async throws {
        func run(_ second: EditedReply?) async throws -> EditedRun {
            try await EditedRun.of(SmallAccount.account(), source) { action, number, form, reply in
                guard action == "ListAccessKeys", form.contains("anna") else { return reply }
                return number == 1 ? reply.replacing("<Status>Active", with: "<Status>Inactive") : second ?? reply
            }
        }
        let wrong = try await run(nil)
        #expect(wrong.assessment.isComplete && wrong.notes.isEmpty)
        #expect(wrong.assessment.keys.first { $0.user.name == "anna" }?.key.status == .active)
        let unknown = try await run(.denied)
        #expect(!unknown.assessment.isComplete)
        #expect(unknown.unexplained.map { $0.prefix(18) } == ["key-status-changed"])
    }

    @Test func `a key that the report alone has as inactive is active, and asked for once`() async throws {
        let emulator = try InProcessEmulator(FourUsers.account()) { action, _, form, reply in
            action == "ListAccessKeys" && form.contains("dora")
                ? reply.replacing("<Status>Inactive", with: "<Status>Active") : reply
        }
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.isComplete)
        #expect(assessment.noteTexts == ["key-status-changed AKIA000000000000004X"])
        #expect(emulator.counts["ListAccessKeys"] == 3)
    }

    // MARK: The root user

    /// Of an account whose root user has a key by its report, and none by its account summaries from one on.
    private func rootNote(
        reportAge hours: Double?, noneFrom first: Int, to last: Int = 9
    ) async throws -> (note: PopulationNote?, isComplete: Bool, conclusion: Conclusion, summaries: Int) {
        var account = FourUsers.account(generated: hours.map { .ago(hours: $0) })
        account.root.accessKeys = [FourUsers.key(8, created: .ago(days: 900), used: .ago(days: 30))]
        let present = "<key>AccountAccessKeysPresent</key><value>"
        let emulator = try InProcessEmulator(account) { action, number, _, reply in
            action == "GetAccountSummary" && (first...last).contains(number)
                ? reply.replacing("\(present)1", with: "\(present)0") : reply
        }
        let assessment = try await emulator.collect(.auto)
        return (
            assessment.snapshot.notes.first { $0.kind == .rootKeys }, assessment.isComplete,
            assessment.conclusion(of: .rootKey), emulator.counts["GetAccountSummary"] ?? 0
        )
    }

    @Test func `a root key that an older report has is gone by two account summaries, and not by one`() async throws {
        let gone = try await rootNote(reportAge: 2, noneFrom: 1)
        #expect(gone.isComplete && gone.conclusion == .satisfied && gone.summaries == 2)
        #expect(gone.note?.explanation == "Deleted since the report was made: a second account summary says the same.")
        #expect(gone.note?.exchanges.count == 3)
        let there = try await rootNote(reportAge: 2, noneFrom: 1, to: 1)
        #expect(!there.isComplete && there.conclusion != .satisfied && there.summaries == 2)
        #expect(there.note?.explanation == nil)
        #expect(there.note?.observed.hasSuffix("A second account summary says otherwise.") == true)
    }

    @Test func `that nobody says whether the root user has keys is a failure`() async throws {
        let emulator = try InProcessEmulator(FourUsers.account()) { action, _, _, reply in
            switch action {
            case "GetAccountSummary": reply.replacing("AccountAccessKeysPresent", with: "Other")
            case "GenerateCredentialReport": .denied
            default: reply
            }
        }
        let assessment = try await emulator.collect(.auto)
        #expect(!assessment.isComplete && assessment.conclusion(of: .rootKey) == .undetermined)
        #expect(assessment.blockingFailures.contains { $0.fact == .rootKeys && $0.operation == "GetAccountSummary" })
    }

    @Test func `a count that can't be had again isn't explained`() async throws {
        var account = FourUsers.account()
        account.users[2].created = .testNow
        let emulator = try InProcessEmulator(account) { action, number, _, reply in
            action == "GetAccountSummary" && number > 1 ? .denied : reply
        }
        let assessment = try await emulator.collect(.auto)
        #expect(!assessment.isComplete)
        let note = try #require(assessment.snapshot.notes.first { $0.kind == .userCount })
        #expect(note.observed.hasSuffix("it could not be had again, and 1 were created in it and 0 deleted."))
    }

    @Test func `a root key that a report of this run has isn't explained`() async throws {
        let found = try await rootNote(reportAge: nil, noneFrom: 1)
        #expect(!found.isComplete && found.conclusion != .satisfied)
        #expect(found.note != nil && found.note?.explanation == nil && found.summaries == 1)
    }

    // MARK: Another account

    @Test(arguments: [
        ("<Arn>arn:aws:iam::111122223333:user/bert<", "<Arn>arn:aws:iam::999988887777:user/bert<"),
        ("<Arn>arn:aws:iam::111122223333:user/bert<", "<Arn>arn:aws-cn:iam::111122223333:user/bert<"),
        ("<Arn>arn:aws:iam::111122223333:user/bert<", "<Arn>arn:aws:iam::111122223333:user/bob<"),
        ("<Arn>arn:aws:iam::111122223333:user/bert<", "<Arn>arn:aws:sts::111122223333:user/bert<"),
    ])
    func `a user of another account makes the run incomplete, and is named`(arn: String, other: String) async throws {
        let found = try await EditedRun.of(SmallAccount.account(), .live) { action, _, _, reply in
            action == "ListUsers" ? reply.replacing(arn, with: other) : reply
        }
        #expect(!found.assessment.isComplete)
        #expect(found.assessment.blockingFailures.map { "\($0.code) \($0.subject)" } == ["mismatched bert"])
        #expect(found.assessment.conclusion(of: .unusedKey) != .satisfied)
    }

    @Test func `users by another account's report are named, and its root user makes it no report`() async throws {
        let (own, other) = ("iam::111122223333:", "iam::999988887777:")
        let users = try await EditedRun.of(SmallAccount.account(), .report) { action, _, _, reply in
            action == "GetCredentialReport"
                ? reply.mapReport { $0.replacing("\(own)user", with: "\(other)user") } : reply
        }
        #expect(users.assessment.blockingFailures.map(\.subject) == [.user("anna"), .user("bert")])
        #expect(Set(users.assessment.blockingFailures.map(\.code)) == [.mismatched])
        for source in [CollectionSource.report, .auto] {
            let root = try await EditedRun.of(SmallAccount.account(), source) { action, _, _, reply in
                action == "GetCredentialReport"
                    ? reply.mapReport { $0.replacing("\(own)root", with: "\(other)root") } : reply
            }
            #expect(root.assessment.snapshot.failures.map(\.code) == [.mismatched], "\(source)")
            // Everything can be asked for, but where the report is all there is.
            #expect(root.assessment.isComplete == (source == .auto))
        }
    }

    @Test func `credentials that were fetched during the run have to be of the same account`() async throws {
        for (other, isComplete) in [("111122223333", true), ("999988887777", false)] {
            let emulator = try InProcessEmulator(FourUsers.account()) { action, _, _, reply in
                action == "GetCallerIdentity" ? reply.replacing("111122223333", with: other) : reply
            }
            let assessment = try await emulator.collect(.auto, hasOtherCredentials: true)
            #expect(emulator.counts["GetCallerIdentity"] == 1)
            #expect(assessment.isComplete == isComplete)
            #expect(assessment.snapshot.failures.map(\.code) == (isComplete ? [] : [.mismatched]))
        }
        let same = try InProcessEmulator(FourUsers.account())
        #expect(try await same.collect(.auto).isComplete)
        #expect(same.counts["GetCallerIdentity"] == nil)
    }

    @Test func `answers of another time than the first one make the run incomplete`() async throws {
        let emulator = try InProcessEmulator(FourUsers.account())
        for (hours, isComplete) in [(0.0, true), (-0.2, true), (-0.5, false), (11, true), (-8760, false), (13, false)] {
            // The first answer is the one that is wrong.
            let assessment = try await emulator.collect(.live, began: .testNow - hours * 3600)
            let untimely = assessment.snapshot.failures.filter { $0.code == .untimely && $0.fact == .population }
            #expect(untimely.isEmpty == isComplete, "\(hours)")
            // Of each operation once, whichever was answered first.
            #expect(untimely.map(\.operation) == (isComplete ? [] : ["GetAccountSummary", "ListUsers"]))
            #expect(isComplete || !assessment.isComplete)
        }
    }

    // MARK: What is there twice

    @Test func `a user who is twice in the report is asked for, and said to be`() async throws {
        let emulator = try InProcessEmulator(
            FourUsers.account(), edit: { $0 == "GetCredentialReport" ? $3.withReportRowTwice(of: "anna") : $3 })
        let assessment = try await emulator.collect(.auto)
        // Which of the two rows is right nobody knows.
        #expect(!assessment.isComplete)
        #expect(assessment.blockingFailures.map { "\($0.code) \($0.subject)" } == ["listed-twice anna"])
        #expect(emulator.counts["GetAccessKeyLastUsed"] == 1)
        // It is the report that is wrong, and not the name; and it does have her.
        #expect(assessment.conclusion(of: .identifierUnique) == .undetermined)
        #expect(assessment.noteTexts.isEmpty)
    }

    @Test func `two users of a name in the report are a name that two have`() async throws {
        let emulator = try InProcessEmulator(FourUsers.account()) { action, _, _, reply in
            guard action == "GetCredentialReport" else { return reply }
            return reply.mapReport { csv in
                let rows = csv.split(separator: "\n").map(String.init)
                let other = rows.filter { $0.hasPrefix("anna,") }.map { $0.replacing("user/anna", with: "user/x/anna") }
                return (rows + other).joined(separator: "\n")
            }
        }
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.blockingFailures.map { "\($0.code) \($0.subject)" } == ["duplicate anna"])
        #expect(assessment.conclusion(of: .identifierUnique) == .notSatisfied)
    }

    @Test func `a user who is listed twice, and a key, make the run incomplete`() async throws {
        let users = try InProcessEmulator(FourUsers.account()) { action, _, _, reply in
            action == "ListUsers" ? reply.twice(memberWith: "anna") : reply
        }
        let twice = try await users.collect(.auto)
        #expect(twice.blockingFailures.map(\.code) == ["listed-twice"])
        // It is the list that is wrong, and not the identifier.
        #expect(twice.conclusion(of: .identifierUnique) == .undetermined)
        let keys = try InProcessEmulator(FourUsers.account()) { action, _, form, reply in
            action == "ListAccessKeys" ? reply.twice(memberWith: "anna") : reply
        }
        let assessment = try await keys.collect(.auto)
        #expect(assessment.blockingFailures.map(\.code) == ["listed-twice"])
        #expect(assessment.conclusion(of: .identifierUnique) == .undetermined)
        #expect(assessment.keys.count == 4)
    }

    @Test func `a key of two users is evidence about neither`() async throws {
        let emulator = try InProcessEmulator(FourUsers.account()) { action, _, form, reply in
            action == "ListAccessKeys" ? reply.replacing("AKIA000000000000004X", with: "AKIA000000000000001X") : reply
        }
        let assessment = try await emulator.collect(.auto)
        #expect(!assessment.isComplete)
        #expect(
            assessment.blockingFailures.allSatisfy {
                $0.code == "duplicate" && $0.subject == .accessKey("AKIA000000000000001X")
            })
        #expect(Set(assessment.blockingFailures.map(\.fact)) == [.population, .lastUse])
        let shared = assessment.keys.filter { $0.key.id == "AKIA000000000000001X" }
        #expect(shared.count == 2 && shared.allSatisfy { $0.level == nil })
    }
}

/// ListUsers leaves the first user out, the first time.
private let leavingOutAnna: Edit = { action, number, _, reply in
    action == "ListUsers" && number == 1 ? reply.without(memberWith: "anna") : reply
}
