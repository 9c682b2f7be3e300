import CanonicalJSON
import Evidence
import FoundationEssentials
import Testing

@Suite struct AssessmentTests {
    @Test func `an account without users is a complete, satisfied assessment`() throws {
        let assessment = try Assessment.made(.made(users: []))
        #expect(assessment.isComplete)
        #expect(assessment.conclusion(of: .unusedKey) == .satisfied)
        #expect(assessment.summary.complianceRate == 100)
        #expect(assessment.overallStatus == .compliant)
    }

    @Test func `nothing passes where nothing is tested`() throws {
        var policy = Policy()
        policy.tests = [.identifierUnique]
        let assessment = try Assessment.made(.made(source: .report), policy: policy)
        #expect(assessment.tests.isEmpty && !assessment.isComplete)
        #expect(assessment.gaps == ["no control test runs"])
        #expect(try Assessment.made(policy: policy).isComplete)
    }

    /// A policy may leave the test out, and the account's status says what it has always said.
    @Test(arguments: [true, false])
    func `an account whose root user has keys isn't compliant, whatever is tested`(isTested: Bool) throws {
        var policy = Policy()
        if !isTested { policy.tests.removeAll { $0 == .rootKey } }
        let root = RootUser(accessKeysPresent: true, hasMFA: true, summary: .made(.getAccountSummary, 1))
        let assessment = try Assessment.made(.made(root: root), policy: policy)
        #expect(assessment.overallStatus == .nonCompliant && assessment.hasOpenRootKeys)
        #expect(try !Assessment.made(policy: policy).hasOpenRootKeys)
        let open = RootUser(accessKeysPresent: nil, hasMFA: nil, summary: nil)
        #expect(try Assessment.made(.made(root: open), policy: policy).rootHasKeys == nil)
    }

    /// `identifier-unique` decides IA-4 d, and speaks to CC6.1 as one of several.
    @Test func `a control isn't compliant while the test that decides a part of it can't be made`() throws {
        let assessment = try Assessment.made(.made(source: .report))
        #expect(assessment.testsNotRun.map(\.test) == [.identifierUnique])
        #expect(assessment.status(of: .ia4) == .undetermined && assessment.status(of: .cc6_1) == .compliant)
        #expect(
            try Assessment.made(.made(users: [.made(keys: .listed([.made(age: 100)]))], source: .report)).status(
                of: .ia4) == .nonCompliant)
        // What a policy leaves out is the control owner's decision, and the policy says so.
        var policy = Policy()
        policy.tests.removeAll { $0 == .identifierUnique }
        #expect(try Assessment.made(.made(source: .report), policy: policy).status(of: .ia4) == .compliant)
    }

    @Test func `a list of users that wasn't read to its end never passes`() throws {
        let assessment = try Assessment.made(.made(users: [.made()], listing: .incomplete(pages: 1)))
        #expect(!assessment.isComplete)
        #expect(assessment.conclusion(of: .unusedKey) == .undetermined)
        #expect(assessment.status(of: .ia4) == .undetermined)
        // Of the root user the lists say nothing.
        #expect(assessment.status(ofControl: "ac-6", of: Crosswalk.nist) == .compliant)
        #expect(assessment.summary.complianceRate == nil)
        #expect(assessment.overallStatus == .undetermined)
    }

    @Test func `a user whose keys couldn't be listed never passes`() throws {
        let snapshot = AccountSnapshot.made(
            users: [.made("a"), .made("b", keys: .undetermined(.denied))], failures: [.denied])
        let assessment = try Assessment.made(snapshot)
        #expect(!assessment.isComplete)
        #expect(assessment.conclusion(of: .keyRotation) == .undetermined)
        #expect(assessment.status(of: .cc6_1) == .undetermined)
    }

    @Test func `keys that weren't listed leave it incomplete, even where no failure says so`() throws {
        let snapshot = AccountSnapshot.made(users: [.made("a"), .made("b", keys: .undetermined(.denied))])
        #expect(try !Assessment.made(snapshot).isComplete)
    }

    @Test func `an unknown last use leaves unused-key open and key-rotation decided`() throws {
        let snapshot = AccountSnapshot.made(
            users: [.made(keys: .listed([.made(lastUse: .undetermined(.denied))]))], failures: [.denied])
        let assessment = try Assessment.made(snapshot)
        #expect(assessment.conclusion(of: .unusedKey) == .undetermined)
        #expect(assessment.conclusion(of: .keyRotation) == .satisfied)
        #expect(assessment.summary.undetermined == 1)
        #expect(assessment.summary.neverUsed == 0)
        // What nobody knows hasn't failed.
        #expect(assessment.summary.complianceRate == nil)
        #expect(assessment.overallStatus == .undetermined)
    }

    /// There is no level that a use could make it worse to.
    @Test func `a key that is CRITICAL by its age is, whatever its last use`() throws {
        var policy = Policy()
        policy.rules.levels.critical.age = 365
        let unread = [400, 100].map { AccessKey.made("K\($0)", age: $0, lastUse: .undetermined(.denied)) }
        let snapshot = AccountSnapshot.made(users: [.made(keys: .listed(unread))], failures: [.denied])
        let assessment = try Assessment.made(snapshot, policy: policy)
        #expect(assessment.keys.map(\.level) == [.critical, nil])
        #expect(assessment.overallStatus == .nonCompliant && !assessment.isComplete)
    }

    @Test func `an unknown key status makes the assessment incomplete`() throws {
        #expect(try !Assessment.made(keys: [.made(status: KeyStatus("New"))]).isComplete)
    }

    @Test func `a failure decides even where something else is unknown`() throws {
        let snapshot = AccountSnapshot.made(
            users: [.made(keys: .listed([.made(age: 500, lastUse: .never)]))], listing: .incomplete(pages: 1))
        let assessment = try Assessment.made(snapshot)
        #expect(assessment.conclusion(of: .unusedKey) == .notSatisfied)
        #expect(assessment.overallStatus == .nonCompliant)
        #expect(!assessment.isComplete)
    }

    @Test func `the overall status follows the worst level, then the rate`() throws {
        let good = (0..<9).map { AccessKey.made("AKIA\($0)") }
        #expect(try Assessment.made(keys: good + [.made("X", age: 40)]).overallStatus == .compliant)
        #expect(try Assessment.made(keys: [.made(age: 40)]).overallStatus == .partiallyCompliant)
        let high = try Assessment.made(keys: good + [.made("X", age: 95, lastUse: .never)])
        #expect(high.overallStatus == .partiallyCompliant)
        let critical = try Assessment.made(keys: good + [.made("X", age: 200, lastUse: .never)])
        #expect(critical.overallStatus == .nonCompliant)
    }

    @Test(arguments: [(2009, 1808, ComplianceStatus.partiallyCompliant), (2010, 1809, .compliant), (10, 9, .compliant)])
    func `ninety per cent are ninety per cent, before anything is rounded`(
        count: Int, compliant: Int, expected: ComplianceStatus
    ) throws {
        let keys = (0..<count).map { AccessKey.made("AKIA\($0)", age: $0 < compliant ? 5 : 40) }
        let assessment = try Assessment.made(keys: keys)
        #expect(assessment.summary.complianceRate == 90 && assessment.overallStatus == expected)
    }

    @Test func `a control is compliant only where its tests could look at everything`() throws {
        func status(_ control: String, _ snapshot: AccountSnapshot) throws -> ComplianceStatus {
            try Assessment.made(snapshot).status(ofControl: control, of: Crosswalk.nist)
        }
        let unread = AccountSnapshot.made(users: [
            .made(keys: .listed([.made(age: 5, lastUse: .undetermined(.denied))]))
        ])
        #expect(try status("ia-4", .made()) == .compliant)
        #expect(try status("ia-4", unread) == .undetermined)
        #expect(try status("ac-2.3", unread) == .undetermined)
        // Who isn't known to be all: only the root user is known without a list.
        let unlisted = AccountSnapshot.made(listing: .incomplete(pages: 1))
        #expect(try status("ac-2.3", unlisted) == .undetermined)
        #expect(try status("ac-6", unlisted) == .compliant)
        #expect(try status("ac-6", .made(root: RootUser())) == .undetermined)
    }

    @Test func `HIGH and CRITICAL are of high risk, where that is known`() throws {
        let keys = [
            AccessKey.made("MEDIUM", age: 95), .made("HIGH", age: 95, lastUse: .never),
            .made("CRITICAL", age: 200, lastUse: .never),
            .made("UNKNOWN", age: -365, lastUse: .used(daysAgo: 300)),
        ]
        let assessment = try Assessment.made(keys: keys)
        #expect(assessment.keys.map(\.leastLevel) == [.medium, .high, .critical, .critical])
        let documents = BundleDocuments.inMemory(assessment)
        let report = try JSONValue(parsing: try #require(documents[.report]))
        #expect(
            report["analysis_results"]["high_risk_findings"].array.map { $0["access_key_id"] } == [
                .string("CRITICAL"), .string("HIGH"),
            ])
    }

    @Test func `a key's id that another key has as well is its own no more`() throws {
        let users = [
            IAMUser.made("a", keys: .listed([.made("K1", age: 100), .made("K2", age: 101)])),
            .made("b", keys: .listed([.made("K1", age: 100)])),
        ]
        let failure = ReadFailure(
            fact: .population, operation: "ListAccessKeys", subject: .accessKey("K1"), code: .duplicate,
            message: "two users have it",
            exchange: 3)
        let assessment = try Assessment.made(.made(users: users, failures: [failure]))
        let documents = BundleDocuments.inMemory(assessment)
        // Each has risks of its own in OSCAL.
        let results = try JSONValue(parsing: try #require(documents[.assessmentResults]))
        let risks = results["assessment-results"]["results"][0]["risks"].array.compactMap { $0["uuid"].string }
        #expect(risks.count > 3 && Set(risks).count == risks.count)
        // And a key that shares its id with none goes by its id alone, as ever.
        let alone = try Assessment.made(.made(users: [.made("a", keys: .listed([.made("K2", age: 101)]))]))
        let expected = try JSONValue(
            parsing: try #require(BundleDocuments.inMemory(alone)[.assessmentResults]))
        let risk = try #require(expected["assessment-results"]["results"][0]["risks"][0]["uuid"].string)
        #expect(risks.contains(risk))
    }

    @Test func `a user's name that is like a key's id is no id`() throws {
        func risks(_ failures: [ReadFailure]) throws -> Set<String> {
            let users = [IAMUser.made("K1", keys: .listed([.made("K1", age: 100)]))]
            let documents = BundleDocuments.inMemory(try .made(.made(users: users, failures: failures)))
            let results = try JSONValue(parsing: try #require(documents[.assessmentResults]))
            let risks = results["assessment-results"]["results"][0]["risks"].array
            return Set(risks.compactMap { $0["uuid"].string })
        }
        func duplicate(_ subject: ReadSubject) -> ReadFailure {
            ReadFailure(
                fact: .population, operation: "ListUsers", subject: subject, code: .duplicate, message: "m", exchange: 3
            )
        }
        // Risks go by the key's id where it is the key's own.
        let own = try risks([])
        #expect(!own.isEmpty)
        #expect(try risks([duplicate(.user("K1"))]).isSuperset(of: own))
        #expect(try risks([duplicate(.accessKey("K1"))]).isDisjoint(with: own))
    }

    @Test func `of users and keys that are alike in all else, the order is that of the names`() throws {
        let users = ["d", "a", "c", "b"].map { name in
            IAMUser.made(name, keys: .listed([.made("2\(name)", age: 70), .made("1\(name)", age: 70)]))
        }
        let assessment = try Assessment.made(.made(users: users))
        #expect(assessment.snapshot.users.map(\.name) == ["a", "b", "c", "d"])
        #expect(
            assessment.byUrgency.map(\.key.label) == ["1a", "2a", "1b", "2b", "1c", "2c", "1d", "2d"])
        // Two of one name, as a list may have them where one was deleted and made anew.
        var (first, second) = (IAMUser.made("x", keys: .listed([])), IAMUser.made("x", keys: .listed([])))
        (first.id, second.id) = ("AIDA1", "AIDA2")
        for users in [[first, second], [second, first]] {
            #expect(AccountSnapshot.made(users: users).users.map(\.id) == ["AIDA1", "AIDA2"])
        }
    }

    @Test func `the rate has two decimals`() throws {
        let keys = [AccessKey.made("A"), .made("B"), .made("C", age: 40)]
        #expect(try Assessment.made(keys: keys).summary.complianceRate == 66.67)
    }

    @Test func `the order of what was heard doesn't matter`() throws {
        let users = ["b", "a", "c"].map { name in
            IAMUser.made(name, keys: .listed([.made("AKIA2\(name)", age: 5), .made("AKIA1\(name)", age: 50)]))
        }
        let one = try Assessment.made(.made(users: users))
        let other = try Assessment.made(
            .made(
                users: users.reversed().map { user in
                    var user = user
                    user.keys = .listed(user.keys.known.reversed())
                    return user
                }))
        #expect(one.snapshot == other.snapshot)
        #expect(one.keys.map(\.key.id) == ["AKIA1a", "AKIA2a", "AKIA1b", "AKIA2b", "AKIA1c", "AKIA2c"])
    }

    @Test func `the worst keys come first, an undetermined one before those of the level that it has at least`() throws
    {
        let keys = [
            AccessKey.made("LOW", age: 40), .made("CRITICAL", age: 300, lastUse: .never),
            .made("UNKNOWN", age: 70, lastUse: .undetermined(.denied)), .made("MEDIUM", age: 70),
        ]
        #expect(try Assessment.made(keys: keys).byUrgency.map(\.key.id) == ["CRITICAL", "UNKNOWN", "MEDIUM", "LOW"])
    }

    @Test func `a recommendation says what is wrong and what to do`() throws {
        func recommended(_ key: AccessKey) throws -> Recommendation {
            try #require(try Assessment.made(keys: [key]).keys.first).recommendation
        }
        let rotation = try recommended(.made(age: 400, lastUse: .used(daysAgo: 1)))
        #expect(rotation.issue == "400 days old, beyond the rotation limit of 90 days.")
        #expect(rotation.action == "Plan the key's rotation within 30 days.")
        let unused = try recommended(.made(age: 200, lastUse: .never))
        #expect(unused.action == "Deactivate the key now, then delete it.")
        let inactive = try recommended(.made(status: .inactive, age: 200))
        #expect(inactive.action.hasPrefix("Delete the key"))
    }

    /// An assessment keeps what it takes to make a level's reason again, and not the reason.
    @Test func `a level has the reason that it was given`() throws {
        var keys: [AccessKey] = []
        for age in [0, 29, 30, 59, 60, 89, 90, 120, 180, 400] {
            let uses =
                [Fact<LastUse>.never, .undetermined(.denied)]
                + [0, 59, 60, 90, 120].filter { $0 <= age }.map { .used(daysAgo: $0) }
            for use in uses {
                for status in [KeyStatus.active, .inactive, .unknown("Paused")] {
                    keys.append(.made("AKIA\(keys.count)", status: status, age: age, lastUse: use))
                }
            }
        }
        keys.append(.made("AKIAFUTURE", age: -10))
        let assessment = try Assessment.made(keys: keys)
        let judge = Judge(
            assessment.policy, at: .asOf, window: assessment.snapshot.window.started...assessment.snapshot.window.ended)
        #expect(assessment.keys.count == keys.count)
        for key in assessment.keys {
            let choice = assessment.policy.choice(for: key.user)
            #expect(key.classification == judge.classify(key.key, of: key.user, by: choice), "\(key.key)")
        }
    }

    @Test func `the most urgent come first: by level, failed tests, time without use, age and name`() throws {
        let keys: [AccessKey] = [
            .made("COMPLIANT", age: 10), .made("YOUNGER", age: 150, lastUse: .used(daysAgo: 130)),
            .made("OLDER", age: 400, lastUse: .used(daysAgo: 130)),
            .made("LONGER", age: 160, lastUse: .used(daysAgo: 140)),
            .made("UNKNOWN", age: 400, lastUse: .undetermined(.denied)), .made("MEDIUM", age: 70),
            .made("MEDIUM-FAILED", age: 95), .made("SAME", age: 70),
        ]
        let assessment = try Assessment.made(keys: keys)
        #expect(
            assessment.byUrgency.map(\.key.label) == [
                "LONGER", "OLDER", "YOUNGER", "UNKNOWN", "MEDIUM-FAILED", "MEDIUM", "SAME", "COMPLIANT",
            ])
    }
}
