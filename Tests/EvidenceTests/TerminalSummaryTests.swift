import Evidence
import Foundation
import Testing

/// What a person reads at the end of a run, where it could say too much.
@Suite struct TerminalSummaryTests {
    private func lines(_ snapshot: AccountSnapshot, frameworks: Set<String> = Crosswalk.standardFrameworks) throws
        -> [String]
    {
        let assessment = try Assessment.made(snapshot, frameworks: frameworks)
        return TerminalSummary(assessment, style: TerminalStyle(color: false)).text
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private static let unknownRoot = RootUser()
    private static let rootWithKeys = RootUser(
        accessKeysPresent: true, hasMFA: true, summary: .made(.getAccountSummary, 1))

    private func failure(_ fact: FactKind, _ operation: String) -> ReadFailure {
        ReadFailure(
            fact: fact, operation: operation, subject: "account", code: "AccessDenied", message: "no", exchange: 7)
    }

    @Test func `no key needs attention only where all keys are known, and the root user has none`() throws {
        let unlisted = failure(.population, "ListUsers")
        let tags = failure(.accountSummary, "GetAccountSummary")
        for (snapshot, expected) in [
            (AccountSnapshot.made(), "No key needs attention."),
            (.made(users: []), "No key needs attention."),
            (.made(root: Self.rootWithKeys), "No user's key needs attention; the root user's access keys do."),
            (
                .made(users: [], listing: .incomplete(pages: 0), failures: [unlisted]),
                "No user's key was read."
            ),
            (
                .made(users: [], listing: .incomplete(pages: 0), failures: [unlisted], root: Self.rootWithKeys),
                "No user's key was read; the root user's access keys do."
            ),
            (.made(listing: .incomplete(pages: 1), failures: [unlisted]), "No key that was read needs attention."),
            (.made(failures: [tags], root: Self.unknownRoot), "No key that was read needs attention."),
            (.made(users: [], failures: [tags], root: Self.unknownRoot), "No user has an access key."),
        ] {
            #expect(try lines(snapshot).filter { $0.hasPrefix("No ") } == [expected])
        }
    }

    @Test func `a report's age is in minutes, hours or days`() throws {
        for (seconds, age) in [
            (59, "0 minutes"), (60, "1 minute"), (119 * 60, "119 minutes"), (120 * 60, "2 hours"),
            (5931 * 60, "4 days"), (47 * 3600, "47 hours"), (48 * 3600, "2 days"),
        ] {
            var snapshot = AccountSnapshot.made()
            let generated = snapshot.window.ended - Double(seconds)
            snapshot.credentialReport = .read(
                ReportFacts(users: 1, keys: 1, wasMadeDuringRun: false),
                Provenance(.getCredentialReport, asOf: generated, exchange: 1))
            #expect(try lines(snapshot)[2].hasSuffix("Z, \(age) old"), "\(age)")
        }
    }

    @Test func `a framework with long names has its controls on lines of their own, uncut`() throws {
        let shown = try lines(.made(), frameworks: ["iso-27001-2022", "cis-aws-3.0"])
        let start = try #require(shown.firstIndex { $0.hasPrefix("identifier-unique ") })
        #expect(
            shown[(start + 1)...].prefix { !$0.hasPrefix("Overall ") } == [
                "CIS AWS 1.12          COMPLIANT", "CIS AWS 1.14          COMPLIANT",
                "CIS AWS 1.13          COMPLIANT", "CIS AWS 1.4           COMPLIANT",
                "ISO 27001 A.5.17      COMPLIANT",
            ])
    }
}
