import Evidence
import FoundationEssentials
import Testing

/// A report carries every fact that anything in a bundle rests on: judged again, it comes to the same bytes.
@Suite struct ReportReadingTests {
    private func again(_ assessment: Assessment) throws -> [BundleMember: [UInt8]] {
        let documents = BundleDocuments.inMemory(assessment)
        let report = try ReportReading(try #require(documents[.report]))
        var criteria = assessment.criteria
        criteria.frameworks = report.frameworks
        return BundleDocuments.inMemory(
            Assessment(of: report.snapshot, by: criteria, at: report.asOf), asOfSource: report.asOfSource)
    }

    private func expectSame(_ assessment: Assessment, _ comment: Comment? = nil) throws {
        let (first, second) = (BundleDocuments.inMemory(assessment), try again(assessment))
        #expect(first.keys == second.keys)
        for (member, bytes) in first { #expect(bytes == second[member], "\(member) \(comment ?? "")") }
    }

    @Test func `random accounts by random policies`() throws {
        var random = PolicyDice(seed: 21)
        for number in 0..<200 {
            let exceptions = (0..<random.roll(0...4)).map { _ in random.exception() }
            let snapshot = random.snapshot()
            let assessment = try Assessment.made(
                random.detailed(snapshot), policy: random.policy(), exceptions: exceptions)
            try expectSame(assessment, "account \(number)")
        }
    }

    @Test func `what exceptions answer for is no difference`() throws {
        let assessment = try Assessment.made(
            keys: [.made(age: 100)],
            exceptions: [.made(.user("user-0"))])
        #expect(assessment.tally(of: .keyRotation).excepted == 1)
        let report = try ReportReading(try #require(BundleDocuments.inMemory(assessment)[.report]))
        #expect(report.differences(from: assessment).isEmpty)
        // Without them it does come to something else.
        let without = Assessment(
            of: report.snapshot, by: Criteria(policy: Policy(), crosswalk: assessment.crosswalk), at: .asOf)
        #expect(report.differences(from: without).contains("the test key-rotation"))
    }

    @Test func `an account with nothing in it, and one that nobody could look at`() throws {
        try expectSame(.made(.made(users: [])))
        try expectSame(.made(.made(users: [], listing: .incomplete(pages: 0), failures: [.denied], root: RootUser())))
        try expectSame(.made(.made(source: .report)))
    }

    @Test func `what is said of a user is told from what is said of the account or of a key, whatever the user's name`()
        throws
    {
        let subjects: [ReadSubject] = [
            .account, .user("account"), .user("AKIA1"), .userID("AKIA1"), .accessKey("AKIA1"),
        ]
        let failures = subjects.map {
            ReadFailure(
                fact: .population, operation: "ListUsers", subject: $0, code: .unconfirmed, message: "m", exchange: 3)
        }
        let notes = subjects.map {
            PopulationNote(kind: .userRenamed, subject: $0, observed: "seen", explanation: "so", exchanges: [2])
        }
        let assessment = try Assessment.made(.made(failures: failures, notes: notes))
        let read = try ReportReading(try #require(BundleDocuments.inMemory(assessment)[.report]))
            .snapshot
        #expect(Set(read.failures.map(\.subject)) == Set(subjects) && read.failures == assessment.snapshot.failures)
        #expect(Set(read.notes.map(\.subject)) == Set(subjects) && read.notes == assessment.snapshot.notes)
    }

    /// Reports of before it was told.
    @Test func `without its type a subject is what such a name most often means`() throws {
        func failure(_ fact: FactKind, _ subject: ReadSubject) -> ReadFailure {
            ReadFailure(fact: fact, operation: "List", subject: subject, code: .unconfirmed, message: "m", exchange: 3)
        }
        let failures = [
            failure(.population, .account), failure(.lastUse, .accessKey("K1")), failure(.tags, .user("a")),
        ]
        let note = PopulationNote(
            kind: .keyVanished, subject: .accessKey("K2"), observed: "seen", explanation: "so", exchanges: [2])
        let assessment = try Assessment.made(.made(failures: failures, notes: [note]))
        let report = try #require(BundleDocuments.inMemory(assessment)[.report])
        let text = String(decoding: report, as: UTF8.self)
        let old = text.replacing(/,\s*"subject_type":\s*"[a-z-]+"/, with: "")
        #expect(text.contains("subject_type") && !old.contains("subject_type"))
        let read = try ReportReading(Array(old.utf8)).snapshot
        #expect(read.failures == assessment.snapshot.failures && read.notes == assessment.snapshot.notes)
    }

    @Test func `why a source wasn't read is known again`() throws {
        func denied(_ fact: FactKind, _ operation: String) -> ReadFailure {
            ReadFailure(
                fact: fact, operation: operation, subject: .account, code: "AccessDenied", message: "no", exchange: 7)
        }
        let report = denied(.credentialReport, "GetCredentialReport")
        let summary = denied(.accountSummary, "GetAccountSummary")
        func read(_ failures: [ReadFailure]) throws -> AccountSnapshot {
            let assessment = try Assessment.made(.made(failures: failures, root: RootUser()))
            return try ReportReading(try #require(BundleDocuments.inMemory(assessment)[.report]))
                .snapshot
        }
        #expect(try read([.denied, report]).credentialReport == .failed(report))
        #expect(try read([.denied, summary]).credentialReport == .notAsked)
        #expect(try read([.denied, summary]).accountSummary == .failed(summary))
        #expect(try read([.denied, report]).accountSummary == .notAsked)
    }

    @Test(arguments: ["age_days", "days_since_last_used"])
    func `days that the dates don't come to are told`(name: String) throws {
        let key = AccessKey.made(age: 190, lastUse: .used(daysAgo: 40))
        let assessment = try Assessment.made(.made(users: [.made("ci", keys: .listed([key]))]))
        let report = String(decoding: try #require(BundleDocuments.inMemory(assessment)[.report]), as: UTF8.self)
        let edited = report.replacing(try Regex("\"\(name)\": ?\\d+"), with: "\"\(name)\": 19")
        #expect(edited != report)
        #expect(try ReportReading(Array(edited.utf8)).differences(from: assessment) == ["AKIA1 of ci"])
    }

    @Test func `the largest count that there can be is none too many`() throws {
        var snapshot = AccountSnapshot.made()
        for (retries, isRead) in [(1_000_000_000_000, true), (1_000_000_000_001, false)] {
            snapshot.traffic.retries = retries
            let report = try #require(BundleDocuments.inMemory(try .made(snapshot))[.report])
            #expect(((try? ReportReading(report)) != nil) == isRead)
        }
    }

    /// Whoever made the report may have written anything; sums are made of it.
    @Test(arguments: ["retries", "throttles", "user_list_pages"], ["9223372036854775807", "-9223372036854775808"])
    func `a count beyond all that there can be is an error`(name: String, number: String) throws {
        let documents = BundleDocuments.inMemory(try .made(.made(users: [])))
        let report = String(decoding: try #require(documents[.report]), as: UTF8.self)
        let edited = report.replacing(try Regex("\"\(name)\": \\d+"), with: "\"\(name)\": \(number)")
        #expect(edited != report)
        #expect(throws: DecodingError.self) { try ReportReading(Array(edited.utf8)) }
    }

    @Test func `a user of another account makes what is read back incomplete, whatever failures it has`() throws {
        var user = IAMUser.made()
        user.arn = "arn:aws:iam::999988887777:user/\(user.name)"
        for fact in [FactKind.tags, .population] {
            let failure = ReadFailure(
                fact: fact, operation: "ListUsers", subject: .user(user.name), code: .mismatched, message: "m",
                exchange: 2)
            let snapshot = AccountSnapshot.made(users: [user], failures: [failure])
            #expect(!snapshot.populationIsKnown)
            #expect(snapshot.failures.count == (fact == .tags ? 2 : 1))
            try expectSame(.made(snapshot))
        }
    }

    @Test func `so many counts that their sum is no number are an error`() throws {
        var snapshot = AccountSnapshot.made(users: [])
        for (count, isRead) in [(99_000, true), (100_000, false)] {
            snapshot.traffic.errors = Dictionary(
                uniqueKeysWithValues: (0..<count).map { ("ListUsers E\($0)", 1_000_000_000_000) })
            let report = try #require(BundleDocuments.inMemory(try .made(snapshot))[.report])
            #expect(((try? ReportReading(report)) != nil) == isRead)
        }
    }

    @Test(arguments: ["access_keys", "console_access", "last_use", "ssh_public_keys"])
    func `a fact of which nothing says where it comes from is an error`(name: String) throws {
        var user = IAMUser.made()
        user.optional.sshPublicKeys = .read([], .made(.listSSHPublicKeys, 12))
        let report = try report(of: user)
        let source = try Regex("\"\(name)\": ?\\{[^}]*\\},?")
        let edited = report.replacing(source) { $0.0.hasSuffix(",") ? "" : "\"none\": null" }
        #expect(edited != report)
        #expect(throws: DecodingError.self) { try ReportReading(Array(edited.utf8)) }
    }

    @Test func `a fact that isn't known comes from nowhere`() throws {
        let known = try report(of: .made())
        for (fact, unknown) in [
            (/("has_console_access": ?)false/, "null"), (/("access_keys_listed": ?)true/, "false"),
        ] {
            let edited = known.replacing(fact) { $0.1 + unknown }
            #expect(edited != known)
            #expect(throws: DecodingError.self) { try ReportReading(Array(edited.utf8)) }
        }
    }

    private func report(of user: IAMUser) throws -> String {
        let documents = BundleDocuments.inMemory(try .made(.made(users: [user])))
        return String(decoding: try #require(documents[.report]), as: UTF8.self)
    }

    @Test func `what a report says otherwise than its facts come to is named: of keys, users, tests and controls`()
        throws
    {
        let user = IAMUser.made("ci", keys: .listed([.made("A", age: 60), .made("B", age: 20)]))
        let assessment = try Assessment.made(.made(users: [user]))
        /// Where a report says what another policy, root user or exception comes to.
        func differences(
            _ edit: (inout Policy) -> Void = { _ in }, root: Bool = false, exceptions: [ControlException] = []
        ) throws -> [String] {
            var policy = Policy()
            edit(&policy)
            let other = try Assessment.made(
                .made(users: [user], root: RootUser(accessKeysPresent: root, summary: .made(.getAccountSummary, 1))),
                policy: policy, exceptions: exceptions)
            let report = try #require(BundleDocuments.inMemory(other)[.report])
            return try ReportReading(report).differences(from: assessment)
        }
        #expect(try differences().isEmpty)
        #expect(
            try differences { $0.rules.limits.keyAge = 30 } == ["A of ci", "the test key-rotation"])
        let ofUser = try differences { $0.rules.limits.rotationOverlap = 30 }
        #expect(ofUser.prefix(2) == ["user ci", "the test single-active-key"] && ofUser.count > 2)
        let ofRoot = try differences(root: true)
        #expect(ofRoot.first == "the test root-key" && ofRoot.last == "the account")
        #expect(ofRoot.contains("the control ac-6 of nist-800-53-rev5"))
        // What was excepted is none the less a failure; the report says how many were.
        let excepted = try differences(exceptions: [.made(.user("ci"), tests: [.singleActiveKey])])
        #expect(excepted.first == "the test single-active-key" && !excepted.contains("user ci"))
    }

    @Test func `what isn't a report is an error`() {
        for text in ["", "{}", "[]", "{\"metadata\": 1}"] {
            #expect(throws: (any Error).self) { try ReportReading(Array(text.utf8)) }
        }
    }
}

extension PolicyDice {
    /// With everything that a snapshot may have besides users and keys.
    mutating func detailed(_ snapshot: AccountSnapshot) -> AccountSnapshot {
        var users = snapshot.users
        for index in users.indices {
            let name = users[index].name
            func failed(_ fact: FactKind) -> ReadFailure {
                ReadFailure(
                    fact: fact, operation: "List", subject: .user(name), code: "AccessDenied",
                    message: "no \(fact.rawValue)",
                    exchange: 11)
            }
            if happens(30) { users[index].consoleAccess = .undetermined(failed(.consoleAccess)) }
            if users[index].optional.tags == nil, happens(50) { users[index].optional.tags = .failed(failed(.tags)) }
            if happens(40) {
                users[index].optional.mfaDevices = .read(
                    [LongLivedCredential(id: "m", created: .before(days: 5))],
                    .made(.listMFADevices, 12, further: happens(50) ? [15, 16] : []))
            }
            if happens(30) { users[index].optional.sshPublicKeys = .failed(failed(.sshPublicKeys)) }
            if happens(30) {
                users[index].optional.serviceSpecificCredentials = .read(
                    [LongLivedCredential(id: "c", status: "Active", expires: .before(days: -5), service: "s")],
                    .made(.listServiceSpecificCredentials, 13))
            }
            if happens(30) { users[index].passwordLastUsed = .before(days: 7) }
        }
        var failures = users.flatMap { user in
            [user.optional.tags?.failure, user.optional.sshPublicKeys?.failure].compactMap { $0 }
        }
        for user in users {
            if let failure = user.consoleAccess.failure { failures.append(failure) }
            if var failure = user.keys.failure {
                (failure.fact, failure.subject) = (.population, .user(user.name))
                failures.append(failure)
            }
            for key in user.keys.known {
                guard var failure = key.lastUse.failure else { continue }
                failure.subject = .accessKey(key.label)
                failures.append(failure)
            }
        }
        var unread = ReadFailure.denied
        unread.fact = .accountSummary
        let summary: Reading<SummaryFacts> = oneOf([
            .notAsked, .failed(unread),
            .read(SummaryFacts(users: 7, usersAtEnd: oneOf([nil, 8])), .made(.getAccountSummary, 1)),
        ])
        if case .failed(let failure) = summary { failures.append(failure) }
        var detailed = AccountSnapshot(
            account: snapshot.account, region: "eu-central-1", profile: oneOf([nil, "audit"]),
            window: CollectionWindow(started: .asOf, ended: Date.asOf + 5.75), users: users,
            userListing: oneOf([.complete(pages: 3), .incomplete(pages: 2)]), failures: failures,
            traffic: Traffic(
                requests: ["ListUsers": 3], retries: 1, errors: ["ListUsers Throttling": 1], throttles: 1,
                clockSkew: oneOf([nil, -3])),
            source: oneOf([.auto, .live, .report]), root: snapshot.root,
            accountSummary: summary,
            credentialReport: oneOf([
                .notAsked,
                .read(ReportFacts(users: 7, keys: 9, wasMadeDuringRun: happens(50)), .made(.getCredentialReport, 2)),
            ]),
            notes: [
                PopulationNote(
                    kind: .userVanished, subject: .user("gone"), observed: "It went.",
                    explanation: oneOf([nil, "Deleted."]),
                    exchanges: [4])
            ])
        // A summary says whether the root user has keys, or it wasn't read.
        switch detailed.accountSummary {
        case .read(_, let source): detailed.root.summary = source
        case .failed, .notAsked:
            detailed.root.accessKeysPresent = nil
            detailed.root.summary = nil
        }
        if happens(40) {
            detailed.root.keys = [
                AccessKey(
                    id: nil, slot: 1, status: .active, created: .before(days: 900),
                    lastUse: oneOf([.never, .used(daysAgo: 3)]),
                    listed: .made(.getCredentialReport, 2))
            ]
        }
        return detailed
    }
}
