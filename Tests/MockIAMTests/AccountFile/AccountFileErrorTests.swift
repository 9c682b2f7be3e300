import CanonicalJSON
import FoundationEssentials
import MockIAM
import Testing

@Suite("Broken account files")
struct AccountFileErrorTests {
    @Test(
        "An account says what is wrong with it",
        arguments: [
            ("", "users.yaml: is empty"),
            ("- account: 1", "users.yaml:1: expected an account (keys with values), found a list"),
            ("name: x", "users.yaml:1: an account needs the key 'account'"),
            (
                "seed: 7\nfaults: []",
                "users.yaml:1: this is a faults file, which --faults and PUT /_mock/faults take; an account file has the key "
                    + "'account' or 'accounts'"
            ),
            (
                "{account: 111122223333, colour: red}",
                "users.yaml:1: 'colour' is not a key of an account; those are account, partition, name, email, alias, clock, "
                    + "created, users, root, roles, callers, summary, credential_report, allow_invalid"
            ),
            ("account: 12345", "users.yaml:1: account: expected the 12 digits of an account, found '12345'"),
            (
                "account: 11112222333x",
                "users.yaml:1: account: expected the 12 digits of an account, found '11112222333x'"
            ),
            ("acount: 1", "users.yaml:1: 'acount' is not a key of an account; did you mean 'account'?"),
            (
                "account: 111122223333\nclock: 3d ago",
                "users.yaml:2: clock: expected an instant such as "
                    + "2026-11-22T20:45:00Z, found '3d ago'"
            ),
            (
                "account: 111122223333\npartition: azure",
                "users.yaml:2: partition: expected a partition such as aws, "
                    + "aws-cn or aws-us-gov, found 'azure'"
            ),
            ("account: 111122223333\nusers: {}", "users.yaml:2: users: expected a list, found an empty mapping"),
            (
                "account: 111122223333\nallow_invalid: yes",
                "users.yaml:2: allow_invalid: expected true or false, found 'yes'"
            ),
            ("account: 111122223333\nroot: {mfa: on}", "users.yaml:2: root.mfa: expected true or false, found 'on'"),
            (
                "account: 111122223333\nroot: {password: 1}",
                "users.yaml:2: root: 'password' is not a key of the root user; those are keys, mfa, password_last_used"
            ),
            (
                "account: 111122223333\ncredential_report: {polls: 0}",
                "users.yaml:2: credential_report.polls: expected a whole number from 1 to 1000, found '0'"
            ),
            (
                "account: 111122223333\nsummary: {UsersQuota: many}",
                "users.yaml:2: summary.UsersQuota: expected a whole number of at least 0, found 'many'"
            ),
            (
                "account: 111122223333\nsummary: {'a\"b': 1}",
                "users.yaml:2: summary['a\"b']: a figure of the summary has "
                    + "a name of letters and digits, such as UsersQuota"
            ),
            ("accounts: []", "users.yaml:1: accounts: expected one account at least, found an empty list"),
            (
                "accounts: [{account: 111122223333}]\nname: x",
                "users.yaml:2: 'name' is not a key of a file with several accounts; those are accounts, clock, allow_invalid"
            ),
            (
                "accounts:\n- account: 111122223333\n- account: 111122223333",
                "users.yaml:3: accounts[1]: the account '111122223333' is taken already by accounts[0]"
            ),
        ]
    )
    func accounts(text: String, expected: String) {
        #expect(complaint(about: text) == expected)
    }

    private static let allow = "; 'allow_invalid: true' in the account, beside 'users', lets it have this nevertheless"

    @Test(
        "A user says what is wrong with it",
        arguments: [
            ("{name: a}", "[0]: a user needs the key 'created'"),
            ("{created: now}", "[0]: a user needs the key 'name'"),
            ("{name: a, crated: now}", "[0]: 'crated' is not a key of a user; did you mean 'created'?"),
            ("{name: '', created: now}", "[0].name: a user needs a name"),
            (
                "{name: 'a b', created: now}",
                "[0].name: IAM wants 1 to 64 letters, digits and characters of _+=,.@-" + allow
            ),
            (
                "{name: \(String(repeating: "x", count: 65)), created: now}",
                "[0].name: IAM wants 1 to 64 letters, digits and characters of _+=,.@-" + allow
            ),
            (
                "{name: é, created: now}",
                "[0].name: IAM wants 1 to 64 letters, digits and characters of _+=,.@-" + allow
            ),
            ("{name: [a], created: now}", "[0].name: expected text, found a list"),
            (
                "{name: a, created: 400d}",
                "[0].created: expected an instant such as 2026-11-22T20:45:00Z, '400d ago', "
                    + "'in 5m' or 'now', found '400d'"
            ),
            (
                "{name: a, created: now, path: team}",
                "[0].path: IAM wants a path that begins and ends with /, of at most "
                    + "512 printable ASCII characters" + allow
            ),
            (
                "{name: a, created: now, path: /a b/}",
                "[0].path: IAM wants a path that begins and ends with /, of at most "
                    + "512 printable ASCII characters" + allow
            ),
            ("{name: a, created: now, password: yes}", "[0].password: expected true or false, found 'yes'"),
            (
                "{name: a, created: now, password: []}",
                "[0].password: expected true, false or a password's keys, found an empty list"
            ),
            ("{name: a, created: now, mfa: {}}", "[0].mfa: expected a list, found an empty mapping"),
            ("{name: a, created: now, tags: {a: [1]}}", "[0].tags.a: expected text, found a list"),
            ("{name: a, created: now, tags: {a: }}", "[0].tags.a: expected text, found nothing"),
            ("{name: a, created: now, tags: [{key: a}]}", "[0].tags[0]: a tag needs the key 'value'"),
            (
                "{name: a, created: now, tags: {\(String(repeating: "k", count: 129)): x}}",
                "[0].tags: a tag's key has 1 to 128 characters and its value 256 at most" + allow
            ),
            (
                "{name: a, created: now, tags: {\((0...50).map { "k\($0): v" }.joined(separator: ", "))}}",
                "[0].tags: a user has 50 tags at most" + allow
            ),
            (
                "{name: a, created: now, tags: {a: b, 'aws:team': x}}",
                "[0].tags: a tag's key doesn't begin with aws:, which is for AWS itself" + allow
            ),
            (
                "{name: a, created: now, tags: {'AWS:team': x}}",
                "[0].tags: a tag's key doesn't begin with aws:, which is for AWS itself" + allow
            ),
            (
                "{name: a, created: now, tags: {'a!': x}}",
                "[0].tags: a tag's key has letters, digits, spaces and characters of _.:/=+-@" + allow
            ),
            (
                "{name: a, created: now, tags: {Owner: x, owner: y}}",
                "[0].tags: a user's tags have different keys, whatever their case" + allow
            ),
            (
                "{name: a, created: now, tags: [{key: k, value: v}, {key: k, value: w}]}",
                "[0].tags: a user's tags have different keys, whatever their case" + allow
            ),
            (
                "{name: a, created: now, ssh_public_keys: [{status: active}]}",
                "[0].ssh_public_keys[0].status: IAM knows Active, Inactive and Expired" + allow
            ),
        ]
    )
    func users(user: String, expected: String) {
        #expect(complaint(about: "account: 111122223333\nusers:\n- \(user)") == "users.yaml:3: users\(expected)")
    }

    @Test(
        "A key says what is wrong with it",
        arguments: [
            ("[{lastused: now}]", "[0]: 'lastused' is not a key of an access key; did you mean 'last_used'?"),
            ("[{status: Odd}]", "[0].status: IAM knows Active, Inactive and Expired" + allow),
            ("[{id: short}]", "[0].id: IAM's key ids have 16 to 128 letters and digits" + allow),
            (
                "[{id: ASIAEXAMPLE000000001}]",
                "[0].id: ids with ASIA are those of temporary credentials; a user's have AKIA" + allow
            ),
            ("[{created: 10d ago}]", "[0].created: a key can't be older than its user" + allow),
            (
                "[{created: 3d ago, changed: 4d ago}]",
                "[0].changed: a key can't have been changed before it was made" + allow
            ),
            (
                "[{created: 3d ago, last_used: 4d ago}]",
                "[0].last_used: a key can't have been used before it was made" + allow
            ),
            (
                "[{last_used: 1d ago, earlier_use: {at: 10d ago}}]",
                "[0].earlier_use: a key can't have been used before it was made" + allow
            ),
            ("[{}, {}, {}]", ": a user has two access keys at most" + allow),
            ("[{last_used: {service: s3}}]", "[0].last_used: a use needs the key 'at'"),
            (
                "[{last_used: sometimes}]",
                "[0].last_used: expected an instant such as 2026-11-22T20:45:00Z, '400d ago', "
                    + "'in 5m' or 'now', found 'sometimes'"
            ),
            (
                "[{id: AKIAEXAMPLE000000001}, {id: AKIAEXAMPLE000000001}]",
                "[1]: the access key id 'AKIAEXAMPLE000000001' is taken already by users[0].keys[0]"
            ),
        ]
    )
    func keys(keys: String, expected: String) {
        let text = "account: 111122223333\nusers: [{name: a, created: 9d ago, keys: \(keys)}]"
        #expect(complaint(about: text) == "users.yaml:2: users[0].keys\(expected)")
    }

    @Test(
        "An alias is one that IAM takes",
        arguments: ["ab", "Example", "-a1", "a1-", "a--b", "a_b", String(repeating: "a", count: 64)])
    func alias(text: String) {
        let reason = "alias: IAM wants an alias of 3 to 63 lower-case letters, digits and single hyphens between them"
        #expect(complaint(about: "account: 111122223333\nalias: \(text)") == "users.yaml:2: \(reason)" + Self.allow)
    }

    @Test("What is just possible is read: a key as old as its user and used in that minute, and short and long aliases")
    func justPossible() throws {
        let user = "{name: a, created: 2026-11-20T20:45:59Z, keys: [{last_used: 2026-11-20T20:45:00Z}]}"
        for alias in ["abc", "a-b-c", "0-0", String(repeating: "a", count: 63)] {
            let text = "{account: 111122223333, alias: \(alias), users: [\(user)]}"
            #expect(try MockIAM.AccountFile.made(text).accounts.map(\.alias) == [alias])
        }
    }

    @Test("Tags may have what IAM takes: letters of any script, and keys that only have aws in them")
    func tags() throws {
        let tags = ["Größe", "部署 1", "cost:center/a+b=c@d", "_.:/=+-@", "aws", "awsome:x", "my:aws:x"]
        let written = tags.map { "'\($0)': '\($0)'" }.joined(separator: ", ")
        let file = try MockIAM.AccountFile.made(
            "{account: 111122223333, users: [{name: a, created: 9d ago, tags: {\(written)}}]}")
        #expect(file.accounts[0].users[0].tags.map(\.key) == tags)
    }

    @Test("A key that is deleted doesn't count as one of two")
    func deletedKey() throws {
        let keys = "[{}, {}, {deleted: 1h ago}]"
        _ = try MockIAM.AccountFile.made("account: 111122223333\nusers: [{name: a, created: 9d ago, keys: \(keys)}]")
    }

    @Test(
        "Nothing stands twice, in one account or in two",
        arguments: [
            (
                "users: [{name: dev, created: now}, {name: ops, created: now}, {name: DEV, created: now}]",
                "accounts[0].users[2]: the user name 'DEV' is taken already by accounts[0].users[0]"
            ),
            (
                "roles: [Audit, audit]",
                "accounts[0].roles[1]: the role name 'audit' is taken already by accounts[0].roles[0]"
            ),
            (
                "root: {keys: [{id: AKIAEXAMPLE000000009}]}",
                "accounts[1].users[0].keys[0]: the access key id 'AKIAEXAMPLE000000009' is taken already by "
                    + "accounts[0].root.keys[0]"
            ),
            (
                "callers: [{access_key_id: AKIAEXAMPLE000000009, secret_access_key: x}]",
                "accounts[1].users[0].keys[0]: the access key id 'AKIAEXAMPLE000000009' is taken already by "
                    + "accounts[0].callers[0].access_key_id"
            ),
        ]
    )
    func twice(part: String, expected: String) {
        let other = "{account: 222233334444, users: [{name: dev, created: now, keys: [{id: AKIAEXAMPLE000000009}]}]}"
        let text = "accounts: [{account: 111122223333, \(part)}, \(other)]"
        #expect(complaint(about: text) == "users.yaml:1: \(expected)")
    }

    @Test(
        "Roles and callers refer to accounts, users and roles",
        arguments: [
            ("roles: ['a b']", "roles[0]: IAM wants 1 to 64 letters, digits and characters of _+=,.@-" + allow),
            ("roles: [{trusts: '*'}]", "roles[0]: a role needs the key 'name'"),
            (
                "roles: [{name: a, trusts: everybody}]",
                "roles[0].trusts: expected an account's 12 digits, the ARN of a principal, or *, found 'everybody'"
            ),
            (
                "roles: [{name: a, trusts: ['arn:aws:iam::1:root']}]",
                "roles[0].trusts[0]: expected an account's 12 digits, "
                    + "the ARN of a principal, or *, found the text 'arn:aws:iam::1:root'"
            ),
            (
                "roles: [{name: a, max_session_duration: 13h}]",
                "roles[0].max_session_duration: the longest session of a role is 1h to 12h" + allow
            ),
            (
                "roles: [{name: a, denied: [GetUser]}]",
                "roles[0].denied[0]: expected a pattern of actions such as "
                    + "iam:GetLoginProfile or iam:*Report, found 'GetUser'"
            ),
            ("callers: [{access_key_id: a}]", "callers[0]: a caller needs the key 'secret_access_key'"),
            (
                "callers: [{access_key_id: a, secret_access_key: b, principal: user/x}]",
                "callers[0].principal: there is no user 'x' in account 111122223333"
            ),
            (
                "roles: [], callers: [{access_key_id: a, secret_access_key: b, principal: assumed-role/x/y}]",
                "callers[0].principal: there is no role 'x' in account 111122223333"
            ),
            (
                "callers: [{access_key_id: a, secret_access_key: b, principal: assumed-role/x}]",
                "callers[0].principal: expected root, user/NAME or assumed-role/ROLE/SESSION, found 'assumed-role/x'"
            ),
        ]
    )
    func references(part: String, expected: String) {
        #expect(complaint(about: "{account: 111122223333, \(part)}") == "users.yaml:1: \(expected)")
    }

    @Test(
        "What nobody could have made, or could ever ask for, is refused unless it is allowed",
        arguments: [
            (
                "summary: {AccountMFAEnable: 1}",
                "summary.AccountMFAEnable: IAM's summary has no figure AccountMFAEnable, but AccountMFAEnabled"
            ),
            (
                "credential_report: {generated: in 1s}",
                "credential_report.generated: a credential report can't have been made after the account's clock, which "
                    + "shows 2026-11-22T20:45:00Z"
            ),
            (
                "users: [{name: a, created: 1d ago, deleted: 2d ago}]",
                "users[0].deleted: a user can't be deleted before it was made"
            ),
            (
                "users: [{name: a, created: 9d ago, keys: [{created: 1d ago, deleted: 2d ago}]}]",
                "users[0].keys[0].deleted: a key can't be deleted before it was made"
            ),
            (
                "users: [{name: a, created: 9d ago, service_credentials: [{service: s3.amazonaws.com}]}]",
                "users[0].service_credentials[0].service: IAM has credentials for the services "
                    + "codecommit.amazonaws.com, cassandra.amazonaws.com, bedrock.amazonaws.com, logs.amazonaws.com, "
                    + "cloudwatch.amazonaws.com, aws-external-anthropic.amazonaws.com"
            ),
            (
                "roles: [{name: a, external_id: x}]",
                "roles[0].external_id: STS wants an external id of 2 to 1224 letters, digits and characters of _+=,.@:/-"
            ),
            (
                "roles: [{name: a, mfa_serial: GAHT1234}]",
                "roles[0].mfa_serial: STS wants an MFA device's ARN or number of 9 to 256 letters, digits and characters of "
                    + "_+=/:,.@-"
            ),
            (
                "roles: [{name: a, trusts: ['arn:aws:iam::111122223333:role/*']}]",
                "roles[0].trusts[0]: a trust policy names a principal by its whole ARN, without * and ?; an account's 12 "
                    + "digits stand for all that are in it"
            ),
        ]
    )
    func impossible(part: String, expected: String) throws {
        #expect(complaint(about: "{account: 111122223333, \(part)}") == "users.yaml:1: \(expected)\(Self.allow)")
        let allowed = "{account: 111122223333, allow_invalid: true, \(part)}"
        let file = try MockIAM.AccountFile.made(allowed)
        // Nor is it lost when the server gives its accounts.
        let text = String(decoding: CanonicalJSON.document(file), as: UTF8.self)
        #expect(try MockIAM.AccountFile.made(text) == file)
    }

    @Test("A figure that is like none of IAM's is told all that there are")
    func unknownFigure() {
        let told = complaint(about: "{account: 111122223333, summary: {Nonsense: 1}}")
        #expect(
            told.contains(
                "IAM's summary has no figure Nonsense, only AccessKeysPerUserQuota, AccountAccessKeysPresent, "))
    }

    @Test("What is at the edge of possible is taken")
    func possible() throws {
        _ = try MockIAM.AccountFile.made(
            """
            account: "111122223333"
            users:
              - {name: a, created: 1d ago, deleted: 1d ago, keys: [{deleted: 1d ago}]}
              - {name: b, created: 1d ago, service_credentials: [{service: CodeCommit.amazonaws.com}]}
            root: {keys: [{deleted: 1h ago}]}
            roles: [{name: a, external_id: ab, mfa_serial: GAHT12345, trusts: "*"}]
            credential_report: {generated: now}
            summary: {Providers: 1}
            """)
    }

    @Test("Where the first account says a clock, that is what spans count from in those after it that say none")
    func spansOfLaterAccounts() throws {
        let accounts = try MockIAM.AccountFile.made(
            """
            accounts:
              - {account: "111122223333", clock: 2020-01-01T00:00:00Z}
              - {account: "444455556666", users: [{name: a, created: 1d ago}]}
              - {account: "777788889999", clock: 2021-01-01T00:00:00Z, users: [{name: a, created: 1d ago}]}
            """
        ).accounts
        #expect(accounts[1].users[0].created.instant == "2019-12-31T00:00:00Z" && accounts[1].clock == nil)
        #expect(accounts[2].users[0].created.instant == "2020-12-31T00:00:00Z")
    }

    @Test("A file that isn't there is named")
    func missing() throws {
        #expect(throws: MockIAM.AccountFileError.self) { try MockIAM.Account.load(path: "/nowhere/users.yaml") }
        do {
            _ = try MockIAM.Account.load(path: "/nowhere/users.yaml")
        } catch {
            #expect(error.description == "/nowhere/users.yaml: there is no such file")
        }
    }
}
