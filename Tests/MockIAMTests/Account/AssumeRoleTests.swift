import Foundation
import Logging
@testable import MockIAM
import Testing

@Suite("Roles and temporary credentials")
struct AssumeRoleTests {
    private var accounts: [MockIAM.Account] {
        var member = MockIAM.Account.made(users: 2, id: "444455556666")
        member.roles = [
            MockIAM.Role(
                "Audit", path: "/team/", trusts: ["111122223333"], externalID: "secret-handshake",
                denied: ["iam:GetLoginProfile"]),
            MockIAM.Role("Closed", trusts: ["999999999999"]),
            MockIAM.Role("Guarded", trusts: ["111122223333"], mfaSerial: "arn:aws:iam::111122223333:mfa/me"),
            MockIAM.Role("Own"),
        ]
        return [.made(users: 1), member]
    }

    private func assume(
        _ server: MockIAM.Server, _ role: String = "role/team/Audit",
        _ more: [String: String] = ["ExternalId": "secret-handshake"],
        as key: SigningKey = .test
    ) async throws -> RawAnswer {
        let parameters = ["RoleArn": "arn:aws:iam::444455556666:\(role)", "RoleSessionName": "scan"]
        return try await server.askSTS("AssumeRole", parameters.merging(more) { $1 }, as: key)
    }

    private func key(_ answer: RawAnswer) throws -> SigningKey {
        // The key's own token is optional, and then anything but nothing would do.
        let token: String = try #require(answer.values("SessionToken").first)
        return SigningKey(
            id: try #require(answer.values("AccessKeyId").first),
            secret: try #require(answer.values("SecretAccessKey").first), token: token)
    }

    @Test("An assumed role's keys ask its account")
    func works() async throws {
        try await MockIAM.run(accounts: accounts) { server async throws in
            let answer = try await assume(server)
            #expect(answer.values("Arn") == ["arn:aws:sts::444455556666:assumed-role/Audit/scan"])
            let key = try key(answer)
            #expect(try await server.ask("ListUsers", as: key).values("UserName") == ["user-00", "user-01"])
            #expect(try await server.askSTS("GetCallerIdentity", as: key).values("Account") == ["444455556666"])
            #expect(try await server.ask("GetLoginProfile", ["UserName": "user-00"], as: key).code == "AccessDenied")
            // The secret alone is not enough.
            var bare = key
            bare.token = nil
            #expect(try await server.ask("ListUsers", as: bare).code == "InvalidClientTokenId")
        }
    }

    @Test("Who isn't trusted, gives no external id or no MFA code, is denied")
    func denied() async throws {
        try await MockIAM.run(accounts: accounts) { server async throws in
            for answer in [
                try await assume(server, "role/Closed"), try await assume(server, "role/team/Audit", [:]),
                try await assume(server, "role/Audit"), try await assume(server, "role/Nobody"),
                try await assume(server, "role/Guarded", [:]),
                try await assume(
                    server, "role/Guarded", ["SerialNumber": "arn:aws:iam::111122223333:mfa/me", "TokenCode": "000000"]),
            ] {
                #expect(answer.status == 403 && answer.code == "AccessDenied")
            }
            let guarded = ["SerialNumber": "arn:aws:iam::111122223333:mfa/me", "TokenCode": "123456"]
            #expect(try await assume(server, "role/Guarded", guarded).status == 200)
        }
    }

    @Test("A role that names nobody is for its own account", arguments: [("444455556666", 200), ("111122223333", 403)])
    func ownAccount(caller: String, status: Int) async throws {
        try await MockIAM.run(accounts: accounts) { server async throws in
            let answer = try await assume(server, "role/Own", [:], as: SigningKey(id: caller, secret: "test"))
            #expect(answer.status == status)
            #expect(answer.code == (status == 200 ? nil : "AccessDenied"))
        }
    }

    @Test("The root user's ARN in a trust policy stands for the account", arguments: ["aws", "aws-cn"])
    func rootTrust(partition: String) async throws {
        var account = MockIAM.Account.made(users: 1)
        account.partition = partition
        account.roles = ["111122223333", "444455556666"].map { id in
            MockIAM.Role("Of\(id)", trusts: ["arn:\(partition):iam::\(id):root"])
        }
        try await MockIAM.run(account: account) { server async throws in
            for (id, status) in [("111122223333", 200), ("444455556666", 403)] {
                let role = "arn:\(partition):iam::111122223333:role/Of\(id)"
                let answer = try await server.askSTS("AssumeRole", ["RoleArn": role, "RoleSessionName": "scan"])
                #expect(answer.status == status, "\(id)")
            }
        }
    }

    @Test("A user's session asks STS and assumes roles; for IAM it needs MFA, and it begets no other session")
    func userSessions() async throws {
        var account = MockIAM.Account.made(users: 1)
        account.users[0].accessKeys[0].secret = "s"
        account.roles = [MockIAM.Role("Audit", trusts: [account.id])]
        try await MockIAM.run(account: account) { server async throws in
            let user = SigningKey(id: "AKIA0000000000111100", secret: "s")
            let plain = try key(try await server.askSTS("GetSessionToken", as: user))
            let code = ["SerialNumber": "arn:aws:iam::111122223333:mfa/user-00", "TokenCode": "123456"]
            let withMFA = try key(try await server.askSTS("GetSessionToken", code, as: user))
            for session in [plain, withMFA] {
                #expect(
                    try await server.askSTS("GetCallerIdentity", as: session).values("Arn")
                        == ["arn:aws:iam::111122223333:user/user-00"])
                let again = try await server.askSTS("GetSessionToken", as: session)
                #expect(again.status == 403 && again.code == "AccessDenied")
                #expect(again.message == "Cannot call GetSessionToken with session credentials")
                let role = ["RoleArn": "arn:aws:iam::111122223333:role/Audit", "RoleSessionName": "scan"]
                let assumed = try key(try await server.askSTS("AssumeRole", role, as: session))
                #expect(try await server.ask("ListUsers", as: assumed).status == 200)
            }
            let refused = try await server.ask("ListUsers", as: plain)
            #expect(refused.status == 403 && refused.code == "InvalidClientTokenId")
            #expect(refused.message == "The security token included in the request is invalid")
            #expect(try await server.ask("ListUsers", as: withMFA).status == 200)
        }
    }

    @Test("A session that was got with MFA has a role that wants MFA, and one without hasn't")
    func sessionsWithMFA() async throws {
        var account = MockIAM.Account.made(users: 1)
        account.users[0].accessKeys[0].secret = "s"
        let device = "arn:aws:iam::111122223333:mfa/me"
        account.roles = [MockIAM.Role("Guarded", trusts: [account.id], mfaSerial: device)]
        try await MockIAM.run(account: account) { server async throws in
            let user = SigningKey(id: "AKIA0000000000111100", secret: "s")
            let role = ["RoleArn": "arn:aws:iam::111122223333:role/Guarded", "RoleSessionName": "scan"]
            let code = ["SerialNumber": device, "TokenCode": "123456"]
            for (with, status) in [(code, 200), ([:], 403)] {
                let session = try key(try await server.askSTS("GetSessionToken", with, as: user))
                #expect(try await server.askSTS("AssumeRole", role, as: session).status == status)
            }
            #expect(try await server.askSTS("AssumeRole", role, as: user).status == 403)
        }
    }

    @Test("Credentials that were forgotten never become somebody else's, and come again for the same one")
    func credentialsAfterReset() async throws {
        var accounts = accounts
        accounts[0].users[0].accessKeys[0].secret = "s"
        accounts[0].roles = [MockIAM.Role("Audit"), MockIAM.Role("Other")]
        let user = SigningKey(id: "AKIA0000000000111100", secret: "s")
        let code = ["SerialNumber": "arn:aws:iam::111122223333:mfa/user-00", "TokenCode": "123456"]
        try await MockIAM.run(accounts: accounts) { [accounts] server async throws in
            func role(_ name: String, _ session: String = "scan", source: String? = nil) async throws -> SigningKey {
                let role = ["RoleArn": "arn:aws:iam::111122223333:role/\(name)", "RoleSessionName": session]
                return try key(
                    try await server.askSTS(
                        "AssumeRole", role.merging(["SourceIdentity": source].compactMapValues(\.self)) { $1 }))
            }
            let ways: [() async throws -> SigningKey] = [
                { try await role("Audit") }, { try await role("Other") }, { try await role("Audit", "other") },
                { try await role("Audit", source: "jo") },
                { try key(try await assume(server)) },
                { try key(try await server.askSTS("GetSessionToken", as: user)) },
                { try key(try await server.askSTS("GetSessionToken", code, as: user)) },
            ]
            var issued: [SigningKey] = []
            for way in ways {
                server.serve(accounts)
                let mine = try await way()
                // Those of the others are nobody's.
                for old in issued {
                    #expect(try await server.askSTS("GetCallerIdentity", as: old).code == "InvalidClientTokenId")
                }
                #expect(try await server.askSTS("GetCallerIdentity", as: mine).status == 200)
                issued.append(mine)
            }
            #expect(Set(issued.map(\.id)).count == ways.count && Set(issued.map(\.secret)).count == ways.count)
            #expect(Set(issued.map(\.token)).count == ways.count)
            for (way, old) in zip(ways, issued) {
                server.serve(accounts)
                #expect(try await server.askSTS("GetCallerIdentity", as: old).code == "InvalidClientTokenId")
                let again = try await way()
                #expect(again.id == old.id && again.secret == old.secret && again.token == old.token)
                #expect(try await server.askSTS("GetCallerIdentity", as: old).status == 200)
            }
        }
    }

    @Test("A user's session ends with the user, as the user's key does")
    func sessionsOfDeletedUsers() async throws {
        var account = MockIAM.Account.made(users: 2)
        for index in 0..<2 { account.users[index].accessKeys[0].secret = "s" }
        account.users[0].deleted = .madeClock + 60
        try await MockIAM.run(account: account) { server async throws in
            var sessions: [SigningKey] = []
            for id in ["AKIA0000000000111100", "AKIA0000000000111101"] {
                sessions.append(
                    try key(try await server.askSTS("GetSessionToken", as: SigningKey(id: id, secret: "s"))))
            }
            for session in sessions { #expect(try await server.askSTS("GetCallerIdentity", as: session).status == 200) }
            server.advanceClock(by: 61)
            let gone = try await server.askSTS("GetCallerIdentity", as: sessions[0])
            #expect(gone.status == 403 && gone.code == "InvalidClientTokenId")
            #expect(try await server.askSTS("GetCallerIdentity", as: sessions[1]).status == 200)
        }
    }

    @Test("A pattern of roles, which AWS wouldn't take, lets in the sessions of the roles that it is like")
    func trustedPattern() async throws {
        var account = MockIAM.Account.made(users: 1)
        account.roles = [
            MockIAM.Role("Any", trusts: ["arn:aws:iam::111122223333:role/*"]),
            MockIAM.Role("Some", trusts: ["arn:aws:iam::111122223333:role/path/Security*"]),
            MockIAM.Role("None", trusts: ["arn:aws:iam::111122223333:role/Sec"]),
        ]
        try await MockIAM.run(account: account) { server async throws in
            for (name, status) in [("Any", 200), ("Some", 200), ("None", 403)] {
                let role = ["RoleArn": "arn:aws:iam::111122223333:role/\(name)", "RoleSessionName": "scan"]
                #expect(try await server.askSTS("AssumeRole", role).status == status, "\(name)")
            }
        }
    }

    @Test("An MFA device comes with a code, and is one of the user's where the account names them")
    func devices() async throws {
        var account = MockIAM.Account.made(users: 2)
        for index in 0..<2 { account.users[index].accessKeys[0].secret = "s" }
        let own = "arn:aws:iam::111122223333:mfa/user-00"
        account.users[0].mfaDevices = [MockIAM.MFADevice(own, enabled: .madeClock - 60)]
        account.roles = [MockIAM.Role("Audit")]
        try await MockIAM.run(account: account) { server async throws in
            let (named, unnamed) = ("AKIA0000000000111100", "AKIA0000000000111101")
            for (user, serial, code, status) in [
                (named, own, "123456", 200), (named, own, nil, 403), (named, nil, "123456", 403),
                (named, "arn:aws:iam::111122223333:mfa/user-01", "123456", 403), (named, "GAHT12345678", "123456", 403),
                (unnamed, "arn:aws:iam::111122223333:mfa/phone", "123456", 200),
                (unnamed, "arn:aws:iam::444455556666:mfa/phone", "123456", 403),
                (unnamed, "GAHT12345678", "123456", 200),
            ] as [(String, String?, String?, Int)] {
                let parameters = ["SerialNumber": serial, "TokenCode": code].compactMapValues(\.self)
                let role = ["RoleArn": "arn:aws:iam::111122223333:role/Audit", "RoleSessionName": "me"]
                let key = SigningKey(id: user, secret: "s")
                for answer in [
                    try await server.askSTS("GetSessionToken", parameters, as: key),
                    try await server.askSTS("AssumeRole", parameters.merging(role) { $1 }, as: key),
                ] {
                    #expect(answer.status == status, "\(user) \(parameters)")
                    guard status == 403 else { continue }
                    #expect(answer.code == "AccessDenied")
                    #expect(answer.message?.hasPrefix("MultiFactorAuthentication failed, ") == true)
                }
            }
        }
    }

    @Test("Nobody but a user, or the root user, has an MFA device: a role's session that names one is refused")
    func devicesOfSessions() async throws {
        var account = MockIAM.Account.made(users: 1)
        account.roles = [MockIAM.Role("Audit"), MockIAM.Role("Guarded", mfaSerial: "arn:aws:iam::111122223333:mfa/me")]
        account.callers = [
            MockIAM.Caller(
                accessKeyID: "AKIACALLER0000000001", secretAccessKey: "s", principal: "assumed-role/Audit/me")
        ]
        try await MockIAM.run(account: account) { server async throws in
            let device = ["SerialNumber": "arn:aws:iam::111122223333:mfa/me", "TokenCode": "123456"]
            func assume(
                _ name: String, _ more: [String: String] = [:], as key: SigningKey = .test
            ) async throws -> RawAnswer {
                let role = ["RoleArn": "arn:aws:iam::111122223333:role/\(name)", "RoleSessionName": "me"]
                return try await server.askSTS("AssumeRole", role.merging(more) { $1 }, as: key)
            }
            let session = try key(try await assume("Audit"))
            for key in [session, SigningKey(id: "AKIACALLER0000000001", secret: "s")] {
                #expect(try await assume("Audit", as: key).status == 200)
                for role in ["Audit", "Guarded"] {
                    let refused = try await assume(role, device, as: key)
                    #expect(refused.status == 403 && refused.code == "AccessDenied")
                    #expect(refused.message?.hasPrefix("MultiFactorAuthentication failed, ") == true)
                }
            }
            // A test key shows how a client comes by a code, whoever it stands for.
            for key in [SigningKey.test, SigningKey(id: "111122223333", secret: "test")] {
                #expect(try await assume("Guarded", device, as: key).status == 200)
            }
        }
    }

    @Test("A session's source identity is that of all sessions which it assumes, and can't be changed")
    func sourceIdentity() async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            func assume(_ identity: String?, as key: SigningKey) async throws -> RawAnswer {
                let role = ["RoleArn": "arn:aws:iam::111122223333:role/Audit", "RoleSessionName": "scan"]
                let more = ["SourceIdentity": identity].compactMapValues(\.self)
                return try await server.askSTS("AssumeRole", role.merging(more) { $1 }, as: key)
            }
            let plain = try key(try await assume(nil, as: .test))
            // A session without one may set it.
            var session = try key(try await assume("jo", as: plain))
            for asked in [nil, "jo", nil] {
                let answer = try await assume(asked, as: session)
                #expect(answer.values("SourceIdentity") == ["jo"])
                session = try key(answer)
            }
            let other = try await assume("someone.else", as: session)
            #expect(other.status == 403 && other.code == "AccessDenied")
            #expect(other.message?.contains("sts:SetSourceIdentity") == true, "\(other.message ?? "")")
            #expect(try await assume("Jo", as: session).code == "AccessDenied")
        }
    }

    @Test("A trust policy's ARNs compare with regard to case", arguments: [("user-00", 200), ("USER-00", 403)])
    func trustCase(name: String, status: Int) async throws {
        var account = MockIAM.Account.made(users: 1)
        account.users[0].accessKeys[0].secret = "s"
        account.roles = [MockIAM.Role("Audit", trusts: ["arn:aws:iam::111122223333:user/\(name)"])]
        try await MockIAM.run(account: account) { server async throws in
            let answer = try await server.askSTS(
                "AssumeRole", ["RoleArn": "arn:aws:iam::111122223333:role/Audit", "RoleSessionName": "me"],
                as: SigningKey(id: "AKIA0000000000111100", secret: "s"))
            #expect(answer.status == status)
        }
    }

    @Test("A root user's key signs; its session is an hour long at most")
    func rootSessions() async throws {
        var account = MockIAM.Account.made(users: 1)
        account.root.accessKeys = [
            MockIAM.AccessKey("AKIAROOTEXAMPLE00000", created: .madeClock - 60, secret: "root-secret"),
            MockIAM.AccessKey("AKIAROOTEXAMPLE00001", status: "Inactive", created: .madeClock - 60, secret: "s"),
            MockIAM.AccessKey("AKIAROOTEXAMPLE00002", created: .madeClock - 60),
        ]
        var options = MockIAM.Options()
        options.isClockMoving = false
        try await MockIAM.run(account: account, options: options) { server async throws in
            var root = SigningKey(id: "AKIAROOTEXAMPLE00000", secret: "root-secret")
            root.date = .madeClock
            #expect(
                try await server.askSTS("GetCallerIdentity", as: root).values("Arn")
                    == ["arn:aws:iam::111122223333:root"])
            let inactive = SigningKey(id: "AKIAROOTEXAMPLE00001", secret: "s")
            #expect(try await server.askSTS("GetCallerIdentity", as: inactive).code == "InvalidClientTokenId")
            // It is known; its secret isn't.
            let secretless = SigningKey(id: "AKIAROOTEXAMPLE00002", secret: "s")
            #expect(try await server.askSTS("GetCallerIdentity", as: secretless).code == "SignatureDoesNotMatch")
            let role = ["RoleArn": "arn:aws:iam::111122223333:role/Audit", "RoleSessionName": "scan"]
            let assumed = try await server.askSTS("AssumeRole", role, as: root)
            #expect(assumed.message == "Roles may not be assumed by root accounts.")
            for (asked, expiration) in [
                (nil, "2026-11-22T21:45:00Z"), ("900", "2026-11-22T21:00:00Z"), ("7200", "2026-11-22T21:45:00Z"),
            ] {
                let parameters = ["DurationSeconds": asked].compactMapValues(\.self)
                let session = try await server.askSTS("GetSessionToken", parameters, as: root)
                #expect(session.values("Expiration") == [expiration])
            }
        }
    }

    @Test("A session is no longer than its role allows, nor than an hour when roles are chained")
    func durations() async throws {
        try await MockIAM.run(accounts: accounts) { server async throws in
            let handshake = ["ExternalId": "secret-handshake"]
            let long = try await assume(
                server, "role/team/Audit", handshake.merging(["DurationSeconds": "7200"]) { $1 })
            #expect(
                long.message?.contains("exceeds the MaxSessionDuration") == true
                    || long.message?.contains("role chaining") == true)
            let chained = try key(try await assume(server))
            for (duration, status) in [("3600", 200), ("3601", 400)] {
                let more = handshake.merging(["DurationSeconds": duration]) { $1 }
                #expect(try await assume(server, "role/Own", more, as: chained).status == status)
            }
            #expect(
                try await assume(server, "role/team/Audit", handshake.merging(["DurationSeconds": "899"]) { $1 }).code
                    == "ValidationError")
        }
    }

    @Test("Credentials expire with the clock, by decree, and never before")
    func expiry() async throws {
        try await MockIAM.run(accounts: accounts) { server async throws in
            let key = try key(try await assume(server))
            server.advanceClock(by: 3500)
            #expect(try await server.ask("ListUsers", as: key).status == 200)
            server.advanceClock(by: 200)
            let expired = try await server.ask("ListUsers", as: key)
            #expect(expired.status == 403 && expired.code == "ExpiredToken")
            #expect(expired.message == "The security token included in the request is expired")
        }
    }

    @Test("A session's source identity comes back, and its policies are warned of once, for they aren't heeded")
    func sessionPolicies() async throws {
        let lines = LoggedLines()
        var options = MockIAM.Options()
        options.logger = .init(label: "") { _ in RememberingLogHandler(lines: lines) }
        let arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
        let more = [
            "SourceIdentity": "jo@example", "Policy": #"{"Version": "2012-10-17", "Statement": []}"#,
            "PolicyArns.member.1.arn": arn, "Tags.member.1.Key": "Größe", "Tags.member.1.Value": "",
            "Tags.member.2.Key": "team", "Tags.member.2.Value": "a b", "TransitiveTagKeys.member.1": "TEAM",
        ]
        try await MockIAM.run(account: .made(users: 1), options: options) { server async throws in
            let role = ["RoleArn": "arn:aws:iam::111122223333:role/Audit", "RoleSessionName": "scan"]
            for _ in 0..<2 {
                let answer = try await server.askSTS("AssumeRole", role.merging(more) { $1 })
                #expect(answer.status == 200 && answer.values("SourceIdentity") == ["jo@example"])
            }
            #expect(try await server.askSTS("AssumeRole", role).values("SourceIdentity").isEmpty)
        }
        let warnings = lines.all.filter { $0.hasPrefix("warning ") }
        #expect(warnings.count == 1 && warnings[0].contains("session policies (Policy, PolicyArns) aren't evaluated"))
    }

    private static let elevenPolicies = Dictionary(
        uniqueKeysWithValues: (1...11).map { ("PolicyArns.member.\($0).arn", "arn:aws:iam::aws:policy/P") })

    @Test(
        "What AWS refuses of policies, tags and source identities is refused",
        arguments: [
            (["Policy": "{"], "MalformedPolicyDocument", "This policy contains invalid Json"),
            (["Policy": "[]"], "MalformedPolicyDocument", "This policy contains invalid Json"),
            (["Policy": ""], "ValidationError", "Member must have length greater than or equal to 1"),
            (
                ["Policy": #"{"a": "\#(String(repeating: "x", count: 2040))"}"#], "ValidationError",
                "at 'policy' failed to satisfy constraint: Member must have length less than or equal to 2048"
            ),
            (["SourceIdentity": "a"], "ValidationError", "Member must have length greater than or equal to 2"),
            (["SourceIdentity": "a b"], "ValidationError", "regular expression pattern: [\\w+=,.@-]*"),
            (
                ["PolicyArns.member.1.arn": "short"], "ValidationError",
                "Value 'short' at 'policyArns.1.member.arn' failed to satisfy constraint: Member must have length greater "
                    + "than or equal to 20"
            ),
            (
                ["PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/\u{7}P"], "ValidationError",
                "at 'policyArns.1.member.arn' failed to satisfy constraint: Member must satisfy regular expression pattern"
            ),
            (
                ["PolicyArns.member.1.arn": "arn:aws:iam::111122223333:role/Audit"], "ValidationError",
                "arn:aws:iam::111122223333:role/Audit is invalid"
            ),
            (
                ["PolicyArns.member.1.arn": "a policy of my own account"], "ValidationError",
                "a policy of my own account is invalid"
            ),
            (
                elevenPolicies, "ValidationError",
                "at 'policyArns' failed to satisfy constraint: Member must have length less than or"
            ),
            (
                ["Tags.member.1.Key": "a"], "ValidationError",
                "Value null at 'tags.1.member.value' failed to satisfy constraint: Member must not be null"
            ),
            (
                ["Tags.member.1.Key": "a!", "Tags.member.1.Value": ""], "ValidationError",
                "Value 'a!' at 'tags.1.member.key' failed"
            ),
            (
                ["Tags.member.1.Key": "aws:team", "Tags.member.1.Value": ""], "InvalidParameterValue", "aws:"
            ),
            (
                ["Tags.member.1.Key": "AWS:team", "Tags.member.1.Value": ""], "InvalidParameterValue", "aws:"
            ),
            (
                [
                    "Tags.member.1.Key": "a", "Tags.member.1.Value": "", "Tags.member.2.Key": "A",
                    "Tags.member.2.Value": "",
                ], "InvalidParameterValue",
                "Duplicate tag keys found. Please note that Tag keys are case insensitive."
            ),
            (
                ["Tags.member.1.Key": "a", "Tags.member.1.Value": "", "TransitiveTagKeys.member.1": "b"],
                "InvalidParameterValue", "The specified transitive tag key must be included in the requested tags."
            ),
        ] as [([String: String], String, String)])
    func refusedSessionParameters(more: [String: String], code: String, message: String) async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            let role = ["RoleArn": "arn:aws:iam::111122223333:role/Audit", "RoleSessionName": "scan"]
            let answer = try await server.askSTS("AssumeRole", role.merging(more) { $1 })
            #expect(answer.status == 400 && answer.code == code)
            #expect(answer.message?.contains(message) == true, "\(answer.message ?? "")")
        }
    }

    @Test(
        "How much room policies and tags take up is told where there are any, in per cent",
        arguments: [
            ([:], nil), (["PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/P"], 2),
            (["Policy": "{}"], 1), (["Policy": "{\(String(repeating: " ", count: 2046))}"], 100),
            (["Tags.member.1.Key": "a", "Tags.member.1.Value": ""], 1),
            (["Tags.member.1.Key": "team", "Tags.member.1.Value": String(repeating: "a", count: 200)], 10),
        ] as [([String: String], Int?)])
    func packedPolicySize(more: [String: String], percent: Int?) async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            let role = ["RoleArn": "arn:aws:iam::111122223333:role/Audit", "RoleSessionName": "scan"]
            let answer = try await server.askSTS("AssumeRole", role.merging(more) { $1 })
            #expect(answer.status == 200)
            #expect(answer.values("PackedPolicySize") == (percent.map { ["\($0)"] } ?? []))
        }
    }

    @Test("Tags take up no more room than there is")
    func fullOfTags() async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            var parameters = ["RoleArn": "arn:aws:iam::111122223333:role/Audit", "RoleSessionName": "scan"]
            for number in 1...50 {
                parameters["Tags.member.\(number).Key"] = "key-\(number)"
                parameters["Tags.member.\(number).Value"] = String(repeating: "a", count: 256)
            }
            #expect(try await server.askSTS("AssumeRole", parameters).values("PackedPolicySize") == ["100"])
        }
    }

    @Test("Of thousands of tags that are wrong the error names ten")
    func tooManyTags() async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            var parameters = ["RoleArn": "arn:aws:iam::111122223333:role/Audit", "RoleSessionName": "scan"]
            for number in 1...3000 { parameters["Tags.member.\(number).Key"] = "!\(number)" }
            let answer = try await server.askSTS("AssumeRole", parameters)
            #expect(answer.code == "ValidationError")
            #expect(answer.message?.hasPrefix("10 validation errors detected: ") == true)
        }
    }

    @Test("STS answers with two ids of the request, and tells who it is before the credentials")
    func form() async throws {
        try await MockIAM.run(accounts: accounts) { server async throws in
            let answer = try await assume(server)
            let parts = ["<AssumedRoleUser>", "<Credentials>"].compactMap { answer.body.firstRange(of: $0)?.lowerBound }
            #expect(parts.count == 2 && parts == parts.sorted())
            let wrong = try await server.askSTS("GetAccessKeyInfo")
            for answer in [answer, wrong] {
                let id = try #require(answer.headers["x-amz-sts-extended-request-id"])
                #expect(Data(base64Encoded: id)?.isEmpty == false)
            }
            #expect(try await server.ask("ListUsers").headers["x-amz-sts-extended-request-id"] == nil)
        }
    }

    @Test("Two runs hand out the same credentials")
    func deterministic() async throws {
        var ids: Set<String> = []
        for _ in 0..<2 {
            try await MockIAM.run(accounts: accounts) { server async throws in
                ids.formUnion(try await assume(server).values("AccessKeyId"))
            }
        }
        #expect(ids.count == 1)
    }
}
