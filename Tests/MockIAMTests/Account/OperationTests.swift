import Foundation
import Logging
@testable import MockIAM
import Testing

@Suite("Operations on an account")
struct OperationTests {
    private let account = MockIAM.Account.made(
        MockIAM.User(
            "ci-deploy", path: "/team/", created: .madeClock - 86_400 * 400,
            password: MockIAM.Password(created: .madeClock - 86_400, lastUsed: .madeClock - 3600),
            accessKeys: [
                MockIAM.AccessKey(
                    "AKIAEXAMPLE000000001", created: .madeClock - 86_400 * 380,
                    lastUse: MockIAM.LastUse(.madeClock - 86_400, service: "ec2", region: "eu-west-1")),
                MockIAM.AccessKey(
                    "AKIAEXAMPLE000000002", status: "Inactive", created: .madeClock - 86_400, secret: "s2"),
                MockIAM.AccessKey("AKIAEXAMPLE000000003", created: .madeClock, deleted: .madeClock - 60),
            ],
            tags: [MockIAM.Tag("team", "a<b & 'c'"), MockIAM.Tag("owner", "")],
            mfaDevices: [MockIAM.MFADevice("arn:aws:iam::111122223333:mfa/ci-deploy", enabled: .madeClock)]),
        MockIAM.User("gone", created: .madeClock - 86_400 * 9, deleted: .madeClock - 3600),
        MockIAM.User(
            "robot", created: .madeClock - 86_400 * 3,
            accessKeys: [MockIAM.AccessKey("AKIAEXAMPLE000000004", created: .madeClock, secret: "robot-secret")])
    )

    @Test("A key that was used says when, where and for what; one that wasn't has N/A and no date")
    func lastUsed() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let used = try await server.ask("GetAccessKeyLastUsed", ["AccessKeyId": "AKIAEXAMPLE000000001"])
            #expect(used.values("LastUsedDate") == ["2026-11-21T20:45:00Z"])
            #expect(used.values("Region") == ["eu-west-1"] && used.values("ServiceName") == ["ec2"])
            #expect(used.values("UserName") == ["ci-deploy"])
            let never = try await server.ask("GetAccessKeyLastUsed", ["AccessKeyId": "AKIAEXAMPLE000000002"])
            #expect(never.values("LastUsedDate").isEmpty)
            #expect(never.values("Region") == ["N/A"] && never.values("ServiceName") == ["N/A"])
        }
    }

    @Test(
        "Who asks about a key that isn't the account's is told no more than that",
        arguments: ["AKIANOSUCHKEY0000000", "AKIA0000000000444400"])
    func othersKey(id: String) async throws {
        let other = MockIAM.Account.made(users: 1, id: "444455556666")
        #expect(other.users.first?.accessKeys.map(\.id) == ["AKIA0000000000444400"])
        try await MockIAM.run(accounts: [account, other]) { server async throws in
            let answer = try await server.ask("GetAccessKeyLastUsed", ["AccessKeyId": id])
            #expect(answer.status == 403 && answer.code == "AccessDenied")
            #expect(
                answer.message
                    == "User: arn:aws:sts::111122223333:assumed-role/SecurityAudit/mock-iam is not authorized to perform "
                    + "iam:GetAccessKeyLastUsed on resource: access key \(id)")
        }
    }

    @Test("Deleted users and keys are gone")
    func deleted() async throws {
        try await MockIAM.run(account: account) { server async throws in
            #expect(try await server.ask("ListUsers").values("UserName") == ["ci-deploy", "robot"])
            #expect(
                try await server.ask("ListAccessKeys", ["UserName": "ci-deploy"]).values("AccessKeyId")
                    == ["AKIAEXAMPLE000000001", "AKIAEXAMPLE000000002"])
            let gone = try await server.ask("ListAccessKeys", ["UserName": "gone"])
            #expect(gone.status == 404 && gone.code == "NoSuchEntity")
            #expect(gone.message == "The user with name gone cannot be found.")
            let key = try await server.ask("GetAccessKeyLastUsed", ["AccessKeyId": "AKIAEXAMPLE000000003"])
            #expect(key.status == 403 && key.code == "AccessDenied")
        }
    }

    @Test("A user without a password has no login profile")
    func loginProfile() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let profile = try await server.ask("GetLoginProfile", ["UserName": "ci-deploy"])
            #expect(profile.values("PasswordResetRequired") == ["false"])
            let none = try await server.ask("GetLoginProfile", ["UserName": "robot"])
            #expect(none.status == 404 && none.code == "NoSuchEntity")
            #expect(none.message == "Login Profile for User robot cannot be found.")
        }
    }

    @Test("Tags are sorted by key and escaped")
    func tags() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let tags = try await server.ask("ListUserTags", ["UserName": "ci-deploy"])
            #expect(tags.values("Key") == ["owner", "team"])
            #expect(tags.values("Value") == ["", "a<b & 'c'"])
            #expect(tags.body.contains("<Value>a&lt;b &amp; 'c'</Value>"))
        }
    }

    @Test("Where no user is named, the caller is meant; a role has to name one")
    func implicitUser() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let robot = SigningKey(id: "AKIAEXAMPLE000000004", secret: "robot-secret")
            #expect(try await server.ask("GetUser", as: robot).values("UserName") == ["robot"])
            #expect(try await server.ask("ListAccessKeys", as: robot).values("AccessKeyId") == ["AKIAEXAMPLE000000004"])
            let role = try await server.ask("ListAccessKeys")
            #expect(role.status == 400 && role.code == "ValidationError")
            #expect(role.message == "Must specify userName when calling with non-User credentials")
        }
    }

    @Test("The root user is told of itself, its keys and its device where it names nobody, and that it has no more")
    func rootItself() async throws {
        var account = account
        account.root.passwordLastUsed = .madeClock - 60
        account.root.accessKeys = [
            MockIAM.AccessKey("AKIAROOTEXAMPLE00000", created: .madeClock - 60, secret: "root-secret"),
            MockIAM.AccessKey("AKIAROOTEXAMPLE00001", created: .madeClock - 60, deleted: .madeClock - 30),
        ]
        try await MockIAM.run(account: account) { server async throws in
            let root = SigningKey(id: "AKIAROOTEXAMPLE00000", secret: "root-secret")
            let keys = try await server.ask("ListAccessKeys", as: root)
            #expect(keys.values("AccessKeyId") == ["AKIAROOTEXAMPLE00000"] && keys.values("UserName").isEmpty)
            let user = try await server.ask("GetUser", as: root)
            #expect(user.values("Arn") == ["arn:aws:iam::111122223333:root"])
            #expect(user.values("UserId") == ["111122223333"] && user.values("UserName").isEmpty)
            #expect(user.values("PasswordLastUsed") == ["2026-11-22T20:44:00Z"])
            #expect(
                try await server.ask("ListAccessKeys", ["UserName": "robot"], as: root).values("AccessKeyId")
                    == ["AKIAEXAMPLE000000004"])
            let devices = try await server.ask("ListMFADevices", as: root)
            #expect(devices.values("SerialNumber") == ["arn:aws:iam::111122223333:mfa/root-account-mfa-device"])
            #expect(devices.values("UserName") == ["<root_account>"])
            #expect(devices.values("EnableDate") == ["2015-01-01T00:00:00Z"])
            for action in ["ListSigningCertificates", "ListSSHPublicKeys", "ListServiceSpecificCredentials"] {
                let none = try await server.ask(action, as: root)
                #expect(none.status == 200 && none.values("UserName").isEmpty, "\(action)")
                #expect(none.values("IsTruncated") == ["false"], "\(action)")
                let role = try await server.ask(action)
                #expect(role.message == "Must specify userName when calling with non-User credentials", "\(action)")
            }
            #expect(try await server.ask("GetLoginProfile", as: root).code == "ValidationError")
        }
    }

    @Test("A root user without MFA has no device")
    func rootWithoutMFA() async throws {
        var account = account
        account.root = MockIAM.RootUser(
            accessKeys: [MockIAM.AccessKey("AKIAROOTEXAMPLE00000", created: .madeClock - 60, secret: "s")],
            hasMFA: false)
        try await MockIAM.run(account: account) { server async throws in
            let root = SigningKey(id: "AKIAROOTEXAMPLE00000", secret: "s")
            let devices = try await server.ask("ListMFADevices", as: root)
            #expect(devices.status == 200 && devices.values("SerialNumber").isEmpty)
        }
    }

    @Test("A deleted key of the root user is gone")
    func deletedRootKey() async throws {
        var account = account
        account.root.accessKeys = [
            MockIAM.AccessKey("AKIAROOTEXAMPLE00000", created: .madeClock - 60, deleted: .madeClock - 30)
        ]
        try await MockIAM.run(account: account) { server async throws in
            let summary = try await server.ask("GetAccountSummary")
            let figures = Dictionary(uniqueKeysWithValues: zip(summary.values("key"), summary.values("value")))
            #expect(figures["AccountAccessKeysPresent"] == "0")
            let use = try await server.ask("GetAccessKeyLastUsed", ["AccessKeyId": "AKIAROOTEXAMPLE00000"])
            #expect(use.code == "AccessDenied")
        }
    }

    @Test("What a role is denied, every session of it is: its callers' and the test keys'")
    func deniedRole() async throws {
        var account = account
        account.roles = [
            MockIAM.Role("SecurityAudit", denied: ["iam:GetLoginProfile"]), MockIAM.Role("Other", denied: ["iam:*"]),
        ]
        account.callers = [
            MockIAM.Caller(accessKeyID: "AKIACALLER0000000001", secretAccessKey: "s", denied: ["iam:ListUsers"]),
            MockIAM.Caller(accessKeyID: "AKIACALLER0000000002", secretAccessKey: "s", principal: "user/robot"),
        ]
        try await MockIAM.run(account: account) { server async throws in
            let user = ["UserName": "ci-deploy"]
            for (key, profile, users) in [
                (SigningKey.test, 403, 200), (SigningKey(id: "111122223333", secret: "test"), 403, 200),
                (SigningKey(id: "AKIACALLER0000000001", secret: "s"), 403, 403),
                (SigningKey(id: "AKIACALLER0000000002", secret: "s"), 200, 200),
            ] {
                #expect(try await server.ask("GetLoginProfile", user, as: key).status == profile, "\(key.id)")
                #expect(try await server.ask("ListUsers", as: key).status == users, "\(key.id)")
            }
        }
    }

    @Test("What is made after the clock's instant is there with its date, and in no report yet")
    func future() async throws {
        var account = MockIAM.Account.made(MockIAM.User("early", created: .madeClock + 86_400))
        account.credentialReport = MockIAM.CredentialReportPlan(polls: 1)
        try await MockIAM.run(account: account) { server async throws in
            #expect(try await server.ask("ListUsers").values("CreateDate") == ["2026-11-23T20:45:00Z"])
            _ = try await server.ask("GenerateCredentialReport")
            let report = try await server.ask("GetCredentialReport").values("Content").first ?? ""
            let text = String(decoding: try #require(Data(base64Encoded: report)), as: UTF8.self)
            #expect(text.contains("<root_account>") && !text.contains("early"))
        }
    }

    @Test("The summary counts what is there, and the account's own figures win")
    func summary() async throws {
        var account = account
        account.summary = ["UsersQuota": 17]
        account.root.accessKeys = [MockIAM.AccessKey("AKIAROOTEXAMPLE00000", created: .madeClock)]
        try await MockIAM.run(account: account) { server async throws in
            let summary = try await server.ask("GetAccountSummary")
            let figures = Dictionary(uniqueKeysWithValues: zip(summary.values("key"), summary.values("value")))
            #expect(figures["Users"] == "2")
            #expect(figures["UsersQuota"] == "17")
            #expect(figures["AccountAccessKeysPresent"] == "1")
            #expect(figures["MFADevices"] == "2")
        }
    }

    @Test("An unknown action, and one of another version, are InvalidAction")
    func unknownAction() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let unknown = try await server.ask("CreateUser")
            #expect(unknown.status == 400 && unknown.code == "InvalidAction")
            #expect(unknown.message == "Could not find operation CreateUser for version 2010-05-08")
            #expect(try await server.ask("ListUsers", version: "2009-01-01").code == "InvalidAction")
            #expect(try await server.askSTS("ListUsers").code == "InvalidAction")
        }
    }

    @Test("An operation of AWS's that isn't served is unmatched in the journal, and the log warns of it once")
    func notServed() async throws {
        let lines = LoggedLines()
        var options = MockIAM.Options()
        options.logger = .init(label: "") { _ in RememberingLogHandler(lines: lines) }
        try await MockIAM.run(account: account, options: options) { server async throws in
            for action in ["ListRoles", "ListRoles", "CreateUser", "ListSecrets"] {
                #expect(try await server.ask(action).code == "InvalidAction")
            }
            #expect(try await server.askSTS("GetFederationToken").code == "InvalidAction")
            #expect(try await server.ask("ListRoles", version: "2009-01-01").code == "InvalidAction")
            #expect(
                server.journal.unmatched.map(\.action) == [
                    "ListRoles", "ListRoles", "CreateUser", "GetFederationToken",
                ])
        }
        let warnings = lines.all.filter { $0.hasPrefix("warning ") }
        #expect(warnings.count == 3)
        #expect(
            warnings.first?.hasPrefix("warning ListRoles is one of AWS's operations that mock-iam doesn't have") == true
        )
    }

    @Test("The page about mock-iam names every operation of IAM and STS, and no other")
    func documentedOperations() throws {
        let page = URL(filePath: #filePath).appending(path: "../../../../docs/mock-iam.md").standardized
        let lines = String(decoding: try Data(contentsOf: page), as: UTF8.self).split(separator: "\n")
        for (service, name) in [(Service.iam, "IAM"), (Service.sts, "STS")] {
            let row = try #require(lines.first { $0.hasPrefix("| \(name) |") })
            let told = row.dropFirst("| \(name) |".count).dropLast().split(separator: ",").map { name in
                String(name.drop { $0 == " " }.prefix { $0 != " " })
            }
            let served = QueryOperation.all.values.filter { $0.service == service }.map(\.name)
            #expect(told.sorted() == served.sorted())
        }
    }

    @Test("No permission is needed for GetSessionToken, whose sessions get little of STS")
    func sessionToken() async throws {
        var account = account
        account.callers = [
            MockIAM.Caller(
                accessKeyID: "AKIADENIED0000000000", secretAccessKey: "s", principal: "user/robot", denied: ["sts:Get*"]
            )
        ]
        try await MockIAM.run(account: account) { server async throws in
            let key = SigningKey(id: "AKIADENIED0000000000", secret: "s")
            let info = ["AccessKeyId": "AKIA0000000000111100"]
            #expect(
                try await server.askSTS("GetAccessKeyInfo", info, as: key).message?
                    .contains("is not authorized to perform: sts:GetAccessKeyInfo") == true)
            let answer = try await server.askSTS(
                "GetSessionToken", ["SerialNumber": "GAHT12345678", "TokenCode": "123456"], as: key)
            #expect(answer.status == 200)
            let session = SigningKey(
                id: answer.values("AccessKeyId").first ?? "", secret: answer.values("SecretAccessKey").first ?? "",
                token: answer.values("SessionToken").first)
            let refused = try await server.askSTS("GetAccessKeyInfo", info, as: session)
            #expect(refused.status == 403 && refused.code == "AccessDenied")
            #expect(refused.message == "Cannot call GetAccessKeyInfo with session credentials")
            let role = ["RoleArn": "arn:aws:iam::111122223333:role/audit", "RoleSessionName": "jo"]
            #expect(try await server.askSTS("GetCallerIdentity", as: session).status == 200)
            #expect(try await server.askSTS("AssumeRole", role, as: session).status == 200)
        }
    }

    @Test(
        "A user's name is as long as the operation allows it, whatever else is wrong",
        arguments: [
            ("ListAccessKeys", 128), ("ListMFADevices", 128), ("ListSigningCertificates", 128), ("ListUserTags", 128),
            ("ListSSHPublicKeys", 64), ("ListServiceSpecificCredentials", 64),
        ])
    func longNames(action: String, longest: Int) async throws {
        try await MockIAM.run(account: account) { server async throws in
            let wrong = ["UserName": String(repeating: "a", count: 129), "MaxItems": "0"]
            let answer = try await server.ask(action, wrong)
            #expect(answer.message?.contains("Member must have length less than or equal to \(longest)") == true)
            #expect(answer.message?.contains("2 validation errors detected") == true)
        }
    }

    @Test("IAM says which parameter is wrong, and STS what is in it as well")
    func wrongValues() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let users = try await server.ask("ListUsers", ["MaxItems": "1001"])
            #expect(
                users.message == "1 validation error detected: Value at 'maxItems' failed to satisfy constraint: "
                    + "Member must have value less than or equal to 1000")
            let details = try await server.ask("GetAccountAuthorizationDetails", ["Filter.member.1": "Pets"])
            #expect(
                details.message == "1 validation error detected: Value at 'filter' failed to satisfy constraint: "
                    + "Member must satisfy constraint: [Member must satisfy enum value set]")
            let role = ["RoleArn": "arn:aws:iam::111122223333:role/audit", "RoleSessionName": "Session1:2"]
            #expect(
                try await server.askSTS("AssumeRole", role).message
                    == "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: "
                    + "Member must satisfy regular expression pattern: [\\w+=,.@-]*")
        }
    }

    @Test(
        "An empty ARN breaks two rules, and one with characters beyond U+FFFF another", arguments: [("", 2), ("😀", 1)])
    func roleARNs(text: String, failures: Int) async throws {
        try await MockIAM.run(account: account) { server async throws in
            let arn = String(repeating: text, count: 30)
            let role = ["RoleArn": arn, "RoleSessionName": "audit"]
            let message = try #require(try await server.askSTS("AssumeRole", role).message)
            let pattern =
                "Value '\(arn)' at 'roleArn' failed to satisfy constraint: Member must satisfy regular expression"
            #expect(message.hasPrefix("\(failures) validation error"))
            #expect(message.contains(" detected: \(pattern)"))
            #expect(message.hasSuffix("greater than or equal to 20") == (failures == 2))
        }
    }

    @Test("What a caller is denied gives AccessDenied, and GetCallerIdentity can't be denied")
    func denied() async throws {
        var account = account
        account.callers = [
            MockIAM.Caller(
                accessKeyID: "AKIADENIED0000000000", secretAccessKey: "s", principal: "user/robot",
                denied: ["iam:get*", "sts:*"])
        ]
        let key = SigningKey(id: "AKIADENIED0000000000", secret: "s")
        try await MockIAM.run(account: account) { server async throws in
            let denied = try await server.ask("GetLoginProfile", ["UserName": "robot"], as: key)
            #expect(denied.status == 403 && denied.code == "AccessDenied")
            #expect(
                denied.message?.hasPrefix(
                    "User: arn:aws:iam::111122223333:user/robot is not authorized to perform: iam:GetLoginProfile on")
                    == true)
            #expect(try await server.ask("ListUsers", as: key).status == 200)
            let identity = try await server.askSTS("GetCallerIdentity", as: key)
            #expect(identity.values("Arn") == ["arn:aws:iam::111122223333:user/robot"])
            #expect(server.journal.entries.first?.outcome == .failed(code: "AccessDenied"))
        }
    }
}
