import CanonicalJSON
import Evidence
import FoundationEssentials
import Testing

/// What is said of the root user's keys, with and without the test `root-key`.
@Suite struct RootUserTests {
    private static let key = AccessKey(
        id: nil, slot: 1, status: .active, created: .before(days: 900), lastUse: .never,
        listed: .made(.getCredentialReport, 9))
    private static let contradiction = PopulationNote(
        kind: .rootKeys, subject: .account, observed: "they disagree", explanation: nil, exchanges: [1, 9])

    private func policy(isTested: Bool) -> Policy {
        var policy = Policy()
        if !isTested { policy.tests.removeAll { $0 == .rootKey } }
        return policy
    }

    private func summaryCSV(_ assessment: Assessment) throws -> String {
        let csv = String(decoding: try #require(BundleDocuments.inMemory(assessment)[.summary]), as: UTF8.self)
        let rows = csv.split(whereSeparator: \.isNewline).map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let column = try #require(rows[0].firstIndex(of: "root_has_access_keys"))
        return String(rows[1][column])
    }

    /// The account summary says that there is none, and the report of this run names one.
    @Test(arguments: [true, false])
    func `a key that one source names counts everywhere where nothing explains that the other doesn't`(
        isTested: Bool
    ) throws {
        let root = RootUser(
            accessKeysPresent: false, hasMFA: true, summary: .made(.getAccountSummary, 1), keys: [Self.key])
        let assessment = try Assessment.made(
            .made(root: root, notes: [Self.contradiction]), policy: policy(isTested: isTested))
        #expect(assessment.rootHasKeys == true && assessment.hasOpenRootKeys)
        #expect(assessment.overallStatus == .nonCompliant)
        let report = try JSONValue(parsing: try #require(BundleDocuments.inMemory(assessment)[.report]))
        #expect(report["root_user"]["has_access_keys"] == .boolean(true))
        #expect(try summaryCSV(assessment) == "true")
        let text = TerminalSummary(assessment, style: TerminalStyle(color: false)).text
        #expect(text.contains("has access keys; delete them"))
    }

    @Test func `an account isn't compliant while nobody knows of its root user, whatever is tested`() throws {
        let assessment = try Assessment.made(.made(root: RootUser()), policy: policy(isTested: false))
        // No test needs it.
        #expect(assessment.isComplete)
        #expect(assessment.rootHasKeys == nil && assessment.overallStatus == .undetermined)
        let text = TerminalSummary(assessment, style: TerminalStyle(color: false)).text
        #expect(text.contains("UNDETERMINED (nobody knows whether the root user has access keys)"))
        #expect(text.contains("root-key              not asked by the policy\n"))
        #expect(try summaryCSV(assessment) == "undetermined")
    }

    @Test(arguments: [true, false])
    func `what was so when AWS was asked isn't said of another time`(isTested: Bool) throws {
        let criteria = Criteria(policy: policy(isTested: isTested), crosswalk: try Crosswalk.builtIn())
        let assessment = Assessment(of: .made(), by: criteria, at: .asOf - 60 * 86_400)
        #expect(assessment.rootHasKeys == nil)
        let text = TerminalSummary(assessment, style: TerminalStyle(color: false)).text
        #expect(text.contains("Root user             undetermined"))
    }

    @Test(arguments: ["<root_account>", "ARN:aws:iam::111122223333:root"])
    func `the root user approves no exception for itself`(approver: String) throws {
        let root = RootUser(accessKeysPresent: true)
        func assessed(_ approver: String) throws -> Assessment {
            try .made(
                .made(root: root), exceptions: [.made(.rootUser, tests: [.rootKey], approver: approver)])
        }
        #expect(try assessed(approver).hasOpenRootKeys)
        #expect(try assessed(approver).exceptionNotes.map(\.kind) == [.selfApproved])
        // Another account's root user is somebody else.
        #expect(try !assessed("arn:aws:iam::222233334444:root").hasOpenRootKeys)
    }
}
