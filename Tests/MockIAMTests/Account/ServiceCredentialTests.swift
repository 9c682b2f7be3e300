import Foundation
@testable import MockIAM
import Testing

@Suite("Credentials for single services")
struct ServiceCredentialTests {
    private let account = MockIAM.Account.made(
        MockIAM.User("ci-deploy", created: .madeClock - 86_400), MockIAM.User("robot", created: .madeClock - 86_400))

    @Test("A credential of CodeCommit or Keyspaces has a user name of user and account, unless it is told one")
    func serviceUserNames() async throws {
        var account = account
        account.users[0].serviceSpecificCredentials = [
            MockIAM.ServiceSpecificCredential("ACCAEXAMPLE000000001", created: .madeClock),
            MockIAM.ServiceSpecificCredential(
                "ACCAEXAMPLE000000002", service: "cassandra.amazonaws.com", created: .madeClock),
            MockIAM.ServiceSpecificCredential("ACCAEXAMPLE000000003", created: .madeClock, serviceUserName: "other"),
            MockIAM.ServiceSpecificCredential(
                "ACCAEXAMPLE000000004", service: "bedrock.amazonaws.com", created: .madeClock, credentialAlias: "a"),
        ]
        try await MockIAM.run(account: account) { server async throws in
            let answer = try await server.ask("ListServiceSpecificCredentials", ["UserName": "ci-deploy"])
            #expect(
                answer.values("ServiceUserName")
                    == ["ci-deploy-at-111122223333", "ci-deploy-at-111122223333", "other"])
            #expect(answer.values("ServiceCredentialAlias") == ["a"])
            let unknown = try await server.ask(
                "ListServiceSpecificCredentials", ["UserName": "ci-deploy", "ServiceName": "lambda.amazonaws.com"])
            #expect(unknown.status == 404 && unknown.code == "NoSuchEntity")
            #expect(
                unknown.message == "No such service lambda.amazonaws.com is supported for Service Specific Credentials")
        }
    }

    @Test("A service is named in any case, and an empty name is none")
    func serviceNames() async throws {
        var account = account
        account.users[0].serviceSpecificCredentials = ["codecommit", "cloudwatch"].map {
            MockIAM.ServiceSpecificCredential("ACCA\($0)", service: "\($0).amazonaws.com", created: .madeClock)
        }
        try await MockIAM.run(account: account) { server async throws in
            for (name, ids) in [
                ("CodeCommit.amazonaws.COM", ["ACCAcodecommit"]), ("cloudwatch.amazonaws.com", ["ACCAcloudwatch"]),
                ("aws-external-anthropic.amazonaws.com", []), ("", ["ACCAcodecommit", "ACCAcloudwatch"]),
            ] {
                let parameters = ["UserName": "ci-deploy", "ServiceName": name]
                let answer = try await server.ask("ListServiceSpecificCredentials", parameters)
                #expect(answer.status == 200 && answer.values("ServiceSpecificCredentialId") == ids, "\(name)")
            }
        }
    }

    @Test("A user's second credential for a service has another user name, whichever page it is on")
    func severalServiceUserNames() async throws {
        var account = account
        let services = ["codecommit", "codecommit", "cassandra", "codecommit", "cassandra", "bedrock"]
        account.users[0].serviceSpecificCredentials = services.enumerated().map { number, service in
            MockIAM.ServiceSpecificCredential(
                "ACCAEXAMPLE00000000\(number)", service: "\(service).amazonaws.com", created: .madeClock,
                serviceUserName: number == 1 ? "ci-deploy+1-at-111122223333" : nil)
        }
        let all = [
            "ci-deploy-at-111122223333", "ci-deploy+1-at-111122223333", "ci-deploy-at-111122223333",
            "ci-deploy+2-at-111122223333", "ci-deploy+1-at-111122223333",
        ]
        try await MockIAM.run(account: account) { server async throws in
            let user = ["UserName": "ci-deploy", "MaxItems": "1"]
            let pages = try await server.pages("ListServiceSpecificCredentials", user)
            #expect(pages.flatMap { $0.values("ServiceUserName") } == all)
            let ofOne = ["UserName": "ci-deploy", "ServiceName": "cassandra.amazonaws.com"]
            #expect(
                try await server.ask("ListServiceSpecificCredentials", ofOne).values("ServiceUserName")
                    == [all[2], all[4]])
        }
    }

    @Test(
        "A boolean is in lower case or a digit",
        arguments: [
            ("true", 200), ("1", 200), ("false", 200), ("0", 200), ("True", 400), ("TRUE", 400), (" true", 400),
            ("", 400), ("null", 400), ("2", 400),
        ])
    func booleans(value: String, status: Int) async throws {
        try await MockIAM.run(account: account) { server async throws in
            let user = ["true", "1"].contains(value) ? [:] : ["UserName": "robot"]
            let answer = try await server.ask(
                "ListServiceSpecificCredentials", user.merging(["AllUsers": value]) { $1 })
            #expect(answer.status == status)
            #expect(answer.code == (status == 200 ? nil : "MalformedInput") && answer.message == nil)
        }
    }

    @Test("All users' credentials or one's: not both")
    func allUsersOrOne() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let both = try await server.ask(
                "ListServiceSpecificCredentials", ["AllUsers": "true", "UserName": "robot"])
            #expect(both.status == 400 && both.code == "ValidationError")
            #expect(both.message?.contains("cannot be specified together") == true)
            for parameters in [["AllUsers": "true"], ["AllUsers": "false", "UserName": "robot"]] {
                #expect(try await server.ask("ListServiceSpecificCredentials", parameters).status == 200)
            }
        }
    }
}
