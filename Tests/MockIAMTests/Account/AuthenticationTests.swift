import Foundation
import Logging
@testable import MockIAM
import Testing

@Suite("Who asks")
struct AuthenticationTests {
    private static let accounts = [MockIAM.Account.made(users: 1), .made(users: 2, id: "444455556666")]

    private func code(
        _ key: SigningKey, mode: MockIAM.Authentication = .strict, _ edit: (inout MockIAM.Account) -> Void = { _ in }
    ) async throws -> String? {
        var account = Self.accounts[0]
        edit(&account)
        let options = MockIAM.Options(authentication: mode)
        return try await MockIAM.run(accounts: [account, Self.accounts[1]], options: options) { server async throws in
            try await server.ask("ListUsers", as: key).code
        }
    }

    @Test("Test keys, account numbers, callers and users' keys with a secret may ask; others may not")
    func keys() async throws {
        #expect(try await code(.test) == nil)
        #expect(try await code(SigningKey(id: "444455556666", secret: "test")) == nil)
        #expect(try await code(SigningKey(id: "AKIANOBODY0000000000", secret: "x")) == "InvalidClientTokenId")
        #expect(try await code(SigningKey(id: "test", secret: "wrong")) == "SignatureDoesNotMatch")
        let user = SigningKey(id: "AKIA0000000000111100", secret: "s")
        // The key exists, but nobody knows its secret.
        #expect(try await code(user) == "SignatureDoesNotMatch")
        #expect(try await code(user) { $0.users[0].accessKeys[0].secret = "s" } == nil)
        #expect(
            try await code(user) {
                $0.users[0].accessKeys[0].secret = "s"
                $0.users[0].accessKeys[0].status = "Inactive"
            } == "InvalidClientTokenId")
    }

    @Test("The signature's date lies around the emulator's clock or the machine's")
    func dates() async throws {
        func at(_ date: Date) -> SigningKey { SigningKey(id: "test", secret: "test", date: date) }
        #expect(try await code(at(.now)) == nil)
        #expect(try await code(at(.madeClock + 14 * 60)) == nil)
        #expect(try await code(at(.madeClock - 16 * 60)) == "SignatureDoesNotMatch")
        #expect(try await code(at(.now - 16 * 60)) == "SignatureDoesNotMatch")
        #expect(try await code(at(.now + 16 * 60)) == "SignatureDoesNotMatch")
    }

    @Test("With a moving clock only that clock counts")
    func movingClock() async throws {
        let options = MockIAM.Options(isClockMoving: true)
        try await MockIAM.run(accounts: Self.accounts, options: options) { server async throws in
            let begin = server.clock
            #expect(begin >= .madeClock)
            let wall = try await server.ask("ListUsers")
            #expect(wall.code == "SignatureDoesNotMatch")
            #expect(
                wall.message?.hasPrefix("Signature not yet current: ") == true
                    || wall.message?.hasPrefix("Signature expired: ") == true)
            #expect(
                try await server.ask("ListUsers", as: SigningKey(id: "test", secret: "test", date: .madeClock)).status
                    == 200)
            #expect(server.clock >= begin)
        }
    }

    @Test("IAM is signed for its one region, and for its service")
    func scope() async throws {
        #expect(try await code(SigningKey(id: "test", secret: "test", region: "eu-west-1")) == "SignatureDoesNotMatch")
        #expect(try await code(SigningKey(id: "test", secret: "test", region: "cn-north-1")) == "SignatureDoesNotMatch")
        #expect(
            try await code(SigningKey(id: "test", secret: "test", region: "cn-north-1")) { $0.partition = "aws-cn" }
                == nil)
        try await MockIAM.run(accounts: Self.accounts) { server async throws in
            let key = SigningKey(id: "test", secret: "test", region: "eu-west-1")
            #expect(try await server.askSTS("GetCallerIdentity", as: key).status == 200)
        }
    }

    @Test("Who signs for the region of an SDK's settings is told in the log, once, which one to set")
    func regionAdvice() async throws {
        let lines = LoggedLines()
        var options = MockIAM.Options()
        options.logger = .init(label: "") { _ in RememberingLogHandler(lines: lines) }
        var china = Self.accounts[1]
        china.partition = "aws-cn"
        try await MockIAM.run(accounts: [Self.accounts[0], china], options: options) { server async throws in
            for (id, region) in [("test", "eu-west-1"), ("test", "eu-west-1"), ("444455556666", "us-east-1")] {
                let key = SigningKey(id: id, secret: "test", region: region)
                #expect(try await server.ask("ListUsers", as: key).code == "SignatureDoesNotMatch")
            }
            let key = SigningKey(id: "test", secret: "test", region: "eu-west-1")
            #expect(
                try await server.organizations("ListAccounts", as: key).json["__type"] == "InvalidSignatureException")
            // What is wrong with these is something else.
            let wrong = SigningKey(id: "test", secret: "wrong")
            #expect(try await server.ask("ListUsers", as: wrong).code == "SignatureDoesNotMatch")
            #expect(try await server.askSTS("GetCallerIdentity", as: wrong).code == "SignatureDoesNotMatch")
        }
        let advice = lines.all.filter { $0.contains("an SDK that is told an endpoint") }
        #expect(
            advice.map { String($0.prefix { $0 != ":" }) } == [
                "warning requests of IAM are signed for us-east-1, and one came that is signed for eu-west-1",
                "warning requests of IAM are signed for cn-north-1, and one came that is signed for us-east-1",
                "warning requests of Organizations are signed for us-east-1, and one came that is signed for eu-west-1",
            ])
        #expect(advice.allSatisfy { $0.contains("so set it to ") })
    }

    @Test(
        "An unknown key is unknown in every partition, whatever the region", arguments: ["aws", "aws-cn", "aws-us-gov"])
    func unknownKeyOfPartition(name: String) async throws {
        var account = Self.accounts[0]
        account.partition = name
        let partition = AWSPartition.named(name)
        func stranger(_ region: String) -> SigningKey {
            SigningKey(id: "AKIANOBODY0000000000", secret: "x", region: region)
        }
        let accounts = [account, MockIAM.Account.made(users: 0, id: "777788889999")]
        try await MockIAM.run(accounts: accounts) { server async throws in
            // Nobody knows of which of the two accounts it would be.
            for region in [partition.iamRegion, "us-east-1"] {
                #expect(try await server.ask("ListUsers", as: stranger(region)).code == "InvalidClientTokenId")
            }
            #expect(try await server.ask("ListUsers", as: stranger("eu-west-1")).code == "SignatureDoesNotMatch")
            let organizations = try await server.organizations(
                "ListAccounts", as: stranger(partition.organizationsRegion))
            #expect(organizations.json["__type"] == "UnrecognizedClientException")
        }
    }

    @Test("Lenient lets strangers in, but no wrong signature of a known key; off looks at nothing")
    func modes() async throws {
        let stranger = SigningKey(id: "AKIANOBODY0000000000", secret: "x")
        let wrong = SigningKey(id: "test", secret: "wrong")
        #expect(try await code(stranger, mode: .lenient) == nil)
        #expect(try await code(wrong, mode: .lenient) == "SignatureDoesNotMatch")
        #expect(try await code(stranger, mode: .off) == nil)
        #expect(try await code(wrong, mode: .off) == nil)
    }

    @Test("An unsigned request is refused, in its service's namespace, and the journal knows")
    func unsigned() async throws {
        try await MockIAM.run(accounts: Self.accounts) { server async throws in
            try await RawConnection.open(to: server) { connection in
                try await connection.send(
                    "GET /?Action=GetCallerIdentity&Version=2011-06-15 HTTP/1.1\r\nHost: x\r\n\r\n")
                let answer = try #require(try await connection.answer())
                #expect(answer.status == 403 && answer.code == "MissingAuthenticationToken")
                #expect(answer.body.contains("https://sts.amazonaws.com/doc/2011-06-15/"))
            }
            #expect(server.journal.entries.map(\.outcome) == [.refused(code: "MissingAuthenticationToken")])
        }
    }

    @Test("Credentials choose the account, and the journal says who asked which")
    func accounts() async throws {
        try await MockIAM.run(accounts: Self.accounts) { server async throws in
            let member = SigningKey(id: "444455556666", secret: "test")
            #expect(try await server.ask("ListUsers").values("UserName").count == 1)
            #expect(try await server.ask("ListUsers", as: member).values("UserName").count == 2)
            #expect(server.journal.entries.map(\.account) == ["111122223333", "444455556666"])
            #expect(server.journal.entries.map(\.accessKeyID) == ["test", "444455556666"])
            let foreign = try await server.ask("GetAccessKeyLastUsed", ["AccessKeyId": "AKIA0000000000444400"])
            #expect(foreign.status == 403 && foreign.code == "AccessDenied")
            #expect(try await server.ask("GetAccessKeyLastUsed", ["AccessKeyId": "AKIA0000000000999900"]).status == 403)
        }
    }

    @Test("A request without a version, or with another service's or a wrong one, has no operation")
    func version() async throws {
        try await MockIAM.run(accounts: Self.accounts) { server async throws in
            for (form, told) in [
                ("Action=ListUsers", "ListUsers for version NO_VERSION_SPECIFIED"),
                ("Action=ListUsers&Version=", "ListUsers for version "),
                ("Action=ListUsers&Version=2011-06-15", "ListUsers for version 2011-06-15"),
                ("Action=ListUsers&Version=1999-01-01", "ListUsers for version 1999-01-01"),
                ("Action=Nothing", "Nothing for version NO_VERSION_SPECIFIED"),
            ] {
                let answer = try await server.post(form)
                #expect(answer?.status == 400 && answer?.code == "InvalidAction", "\(form)")
                #expect(answer?.message == "Could not find operation \(told)", "\(form)")
                #expect(answer?.body.contains("http://webservices.amazon.com/AWSFault/2005-15-09") == true)
            }
        }
    }

    @Test("Whether there is such an operation is told to everybody, by the service that it is signed for")
    func operationFirst() async throws {
        try await MockIAM.run(accounts: Self.accounts) { server async throws in
            let forSTS = SigningKey(id: "test", secret: "test", service: "sts")
            let stranger = SigningKey(id: "AKIANOBODY0000000000", secret: "x", service: "sts")
            for key in [forSTS, stranger] {
                for (form, told) in [
                    ("Action=GetCallerIdentity", "GetCallerIdentity for version NO_VERSION_SPECIFIED"),
                    ("Action=GetCallerIdentity&Version=", "GetCallerIdentity for version "),
                    ("Action=GetCallerIdentity&Version=2010-05-08", "GetCallerIdentity for version 2010-05-08"),
                    ("Action=Nothing&Version=2011-06-15", "Nothing for version 2011-06-15"),
                ] {
                    let answer = try await server.post(form, as: key)
                    #expect(answer?.status == 400 && answer?.code == "InvalidAction", "\(form)")
                    #expect(answer?.message == "Could not find operation \(told)")
                    #expect(answer?.body.contains("http://webservices.amazon.com/AWSFault/2005-15-09") == true)
                }
            }
            // What IAM has and is signed for another service is IAM's, and wrongly signed.
            let wrong = try await server.post("Action=ListUsers&Version=2010-05-08", as: forSTS)
            #expect(wrong?.code == "SignatureDoesNotMatch")
            #expect(Set(server.journal.entries.map(\.status)) == [400, 403])
        }
    }

    @Test("An unsigned request for an operation that isn't there is told so, and not that it isn't signed")
    func unsignedOperation() async throws {
        try await MockIAM.run(accounts: Self.accounts) { server in
            for (query, code) in [
                ("Action=AssumeRoleWithWebIdentity&RoleArn=a", "InvalidAction"),
                ("Action=Nothing&Version=2011-06-15", "InvalidAction"), ("Action=Nothing", "InvalidAction"),
                ("Action=ListUsers&Version=2010-05-08", "MissingAuthenticationToken"),
            ] {
                try await RawConnection.open(to: server) { connection in
                    try await connection.send("GET /?\(query) HTTP/1.1\r\nHost: x\r\n\r\n")
                    #expect(try await connection.answer()?.code == code, "\(query)")
                }
            }
        }
    }

    @Test("A denial names what the call is about, as AWS does")
    func denials() async throws {
        var account = Self.accounts[0]
        account.users.append(MockIAM.User("me", created: .madeClock - 86_400))
        account.callers = [
            MockIAM.Caller(
                accessKeyID: "AKIADENIED0000000001", secretAccessKey: "s", principal: "user/me",
                denied: ["iam:*", "sts:*"]),
            MockIAM.Caller(accessKeyID: "AKIADENIED0000000002", secretAccessKey: "s", denied: ["iam:*"]),
        ]
        let user = ["UserName": "user-00"]
        let role = "arn:aws:iam::111122223333:role/audit"
        try await MockIAM.run(account: account) { server async throws in
            let me = SigningKey(id: "AKIADENIED0000000001", secret: "s")
            func denial(_ answer: RawAnswer) -> String? {
                #expect(answer.status == 403 && answer.code == "AccessDenied")
                return answer.message
            }
            for (action, parameters, resource) in [
                ("ListUsers", [:], "arn:aws:iam::111122223333:user/"),
                ("ListUsers", ["PathPrefix": "/odd/"], "arn:aws:iam::111122223333:user/odd/"),
                ("GetUser", user, "user user-00"), ("ListAccessKeys", user, "user user-00"),
                ("GetLoginProfile", user, "user user-00"), ("ListUserTags", user, "user user-00"),
                ("ListMFADevices", user, "user user-00"), ("ListSigningCertificates", user, "user user-00"),
                ("ListSSHPublicKeys", user, "user user-00"), ("ListServiceSpecificCredentials", user, "user user-00"),
                ("ListAccessKeys", ["UserName": "nobody"], "user nobody"), ("ListAccessKeys", [:], "user nullme"),
                ("GetAccessKeyLastUsed", ["AccessKeyId": "AKIA0000000000111100"], "user user-00"),
                ("GetAccessKeyLastUsed", ["AccessKeyId": "AKIANOBODY0000000000"], "access key AKIANOBODY0000000000"),
                ("GetAccountSummary", [:], "*"), ("GenerateCredentialReport", [:], "*"),
                ("GetCredentialReport", [:], "*"), ("GetAccountAuthorizationDetails", [:], "*"),
                ("ListAccountAliases", [:], "*"),
                (
                    "SimulatePrincipalPolicy", ["PolicySourceArn": role, "ActionNames.member.1": "s3:GetObject"], role
                ),
            ] as [(String, [String: String], String)] {
                #expect(
                    denial(try await server.ask(action, parameters, as: me))
                        == "User: arn:aws:iam::111122223333:user/me is not authorized to perform: iam:\(action) on "
                        + "resource: \(resource) because no identity-based policy allows the iam:\(action) action")
            }
            let assuming = try await server.askSTS("AssumeRole", ["RoleArn": role, "RoleSessionName": "xx"], as: me)
            #expect(denial(assuming)?.hasSuffix("sts:AssumeRole on resource: \(role)") == true)
            // A session of a role is no user; AWS takes its name for one nevertheless.
            let session = SigningKey(id: "AKIADENIED0000000002", secret: "s")
            let keys = try await server.ask("ListAccessKeys", as: session)
            #expect(denial(keys)?.contains("iam:ListAccessKeys on resource: user nullmock-iam because ") == true)
        }
    }

    @Test("A user's key that is a test key, too, is the user's where its secret is known")
    func testKeyOfAUser() async throws {
        let id = "AKIAIOSFODNN7EXAMPLE"
        var account = MockIAM.Account.made(
            MockIAM.User(
                "doc", created: .madeClock - 60,
                accessKeys: [MockIAM.AccessKey(id, created: .madeClock - 60, secret: "own")]))
        try await MockIAM.run(account: account) { server async throws in
            let own = try await server.askSTS("GetCallerIdentity", as: SigningKey(id: id, secret: "own"))
            #expect(own.values("Arn") == ["arn:aws:iam::111122223333:user/doc"])
            let secret = try #require(MockIAM.testKeys[id])
            let documented = try await server.askSTS("GetCallerIdentity", as: SigningKey(id: id, secret: secret))
            #expect(documented.code == "SignatureDoesNotMatch")
        }
        account.users[0].accessKeys[0].secret = nil
        try await MockIAM.run(account: account) { server async throws in
            let secret = try #require(MockIAM.testKeys[id])
            let test = try await server.askSTS("GetCallerIdentity", as: SigningKey(id: id, secret: secret))
            #expect(test.values("Arn") == ["arn:aws:sts::111122223333:assumed-role/SecurityAudit/mock-iam"])
        }
    }

    @Test("A test key takes any session token, and a user's key none")
    func tokens() async throws {
        #expect(try await code(SigningKey(id: "test", secret: "test", token: "anything")) == nil)
        let user = SigningKey(id: "AKIA0000000000111100", secret: "s", token: "anything")
        #expect(try await code(user) { $0.users[0].accessKeys[0].secret = "s" } == "InvalidClientTokenId")
    }

    @Test("Who has a slash in the name, as IAM wouldn't allow it, is nobody else")
    func slashes() async throws {
        var account = MockIAM.Account.made(
            MockIAM.User(
                "a/b", created: .madeClock - 60,
                accessKeys: [MockIAM.AccessKey("AKIASLASH00000000001", created: .madeClock - 60, secret: "s")]),
            MockIAM.User("b", created: .madeClock - 60))
        account.callers = [
            MockIAM.Caller(
                accessKeyID: "AKIASLASH00000000002", secretAccessKey: "s", principal: "user/a/b",
                denied: ["iam:ListUsers"])
        ]
        try await MockIAM.run(account: account) { server async throws in
            for id in ["AKIASLASH00000000001", "AKIASLASH00000000002"] {
                let identity = try await server.askSTS("GetCallerIdentity", as: SigningKey(id: id, secret: "s"))
                #expect(identity.values("Arn") == ["arn:aws:iam::111122223333:user/a/b"], "\(id)")
            }
            let simulated = try await server.ask(
                "SimulatePrincipalPolicy",
                ["PolicySourceArn": "arn:aws:iam::111122223333:user/b", "ActionNames.member.1": "iam:ListUsers"])
            #expect(simulated.values("EvalDecision") == ["allowed"])
        }
    }

    @Test("A principal is read in one way")
    func principals() {
        for (text, principal) in [
            ("root", .root), ("user/alice", .user("alice")), ("user/a/b", .user("a/b")),
            ("assumed-role/Audit/jo", .role("Audit", session: "jo")), ("root/x", nil), ("user", nil), ("user/", nil),
            ("assumed-role/Audit", nil), ("assumed-role/Audit/", nil), ("assumed-role//jo", nil), ("group/x", nil),
        ] as [(String, Identity.Principal?)] {
            #expect(Identity.Principal(text) == principal, "\(text)")
        }
    }

    @Test("A replayed recording is signed for, too")
    func replay() async throws {
        try await MockIAM.run(.made([.made("Action=A", answer: "<a/>")])) { server async throws in
            #expect(try await server.post("Action=A")?.body == "<a/>")
            let wrong = try await server.post("Action=A", as: SigningKey(id: "test", secret: "wrong"))
            #expect(wrong?.code == "SignatureDoesNotMatch")
        }
    }
}
