import Collector
import Evidence
import FoundationEssentials
import MockIAM
import Testing

/// The root user, and what `--include` asks for.
@Suite struct OptionalSourcesTests {
    @Test func `the root user's keys are known from summary and report`() async throws {
        var account = FourUsers.account()
        account.root.accessKeys = [FourUsers.key(8, created: .ago(days: 900), used: .ago(days: 30))]
        let snapshot = try await InProcessEmulator(account).collect(.auto).snapshot
        #expect(snapshot.root.accessKeysPresent == true)
        #expect(snapshot.root.keys?.map(\.created) == [.ago(days: 900)])
        #expect(RootFacts(snapshot).hasKeys == true)
    }

    @Test func `what is included is read for every user, and denied it is said to be`() async throws {
        var account = FourUsers.account()
        account.users[0].tags = [MockIAM.Tag("owner", "anna@example.com")]
        account.users[0].serviceSpecificCredentials = [
            MockIAM.ServiceSpecificCredential(
                "ACCA0000000000000000", service: "codecommit.amazonaws.com", created: .ago(days: 3),
                expires: .ago(days: -30))
        ]
        let emulator = try InProcessEmulator(account, edit: denying("ListSSHPublicKeys"))
        let assessment = try await emulator.collect(.auto) { $0.include = Set(OptionalSource.allCases) }
        #expect(assessment.isComplete)
        let optional = try #require(assessment.snapshot.users.first).optional
        #expect(optional.tags?.value == [OptionalFacts.Tag(key: "owner", value: "anna@example.com")])
        #expect(
            optional.serviceSpecificCredentials?.value == [
                LongLivedCredential(
                    id: "ACCA0000000000000000", status: "Active", created: .ago(days: 3), expires: .ago(days: -30),
                    service: "codecommit.amazonaws.com")
            ])
        #expect(optional.mfaDevices?.value == [])
        #expect(optional.signingCertificates?.value == [])
        #expect(optional.sshPublicKeys?.value == nil)
        #expect(assessment.otherFailures.count == 4)
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
}
