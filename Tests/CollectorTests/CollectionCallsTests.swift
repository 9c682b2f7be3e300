import AWSClient
import Collector
import Evidence
import FoundationEssentials
import MockIAM
import Recording
import Testing

/// What each source asks AWS for, and what it makes of the answers.
@Suite struct CollectionCallsTests {
    /// What isn't kept can't be collected again from the bundle.
    @Test func `the recording keeps the answers to all that a scan asks`() {
        let asked = Permission.all.map(\.operation) + [GetCallerIdentity.name]
        #expect(asked.filter { !Scrubber().keepsBodies(of: $0) } == [])
    }

    @Test func `a report made for the run saves the calls for what it says`() async throws {
        let emulator = try InProcessEmulator(FourUsers.account())
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.isComplete)
        #expect(assessment.noteTexts.isEmpty)
        #expect(assessment.snapshot.credentialReport.value?.wasMadeDuringRun == true)
        // carl has no key: nothing to list.
        #expect(emulator.counts["ListAccessKeys"] == 3)
        #expect(emulator.counts["GetAccessKeyLastUsed"] == nil)
        #expect(emulator.counts["GetLoginProfile"] == nil)
    }

    @Test func `one from the cache saves those for keys that a use can't change, and finds new keys`() async throws {
        var account = FourUsers.account(generated: .ago(hours: 3))
        // Of users of one second, with keys of one second, everything is asked for.
        for index in account.users.indices { account.users[index].created = .ago(days: Double(500 + index)) }
        // Not used for 95 days, by the report; used an hour ago.
        account.users[0].accessKeys[0].earlierUse = MockIAM.LastUse(.ago(days: 95))
        account.users[0].accessKeys[0].lastUse = MockIAM.LastUse(.ago(hours: 1))
        account.users[2].accessKeys = [FourUsers.key(9, created: .ago(hours: 1), used: nil)]
        let emulator = try InProcessEmulator(account)
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.isComplete)
        #expect(assessment.keys.count == 5)
        #expect(assessment.keys.first { $0.user.name == "anna" }?.idleDays == 0)
        #expect(emulator.counts["ListAccessKeys"] == 4)
        #expect(emulator.counts["GetAccessKeyLastUsed"] == 2)
        #expect(assessment.noteTexts == ["key-not-in-report AKIA000000000000009X"])
        #expect(assessment.snapshot.notes.allSatisfy { $0.explanation != nil })
    }

    @Test func `live asks for every fact`() async throws {
        let emulator = try InProcessEmulator(FourUsers.account())
        let assessment = try await emulator.collect(.live)
        #expect(assessment.isComplete)
        #expect(emulator.counts["ListAccessKeys"] == 4)
        #expect(emulator.counts["GetAccessKeyLastUsed"] == 4)
        #expect(emulator.counts["GetLoginProfile"] == 4)
        let sources = Set(assessment.keys.compactMap(\.key.lastUse.source?.operation))
        #expect(sources == [.getAccessKeyLastUsed])
    }

    @Test func `the report alone takes four calls, and names keys by slot`() async throws {
        var account = FourUsers.account(generated: .ago(hours: 2))
        account.root.accessKeys = [FourUsers.key(8, created: .ago(days: 900))]
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
        #expect(Set(assessment.keys.map { "\($0.user.name) \($0.key.label) \($0.key.created)" }).count == 4)
    }

    @Test func `the report with ids lists the keys of users who have some`() async throws {
        let emulator = try InProcessEmulator(FourUsers.account(generated: .ago(hours: 2)))
        let assessment = try await emulator.collect(.report)
        #expect(emulator.counts["ListAccessKeys"] == 3)
        #expect(emulator.counts["ListUsers"] == nil)
        #expect(assessment.isComplete)
        #expect(assessment.keys.compactMap(\.key.id).count == 4)
    }

    @Test func `a report that misses a user of the account doesn't pass`() async throws {
        var account = FourUsers.account(generated: .ago(hours: 2))
        account.users.append(MockIAM.User("eve", created: .ago(hours: 1), accessKeys: [FourUsers.key(7)]))
        let assessment = try await InProcessEmulator(account).collect(.report)
        #expect(!assessment.isComplete)
        #expect(assessment.noteTexts == ["user-count account"])
    }
}
