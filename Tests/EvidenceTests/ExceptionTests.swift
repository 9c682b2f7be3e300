import CanonicalJSON
import Evidence
import FoundationEssentials
import StrictYAML
import Testing

@Suite struct ExceptionTests {
    private static let old = AccessKey.made(age: 100)

    private func key(_ exceptions: [ControlException], _ key: AccessKey = old) throws -> KeyAssessment {
        try #require(try Assessment.made(keys: [key], exceptions: exceptions).keys.first)
    }

    private func notes(_ assessment: Assessment) -> [String] {
        assessment.exceptionNotes.map { "\($0.kind.rawValue) \($0.ticket)" }
    }

    // MARK: What an exception does

    @Test func `an excepted failure keeps verdict and level, is counted apart, and doesn't fail the run`() throws {
        let plain = try Assessment.made(keys: [Self.old])
        let excepted = try Assessment.made(keys: [Self.old], exceptions: [.made()])
        #expect(plain.hasOpenFailures(of: .keyRotation) && !excepted.hasOpenFailures(of: .keyRotation))
        #expect(excepted.conclusion(of: .keyRotation) == .notSatisfied)
        #expect(excepted.keys[0].level == plain.keys[0].level)
        #expect(excepted.keys[0].failedTests == [.keyRotation] && excepted.keys[0].isExcused)
        #expect(excepted.tally(of: .keyRotation).excepted == 1 && excepted.tally(of: .keyRotation).failed == 0)
        #expect(excepted.summary.excused == 1 && excepted.summary.exceptedFailures == 1)
        #expect(excepted.status(ofControl: "ia-5", of: Crosswalk.nist) == .partiallyCompliant)
        #expect(plain.status(ofControl: "ia-5", of: Crosswalk.nist) == .nonCompliant)
        #expect(plain.keys(atOrAbove: .medium).count == 1 && excepted.keys(atOrAbove: .medium).isEmpty)
        #expect(excepted.isComplete)
    }

    @Test func `what exceptions answer for isn't overdue until the first of them ends`() throws {
        let key = AccessKey.made(age: 400, lastUse: .used(daysAgo: 100))
        func entries(_ exceptions: [ControlException]) throws -> (
            recommendation: JSONValue, finding: JSONValue, said: String
        ) {
            let assessment = try Assessment.made(keys: [key], exceptions: exceptions)
            let results = try JSONValue(
                parsing: try #require(BundleDocuments.inMemory(assessment)[.report]))[
                    "analysis_results"]
            return (
                results["recommendations"][0], results["high_risk_findings"][0],
                try #require(assessment.keys[0].recommendation.deadline(at: .asOf))
            )
        }
        let rotation = ControlException.made(expires: -100)
        let use = ControlException.made(ticket: "SEC-2", tests: [.unusedKey], expires: -50)
        let excepted = try entries([rotation, use])
        #expect(excepted.recommendation["overdue"] == .boolean(false))
        #expect(excepted.recommendation["excepted_until"] == .string("2027-01-11T20:45:00Z"))
        #expect(excepted.finding["excepted_until"] == .string("2027-01-11T20:45:00Z"))
        #expect(excepted.said == "Excepted until 2027-01-11.")
        let half = try entries([rotation])
        #expect(half.recommendation["overdue"] == .boolean(true) && half.recommendation["excepted_until"] == .null)
        #expect(half.finding["excepted_until"] == .null)
        #expect(half.said == "Overdue since 2026-01-16.")
    }

    @Test func `it holds from the day it was created until the day it expires, to the second`() throws {
        func state(created: Int, expires: Int, seconds: Int) throws -> ExceptionMatch.State? {
            try key([.made(created: created, expires: expires, seconds: seconds)]).verdicts.first {
                $0.test == .keyRotation
            }?.exception?.state
        }
        #expect(try state(created: 10, expires: 0, seconds: -1) == .inForce)
        #expect(try state(created: 10, expires: 0, seconds: 0) == .expired)
        #expect(try state(created: 0, expires: -1, seconds: 0) == .inForce)
        #expect(try state(created: -1, expires: -2, seconds: 0) == .notYetInForce)
    }

    @Test func `once expired it fails the run and says so`() throws {
        let assessment = try Assessment.made(keys: [Self.old], exceptions: [.made(expires: 1)])
        #expect(assessment.hasOpenFailures(of: .keyRotation))
        #expect(notes(assessment) == ["expired SEC-1"])
        #expect(assessment.exceptionNotes[0].message.contains("fails the run again"))
        #expect(
            TerminalSummary(assessment, style: TerminalStyle(color: false)).text.contains(
                "SEC-1 (key AKIA1): Expired on"))
    }

    @Test func `one that has been renewed neither fails the run nor is there twice`() throws {
        let (old, new) = (
            ControlException.made(ticket: "OLD", created: 100, expires: 20),
            ControlException.made(ticket: "NEW", created: 20, expires: -300)
        )
        let renewed = try Assessment.made(keys: [Self.old], exceptions: [old, new])
        #expect(renewed.keys[0].isExcused && notes(renewed) == ["expired OLD"])
        #expect(renewed.exceptionNotes[0].message.hasSuffix("Others in force answer for what it was for: it can go."))
        // Whichever stands first.
        #expect(notes(try Assessment.made(keys: [Self.old], exceptions: [new, old])) == ["expired OLD"])
        // Both hold for a day.
        let early = ControlException.made(ticket: "NEW", created: 21, expires: -300)
        #expect(
            notes(try Assessment.made(keys: [Self.old], exceptions: [old, early])) == ["expired OLD", "duplicate NEW"])
        // Of what the new one doesn't name, nobody takes care.
        let unused = AccessKey.made(age: 100, lastUse: .never)
        let both = ControlException.made(ticket: "OLD", tests: [.unusedKey, .keyRotation], created: 100, expires: 20)
        let partly = try Assessment.made(keys: [unused], exceptions: [both, new])
        #expect(partly.exceptionNotes.map(\.message).contains { $0.contains("fails the run again") })
    }

    @Test func `only the tests that it names are excepted`() throws {
        let unused = AccessKey.made(age: 100, lastUse: .never)
        let assessed = try key([.made(tests: [.keyRotation])], unused)
        #expect(assessed.outcomes[.keyRotation] == .excepted && assessed.outcomes[.unusedKey] == .failed)
        #expect(!assessed.isExcused)
        #expect(try key([.made(tests: [.keyRotation, .unusedKey])], unused).isExcused)
    }

    @Test func `one that holds goes before one that doesn't`() throws {
        let assessed = try key([.made(ticket: "OLD", expires: 1), .made(.user("user-0"), ticket: "NEW")])
        let match = assessed.verdicts.first { $0.test == .keyRotation }?.exception
        #expect(match?.exception.ticket == "NEW" && match?.state == .inForce)
    }

    @Test(arguments: [
        (ControlException.Subject.key("AKIA1"), true), (.key("AKIA2"), false), (.user("ci"), true),
        (.user("CI"), false),
        (.users(UserPattern(names: [Glob("c*")])), true), (.users(UserPattern(paths: [Glob("/ci/*")])), true),
        (.users(UserPattern(paths: [Glob("/")])), false),
        (.users(UserPattern(tags: [UserPattern.TagPattern(key: "team", value: Glob("plat*"))])), true),
        (.users(UserPattern(tags: [UserPattern.TagPattern(key: "team", value: Glob("x"))])), false),
        (.users(UserPattern(names: [Glob("c*")], tags: [UserPattern.TagPattern(key: "x", value: Glob("*"))])), false),
        (.rootUser, false), (.account, false),
    ])
    func `subjects`(subject: ControlException.Subject, expected: Bool) throws {
        let user = IAMUser.made("ci", path: "/ci/", keys: .listed([Self.old]), tags: ["team": "platform"])
        let assessment = try Assessment.made(.made(users: [user]), exceptions: [.made(subject)])
        #expect(assessment.keys[0].isExcused == expected)
    }

    @Test func `tags that aren't known except nothing`() throws {
        let exception = ControlException.made(
            .users(UserPattern(tags: [UserPattern.TagPattern(key: "a", value: Glob("*"))])))
        let assessment = try Assessment.made(.made(users: [.made(keys: .listed([Self.old]))]), exceptions: [exception])
        #expect(!assessment.keys[0].isExcused)
        #expect(notes(assessment) == ["tags-unknown SEC-1"])
    }

    @Test func `the root user and the account have exceptions of their own`() throws {
        let root = try Assessment.made(
            .made(root: RootUser(accessKeysPresent: true)), exceptions: [.made(.rootUser, tests: [.rootKey])])
        #expect(!root.hasOpenFailures(of: .rootKey) && root.conclusion(of: .rootKey) == .notSatisfied)
        #expect(root.exceptionNotes.isEmpty)
        let twice = [IAMUser.made("a", keys: .listed([.made("K")])), .made("b", keys: .listed([.made("K")]))]
        let account = try Assessment.made(
            .made(users: twice), exceptions: [.made(.account, tests: [.identifierUnique])])
        #expect(!account.hasOpenFailures(of: .identifierUnique))
    }

    @Test func `a test about users is excepted for the user`() throws {
        let user = IAMUser.made("ci", keys: .listed([.made("A", age: 50), .made("B", age: 40)]))
        let assessment = try Assessment.made(
            .made(users: [user]), exceptions: [.made(.user("ci"), tests: [.singleActiveKey])])
        #expect(assessment.users[0].outcomes[.singleActiveKey] == .excepted)
        #expect(assessment.keys.map(\.isExcused) == [false, false])
    }

    /// Neither hides a key that is HIGH for its own sake, nor keeps one from being excused.
    @Test func `what is excepted of a user says nothing of its keys, nor what isn't`() throws {
        var policy = Policy()
        policy.rules.levels.high = Band(age: 70)
        func assessed(_ ages: [Int], _ exception: ControlException) throws -> Assessment {
            let keys = ages.enumerated().map { AccessKey.made("K\($0)", age: $1, lastUse: .used(daysAgo: 1)) }
            return try .made(
                .made(users: [.made("pair", keys: .listed(keys))]), policy: policy, exceptions: [exception])
        }
        let ofUser = ControlException.made(.user("pair"), tests: [.singleActiveKey])
        let high = try assessed([80, 89], ofUser)
        #expect(high.keys.map(\.outcomes.failed) == [[], []] && high.users[0].outcomes[.singleActiveKey] == .excepted)
        #expect(high.keys(atOrAbove: .high).count == 2 && high.summary.excused == 0)
        #expect(high.keys.map(\.recommendation.exceptedUntil) == [nil, nil])
        let ofKeys = ControlException.made(.user("pair"), tests: [.keyRotation])
        let old = try assessed([100, 120], ofKeys)
        #expect(old.users[0].outcomes[.singleActiveKey] == .failed)
        #expect(old.keys(atOrAbove: .high).isEmpty && old.summary.excused == 2)
        #expect(old.keys.allSatisfy { $0.recommendation.exceptedUntil != nil })
        #expect(old.hasOpenFailures(of: .singleActiveKey))
    }

    @Test func `of several that hold, the one that expires last answers, and its day is the deadline`() throws {
        let all = [
            ControlException.made(ticket: "SHORT", expires: -10),
            .made(.users(UserPattern(names: [Glob("user-*")])), ticket: "LONG", expires: -90),
            .made(.user("user-0"), ticket: "MIDDLE", expires: -40),
        ]
        for exceptions in [all, all.reversed()] {
            let verdicts = try key(exceptions).verdicts
            #expect(verdicts.compactMap(\.exception?.exception.ticket) == ["LONG"])
        }
        let oscal = String(
            decoding: try #require(
                BundleDocuments.inMemory(try .made(keys: [Self.old], exceptions: all))[.assessmentResults]),
            as: UTF8.self)
        #expect(oscal.contains(#""deadline":"2027-02-20T20:45:00Z""#))
        // One that doesn't hold yet may last for ever.
        let verdicts = try key([.made(ticket: "NOW", expires: -10), .made(ticket: "LATER", created: -5, expires: -300)])
            .verdicts
        #expect(verdicts.compactMap(\.exception?.exception.ticket) == ["NOW"])
    }

    @Test func `of several that don't hold, the first of the list is named`() throws {
        let both = [ControlException.made(ticket: "FIRST", expires: 2), .made(ticket: "SECOND", created: -1)]
        for (exceptions, first) in [(both, "FIRST"), (both.reversed(), "SECOND")] {
            let verdicts = try key(exceptions).verdicts
            #expect(verdicts.compactMap(\.exception?.exception.ticket) == [first])
        }
    }

    @Test func `of two that hold until the same day, the first of the list answers`() throws {
        let both = [
            ControlException.made(.users(UserPattern(names: [Glob("user-*")])), ticket: "FIRST"),
            .made(.user("user-0"), ticket: "SECOND"),
        ]
        for (exceptions, first) in [(both, "FIRST"), (both.reversed(), "SECOND")] {
            let verdicts = try key(exceptions).verdicts
            #expect(verdicts.compactMap(\.exception?.exception.ticket) == [first])
        }
    }

    @Test(arguments: [
        (UserPattern(names: [Glob("a"), Glob("b*")]), "users a, b*"), (UserPattern(paths: [Glob("/x/")]), "path /x/"),
        (UserPattern(tags: [UserPattern.TagPattern(key: "type", value: Glob("bot"))]), "tag type = bot"),
        (
            UserPattern(names: [Glob("a")], tags: [UserPattern.TagPattern(key: "type", value: Glob("bot"))]),
            "users a, tag type = bot"
        ),
    ])
    func `whom it is about is named by all that tells them`(pattern: UserPattern, text: String) {
        #expect(ControlException.Subject.users(pattern).text == text)
    }

    // MARK: What is reported

    @Test func `at the instant of its beginning it holds, and at that of its end it doesn't`() throws {
        func said(_ key: AccessKey = Self.old, created: Int = 10, expires: Int) throws -> [String] {
            try Assessment.made(keys: [key], exceptions: [.made(created: created, expires: expires)])
                .exceptionNotes.map(\.message)
        }
        #expect(try said(created: 0, expires: -100).isEmpty)
        #expect(
            try said(expires: 0) == [
                "Expired on 2026-11-22T20:45:00Z. What it was for fails the run again: renew it or put it right."
            ])
        // What it was for has been put right.
        #expect(try said(.made(), expires: 0) == ["Expired on 2026-11-22T20:45:00Z."])
    }

    @Test func `what matches nothing, isn't needed, is there twice, or expires soon is reported`() throws {
        let assessment = try Assessment.made(
            keys: [Self.old, .made("AKIA9", age: 5)],
            exceptions: [
                .made(.key("AKIA404"), ticket: "GONE"), .made(.key("AKIA9"), ticket: "SPARE"),
                .made(.key("AKIA1"), ticket: "FIRST"), .made(.key("AKIA1"), ticket: "SECOND", expires: -200),
                .made(.users(UserPattern(names: [Glob("zz*")])), ticket: "NOBODY"),
                .made(.user("user-0"), ticket: "SOON", expires: -14),
                .made(.user("user-0"), ticket: "LATER", created: -5),
                .made(.rootUser, ticket: "ROOT", tests: [.rootKey]),
            ])
        #expect(
            notes(assessment) == [
                "matches-nothing GONE", "not-needed SPARE", "duplicate SECOND", "matches-nothing NOBODY",
                "expires-soon SOON", "not-yet-in-force LATER", "duplicate LATER", "not-needed ROOT",
            ])
        #expect(
            assessment.exceptionNotes.contains {
                $0.message == "Expires on 2026-12-06T20:45:00Z, in 14 days: put it right or renew it."
            })
    }

    @Test func `what wasn't read is not said to pass, nor to be gone`() throws {
        func notes(_ exception: ControlException, _ snapshot: AccountSnapshot) throws -> [ExceptionNote] {
            try Assessment.made(snapshot, exceptions: [exception]).exceptionNotes
        }
        func made(_ keys: Fact<[AccessKey]>, listing: Listing = .complete(pages: 1)) -> AccountSnapshot {
            let denied = ReadFailure(
                fact: .population, operation: "ListAccessKeys", subject: .user("user-0"), code: "AccessDenied",
                message: "not authorized", exchange: 7)
            return .made(
                users: [.made("user-0", keys: keys)], listing: listing, failures: keys.isRead ? [] : [denied])
        }
        let undetermined = made(.listed([.made(age: 50, lastUse: .undetermined(.denied))]))
        for subject in [
            ControlException.Subject.key("AKIA1"), .user("user-0"), .users(UserPattern(names: [Glob("u*")])),
        ] {
            let found = try notes(.made(subject, tests: [.unusedKey]), undetermined)
            #expect(found.map(\.kind) == [.notKnown])
            #expect(found[0].message.hasSuffix("isn't known: unused-key is undetermined."))
            // Its rotation is known.
            #expect(try notes(.made(subject), undetermined).map(\.kind) == [.notNeeded])
        }
        let unlisted = made(.undetermined(.denied))
        for subject in [ControlException.Subject.key("AKIA1"), .user("user-0")] {
            let found = try notes(.made(subject), unlisted)
            #expect(found.map(\.kind) == [.notKnown])
            #expect(found[0].message.contains("not every user's keys could be listed"))
        }
        #expect(try notes(.made(.user("nobody")), unlisted).map(\.kind) == [.matchesNothing])
        let partial = made(.listed([.made()]), listing: .incomplete(pages: 1))
        for subject in [
            ControlException.Subject.key("AKIA404"), .user("nobody"), .users(UserPattern(names: [Glob("*")])),
        ] {
            #expect(try notes(.made(subject), partial).map(\.kind) == [.notKnown])
        }
        #expect(try notes(.made(.key("AKIA1")), partial).map(\.kind) == [.notNeeded])
        // Of who is missing nothing is known; of who was listed and not read, that.
        for (failure, kind) in [
            (ReadFailure.denied, ExceptionNote.Kind.matchesNothing),
            (
                ReadFailure(
                    fact: .population, operation: "ListUsers", subject: .account, code: "user-count", message: "",
                    exchange: 7), .notKnown
            ),
        ] {
            #expect(try notes(.made(.user("nobody")), .made(failures: [failure])).map(\.kind) == [kind])
        }
        var withoutID = AccessKey.made()
        (withoutID.id, withoutID.slot) = (nil, 1)
        let found = try notes(.made(), made(.listed([withoutID])))
        #expect(
            found.map(\.message) == [
                "Whether the account has such an access key isn't known: not every key's id was read."
            ])
        let byReport = AccountSnapshot.made(source: .report)
        #expect(try notes(.made(.account, tests: [.identifierUnique]), byReport).map(\.kind) == [.notKnown])
        let unknownRoot = AccountSnapshot.made(root: RootUser())
        #expect(try notes(.made(.rootUser, tests: [.rootKey]), unknownRoot).map(\.kind) == [.notKnown])
    }

    @Test func `one about a test that the policy doesn't run is neither needless nor about nothing`() throws {
        var policy = Policy()
        policy.tests.removeAll { [.singleActiveKey, .rootKey].contains($0) }
        func said(_ exception: ControlException, _ key: AccessKey = .made()) throws -> [String] {
            let assessment = try Assessment.made(
                .made(users: [.made("ci", keys: .listed([key]))]), policy: policy, exceptions: [exception])
            return assessment.exceptionNotes.map { "\($0.kind.rawValue): \($0.message)" }
        }
        #expect(
            try said(.made(.user("ci"), tests: [.singleActiveKey])) == [
                "not-known: single-active-key doesn't run by this policy."
            ])
        #expect(
            try said(.made(.user("nobody"), tests: [.singleActiveKey, .identifierAssigned])) == [
                "not-known: single-active-key, identifier-assigned don't run by this policy."
            ])
        #expect(
            try said(.made(.rootUser, tests: [.rootKey])) == ["not-known: root-key doesn't run by this policy."])
        // One of its tests runs, and passes.
        let both = ControlException.made(.user("ci"), tests: [.keyRotation, .singleActiveKey])
        #expect(
            try said(both) == [
                "not-known: Whether anything that it is about fails isn't known: single-active-key doesn't run by this policy."
            ])
        #expect(try said(both, .made(age: 100)).isEmpty)
        let byReport = try Assessment.made(
            .made(source: .report), exceptions: [.made(.account, tests: [.identifierUnique])])
        #expect(
            byReport.exceptionNotes.map(\.message) == ["identifier-unique doesn't run by this way of collecting."])
    }

    @Test func `warning begins so long before the end as the policy says`() throws {
        let soon = try Assessment.made(keys: [Self.old], exceptions: [.made(expires: -14, seconds: -1)])
        #expect(soon.exceptionNotes.isEmpty)
    }

    @Test(arguments: ["user-0", "USER-0", "arn:aws:iam::111122223333:user/user-0"])
    func `nobody approves an exception for themselves`(approver: String) throws {
        let assessment = try Assessment.made(keys: [Self.old], exceptions: [.made(.user("user-0"), approver: approver)])
        #expect(assessment.hasOpenFailures(of: .keyRotation))
        #expect(notes(assessment) == ["self-approved SEC-1"])
        #expect(assessment.keys[0].verdicts.last?.exception?.state == .selfApproved)
    }

    @Test func `it holds for the others whom it is about`() throws {
        let assessment = try Assessment.made(
            keys: [Self.old, .made("AKIA2", age: 100)],
            exceptions: [.made(.users(UserPattern(names: [Glob("user-*")])), approver: "user-1")])
        #expect(assessment.keys.map(\.isExcused) == [true, false])
        #expect(notes(assessment) == ["self-approved SEC-1"])
    }

    @Test func `what can be said without a scan is said, to the second`() throws {
        func remarks(_ exception: ControlException) -> [String] {
            ExceptionList([exception]).remarks(on: Policy(), at: .asOf)
        }
        #expect(remarks(.made(expires: -14, seconds: -1)).isEmpty)
        var pattern = UserPattern()
        pattern.tags = [UserPattern.TagPattern(key: "team", value: Glob("payments"))]
        #expect(
            remarks(.made(.users(pattern), expires: -14, seconds: -1)) == [
                "they look at users' tags: a scan needs iam:ListUserTags, too, and makes one more call a user"
            ])
        func named(_ subject: ControlException.Subject) -> [String] {
            remarks(.made(subject, expires: -14, seconds: -1))
        }
        #expect(
            named(.user("arn:aws:iam::111122223333:user/x")) == [
                "SEC-1 names the user 'arn:aws:iam::111122223333:user/x', whom there can't be: give the name, not the ARN"
            ])
        #expect(
            named(.user("team/x")) == ["SEC-1 names the user 'team/x', whom there can't be: '/' stands in paths only"])
        #expect(named(.user("x.y@z")).isEmpty && named(.key("AKIAIOSFODNN7EXAMPLE")).isEmpty)
        for id in ["akiaiosfodnn7example", "AKIA-X", "ci deploy"] {
            #expect(
                named(.key(id)) == [
                    "SEC-1 names the key '\(id)', which is no access key id: those are like AKIAIOSFODNN7EXAMPLE"
                ])
        }
        #expect(remarks(.made(expires: -14)) == ["SEC-1 (key AKIA1) expires on 2026-12-06"])
        #expect(remarks(.made(expires: 0, seconds: -1)) == ["SEC-1 (key AKIA1) expires on 2026-11-22"])
        #expect(remarks(.made(expires: 0)) == ["SEC-1 (key AKIA1) expired on 2026-11-22"])
        #expect(
            remarks(.made(.user("ci"), tests: [.keyRotation, .identifierAssigned])) == [
                "SEC-1 (user ci) is about identifier-assigned, which doesn't run by this policy"
            ])
        #expect(
            remarks(.made(approver: "Platform@Example.com")) == ["SEC-1 (key AKIA1) is approved by its own owner"])
    }

    // MARK: Reading

    private func list(_ text: String, terms: ExceptionTerms = ExceptionTerms()) throws -> ExceptionList {
        try ExceptionList(reading: YAMLValue(parsing: text, file: "exceptions.yaml"), terms: terms)
    }

    private static let entry = """
        exceptions:
          - ticket: SEC-412
            subject: {key: AKIAIOSFODNN7EXAMPLE}
            tests: [key-rotation]
            kind: compensating-control
            owner: platform@example.com
            approver: ciso@example.com
            reason: Only from our own network, by policy.
            created: 2026-10-01
            expires: 2026-12-31
        """

    @Test func `a file has twenty thousand exceptions at most, whose patterns name ten thousand users`() throws {
        func file(_ count: Int, _ subject: String) -> String {
            let entry = """
                {ticket: T, subject: \(subject), tests: [key-rotation], kind: accepted-risk, owner: a, approver: b, reason: r, \
                created: 2026-10-01, expires: 2026-12-31}
                """
            return "{exceptions: [\(Array(repeating: entry, count: count).joined(separator: ", "))]}"
        }
        #expect(try list(file(20_000, "{user: ci}")).exceptions.count == 20_000)
        #expect(throws: YAMLError.self) { try list(file(20_001, "{user: ci}")) }
        let ten = "{users: [a, b, c, d, e, f, g, h, i], paths: [/]}"
        #expect(try list(file(1000, ten)).exceptions.count == 1000)
        #expect(throws: YAMLError.self) { try list(file(1001, ten)) }
    }

    @Test func `a file is read as it is meant`() throws {
        let exception = try #require(try list(Self.entry).exceptions.first)
        #expect(exception.subject == .key("AKIAIOSFODNN7EXAMPLE") && exception.kind == .compensatingControl)
        #expect(exception.tests == [.keyRotation])
        #expect(
            exception.created.iso8601 == "2026-10-01T00:00:00Z" && exception.expires.iso8601 == "2026-12-31T00:00:00Z")
    }

    @Test(arguments: [
        ("    expires: 2026-12-31", "", "exceptions.yaml:2: exceptions[0]: an exception needs the key 'expires'"),
        (
            "expires: 2026-12-31", "expires: 2026-09-30",
            "exceptions.yaml:10: exceptions[0].expires: an exception expires after it was created, 2026-10-01T00:00:00Z"
        ),
        (
            "expires: 2026-12-31", "expires: 2026-10-01",
            "exceptions.yaml:10: exceptions[0].expires: an exception expires after it was created, 2026-10-01T00:00:00Z"
        ),
        (
            "expires: 2026-12-31", "expires: 2027-10-02",
            "exceptions.yaml:10: exceptions[0].expires: a term of 366 days is too long: the policy allows 365 days from "
                + "created to expires"
        ),
        (
            "expires: 2026-12-31", "expires: never",
            "exceptions.yaml:10: exceptions[0].expires: expected a day such as 2026-06-30, or an instant such as "
                + "2026-06-30T12:00:00Z, found 'never'"
        ),
        (
            "[key-rotation]", "[single-active-key]",
            "exceptions.yaml:4: exceptions[0].tests[0]: single-active-key is about users, and this exception about key "
                + "AKIAIOSFODNN7EXAMPLE"
        ),
        (
            "[key-rotation]", "[]",
            "exceptions.yaml:4: exceptions[0].tests: expected at least one control test, found an empty list"
        ),
        (
            "{key: AKIAIOSFODNN7EXAMPLE}", "{key: A, user: b}",
            "exceptions.yaml:3: exceptions[0].subject: a subject is one of: key: ID, user: NAME, root_user: true, account: "
                + "true, or users, paths and tags together"
        ),
        (
            "{key: AKIAIOSFODNN7EXAMPLE}", "{root_user: false}",
            "exceptions.yaml:3: exceptions[0].subject: a subject is one of: key: ID, user: NAME, root_user: true, account: "
                + "true, or users, paths and tags together"
        ),
        (
            "{key: AKIAIOSFODNN7EXAMPLE}", "{account: false}",
            "exceptions.yaml:3: exceptions[0].subject: a subject is one of: key: ID, user: NAME, root_user: true, account: "
                + "true, or users, paths and tags together"
        ),
        (
            "kind: compensating-control", "kind: accepted",
            "exceptions.yaml:5: exceptions[0].kind: expected accepted-risk, false-positive or compensating-control, found "
                + "'accepted'"
        ),
        (
            "approver: ciso@example.com", "approver: ''",
            "exceptions.yaml:7: exceptions[0].approver: expected a text on one line, of 1 to 200 characters, found the text ''"
        ),
        (
            "exceptions:", "exception:",
            "exceptions.yaml:1: 'exception' is not a key of an exceptions file; did you mean 'exceptions'?"
        ),
    ])
    func `a mistake is named with file, line and what was expected`(part: String, other: String, expected: String) {
        let text = Self.entry.replacing(part, with: other)
        #expect(text != Self.entry)
        do {
            _ = try list(text)
            Issue.record("it was read")
        } catch { #expect("\(error)" == expected) }
    }

    /// A bundle writes whole seconds, and has to be judged in the same way when it is read again.
    @Test func `an instant is one of whole seconds`() throws {
        let exception = try #require(
            try list(Self.entry.replacing("2026-12-31", with: "2026-12-31T12:00:00.75Z")).exceptions.first)
        #expect(exception.expires == Date(iso8601Instant: "2026-12-31T12:00:00Z"))
    }

    @Test func `the longest term that the policy allows is allowed`() throws {
        #expect(try list(Self.entry.replacing("2026-12-31", with: "2027-10-01")).exceptions.count == 1)
    }

    @Test func `a list that is missing, empty or null isn't an empty list`() {
        for text in ["", "exceptions:", "exceptions: null", "[]", "{}"] {
            #expect(throws: YAMLError.self) { try list(text) }
        }
    }

    @Test func `an empty list is one that somebody wrote`() throws {
        #expect(try list("exceptions: []").isEmpty)
    }

    @Test func `what a bundle holds is read back as the same list`() throws {
        var random = PolicyDice(seed: 7)
        for _ in 0..<300 {
            var exceptions = (0..<random.roll(1...5)).map { _ in random.exception() }
            exceptions = exceptions.filter {
                !$0.tests.isEmpty && !($0.subject.isKey && $0.tests.contains { $0.scope == .user })
            }
            let list = ExceptionList(exceptions)
            #expect(try self.list(String(decoding: list.file, as: UTF8.self)) == list)
        }
    }
}

extension ControlException.Subject {
    fileprivate var isKey: Bool { if case .key = self { true } else { false } }
}
