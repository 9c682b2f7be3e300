import CanonicalJSON
import Evidence
import FoundationEssentials
import Testing

/// What a report and a manifest say of what was read, and what it was compared with.
@Suite struct CompletenessTests {
    private func json(_ snapshot: AccountSnapshot, _ member: BundleMember) throws -> JSONValue {
        let documents = BundleDocuments.inMemory(try Assessment.made(snapshot))
        return try JSONValue(parsing: try #require(documents[member]))["completeness"]
    }

    private func note(_ kind: PopulationNote.Kind, _ subject: ReadSubject, explained: Bool = true) -> PopulationNote {
        PopulationNote(
            kind: kind, subject: subject, observed: "seen", explanation: explained ? "so" : nil,
            exchanges: [2, nil, 2, 7])
    }

    private func failure(_ fact: FactKind, _ code: ReadFailure.Code) -> ReadFailure {
        ReadFailure(fact: fact, operation: "ListUsers", subject: .user("x"), code: code, message: "m", exchange: 3)
    }

    /// Two users were listed, and one only the report had; one was deleted before it could be read, and three keys were.
    private var troubled: AccountSnapshot {
        var late = IAMUser.made("late", keys: .undetermined(.denied))
        late.listed = .made(.getCredentialReport, 9)
        var snapshot = AccountSnapshot.made(
            users: [.made("a"), .made("b", keys: .listed([])), late],
            failures: [
                .denied, failure(.population, .duplicate), failure(.population, .listedTwice),
                failure(.population, .listedTwice),
                failure(.lastUse, .duplicate), failure(.population, "AccessDenied"),
                failure(.consoleAccess, "AccessDenied"),
            ],
            notes: [
                note(.userVanished, .user("gone")), note(.keyVanished, .accessKey("AKIA7")),
                note(.keyVanished, .accessKey("AKIA8")),
                note(.keyVanished, .accessKey("AKIA9")),
                note(.userOnlyInReport, .user("c"), explained: false),
            ])
        snapshot.accountSummary = .read(SummaryFacts(users: 4, usersAtEnd: 3), .made(.getAccountSummary, 1))
        snapshot.credentialReport = .read(
            ReportFacts(users: 5, keys: 6, wasMadeDuringRun: false), .made(.getCredentialReport, 9))
        snapshot.traffic = Traffic(
            requests: ["ListUsers": 2, "ListAccessKeys": 5], retries: 1, errors: ["ListUsers Throttling": 1],
            throttles: 1)
        return snapshot
    }

    @Test
    func `users and keys are counted, with those who went away, those who are missing, and those who should be there`()
        throws
    {
        let expected = try JSONValue(
            parsing: Array(
                """
                {
                  "keys": 1,
                  "keys_expected_by_credential_report": 6,
                  "keys_vanished": 3,
                  "sampling": "none",
                  "users": 3,
                  "users_described": 2,
                  "users_expected_by_account_summary": 3,
                  "users_expected_by_credential_report": 5,
                  "users_failed": 1,
                  "users_vanished": 1
                }
                """.utf8))
        for member in [BundleMember.report, .manifest] {
            let completeness = try json(troubled, member)
            #expect(completeness["population"] == expected)
            // As often as something stood in a list, whatever else went wrong.
            #expect(completeness["duplicates"] == .number(3))
            // By the list of users: not the one whom only the report had.
            #expect(completeness["users_listed"] == .number(3))
        }
        let manifest = try json(troubled, .manifest)
        #expect(manifest["notes_explained"] == .number(4) && manifest["notes_unexplained"] == .number(1))
        #expect(manifest["failures_needed"] == .number(6) && manifest["failures_other"] == .number(1))
    }

    @Test func `where the report is the population, it is who was listed`() throws {
        var snapshot = troubled
        snapshot.source = .report
        #expect(try json(snapshot, .report)["users_listed"] == .number(2))
    }

    @Test func `a note says whether it is explained, and each exchange once`() throws {
        let notes = try json(troubled, .report)["population_notes"].array
        #expect(
            notes.map { $0["explained"] } == [
                .boolean(true), .boolean(true), .boolean(true), .boolean(false), .boolean(true),
            ])
        #expect(notes[0]["exchanges"] == .array([.number(2), .number(7)]))
        #expect(notes[3]["explanation"] == .null)
    }

    @Test func `each fact is counted by where it comes from`() throws {
        let facts = try json(troubled, .report)["facts"]
        let expected = try JSONValue(
            parsing: Array(
                """
                {
                  "console-access": {"GetLoginProfile": 3},
                  "last-use": {"GetAccessKeyLastUsed": 1},
                  "key-status": {"ListAccessKeys": 1}
                }
                """.utf8))
        #expect(facts == expected)
    }

    @Test func `what could not be read stands in the order of whom it is about, as it came or not`() {
        func failure(_ subject: String, _ operation: String) -> ReadFailure {
            ReadFailure(
                fact: .lastUse, operation: operation, subject: .user(subject), code: "AccessDenied", message: "no",
                exchange: nil)
        }
        let failures = [failure("b", "A"), failure("a", "C"), failure("a", "B")]
        for failures in [failures, failures.reversed()] {
            #expect(
                AccountSnapshot.made(failures: failures).failures.map { "\($0.subject) \($0.operation)" }
                    == ["a B", "a C", "b A"])
        }
    }
}
