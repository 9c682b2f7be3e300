import Evidence
import FoundationEssentials
import PlainText
import StrictYAML
import Testing

/// What `explain` says, word for word: it is read by who doubts a verdict.
@Suite struct ExplanationTests {
    private func explained(_ subject: String, _ assessment: Assessment) throws -> String {
        try #require(Explanation(of: subject, in: assessment, style: TerminalStyle(color: false))).text
    }

    /// IAM takes such a name for a user.
    @Test func `where a user is called as somebody else's key, both are told`() throws {
        let assessment = try Assessment.made(
            .made(users: [
                .made("AKIA1", keys: .listed([.made("AKIA2")])), .made("z", keys: .listed([.made("AKIA1")])),
            ]))
        let text = try explained("AKIA1", assessment)
        #expect(text.hasPrefix("User AKIA1\n"))
        #expect(text.contains("A key of user z has this id as well; that user's name shows it."))
        #expect(try !explained("AKIA2", assessment).contains("as well"))
    }

    /// The lines below each heading that begins so.
    private func sections(_ heading: String, of subject: String, _ assessment: Assessment) throws -> [String] {
        try explained(subject, assessment).split(separator: "\n\n").filter { $0.hasPrefix(heading) }
            .flatMap { $0.split(separator: "\n").dropFirst().map { String($0.dropFirst(2)) } }
    }

    /// Of a user `ci` with one key, by nothing but the keys.
    private func levels(of key: AccessKey, policy: Policy = Policy()) throws -> [String] {
        let user = IAMUser.made("ci", keys: .listed([key]))
        return try sections("Level", of: "ci", .made(.made(users: [user]), policy: policy, frameworks: []))
    }

    private static let exceptions = [
        ControlException.made(.key("AKIA1"), ticket: "SEC-1"), .made(.key("AKIA404"), ticket: "SEC-2"),
        .made(
            .users(
                UserPattern(
                    names: [Glob("c*"), Glob("d*")], paths: [Glob("/"), Glob("/x/")],
                    tags: [
                        UserPattern.TagPattern(key: "team", value: Glob("*")),
                        UserPattern.TagPattern(key: "team", value: Glob("plat*")),
                    ])), ticket: "SEC-3", expires: 2),
    ]
    private static let user = IAMUser.made(
        "ci",
        keys: .listed([
            .made("AKIA1", age: 100, lastUse: .used(daysAgo: 1)),
            .made("AKIA2", status: .inactive, age: 40, lastUse: .never),
        ]), tags: ["team": "platform"])

    @Test func `a user with a key in use and an inactive one, and exceptions for some of it`() throws {
        let assessment = try Assessment.made(
            .made(users: [Self.user, .made("other", keys: .listed([.made("AKIA9")]))]), exceptions: Self.exceptions,
            frameworks: [Crosswalk.soc2])
        let expected = """
            User ci
            Account 111122223333 as of 2026-11-22T20:45:00Z, by policy default

            Facts about the user
              ARN               arn:aws:iam::111122223333:user/ci (ListUsers at 2026-11-22T20:45:00Z, exchange 2)
              Created           2021-06-01T20:45:00Z (ListUsers at 2026-11-22T20:45:00Z, exchange 2)
              Access keys       2 (ListAccessKeys at 2026-11-22T20:45:00Z, exchange 3)
              Console password  no (GetLoginProfile at 2026-11-22T20:45:00Z, exchange 5)
              Tags              team = platform (ListUserTags at 2026-11-22T20:45:00Z, exchange 6)

            Access key AKIA1: MEDIUM

            Facts
              Status            Active (ListAccessKeys at 2026-11-22T20:45:00Z, exchange 3)
              Created           2026-08-14T20:45:00Z, 100 days ago (ListAccessKeys at 2026-11-22T20:45:00Z, exchange 3)
              Last used         2026-11-21T20:45:00Z, 1 day ago, with s3 (GetAccessKeyLastUsed at 2026-11-22T20:45:00Z, exchange 4)

            Level, by the policy's own rules
              CRITICAL  never used and 180 days old?       no: it was used
                        last used 120 days ago?            no: 1 day ago
              HIGH      never used and 90 days old?        no: it was used
                        last used 90 days ago?             no: 1 day ago
              MEDIUM    last used 60 days ago?             no: 1 day ago
                        60 days old?                       yes: 100 days old
              LOW       30 days old?                       not looked at

            Control tests
              unused-key            satisfied: idle-days 1, limit 90 (GetAccessKeyLastUsed, exchange 4)
                counts for SOC 2 CC6.1 (cc6.1_smt, supporting): Credentials that nobody needs are logical access that should have been taken away.
              key-rotation          not-satisfied: age-days 100, limit 90 (ListAccessKeys, exchange 3)
                counts for SOC 2 CC6.1 (cc6.1_smt, supporting): Long-lived credentials weaken logical access protection; their age is one measure of it.
                Exception SEC-1 (accepted-risk), approved by ciso@example.com, holds until 2027-03-02T20:45:00Z.

            Exceptions considered, for the key and its user
              key AKIA1, key-rotation: Exception SEC-1 (accepted-risk), approved by ciso@example.com, holds until 2027-03-02T20:45:00Z. The vendor can't rotate before March.
              users c*, d*, path /, /x/, tag team = * and team = plat*, key-rotation: Exception SEC-3 (accepted-risk) expired on 2026-11-20T20:45:00Z. The vendor can't rotate before March.

            What would make it compliant: if it were …
              used now and kept                  MEDIUM, not passing key-rotation
              deactivated and kept               LOW, not passing inactive-key-removed
              replaced by a new key and deleted  COMPLIANT
              deleted                            no key

            What to do
              100 days old, beyond the rotation limit of 90 days. Plan the key's rotation within 30 days.
              Why: Whoever has ever seen the secret can still use it.
              Excepted until 2027-03-02.
              1. Retire the user's other key, AKIA2, as there can't be a third; then make a new one:
                   aws iam create-access-key --user-name ci
              2. Give the new key to everything that uses the old one.
              3. See that nothing uses the old key any more:
                   aws iam get-access-key-last-used --access-key-id AKIA1
              4. Deactivate the old key:
                   aws iam update-access-key --user-name ci --access-key-id AKIA1 --status Inactive
              5. Wait, and watch for what fails; if something does:
                   aws iam update-access-key --user-name ci --access-key-id AKIA1 --status Active
              6. Delete the old key:
                   aws iam delete-access-key --user-name ci --access-key-id AKIA1

            Access key AKIA2: LOW

            Facts
              Status            Inactive (ListAccessKeys at 2026-11-22T20:45:00Z, exchange 3)
              Created           2026-10-13T20:45:00Z, 40 days ago (ListAccessKeys at 2026-11-22T20:45:00Z, exchange 3)
              Last used         never (GetAccessKeyLastUsed at 2026-11-22T20:45:00Z, exchange 4)

            Level, by the policy's own rules
              A key that is Inactive has LOW at most.
              CRITICAL  never used and 180 days old?       no: never used, 40 days old
                        last used 120 days ago?            no: it was never used
              HIGH      never used and 90 days old?        no: never used, 40 days old
                        last used 90 days ago?             no: it was never used
              MEDIUM    last used 60 days ago?             no: it was never used
                        60 days old?                       no: 40 days old
              LOW       30 days old?                       yes: 40 days old

            Control tests
              inactive-key-removed  not-satisfied: inactive-days-at-most 40, limit 0 (ListAccessKeys, exchange 3)
                counts for SOC 2 CC6.1 (cc6.1_smt, supporting): A credential that is switched off and kept is access in waiting.

            Exceptions considered, for the key and its user
              users c*, d*, path /, /x/, tag team = * and team = plat*, key-rotation: Exception SEC-3 (accepted-risk) expired on 2026-11-20T20:45:00Z. The vendor can't rotate before March.

            What would make it compliant: if it were …
              deleted                            no key

            What to do
              The key is Inactive and still exists, 40 days after it was made. Delete the key if nothing has asked for it since it was deactivated.
              Why: Whoever may change keys can switch it on again.
              Failing since 2026-10-13, due 2027-01-11.
              1. See that nothing has used the key since:
                   aws iam get-access-key-last-used --access-key-id AKIA2
              2. Delete the key:
                   aws iam delete-access-key --user-name ci --access-key-id AKIA2


            """
        #expect(try explained("ci", assessment) == expected)
        // By its id, one key of the user.
        let second = try #require(expected.firstRange(of: "Access key AKIA2"))
        let first = try #require(expected.firstRange(of: "Access key AKIA1"))
        #expect(
            try explained("AKIA2", assessment)
                == String(expected[..<first.lowerBound] + expected[second.lowerBound...]))
    }

    @Test func `what depends on a use that isn't known is neither yes nor no`() throws {
        var policy = Policy()
        policy.rules.levels.high = Band()
        let unknown = "not known: whether and when it was used could not be read"
        #expect(
            try levels(of: .made(age: 300, lastUse: .undetermined(.denied)), policy: policy) == [
                "CRITICAL  never used and 180 days old?       \(unknown)",
                "          last used 120 days ago?            \(unknown)",
                "HIGH      is never given",
                "MEDIUM    last used 60 days ago?             \(unknown)",
                "          60 days old?                       yes: 300 days old",
                "LOW       30 days old?                       not looked at",
                "Undetermined, MEDIUM at least: last-use: undetermined: not authorized",
            ])
        let young = try levels(of: .made(age: 5, lastUse: .undetermined(.denied)), policy: policy)
        #expect(
            young.suffix(2) == [
                "LOW       30 days old?                       no: 5 days old",
                "Undetermined, COMPLIANT at least: last-use: undetermined: not authorized",
            ])
    }

    @Test func `each limit is met from its day on`() throws {
        for (days, answer) in [(179, "no: never used, 179 days old"), (180, "yes: never used, 180 days old")] {
            #expect(
                try levels(of: .made(age: days, lastUse: .never))[0]
                    == "CRITICAL  never used and 180 days old?       \(answer)")
        }
        for (days, answer) in [(119, "no: 119 days ago"), (120, "yes: 120 days ago")] {
            #expect(
                try levels(of: .made(age: 500, lastUse: .used(daysAgo: days)))[1]
                    == "          last used 120 days ago?            \(answer)")
        }
        #expect(try levels(of: .made(age: 29)).last == "COMPLIANT, as none of these is met")
        #expect(try levels(of: .made(age: 30)).last == "LOW       30 days old?                       yes: 30 days old")
    }

    @Test func `a status that nobody knows has no level, and one that ends a key a highest`() throws {
        #expect(
            try levels(of: .made(status: .unknown("Locked\u{1b}"), age: 300)) == [
                "Whether a key that is 'Locked\\u{1b}' can be used isn't known: it has no level."
            ])
        #expect(try levels(of: .made(status: .expired, age: 300))[0] == "A key that is Expired has LOW at most.")
        #expect(try levels(of: .made(age: 300))[0].hasPrefix("CRITICAL"))
    }

    @Test func `a date that can't be right is named, and nothing passes by it`() throws {
        let key = AccessKey.made(age: 3000)
        let assessment = try Assessment.made(.made(users: [.made("ci", keys: .listed([key]))]), frameworks: [])
        let doubt = try #require(try sections("Facts\n", of: "ci", assessment).last)
        #expect(doubt.hasPrefix("older-than-user: ") && doubt.hasSuffix(" Nothing passes by it."), "\(doubt)")
    }

    @Test func `a user without keys, and one whose keys aren't known`() throws {
        let users = [IAMUser.made("a", keys: .listed([])), .made("b", keys: .undetermined(.denied))]
        let assessment = try Assessment.made(.made(users: users))
        #expect(try sections("Keys", of: "a", assessment) == ["None."])
        #expect(
            try sections("Keys", of: "b", assessment)
                == ["Not known: GetAccessKeyLastUsed AccessDenied: not authorized"])
    }

    @Test func `tags that there are none of, and tags that could not be read, are told apart`() throws {
        func tags(_ tags: Reading<[OptionalFacts.Tag]>?) throws -> String? {
            var user = IAMUser.made("ci")
            user.optional.tags = tags
            return try sections("Facts about the user", of: "ci", .made(.made(users: [user]))).first {
                $0.hasPrefix("Tags")
            }
        }
        let source = Provenance.made(.listUserTags, 6)
        #expect(
            try tags(.read([], source)) == "Tags              none (ListUserTags at 2026-11-22T20:45:00Z, exchange 6)")
        #expect(try tags(.failed(.denied)) == "Tags              undetermined: not authorized")
        #expect(try tags(.notAsked) == nil)
        #expect(try tags(nil) == nil)
    }

    @Test func `what a user's own tests come to is told, with what to do about it`() throws {
        let user = IAMUser.made("ci", keys: .listed([.made("AKIA1", age: 20), .made("AKIA2", age: 15)]))
        let assessment = try Assessment.made(.made(users: [user]), frameworks: [])
        #expect(
            try sections("Control tests about the user", of: "ci", assessment) == [
                "single-active-key     not-satisfied: overlap-days 15, limit 14 (ListAccessKeys, exchange 3)"
            ])
        #expect(
            try sections("What to do about the user", of: "ci", assessment)[0]
                == "2 Active keys side by side for up to 15 days. Move everything to one key; deactivate and delete AKIA1."
        )
        // Without one of the two keys the user passes.
        #expect(
            try sections("What would make it compliant", of: "AKIA1", assessment)
                .contains("deleted                            no key"))
    }

    @Test func `what isn't known doesn't pass, whatever is done`() throws {
        var policy = Policy()
        policy.tests.append(.identifierAssigned)
        policy.ownerTags = ["owner"]
        var user = IAMUser.made("ci")
        user.optional.tags = .failed(.denied)
        let key = try #require(try Assessment.made(.made(users: [user]), policy: policy).keys.first)
        #expect(
            key.whatIfs.filter { $0.change != "deleted" }.allSatisfy { $0.notPassing.contains(.identifierAssigned) })
        #expect(key.whatIfs.last?.change == "deleted" && key.whatIfs.last?.notPassing == [])
    }

    @Test func `a list that came on several pages rests on all of them`() throws {
        let user = IAMUser.made("ci", keys: .read([.made()], .made(.listAccessKeys, 3, further: [8, 9])))
        #expect(
            try sections("Facts about the user", of: "ci", .made(.made(users: [user])))[2]
                == "Access keys       1 (ListAccessKeys at 2026-11-22T20:45:00Z, exchanges 3, 8, 9)")
    }

    /// A bundle that is explained may be anybody's.
    @Test func `nothing that a bundle holds gets to the terminal as it is`() throws {
        let hostile = "\u{1b}[2J\u{9b}2J\u{202e}"
        let failure = ReadFailure(
            fact: .lastUse, operation: "Get\(hostile)", subject: .accessKey("AKIA1"),
            code: .init(rawValue: "Denied\(hostile)"),
            message: "not authorized \(hostile)", exchange: nil)
        let key = AccessKey.made(
            "AKIA\(hostile)", status: KeyStatus("Sleeping\(hostile)"), lastUse: .undetermined(failure))
        let users = [
            IAMUser.made("a", keys: .undetermined(failure)),
            .made("b", console: .undetermined(failure), keys: .listed([key]), tags: ["team": hostile]),
        ]
        var snapshot = AccountSnapshot.made(users: users, failures: [failure])
        snapshot.account = AccountIdentity(id: hostile, partition: hostile, callerARN: hostile)
        let mapping = """
            {version: '1', frameworks: [{id: f, title: "F", label: "F\\x9b"}], tests: [{test: unused-key, mappings: [{framework: f, \
            control: c, label: "c\\u202e", targetType: objective-id, target: t, relationship: direct, rationale: "r\\x9b"}]}]}
            """
        let crosswalk = try Crosswalk.builtIn().adding(
            try Crosswalk(reading: YAMLValue(parsing: mapping, file: "ours.yaml"), besides: .builtIn()))
        var policy = Policy()
        policy.name = "ours\(hostile)"
        let criteria = Criteria(
            policy: policy, exceptions: ExceptionList([.made(.user("b"), ticket: "T\(hostile)")]), crosswalk: crosswalk,
            frameworks: ["f"])
        let assessment = Assessment(of: snapshot, by: criteria, at: .asOf)
        for subject in ["a", "b", "root"] {
            let text = try explained(subject, assessment)
            #expect(text.contains("Account \\u{1b}[2J\\u{9b}2J\\u{202e} as of"))
            #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.isVisible }, "\(text.debugDescription)")
        }
        #expect(try explained("b", assessment).contains("counts for F\\u{9b} c\\u{202e}"))
    }

    @Test func `exceptions are named, or that there is none`() throws {
        func considered(_ exceptions: [ControlException]) throws -> [String] {
            try sections(
                "Exceptions considered", of: "other",
                .made(
                    .made(users: [Self.user, .made("other", keys: .listed([.made("AKIA9")]))]), exceptions: exceptions))
        }
        #expect(try considered([]) == ["The scan was given none."])
        #expect(try considered(Self.exceptions) == ["None of the 3 is about this key or its user."])
    }

    /// Reports print them.
    @Test func `users and the root user go by their ARNs, too`() throws {
        let assessment = try Assessment.made(.made(users: [.made("a", path: "/x/"), .made("b")]))
        #expect(try explained("arn:aws:iam::111122223333:user/x/a", assessment) == explained("a", assessment))
        #expect(try explained("arn:aws:iam::111122223333:root", assessment) == explained("root", assessment))
        for other in ["arn:aws:iam::111122223333:user/a", "arn:aws:iam::444455556666:root"] {
            #expect(Explanation(of: other, in: assessment, style: TerminalStyle(color: false)) == nil)
        }
    }

    @Test func `the root user's keys by the report are counted`() throws {
        var key = AccessKey.made(age: 300)
        key.id = nil
        var snapshot = AccountSnapshot.made(
            root: RootUser(accessKeysPresent: true, hasMFA: false, summary: .made(.getAccountSummary, 1), keys: [key]))
        snapshot.credentialReport = .read(
            ReportFacts(users: 1, keys: 1, wasMadeDuringRun: true), .made(.getCredentialReport, 9))
        #expect(
            try sections("Facts about", of: "root", .made(snapshot)) == [
                "Access keys       yes (GetAccountSummary at 2026-11-22T20:45:00Z, exchange 1)",
                "MFA               no (GetAccountSummary at 2026-11-22T20:45:00Z, exchange 1)",
                "Keys by report    1 (GetCredentialReport at 2026-11-22T20:45:00Z, exchange 9)",
            ])
    }
}
