import FoundationEssentials
import Testing

@testable import MockIAM

@Suite("Container credentials")
struct ContainerTests {
    private let account = MockIAM.Account(clock: .madeClock)

    @Test(
        "They work, with the token and without",
        arguments: ["/container/credentials", "/container/credentials/any/thing?a=b", "/v2/credentials/0123-4567"],
        [MockIAM.testContainerToken, nil])
    func credentials(path: String, token: String?) async throws {
        try await MockIAM.run(account: account) { server async throws in
            let answer = try await server.request("GET \(path)", headers: token.map { ["Authorization": $0] } ?? [:])
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/json")
            #expect(answer.json.names == ["AccessKeyId", "Expiration", "RoleArn", "SecretAccessKey", "Token"])
            #expect(answer.json["RoleArn"] == "arn:aws:iam::111122223333:role/mock-task-role")
            let expiration = try Date(answer.json["Expiration"]?.text ?? "", strategy: .iso8601)
            #expect(abs(expiration.timeIntervalSinceNow - 6 * 3600) < 60)
            let caller = try await server.askSTS("GetCallerIdentity", as: answer.containerKey)
            #expect(caller.values("Arn").first?.contains("assumed-role/mock-task-role/") == true)
            #expect(server.journal.entries.first?.action == "GetContainerCredentials")
            #expect(server.journal.entries.first?.account == "111122223333")
        }
    }

    @Test("They stay the same until they are about to expire or are ended")
    func rotation() async throws {
        try await MockIAM.run(account: account) { server async throws in
            func id() async throws -> String? {
                try await server.request("GET /container/credentials").json["AccessKeyId"]?.text
            }
            let first = try await id()
            #expect(try await id() == first)
            server.advanceClock(by: 5 * 3600)
            #expect(try await id() == first)
            server.advanceClock(by: 3600 - 200)
            let second = try await id()
            #expect(second != first)
            #expect(try await server.request("POST /_mock/sessions/expire").status == 200)
            #expect(try await id() != second)
        }
    }

    @Test("Whoever asks at the same time gets the same")
    func parallel() async throws {
        try await MockIAM.run(account: account) { server async throws in
            for _ in 1...10 {
                server.serve([account])
                let ids = try await withThrowingTaskGroup(of: String?.self) { group in
                    for _ in 1...16 {
                        group.addTask {
                            try await server.request("GET /container/credentials").json["AccessKeyId"]?.text
                        }
                    }
                    return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
                }
                #expect(ids.count == 1)
            }
        }
    }

    @Test("The role is one of the account's, where its roles are told")
    func role() async throws {
        var account = account
        account.roles = [MockIAM.Role("A", path: "/x/"), MockIAM.Role("mock-task-role"), MockIAM.Role("B")]
        try await MockIAM.run(account: account) { server async throws in
            let named = try await server.request("GET /container/credentials")
            #expect(named.json["RoleArn"] == "arn:aws:iam::111122223333:role/mock-task-role")
            account.roles?.remove(at: 1)
            server.serve([account])
            let first = try await server.request("GET /container/credentials")
            #expect(first.json["RoleArn"] == "arn:aws:iam::111122223333:role/x/A")
            account.roles = []
            server.serve([account])
            let none = try await server.request("GET /v2/credentials/1")
            #expect(none.status == 400)
            #expect(
                none.body
                    == #"{"code":"InvalidIdInRequest","message":"CredentialsV2Request: Credentials not found","#
                    + #""HTTPErrorCode":400}"#)
        }
    }

    @Test("Another token gets 401, in a line of text, and stays out of the journal")
    func wrongToken() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let answer = try await server.request(
                "GET /container/credentials", headers: ["Authorization": "hush-hush"])
            #expect(answer.status == 401)
            #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
            #expect(answer.body.contains("(InvalidTokenException)"))
            #expect(!"\(server.journal.entries)".contains("hush"))
        }
    }

    @Test("ECS wants an id, and GET")
    func ecs() async throws {
        try await MockIAM.run(account: account) { server async throws in
            for path in ["/v2/credentials", "/v2/credentials/"] {
                let answer = try await server.request("GET \(path)")
                #expect(answer.status == 400)
                #expect(answer.json["code"] == "NoIdInRequest")
                #expect(answer.json["HTTPErrorCode"] == 400)
            }
            #expect(try await server.request("POST /v2/credentials/1", body: "{}").status == 405)
            #expect(try await server.request("GET /v2/credentialsX").status == 404)
        }
    }
}

extension RawAnswer {
    /// The key of a container's or an instance's credentials.
    var containerKey: SigningKey {
        SigningKey(
            id: json["AccessKeyId"]?.text ?? "", secret: json["SecretAccessKey"]?.text ?? "",
            token: json["Token"]?.text)
    }
}
