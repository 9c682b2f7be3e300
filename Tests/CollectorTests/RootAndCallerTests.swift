import Collector
import Evidence
import FoundationEssentials
import MockIAM
import Testing

/// What is asked once for the whole account: the root user, the caller, AWS's report.
@Suite struct RootAndCallerTests {
    private static let present = "<key>AccountAccessKeysPresent</key><value>"

    @Test func `where the account summary doesn't say whether the root user has keys, the report does`() async throws {
        for hasKey in [false, true] {
            var account = FourUsers.account()
            if hasKey { account.root.accessKeys = [FourUsers.key(8)] }
            let emulator = try InProcessEmulator(account) { action, _, _, reply in
                action == "GetAccountSummary" ? reply.replacing("AccountAccessKeysPresent", with: "Other") : reply
            }
            let assessment = try await emulator.collect(.auto)
            #expect(assessment.isComplete && assessment.snapshot.failures.isEmpty, "\(assessment.snapshot.failures)")
            #expect(assessment.conclusion(of: .rootKey) == (hasKey ? .notSatisfied : .satisfied))
        }
    }

    /// One of before the run may lack a key that is new; one of the run may not.
    @Test(arguments: [(nil, false), (2.0, true)])
    func `a root key that the account summary alone has is explained by the report's age, or not at all`(
        reportAge hours: Double?, isExplained: Bool
    ) async throws {
        let emulator = try InProcessEmulator(FourUsers.account(generated: hours.map { .ago(hours: $0) })) {
            action, _, _, reply in
            action == "GetAccountSummary" ? reply.replacing("\(Self.present)0", with: "\(Self.present)1") : reply
        }
        let assessment = try await emulator.collect(.auto)
        let note = try #require(assessment.snapshot.notes.first { $0.kind == .rootKeys })
        #expect(note.explanation == (isExplained ? "Created since the report was made." : nil))
        #expect(assessment.isComplete == isExplained)
        #expect(assessment.snapshot.failures.map(\.fact) == (isExplained ? [] : [.rootKeys]))
        #expect(assessment.conclusion(of: .rootKey) == .notSatisfied)
    }

    @Test func `where nobody says whose the credentials are that were fetched during the run, it is incomplete`()
        async throws
    {
        let emulator = try InProcessEmulator(FourUsers.account(), edit: denying("GetCallerIdentity"))
        let assessment = try await emulator.collect(.auto, hasOtherCredentials: true)
        #expect(!assessment.isComplete)
        #expect(assessment.blockingFailures.map { "\($0.operation) \($0.code)" } == ["GetCallerIdentity AccessDenied"])
    }

    @Test(arguments: [(0, true), (1, true), (3, true), (4, false)])
    func `a report that is gone before it is fetched is made anew, but not for ever`(
        times: Int, isRead: Bool
    ) async throws {
        let emulator = try InProcessEmulator(FourUsers.account()) { action, number, _, reply in
            guard action == "GetCredentialReport", number <= times else { return reply }
            return .error(410, number == 2 ? "ReportExpired" : "ReportNotPresent", "There is none.")
        }
        let assessment = try await emulator.collect(.auto)
        #expect((assessment.snapshot.credentialReport.value != nil) == isRead)
        #expect(emulator.counts["GenerateCredentialReport"] == min(times, 3) + 1)
        #expect(assessment.snapshot.credentialReport.failure?.code == (isRead ? nil : "ReportNotPresent"))
        // Everything can be asked for.
        #expect(assessment.isComplete && assessment.keys.count == 4)
    }

    @Test func `two users of one name on the list are a name that two have`() async throws {
        let found = try await EditedRun.of(SmallAccount.accountOfBertAndRobert(), .live) { action, _, _, reply in
            switch action {
            case "ListUsers": reply.replacing("robert", with: "bert")
            case "GenerateCredentialReport": .denied
            default: reply
            }
        }
        #expect(!found.assessment.isComplete)
        let failures = Set(found.assessment.blockingFailures.map { "\($0.code) \($0.subject)" })
        #expect(failures.contains("duplicate bert") && !failures.contains("listed-twice bert"), "\(failures)")
        #expect(found.assessment.conclusion(of: .identifierUnique) == .notSatisfied)
    }

    @Test func `two users of a name are told apart by their creation, too`() async throws {
        let emulator = try InProcessEmulator(FourUsers.account()) { action, _, _, reply in
            guard action == "GetCredentialReport" else { return reply }
            return reply.mapReport { csv in
                let rows = csv.split(separator: "\n").map(String.init)
                let other = rows.filter { $0.hasPrefix("anna,") }.map { row in
                    var cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                    cells[2] = "2020-01-01T00:00:00+00:00"
                    return cells.joined(separator: ",")
                }
                return (rows + other).joined(separator: "\n")
            }
        }
        let assessment = try await emulator.collect(.auto)
        #expect(assessment.blockingFailures.map { "\($0.code) \($0.subject)" } == ["duplicate anna"])
        #expect(assessment.conclusion(of: .identifierUnique) == .notSatisfied)
    }
}
