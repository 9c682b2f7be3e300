import CanonicalJSON
import Evidence
import FoundationEssentials
import Testing

@Suite struct ControlTestTests {
    /// What a test with the default policy's limits concludes.
    private func conclusion(_ test: any ControlTest, _ subject: ControlSubject) -> Conclusion? {
        test.evaluate(subject, at: .asOf)?.conclusion
    }

    // MARK: About keys

    @Test(arguments: [
        (AccessKey.made(age: 90, lastUse: .never), Conclusion.notSatisfied),
        (.made(age: 90, seconds: -1, lastUse: .never), .satisfied),
        (.made(age: 900, lastUse: .used(daysAgo: 90)), .notSatisfied),
        (.made(age: 900, lastUse: .used(daysAgo: 90, seconds: -1)), .satisfied),
        (.made(age: 1, lastUse: .undetermined(.denied)), .undetermined),
        (.made(status: .unknown("New"), age: 1), .undetermined),
    ])
    func `unused-key`(key: AccessKey, expected: Conclusion) {
        #expect(conclusion(UnusedKey(limit: 90), .accessKey(key)) == expected)
    }

    @Test(arguments: [
        (AccessKey.made(age: 90), Conclusion.notSatisfied), (.made(age: 90, seconds: -1), .satisfied),
        (.made(age: 400, lastUse: .used(daysAgo: 1)), .notSatisfied),
        (.made(age: 10, lastUse: .undetermined(.denied)), .satisfied),
        (.made(status: .unknown("New"), age: 1), .undetermined),
    ])
    func `key-rotation`(key: AccessKey, expected: Conclusion) {
        #expect(conclusion(KeyRotation(limit: 90), .accessKey(key)) == expected)
    }

    @Test func `neither applies to a key that can't be used`() {
        for status in [KeyStatus.inactive, .expired] {
            let key = AccessKey.made(status: status, age: 900, lastUse: .never)
            #expect(conclusion(UnusedKey(limit: 90), .accessKey(key)) == nil)
            #expect(conclusion(KeyRotation(limit: 90), .accessKey(key)) == nil)
        }
    }

    @Test(
        arguments: [
            (AccessKey.made(status: .inactive, age: 0), 0, Conclusion.notSatisfied),
            (.made(status: .expired, age: 400), 0, .notSatisfied),
            (.made(status: .inactive, age: 400, lastUse: .undetermined(.denied)), 0, .notSatisfied),
            (.made(status: .inactive, age: 400, lastUse: .undetermined(.denied)), 14, .undetermined),
            // Used thirteen days ago, so it can't have been Inactive for longer.
            (.made(status: .inactive, age: 400, lastUse: .used(daysAgo: 14, seconds: -1)), 14, .satisfied),
            (.made(status: .inactive, age: 400, lastUse: .used(daysAgo: 14)), 14, .notSatisfied),
            (.made(status: .inactive, age: 13, lastUse: .never), 14, .satisfied),
            (.made(status: .unknown("New")), 0, .undetermined),
            (.made(age: 400), 0, nil),
        ] as [(AccessKey, Int, Conclusion?)])
    func `inactive-key-removed`(key: AccessKey, grace: Int, expected: Conclusion?) {
        #expect(conclusion(InactiveKeyRemoved(grace: grace), .accessKey(key)) == expected)
    }

    @Test func `the reason names rule, limit, what was observed, and where that comes from`() {
        let key = AccessKey.made(age: 300, lastUse: .used(daysAgo: 50))
        let unused = UnusedKey(limit: 45).evaluate(.accessKey(key), at: .asOf)
        #expect(
            unused
                == Verdict(
                    .notSatisfied,
                    Reason(.idle, limit: 45, observed: .days(50), source: .made(.getAccessKeyLastUsed, 4)))
        )
        let rotation = KeyRotation(limit: 365).evaluate(.accessKey(key), at: .asOf)
        #expect(
            rotation
                == Verdict(
                    .satisfied,
                    Reason(.age, limit: 365, observed: .days(300), source: .made(.listAccessKeys, 3))))
    }

    // MARK: About users

    @Test(
        arguments: [
            // The younger of the two says since when there are two.
            ([AccessKey.made("A", age: 400), .made("B", age: 14)], Conclusion.notSatisfied),
            ([.made("A", age: 400), .made("B", age: 14, seconds: -1)], .satisfied),
            ([.made("B", age: 3), .made("A", age: 400)], .satisfied),
            ([.made("A", age: 400), .made("B", status: .inactive, age: 300)], nil),
            ([.made("A", age: 400), .made("B", status: .unknown("New"), age: 300)], .undetermined),
            ([.made("A", status: .unknown("New")), .made("B", status: .unknown("New"))], .undetermined),
            ([.made("A", status: .unknown("New")), .made("B", status: .inactive)], nil),
            ([.made("A", age: 400)], nil), ([], nil),
            // Of the same second, which is which makes no difference.
            ([.made("B", age: 20), .made("A", age: 20)], .notSatisfied),
            // AWS allows two; with three, the second counts.
            ([.made("A", age: 400), .made("B", age: 20), .made("C", age: 1)], .notSatisfied),
        ] as [([AccessKey], Conclusion?)])
    func `single-active-key`(keys: [AccessKey], expected: Conclusion?) {
        #expect(conclusion(SingleActiveKey(overlap: 14), .user(.made(keys: .listed(keys)))) == expected)
    }

    @Test func `single-active-key without overlap allows no second key at all`() {
        let user = IAMUser.made(keys: .listed([.made("A", age: 400), .made("B", age: 0)]))
        #expect(conclusion(SingleActiveKey(overlap: 0), .user(user)) == .notSatisfied)
    }

    @Test(
        arguments: [
            (["owner": "platform"], Conclusion.satisfied), (["OWNER": "platform"], .satisfied),
            (["owner": " \t"], .notSatisfied), (["team": "x"], .satisfied), ([:], .notSatisfied), (nil, .undetermined),
        ] as [([String: String]?, Conclusion)])
    func `identifier-assigned`(tags: [String: String]?, expected: Conclusion) {
        let test = IdentifierAssigned(ownerTags: ["owner", "team"])
        #expect(conclusion(test, .user(.made(tags: tags))) == expected)
        #expect(conclusion(test, .user(.made(keys: .listed([]), tags: tags))) == nil)
    }

    @Test func `tags that were denied leave the owner undetermined, and the reason says so`() {
        var user = IAMUser.made()
        user.optional.tags = .failed(.denied)
        let verdict = IdentifierAssigned(ownerTags: ["owner"]).evaluate(.user(user), at: .asOf)
        #expect(verdict?.conclusion == .undetermined)
        #expect(verdict?.reason.observed.text == "undetermined: not authorized")
        #expect(verdict?.reason.exchange == 7)
    }

    // MARK: About the account

    private func rootConclusion(_ root: RootUser, notes: [PopulationNote] = []) -> Conclusion? {
        conclusion(RootKey(), .rootUser(RootFacts(.made(root: root, notes: notes))))
    }

    @Test func `root-key goes by the account summary, and by the report where that is all there is`() {
        let key = AccessKey(
            id: nil, slot: 1, status: .inactive, created: .before(days: 1), lastUse: .never,
            listed: .made(.getCredentialReport, 9))
        #expect(rootConclusion(RootUser(accessKeysPresent: true)) == .notSatisfied)
        #expect(rootConclusion(RootUser(accessKeysPresent: false)) == .satisfied)
        #expect(rootConclusion(RootUser(keys: [])) == .satisfied)
        // An Inactive key is a key.
        #expect(rootConclusion(RootUser(keys: [key])) == .notSatisfied)
        #expect(rootConclusion(RootUser()) == .undetermined)
        // The report is older, and the difference explained by that.
        #expect(rootConclusion(RootUser(accessKeysPresent: false, keys: [key])) == .satisfied)
        let contradiction = PopulationNote(
            kind: .rootKeys, subject: .account, observed: "they disagree", explanation: nil, exchanges: [1, 9])
        #expect(
            rootConclusion(RootUser(accessKeysPresent: false, keys: [key]), notes: [contradiction]) == .notSatisfied)
        #expect(rootConclusion(RootUser(accessKeysPresent: true, keys: []), notes: [contradiction]) == .notSatisfied)
        var other = contradiction
        other.kind = .userCount
        var explained = contradiction
        explained.explanation = "made since"
        for note in [other, explained] {
            #expect(rootConclusion(RootUser(accessKeysPresent: false, keys: [key]), notes: [note]) == .satisfied)
        }
    }

    @Test func `a root user that nobody could look at leaves the run incomplete`() throws {
        let assessment = try Assessment.made(.made(root: RootUser()))
        #expect(assessment.conclusion(of: .rootKey) == .undetermined)
        #expect(!assessment.isComplete)
    }

    @Test func `a key of the root user fails the run and the account, whatever else is well`() throws {
        let assessment = try Assessment.made(.made(root: RootUser(accessKeysPresent: true)))
        #expect(assessment.overallStatus == .nonCompliant)
        #expect(assessment.status(ofControl: "ac-6", of: Crosswalk.nist) == .nonCompliant)
        #expect(assessment.hasOpenFailures(of: .rootKey))
        // The account summary doesn't say since when.
        #expect(assessment.accountRecommendations.map(\.recommendation.due) == [nil])
    }

    @Test func `identifier-unique names what occurs twice, and names that came back`() throws {
        func verdict(_ snapshot: AccountSnapshot) throws -> Verdict? {
            try Assessment.made(snapshot).accountVerdicts.first { $0.test == .identifierUnique }?.verdict
        }
        let once = try verdict(.made(users: [.made("a", keys: .listed([.made("K1")])), .made("b", keys: .listed([]))]))
        #expect(once?.conclusion == .satisfied)
        #expect(once?.reason.observed.text == "3 identifiers, each once")

        // What wasn't listed may occur twice.
        let unknown = try verdict(.made(users: [], listing: .incomplete(pages: 0)))
        #expect(unknown?.conclusion == .undetermined)
        #expect(unknown?.reason.observed.text == "0 identifiers, each once, and not all could be listed")

        let twice = try verdict(
            .made(users: [.made("a", keys: .listed([.made("K1")])), .made("b", keys: .listed([.made("K1")]))]))
        #expect(twice?.conclusion == .notSatisfied)
        #expect(twice?.reason.observed.text == "'K1' occurs more than once")

        // Ten are named, and how many more there are.
        for (count, more) in [(10, ""), (11, "; and 1 more")] {
            let keys = (1...count).map { AccessKey.made("K\($0 + 10)") }
            let many = try verdict(
                .made(users: [.made("a", keys: .listed(keys)), .made("b", keys: .listed(keys))]))
            let text = (1...10).map { "'K\($0 + 10)' occurs more than once" }.joined(separator: "; ")
            #expect(many?.reason.observed.text == text + more)
        }

        var other = IAMUser.made("b", keys: .listed([]))
        other.id = "AIDAa"
        #expect(try verdict(.made(users: [.made("a", keys: .listed([])), other]))?.conclusion == .notSatisfied)

        let back = PopulationNote(
            kind: .userRecreated, subject: .user("a"), observed: "another", explanation: "since the report",
            exchanges: [])
        #expect(try verdict(.made(notes: [back]))?.conclusion == .notSatisfied)
    }

    @Test func `only what a list had twice is a duplicate, whatever AWS calls an error`() throws {
        func conclusion(_ fact: FactKind, _ code: ReadFailure.Code) throws -> Conclusion? {
            let failure = ReadFailure(
                fact: fact, operation: "ListAccessKeys", subject: .accessKey("AKIAX"), code: code, message: "m",
                exchange: 1)
            return try Assessment.made(.made(users: [.made("a", keys: .listed([.made("AKIAX")]))], failures: [failure]))
                .accountVerdicts.first { $0.test == .identifierUnique }?.verdict.conclusion
        }
        #expect(try conclusion(.population, .duplicate) == .notSatisfied)
        #expect(try conclusion(.lastUse, .duplicate) == .satisfied)
        // An answer may have any word in the place of an error code.
        #expect(try conclusion(.lastUse, ReadFailure.Code(ofAWS: "duplicate")) == .satisfied)
        #expect(try conclusion(.population, ReadFailure.Code(ofAWS: "duplicate")) != .notSatisfied)
        #expect(ReadFailure.Code(ofAWS: "duplicate").rawValue == "aws:duplicate")
        #expect(
            ReadFailure.Code(ofAWS: "interrupted") != .interrupted && ReadFailure.Code(ofAWS: "no-answer") != .noAnswer)
        #expect(ReadFailure.Code(ofAWS: "AccessDenied").rawValue == "AccessDenied")
    }

    @Test func `identifiers that a way of collecting doesn't tell are not judged, and the assessment says so`() throws {
        let assessment = try Assessment.made(.made(source: .report))
        #expect(assessment.testsNotRun.map(\.test) == [.identifierUnique])
        #expect(!assessment.tests.contains { $0.id == .identifierUnique })
        #expect(assessment.isComplete)
    }

    // MARK: Together

    @Test func `of several, one failure decides, and satisfied is only what all are`() {
        #expect(Conclusion.all([]) == .satisfied)
        #expect(Conclusion.all([.satisfied, .undetermined]) == .undetermined)
        #expect(Conclusion.all([.undetermined, .notSatisfied, .satisfied]) == .notSatisfied)
    }

    @Test func `a test about one kind of subject has nothing to say about another`() {
        let subjects: [ControlSubject] = [
            .accessKey(.made()), .user(.made()), .rootUser(RootFacts(.made())),
        ]
        for id in ControlTestID.allCases {
            var policy = Policy()
            policy.ownerTags = ["owner"]
            policy.tests = [id]
            let judge = Judge(policy, at: .asOf)
            #expect(judge.tests == [id])
            for subject in subjects where !subject.isOf(id.scope) {
                #expect(id.made().evaluate(subject, at: .asOf) == nil)
            }
        }
    }

    /// A leap year has a 29th of February, and no day has 25 hours.
    @Test(arguments: [
        ("2024-02-28T23:59:59Z", "2024-03-01T00:00:00Z", 1), ("2024-02-28T23:59:59Z", "2024-03-01T23:59:59Z", 2),
        ("2023-02-28T23:59:59Z", "2023-03-01T23:59:59Z", 1), ("2023-03-01T12:00:00Z", "2024-03-01T11:59:59Z", 365),
        ("2023-03-01T12:00:00Z", "2024-03-01T12:00:00Z", 366), ("2026-03-29T00:30:00Z", "2026-03-30T00:30:00Z", 1),
        ("2000-02-29T00:00:00Z", "2100-03-01T00:00:00Z", 36525), ("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z", 0),
    ])
    func `whole days between two instants`(start: String, end: String, days: Int) throws {
        let start = try #require(try? Date(start, strategy: .iso8601))
        let end = try #require(try? Date(end, strategy: .iso8601))
        #expect(wholeDays(from: start, to: end) == days)
    }

    @Test func `whether the root user has keys is known by the account summary, or else by the report`() {
        let key = AccessKey.made()
        for (present, keys, expected) in [
            (true, [], true), (false, [key], false), (nil, [key], true), (nil, [], false), (nil, nil, nil),
        ] as [(Bool?, [AccessKey]?, Bool?)] {
            let snapshot = AccountSnapshot.made(root: RootUser(accessKeysPresent: present, keys: keys))
            #expect(RootFacts(snapshot).hasKeys == expected)
        }
    }

    @Test func `why nobody knows whether the root user has keys is said`() throws {
        func observed(_ root: RootUser) throws -> Reason.Observed? {
            let verdict = try Assessment.made(.made(root: root)).accountVerdicts.first { $0.test == .rootKey }?.verdict
            #expect(verdict?.conclusion == .undetermined)
            return verdict?.reason.observed
        }
        #expect(try observed(RootUser()) == .text("no source was read"))
        #expect(
            try observed(RootUser(hasMFA: true, summary: .made(.getAccountSummary, 1)))
                == .text("neither source says it"))
    }
}

extension ControlSubject {
    func isOf(_ scope: SubjectScope) -> Bool {
        switch self {
        case .accessKey: scope == .accessKey
        case .user: scope == .user
        case .rootUser: scope == .rootUser
        case .account: scope == .account
        }
    }
}

extension ControlTestID {
    /// With the default policy's limits.
    func made() -> any ControlTest {
        switch self {
        case .unusedKey: UnusedKey(limit: 90)
        case .keyRotation: KeyRotation(limit: 90)
        case .inactiveKeyRemoved: InactiveKeyRemoved(grace: 0)
        case .singleActiveKey: SingleActiveKey(overlap: 14)
        case .rootKey: RootKey()
        case .identifierUnique: IdentifierUnique()
        case .identifierAssigned: IdentifierAssigned(ownerTags: ["owner"])
        }
    }
}
