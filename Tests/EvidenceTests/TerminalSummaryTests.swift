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
            fact: fact, operation: operation, subject: .account, code: "AccessDenied", message: "no", exchange: 7)
    }

    @Test func `where the levels alone keep an account from COMPLIANT, the summary says so`() throws {
        func overall(_ keys: [AccessKey]) throws -> String {
            let text = TerminalSummary(try .made(keys: keys), style: TerminalStyle(color: false)).text
            let line = text.split(separator: "\n").first { $0.hasPrefix("Overall ") }
            return String(try #require(line).drop { $0 != " " }.drop { $0 == " " })
        }
        let (good, low) = (AccessKey.made("K1", age: 10), AccessKey.made("K2", age: 40))
        let high = AccessKey.made("K3", age: 95, lastUse: .used(daysAgo: 95))
        #expect(try overall([good, low]) == "PARTIALLY_COMPLIANT (by the levels: 1 of 2 keys COMPLIANT, 90 % needed)")
        #expect(try overall([good, high]) == "PARTIALLY_COMPLIANT (by the levels: 1 key HIGH)")
        #expect(try overall([good]) == "COMPLIANT")
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

    @Test func `a user who failed a test is named where no key needs attention`() throws {
        func text(_ users: [IAMUser], root: RootUser? = nil, exceptions: [ControlException] = []) throws -> String {
            var policy = Policy()
            policy.ownerTags = ["owner"]
            policy.tests.append(.identifierAssigned)
            let snapshot = root.map { AccountSnapshot.made(users: users, root: $0) } ?? .made(users: users)
            let assessment = try Assessment.made(snapshot, policy: policy, exceptions: exceptions)
            return TerminalSummary(assessment, style: TerminalStyle(color: false)).text
        }
        func user(_ name: String, tags: [String: String] = ["owner": "x"], _ keys: AccessKey...) -> IAMUser {
            .made(name, keys: .listed(keys), tags: tags)
        }
        let two = user("two", .made("A", age: 25), .made("B", age: 20))
        let nobodys = user("nobody's", tags: [:], .made("C", age: 5))
        let alone = try text([two])
        #expect(alone.contains("\nNo key needs attention; 1 user does.\n"), "\(alone)")
        #expect(
            alone.contains(
                "\n  1. two: 2 Active keys side by side for up to 20 days. Move everything to one key; deactivate and "
                    + "delete A. Failing since 2026-11-16, due 2027-02-14.\n"), "\(alone)")
        let both = try text([two, nobodys])
        #expect(both.contains("\nNo key needs attention; 2 users do.\n"), "\(both)")
        #expect(both.contains("\n  1. nobody's: The user has access keys and no owner tag."), "\(both)")
        #expect(both.contains("\n  2. two: "))
        #expect(
            try text([two], root: Self.rootWithKeys).contains(
                "\nNo user's key needs attention; the root user's access keys and 1 user do.\n"))
        // What somebody answers for can wait.
        let answered = try text(
            [two], exceptions: [.made(.user("two"), tests: [.singleActiveKey])])
        #expect(answered.contains("\nNo key needs attention.\n") && !answered.contains("What to do first"))
        // Keys that failed something come first, and those that failed nothing last.
        let mixed = try text([two, user("old", .made("D", age: 100)), user("watched", .made("E", age: 40))])
        let places = try ["old D: ", "two: ", "watched E: "].map { name in
            try #require(mixed.firstRange(of: ". \(name)"), "\(mixed)").lowerBound
        }
        #expect(places == places.sorted())
    }

    @Test func `an answer that didn't come is said once, whatever isn't known for it`() throws {
        let summary = [failure(.accountSummary, "GetAccountSummary"), failure(.rootKeys, "GetAccountSummary")]
        let reading = try lines(.made(failures: summary, root: Self.unknownRoot))
        #expect(reading.count { $0.contains("GetAccountSummary of account: ") } == 1)
        #expect(summary.oncePerCall == [summary[0]])
        // Another call, or another finding about the same thing, is another one.
        let others = [summary[0], failure(.rootKeys, "GetCredentialReport")]
        #expect(others.oncePerCall == others)
    }

    @Test func `what nothing judged depends on isn't said to be missing, too`() throws {
        let reading = try lines(.made(failures: [failure(.consoleAccess, "GetLoginProfile")]))
        #expect(reading.contains("Could not be read, though nothing judged depends on it:"))
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

    /// Three users with something to say of each, and ten whose keys are too old.
    private static var troubled: AccountSnapshot {
        let old = (10...19).map { number in
            IAMUser.made(
                "svc-\(number)", keys: .listed([.made("AKIA\(number)", age: 80 + number, lastUse: .used(daysAgo: 1))]))
        }
        let users = [
            IAMUser.made(
                "a-service-with-a-name-that-is-long",
                keys: .listed([.made("AKIA1", age: 400, lastUse: .never), .made("AKIA2", age: 30)])),
            .made("b", keys: .listed([.made("AKIA3", age: 300, lastUse: .undetermined(.denied))])),
            .made("c", keys: .listed([.made("AKIA4", status: .inactive, age: 40, lastUse: .never)])),
            .made("d\u{1b}[31m", keys: .listed([.made("AKIA5", age: 3000, lastUse: .used(daysAgo: 70))])),
        ]
        var snapshot = AccountSnapshot.made(
            users: users + old,
            failures: [.denied]
                + (1...9).map { (number: Int) in
                    ReadFailure(
                        fact: .consoleAccess, operation: "GetLoginProfile", subject: .user("svc-\(number)"),
                        code: "AccessDenied",
                        message: "no", exchange: number)
                },
            notes: [
                PopulationNote(kind: .userVanished, subject: .user("x"), observed: "", explanation: "", exchanges: []),
                PopulationNote(kind: .keyVanished, subject: .user("y"), observed: "", explanation: "", exchanges: []),
                PopulationNote(kind: .keyVanished, subject: .user("z"), observed: "", explanation: "", exchanges: []),
            ])
        snapshot.traffic = Traffic(requests: ["ListUsers": 1, "ListAccessKeys": 16], retries: 2)
        return snapshot
    }

    @Test func `a run with something of everything`() throws {
        let exceptions = [
            ControlException.made(.key("AKIA19"), ticket: "SEC-1"), .made(.key("AKIA404"), ticket: "SEC-2"),
        ]
        let assessment = try Assessment.made(Self.troubled, exceptions: exceptions)
        let expected = """
            Access keys of AWS account 111122223333 as of 2026-11-22T20:45:00Z
            14 users on 1 page, 15 keys, 17 calls (1.13 a key), 2 of them retries
            Deleted during the run: 1 user, 2 keys

            LEVEL         USER                          ACCESS KEY ID         STATUS    AGE     LAST USED     FAILED TESTS
            CRITICAL      a-service-with-a-name-that-…  AKIA1                 Active    400 d   never         unused-key, key-rotation, single-active-key
            UNDETERMINED  d\\u{1b}[31m                   AKIA5                 Active    3000 d  70 d ago      key-rotation
            UNDETERMINED  b                             AKIA3                 Active    300 d   undetermined  key-rotation
            MEDIUM        svc-19                        AKIA19                Active    99 d    1 d ago       (key-rotation)
            MEDIUM        svc-18                        AKIA18                Active    98 d    1 d ago       key-rotation
            MEDIUM        svc-17                        AKIA17                Active    97 d    1 d ago       key-rotation
            MEDIUM        svc-16                        AKIA16                Active    96 d    1 d ago       key-rotation
            MEDIUM        svc-15                        AKIA15                Active    95 d    1 d ago       key-rotation
            MEDIUM        svc-14                        AKIA14                Active    94 d    1 d ago       key-rotation
            MEDIUM        svc-13                        AKIA13                Active    93 d    1 d ago       key-rotation
            MEDIUM        svc-12                        AKIA12                Active    92 d    1 d ago       key-rotation
            MEDIUM        svc-11                        AKIA11                Active    91 d    1 d ago       key-rotation
            … and 3 more in keys.csv

            Levels                CRITICAL 1  HIGH 0  MEDIUM 10  LOW 2  COMPLIANT 0  UNDETERMINED 2
            Never used            2
            Not active            1
            Compliance rate       undetermined: not every key's level is known
            Root user             no access key
            Policy                default
            unused-key            not-satisfied (1 key)
            key-rotation          not-satisfied (13 keys, 1 of them excepted)
            inactive-key-removed  not-satisfied (1 key)
            single-active-key     not-satisfied (1 user)
            root-key              satisfied
            identifier-unique     satisfied
            SOC 2 CC6.1           NON_COMPLIANT
            NIST 800-53 IA-4      NON_COMPLIANT
            Overall               NON_COMPLIANT

            Not everything could be read: this run proves nothing about what is missing.
              GetAccessKeyLastUsed of AKIA1: AccessDenied: not authorized

            Could not be read either; no level and no test depends on it.
              GetLoginProfile of svc-1: AccessDenied: no
              GetLoginProfile of svc-2: AccessDenied: no
              GetLoginProfile of svc-3: AccessDenied: no
              GetLoginProfile of svc-4: AccessDenied: no
              GetLoginProfile of svc-5: AccessDenied: no
              GetLoginProfile of svc-6: AccessDenied: no
              GetLoginProfile of svc-7: AccessDenied: no
              GetLoginProfile of svc-8: AccessDenied: no
              … and 1 more in report.json

            Dates that can't be right: nothing passes by them.
              AKIA5 of d\\u{1b}[31m: The key was created 2018-09-05T20:45:00Z, before its user was, 2021-06-01T20:45:00Z.

            Exceptions
              SEC-2 (key AKIA404): The account has no such access key. Is it the right account, or gone?

            What to do first
              1. a-service-with-a-name-that-is-long AKIA1: Never used, 400 days old, beyond the rotation limit of 90 days. Deactivate the key now, then delete it. Overdue since 2026-01-16.
              2. d\\u{1b}[31m AKIA5: The key was created 2018-09-05T20:45:00Z, before its user was, 2021-06-01T20:45:00Z. Find out which date is right, with AWS's support if need be; nothing passes by these.
              3. b AKIA3: last-use undetermined: not authorized. Grant what was denied or repeat the scan; until then nothing is known in the key's favour.
              4. svc-18 AKIA18: 98 days old, beyond the rotation limit of 90 days. Plan the key's rotation within 30 days. MEDIUM since 2026-10-15, overdue since 2026-11-14.
              5. svc-17 AKIA17: 97 days old, beyond the rotation limit of 90 days. Plan the key's rotation within 30 days. MEDIUM since 2026-10-16, overdue since 2026-11-15.
              … and 10 more in report.json


            """
        #expect(TerminalSummary(assessment, style: TerminalStyle(color: false)).text == expected)
    }

    @Test func `nothing is left out that has room, and nothing said of what there is none of`() throws {
        let old = (1...12).map { IAMUser.made("u\($0)", keys: .listed([.made("AKIA\($0)", age: 100)])) }
        let failures = (1...8).map { (number: Int) in
            ReadFailure(
                fact: .consoleAccess, operation: "GetLoginProfile", subject: .user("u\(number)"), code: "AccessDenied",
                message: "no", exchange: number)
        }
        let shown = try lines(.made(users: old, failures: failures))
        #expect(shown.count { $0.hasPrefix("MEDIUM") } == 12 && shown.count { $0.contains("GetLoginProfile") } == 8)
        // Of what is to be done there is room for five.
        #expect(shown.filter { $0.contains("more in") } == ["  … and 7 more in report.json"])
        #expect(try !lines(.made(users: Array(old.prefix(5)))).contains { $0.contains("more in") })
        #expect(shown[1] == "12 users on 1 page, 12 keys, 1 call (0.08 a key)")
        #expect(!shown.contains { $0.contains("Deleted") || $0.contains("UNDETERMINED") || $0.contains("excepted") })
    }

    @Test func `what somebody answers for is in brackets, and isn't the first thing to do`() throws {
        let assessment = try Assessment.made(
            .made(
                users: [.made("ci", keys: .listed([.made("AKIA1", age: 100)]))],
                root: RootUser(accessKeysPresent: true, hasMFA: true, summary: .made(.getAccountSummary, 1))),
            exceptions: [.made(), .made(.rootUser, ticket: "SEC-2", tests: [.rootKey])])
        let text = TerminalSummary(assessment, style: TerminalStyle(color: false)).text
        for line in [
            "MEDIUM  ci    AKIA1                 Active    100 d   0 d ago       (key-rotation)",
            "key-rotation          not-satisfied (1 key, 1 of them excepted)",
            "root-key              not-satisfied (excepted)",
            "unused-key            satisfied",
        ] { #expect(text.contains("\n\(line)\n"), "\(line)\n\(text)") }
        #expect(!text.contains("What to do first"))
    }
}
