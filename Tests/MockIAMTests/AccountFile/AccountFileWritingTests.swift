import CanonicalJSON
import FoundationEssentials
import MockIAM
import Testing

@Suite("Writing account files")
struct AccountFileWritingTests {
    private func written(_ file: MockIAM.AccountFile) -> String {
        String(decoding: CanonicalJSON.compact(file), as: UTF8.self)
    }

    @Test("An account is written in the form in which it is read, without what goes without saying")
    func form() throws {
        let text = """
            account: "111122223333"
            clock: 2026-11-22T20:45:00Z
            users:
              - name: dev
                created: 1d ago
                tags: {owner: "a\\"b"}
                keys: [{id: AKIAEXAMPLE000000001, last_used: 1h ago}]
            """
        #expect(
            written(try .made(text))
                == #"{"account":"111122223333","clock":"2026-11-22T20:45:00Z","users":[{"created":"2026-11-21T20:45:00Z","#
                + #""keys":[{"created":"2026-11-21T20:45:00Z","id":"AKIAEXAMPLE000000001","last_used":"#
                + #"{"at":"2026-11-22T19:45:00Z","region":"N/A","service":"s3"}}],"name":"dev","#
                + #""tags":[{"key":"owner","value":"a\"b"}]}]}"#)
    }

    @Test(
        "What is written is read back as the equal account",
        arguments: MockIAM.Profile.allCases, [1, 2, 20, 120]
    )
    func generated(profile: MockIAM.Profile, users: Int) throws {
        for seed in 1...2 as ClosedRange<UInt64> {
            let account = MockIAM.Account.generated(
                users: users, seed: seed, profile: profile, clock: MockIAM.AccountFile.clock)
            let file = MockIAM.AccountFile([account])
            #expect(try .made(written(file)) == file)
            let layout = String(decoding: CanonicalJSON.document(file), as: UTF8.self)
            #expect(try .made(layout) == file)
        }
    }

    @Test(
        "Several accounts are written as a list, and everything that a file can say survives",
        arguments: [
            "small.yaml", "organization.yaml",
        ])
    func examples(name: String) throws {
        let file = MockIAM.AccountFile(try MockIAM.Account.load(path: ExampleFileTests.path(name)))
        let more = MockIAM.AccountFile(
            file.accounts + [
                MockIAM.Account.generated(id: "999988887777", users: 5, clock: MockIAM.AccountFile.clock),
                everything,
            ])
        #expect(try .made(written(file)) == file)
        #expect(try .made(written(more)) == more)
    }

    /// What IAM would refuse, each by itself.
    private static let forbidden: [@Sendable (inout MockIAM.Account) -> Void] = [
        { $0.alias = "A" }, { $0.users[0].accessKeys[0].created -= 1 },
        { $0.users[0].accessKeys[0].lastUse = MockIAM.LastUse(.ago(days: 10)) },
        { $0.users[0].accessKeys[0].changed = .ago(days: 10) },
        { $0.users[0].accessKeys[0].earlierUse = MockIAM.LastUse(.ago(days: 10)) },
        { $0.users[0].accessKeys[0].id = "ASIAEXAMPLE000000001" },
        { $0.users[0].tags = [MockIAM.Tag("aws:team", "")] }, { $0.users[0].tags = [MockIAM.Tag("a!", "")] },
        { $0.users[0].tags = [MockIAM.Tag("Owner", ""), MockIAM.Tag("owner", "")] },
    ]

    @Test("What IAM would refuse is written so that it is read again", arguments: 0..<8)
    func invalid(number: Int) throws {
        var account = MockIAM.Account(
            clock: MockIAM.AccountFile.clock,
            users: [
                MockIAM.User(
                    "a", created: .ago(days: 9),
                    accessKeys: [MockIAM.AccessKey("AKIAEXAMPLE000000001", created: .ago(days: 9))])
            ])
        #expect(!written(.init([account])).contains("allow_invalid"))
        Self.forbidden[number](&account)
        let text = written(.init([account]))
        #expect(text.contains("allow_invalid"))
        #expect(try MockIAM.AccountFile.made(text).accounts == [account])
    }

    /// Each member differs from its default, and each instant has a fraction of a second.
    private var everything: MockIAM.Account {
        let instant = MockIAM.AccountFile.clock - 0.123_456_7
        let use = MockIAM.LastUse(instant, service: "ec2", region: "eu-west-1")
        let key = MockIAM.AccessKey(
            "odd", status: "Odd", created: instant, changed: instant, deleted: instant, lastUse: use, earlierUse: use,
            secret: "secret")
        return MockIAM.Account(
            id: "000000000001", partition: "aws-cn", name: "a", email: "b", alias: "c", clock: instant,
            created: instant,
            users: [
                MockIAM.User(
                    "odd name", path: "odd", id: "AIDA", created: instant, deleted: instant,
                    password: MockIAM.Password(
                        created: instant, changed: instant, lastUsed: instant, resetRequired: true),
                    accessKeys: [key], tags: [MockIAM.Tag("\"\\", "\u{1}")],
                    mfaDevices: [MockIAM.MFADevice("x", enabled: instant)],
                    signingCertificates: [MockIAM.SigningCertificate("x", status: "Odd", uploaded: instant, body: "y")],
                    sshPublicKeys: [MockIAM.SSHPublicKey("x", status: "Odd", uploaded: instant)],
                    serviceSpecificCredentials: [
                        MockIAM.ServiceSpecificCredential(
                            "x", service: "y", status: "Odd", created: instant, expires: instant, serviceUserName: "z",
                            credentialAlias: "w")
                    ])
            ],
            root: MockIAM.RootUser(
                accessKeys: [MockIAM.AccessKey("root-key", created: instant)], hasMFA: false, passwordLastUsed: instant),
            roles: [
                MockIAM.Role(
                    "r", path: "/p/", trusts: [], externalID: "e", mfaSerial: "m", maximumSessionDuration: 1,
                    denied: ["*"])
            ],
            callers: [
                MockIAM.Caller(
                    accessKeyID: "k", secretAccessKey: "s", sessionToken: "t", principal: "user/odd name",
                    denied: ["a:b"])
            ],
            credentialReport: MockIAM.CredentialReportPlan(generated: instant, polls: 7), summary: ["b": 1, "A": 2])
    }
}
