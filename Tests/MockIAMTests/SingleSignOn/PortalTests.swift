import FoundationEssentials
import Logging
import Testing

@testable import MockIAM

@Suite("The portal of single sign-on")
struct PortalTests {
    private let account = MockIAM.Account(clock: .madeClock)

    private func get(
        _ target: String, _ server: MockIAM.Server, token: String? = MockIAM.TestSignOn.accessToken
    ) async throws -> RawAnswer {
        try await server.request("GET \(target)", headers: token.map { ["x-amz-sso_bearer_token": $0] } ?? [:])
    }

    private func credentials(
        _ server: MockIAM.Server, role: String = "SecurityAudit", token: String = MockIAM.TestSignOn.accessToken
    ) async throws -> RawAnswer {
        try await get(
            "/federation/credentials?role_name=\(role)&account_id=111122223333", server, token: token)
    }

    @Test("GetRoleCredentials gives credentials that work, for an hour")
    func getRoleCredentials() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let before = Date.now
            let answer = try await credentials(server)
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/json")
            let made = try #require(answer.json["roleCredentials"])
            #expect(made.names == ["accessKeyId", "expiration", "secretAccessKey", "sessionToken"])
            let expiration = try #require(made["expiration"]?.number)
            #expect(expiration == expiration.rounded())
            #expect(abs(expiration / 1000 - (before.timeIntervalSince1970 + 3600)) < 60)

            let key = SigningKey(
                id: made["accessKeyId"]?.text ?? "", secret: made["secretAccessKey"]?.text ?? "",
                token: made["sessionToken"]?.text)
            let caller = try await server.askSTS("GetCallerIdentity", as: key)
            #expect(caller.status == 200)
            let arn = try #require(caller.values("Arn").first)
            #expect(arn.hasPrefix("arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_SecurityAudit_"))
            #expect(arn.hasSuffix("/mock-user"))
            server.advanceClock(by: 3601)
            #expect(try await server.askSTS("GetCallerIdentity", as: key).code == "ExpiredToken")
        }
    }

    @Test("Each call gives other credentials, and the same in every run")
    func sameInEveryRun() async throws {
        func run() async throws -> [String] {
            try await MockIAM.run(account: account) { server async throws in
                var ids: [String] = []
                for _ in 0..<2 {
                    ids.append(try await credentials(server).json["roleCredentials"]?["accessKeyId"]?.text ?? "")
                }
                return ids
            }
        }
        let first = try await run()
        #expect(Set(first).count == 2)
        #expect(try await run() == first)
    }

    @Test("The session is denied what its role is denied")
    func denied() async throws {
        var account = account
        account.roles = [MockIAM.Role("AWSReservedSSO_Blind_0011223344556677", denied: ["iam:ListUsers"])]
        try await MockIAM.run(account: account) { server async throws in
            let made = try #require(try await credentials(server, role: "Blind").json["roleCredentials"])
            let key = SigningKey(
                id: made["accessKeyId"]?.text ?? "", secret: made["secretAccessKey"]?.text ?? "",
                token: made["sessionToken"]?.text)
            let caller = try await server.askSTS("GetCallerIdentity", as: key)
            #expect(caller.values("Arn").first?.contains("/AWSReservedSSO_Blind_0011223344556677/mock-user") == true)
            #expect(try await server.ask("ListUsers", as: key).code == "AccessDenied")
        }
    }

    @Test(
        "An unknown token, an ended one and none at all get 401, in the real portal's words",
        arguments: ["/federation/credentials?role_name=A&account_id=111122223333", "/assignment/accounts"])
    func unauthorized(target: String) async throws {
        try await MockIAM.run(account: account) { server async throws in
            for token in ["unknown", "", nil] {
                let answer = try await get(target, server, token: token)
                #expect(answer.status == 401)
                #expect(
                    answer.body
                        == #"{"message":"Session token not found or invalid","__type":"#
                        + #""com.amazonaws.switchboard.portal#UnauthorizedException"}"#)
            }
        }
    }

    @Test("After a logout the token is no longer good")
    func logout() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let headers = ["x-amz-sso_bearer_token": MockIAM.TestSignOn.accessToken]
            #expect(try await server.request("POST /logout", headers: headers).status == 200)
            #expect(try await credentials(server).status == 401)
            #expect(try await server.request("POST /logout", headers: headers).status == 401)
        }
    }

    @Test("A role that one hasn't is no access, an account that isn't there isn't found")
    func unknown() async throws {
        var account = account
        account.roles = [MockIAM.Role("Auditor")]
        try await MockIAM.run(account: account) { server async throws in
            let role = try await credentials(server, role: "Auditorr")
            #expect(role.status == 403)
            #expect(
                role.body
                    == #"{"message":"No access","__type":"com.amazonaws.switchboard.portal#ForbiddenException"}"#)
            let account = try await get("/federation/credentials?role_name=Auditor&account_id=999999999999", server)
            #expect(account.status == 404)
            #expect(account.json["__type"] == "com.amazonaws.switchboard.portal#ResourceNotFoundException")
            #expect(try await credentials(server, role: "Auditor").status == 200)
            #expect(
                server.journal.entries.map(\.outcome) == [
                    .failed(code: "ForbiddenException"), .failed(code: "ResourceNotFoundException"), .answered,
                ])
        }
    }

    @Test(
        "A request that lacks something, or has something wrong, gets 400",
        arguments: [
            "/federation/credentials?role_name=A", "/federation/credentials?account_id=111122223333",
            "/federation/credentials?role_name=A&account_id=1111",
            "/federation/credentials?role_name=A&account_id=11112222333x",
            "/assignment/roles", "/assignment/accounts?max_result=0", "/assignment/accounts?max_result=101",
            "/assignment/accounts?max_result=x", "/assignment/accounts?next_token=1",
        ])
    func invalidRequest(target: String) async throws {
        try await MockIAM.run(account: account) { server async throws in
            let answer = try await get(target, server)
            #expect(answer.status == 400)
            #expect(answer.json["__type"] == "com.amazonaws.switchboard.portal#InvalidRequestException")
        }
    }

    @Test("Another method gets 405")
    func method() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let answer = try await server.request("POST /federation/credentials", body: "{}")
            #expect(answer.status == 405)
            #expect(answer.json["__type"] == "com.amazonaws.switchboard.portal#MethodNotAllowedException")
        }
    }

    @Test("Accounts and roles are listed page by page")
    func lists() async throws {
        var second = MockIAM.Account(id: "444455556666", name: "second")
        second.roles = [
            MockIAM.Role("B"), MockIAM.Role("AWSReservedSSO_A_b_0011223344556677"), MockIAM.Role("C"),
        ]
        try await MockIAM.run(accounts: [account, second]) { server async throws in
            let accounts = try await get("/assignment/accounts", server).json
            #expect(accounts["nextToken"] == .null)
            #expect(
                accounts["accountList"]?.array?.last
                    == .object([
                        "accountId": "444455556666", "accountName": "second",
                        "emailAddress": "aws+444455556666@example.com",
                    ]))
            #expect(accounts["accountList"]?.array?.count == 2)

            let page = try await get("/assignment/roles?account_id=444455556666&max_result=2", server).json
            #expect(page["roleList"]?.array?.compactMap { $0["roleName"]?.text } == ["A_b", "B"])
            let token = try #require(page["nextToken"]?.text)
            let escaped = token.replacing("+", with: "%2B").replacing("=", with: "%3D").replacing("/", with: "%2F")
            let rest = try await get("/assignment/roles?account_id=444455556666&next_token=\(escaped)", server).json
            #expect(rest["roleList"] == .array([.object(["accountId": "444455556666", "roleName": "C"])]))
            #expect(rest["nextToken"] == .null)
            // A token of another account's list.
            let foreign = try await get("/assignment/roles?account_id=111122223333&next_token=\(escaped)", server)
            #expect(foreign.status == 400)
            let any = try await get("/assignment/roles?account_id=111122223333", server).json
            #expect(any["roleList"]?.array?.compactMap { $0["roleName"]?.text } == ["SecurityAudit"])
        }
    }

    @Test("A fault that throttles gets 429")
    func throttled() async throws {
        let plan = MockIAM.FaultPlan(rules: [MockIAM.FaultPlan.Rule(error: .code("Throttling"))])
        try await MockIAM.run(account: account, options: MockIAM.Options(faults: plan)) { server async throws in
            let answer = try await credentials(server)
            #expect(answer.status == 429)
            #expect(answer.json["__type"] == "com.amazonaws.switchboard.portal#TooManyRequestsException")
        }
    }

    @Test("The journal and the log know the request, and no secret")
    func journal() async throws {
        let lines = LoggedLines()
        let logger = Logger(label: "test") { _ in RememberingLogHandler(lines: lines) }
        try await MockIAM.run(account: account, options: MockIAM.Options(logger: logger)) { server async throws in
            _ = try await credentials(server)
            _ = try await credentials(server, token: "hush-hush")
            let entries = server.journal.entries
            #expect(entries.map(\.action) == ["GetRoleCredentials", "GetRoleCredentials"])
            #expect(
                entries.allSatisfy { $0.parameters == ["account_id": "111122223333", "role_name": "SecurityAudit"] })
            #expect(entries.first?.account == "111122223333")
            let told = lines.all.joined(separator: "\n") + "\(entries)"
            #expect(told.contains("GetRoleCredentials"))
            #expect(!told.contains("hush-hush") && !told.contains(MockIAM.TestSignOn.accessToken))
        }
    }

    @Test("The journal knows the account whose credentials were handed out")
    func journalAccount() async throws {
        try await MockIAM.run(accounts: [account, MockIAM.Account(id: "444455556666")]) { server in
            let answer = try await get("/federation/credentials?role_name=A&account_id=444455556666", server)
            #expect(answer.status == 200)
            #expect(server.journal.entries.map(\.account) == ["444455556666"])
        }
    }

    @Test("A server that replays a recording hands out credentials, too")
    func recording() async throws {
        try await MockIAM.run(MockIAM.Fixture.made([])) { server async throws in
            #expect(try await credentials(server).status == 200)
        }
    }
}
