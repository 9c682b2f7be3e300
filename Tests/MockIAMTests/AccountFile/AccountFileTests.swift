import FoundationEssentials
import MockIAM
import Testing

@Suite("Account files")
struct AccountFileTests {
    @Test("The shortest account has its id and defaults")
    func shortest() throws {
        #expect(try MockIAM.AccountFile.made("account: 012345678901") == .init([MockIAM.Account(id: "012345678901")]))
    }

    @Test("A user with all that a user can have")
    func user() throws {
        let text = """
            account: "111122223333"
            partition: aws-us-gov
            users:
              - name: dev
                path: /team/
                id: AIDAEXAMPLE
                created: 400d ago
                deleted: 1h ago
                tags: {team: blue, owner: "null", b: 7}
                password: {created: 300d ago, changed: 20d ago, last_used: 3d ago, reset_required: true}
                keys:
                  - id: AKIAEXAMPLE000000001
                    created: 380d ago
                    deleted: 2h ago
                    last_used: {at: 3d ago, service: ec2, region: eu-west-1}
                    earlier_use: 5d ago
                    status: Inactive
                    secret: test-secret
                mfa:
                  - {serial: GAHT12345678, enabled: 100d ago}
                  - {}
                signing_certificates: [{id: CERTIFICATE, status: Inactive, uploaded: 50d ago, body: PEM}]
                ssh_public_keys: [{id: APKAEXAMPLE, status: Inactive, uploaded: 40d ago}]
                service_credentials:
                  - id: ACCAEXAMPLE
                    service: bedrock.amazonaws.com
                    status: Expired
                    created: 30d ago
                    expires: 2026-11-22T20:45:00+01:00
                    service_user_name: dev-at-111122223333
                    credential_alias: alias
            """
        let expected = MockIAM.User(
            "dev", path: "/team/", id: "AIDAEXAMPLE", created: .ago(days: 400), deleted: .ago(days: 1.0 / 24),
            password: MockIAM.Password(
                created: .ago(days: 300), changed: .ago(days: 20), lastUsed: .ago(days: 3), resetRequired: true),
            accessKeys: [
                MockIAM.AccessKey(
                    "AKIAEXAMPLE000000001", status: "Inactive", created: .ago(days: 380), deleted: .ago(days: 2.0 / 24),
                    lastUse: MockIAM.LastUse(.ago(days: 3), service: "ec2", region: "eu-west-1"),
                    earlierUse: MockIAM.LastUse(.ago(days: 5)), secret: "test-secret")
            ],
            tags: [MockIAM.Tag("team", "blue"), MockIAM.Tag("owner", "null"), MockIAM.Tag("b", "7")],
            mfaDevices: [
                MockIAM.MFADevice("GAHT12345678", enabled: .ago(days: 100)),
                MockIAM.MFADevice("arn:aws-us-gov:iam::111122223333:mfa/dev-2", enabled: .ago(days: 400)),
            ],
            signingCertificates: [
                MockIAM.SigningCertificate("CERTIFICATE", status: "Inactive", uploaded: .ago(days: 50), body: "PEM")
            ],
            sshPublicKeys: [MockIAM.SSHPublicKey("APKAEXAMPLE", status: "Inactive", uploaded: .ago(days: 40))],
            serviceSpecificCredentials: [
                MockIAM.ServiceSpecificCredential(
                    "ACCAEXAMPLE", service: "bedrock.amazonaws.com", status: "Expired", created: .ago(days: 30),
                    expires: .ago(days: 1.0 / 24), serviceUserName: "dev-at-111122223333", credentialAlias: "alias")
            ])
        let account = try MockIAM.AccountFile.made(text).accounts[0]
        #expect(account.users == [expected])
        #expect(account.partition == "aws-us-gov")
    }

    @Test("An account with all that an account can have")
    func account() throws {
        let text = """
            account: "111122223333"
            name: Production
            email: aws@example.com
            alias: example
            clock: 2026-11-22T20:45:00Z
            created: 4000d ago
            users: []
            root:
              mfa: false
              keys: [{id: AKIAEXAMPLE000000001, created: 9d ago}]
              password_last_used: never
            roles:
              - Own
              - name: Audit
                path: /security/
                trusts: [222233334444, "arn:aws:iam::333344445555:role/x", "*"]
                external_id: "42"
                mfa_serial: GAHT12345678
                max_session_duration: 1h30m
                denied: ["iam:Get*", "*"]
              - {name: Nobody, trusts: []}
            callers:
              - {access_key_id: test, secret_access_key: secret}
              - {access_key_id: a, secret_access_key: b, session_token: c, principal: root, denied: ["sts:*"]}
              - {access_key_id: d, secret_access_key: e, principal: assumed-role/Audit/me}
            credential_report: {generated: 3h ago, polls: 5}
            summary: {UsersQuota: 5000}
            """
        let expected = MockIAM.Account(
            id: "111122223333", name: "Production", email: "aws@example.com", alias: "example",
            clock: MockIAM.AccountFile.clock, created: .ago(days: 4000),
            root: MockIAM.RootUser(
                accessKeys: [MockIAM.AccessKey("AKIAEXAMPLE000000001", created: .ago(days: 9))], hasMFA: false),
            roles: [
                MockIAM.Role("Own"),
                MockIAM.Role(
                    "Audit", path: "/security/", trusts: ["222233334444", "arn:aws:iam::333344445555:role/x", "*"],
                    externalID: "42", mfaSerial: "GAHT12345678", maximumSessionDuration: 5400,
                    denied: ["iam:Get*", "*"]),
                MockIAM.Role("Nobody", trusts: []),
            ],
            callers: [
                MockIAM.Caller(accessKeyID: "test", secretAccessKey: "secret"),
                MockIAM.Caller(
                    accessKeyID: "a", secretAccessKey: "b", sessionToken: "c", principal: "root", denied: ["sts:*"]),
                MockIAM.Caller(accessKeyID: "d", secretAccessKey: "e", principal: "assumed-role/Audit/me"),
            ],
            credentialReport: MockIAM.CredentialReportPlan(generated: .ago(days: 0.125), polls: 5),
            summary: ["UsersQuota": 5000])
        #expect(try MockIAM.AccountFile.made(text) == .init([expected]))
    }

    @Test("Passwords, MFA and uses have short forms")
    func shortForms() throws {
        let text = """
            account: "111122223333"
            users:
              - {name: a, created: 9d ago, password: true, mfa: true, keys: [{last_used: 2d ago}, {last_used: never}]}
              - {name: b, created: 9d ago, password: false, mfa: false, keys: []}
              - {name: c, created: 9d ago, password: {}, tags: [{key: k, value: v}, {key: l, value: ""}]}
            """
        let users = try MockIAM.AccountFile.made(text).accounts[0].users
        #expect(users[0].password == MockIAM.Password(created: .ago(days: 9)))
        #expect(
            users[0].mfaDevices == [MockIAM.MFADevice("arn:aws:iam::111122223333:mfa/a", enabled: .ago(days: 9))])
        #expect(users[0].accessKeys.map(\.lastUse) == [MockIAM.LastUse(.ago(days: 2)), nil])
        #expect(users[0].accessKeys.map(\.created) == [.ago(days: 9), .ago(days: 9)])
        #expect(users[1] == MockIAM.User("b", created: .ago(days: 9)))
        #expect(users[2].password == MockIAM.Password(created: .ago(days: 9)))
        #expect(users[2].tags == [MockIAM.Tag("k", "v"), MockIAM.Tag("l", "")])
    }

    @Test("A key without id gets one from account, user and place, and keeps it whatever else changes")
    func derivedIDs() throws {
        let text = """
            account: "111122223333"
            users:
              - {name: z, created: now}
              - {name: a, created: 9d ago, keys: [{}, {status: Inactive}]}
            root: {keys: [{}]}
            """
        let account = try MockIAM.AccountFile.made(text).accounts[0]
        #expect(account.users[1].accessKeys.map(\.id) == ["AKIA6AYSDHFWPGJO6UGU", "AKIA2LI33G4C7NAISEQZ"])
        #expect(account.root.accessKeys.map(\.id) == ["AKIAXZUVVUVOFIW3GMSE"])
        let other = try MockIAM.AccountFile.made(text.replacing("111122223333", with: "222233334444")).accounts[0]
        #expect(Set(other.users[1].accessKeys.map(\.id)).isDisjoint(with: account.users[1].accessKeys.map(\.id)))
    }

    @Test("Spans count from the clock, and where there is none from now, without its fraction of a second")
    func clocks() throws {
        let text = """
            accounts:
              - {account: "111122223333", users: [{name: a, created: 1d ago}]}
              - {account: "222233334444", users: [{name: a, created: 1d ago}], clock: 2020-01-02T00:00:00Z}
            """
        let now = Date(timeIntervalSince1970: 1_800_000_000.75)
        let without = try MockIAM.AccountFile(parsing: text, now: now).accounts
        #expect(without.map(\.clock) == [nil, Date(timeIntervalSince1970: 1_577_923_200)])
        #expect(without[0].users[0].created == Date(timeIntervalSince1970: 1_800_000_000 - 86_400))
        #expect(without[1].users[0].created == Date(timeIntervalSince1970: 1_577_836_800))
        let with = try MockIAM.AccountFile(parsing: "clock: 2026-11-22T20:45:00Z\n\(text)", now: now).accounts
        #expect(with.map(\.clock) == [MockIAM.AccountFile.clock, Date(timeIntervalSince1970: 1_577_923_200)])
        #expect(with[0].users[0].created == .ago(days: 1))
    }

    @Test("What IAM would refuse is read where the file allows it")
    func allowInvalid() throws {
        let user =
            "{name: 'a b<', path: x, created: now, tags: {'': v, 'aws:a!': w, 'AWS:A!': x}, keys: [{status: Odd, id: x}, {created: 9d ago}, "
            + "{id: ASIAEXAMPLE000000001, last_used: 1d ago}], "
            + "ssh_public_keys: [{status: Odd}]}"
        let text =
            "{account: '111122223333', alias: A, allow_invalid: true, users: [\(user)], roles: [{name: 'é', max_session_duration: 1s}]}"
        let account = try MockIAM.AccountFile.made(text).accounts[0]
        #expect(account.users[0].name == "a b<" && account.users[0].tags.count == 3)
        #expect(account.users[0].accessKeys.count == 3 && account.alias == "A")
        let forAll = "{allow_invalid: true, accounts: [\(text.replacing("allow_invalid: true, ", with: ""))]}"
        #expect(try MockIAM.AccountFile.made(forAll).accounts == [account])
    }
}
