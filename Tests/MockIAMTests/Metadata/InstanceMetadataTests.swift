import FoundationEssentials
import Testing

@testable import MockIAM

@Suite("The instance metadata service")
struct InstanceMetadataTests {
    private let account = MockIAM.Account(clock: .madeClock)
    private static let credentials = "/latest/meta-data/iam/security-credentials/"

    private func token(_ server: MockIAM.Server, ttl: String = "21600") async throws -> String {
        let answer = try await server.request(
            "PUT /latest/api/token", headers: ["X-aws-ec2-metadata-token-ttl-seconds": ttl])
        #expect(answer.status == 200)
        #expect(answer.headers["x-aws-ec2-metadata-token-ttl-seconds"] == ttl)
        return answer.body
    }

    private func get(_ path: String, _ server: MockIAM.Server, token: String?) async throws -> RawAnswer {
        try await server.request("GET \(path)", headers: token.map { ["X-aws-ec2-metadata-token": $0] } ?? [:])
    }

    @Test("A session leads from the token to the role to credentials that work")
    func walk() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let token = try await token(server)
            #expect(token.utf8.count == 56)
            let role = try await get(Self.credentials, server, token: token)
            #expect(role.status == 200)
            #expect(role.body == "mock-instance-role")
            #expect(role.headers["content-type"] == "text/plain")
            #expect(role.headers["server"] == "EC2ws")

            let answer = try await get(Self.credentials + role.body, server, token: token)
            #expect(answer.json["Code"] == "Success")
            #expect(answer.json["Type"] == "AWS-HMAC")
            let updated = try Date(answer.json["LastUpdated"]?.text ?? "", strategy: .iso8601)
            let expiration = try Date(answer.json["Expiration"]?.text ?? "", strategy: .iso8601)
            #expect(abs(updated.timeIntervalSinceNow) < 60)
            #expect(abs(expiration.timeIntervalSince(updated) - 6 * 3600) <= 1)
            let caller = try await server.askSTS("GetCallerIdentity", as: answer.containerKey)
            let arn = try #require(caller.values("Arn").first)
            let id = try await get("/latest/meta-data/instance-id", server, token: token).body
            #expect(arn == "arn:aws:sts::111122223333:assumed-role/mock-instance-role/\(id)")
            #expect(id.wholeMatch(of: /i-[0-9a-f]{17}/) != nil)
            #expect(try await get(Self.credentials + role.body, server, token: token).body == answer.body)
        }
    }

    @Test("Version 1 is refused: without a token, or with one that isn't, there is 401")
    func unauthorized() async throws {
        try await MockIAM.run(account: account) { server async throws in
            for token in [nil, "", "AQAAANjX"] {
                let answer = try await get(Self.credentials, server, token: token)
                #expect(answer.status == 401)
                #expect(answer.headers["content-type"] == "text/html")
                #expect(answer.body.contains("<h1>401 - Unauthorized</h1>"))
            }
        }
    }

    @Test("A token ends when it was said to")
    func tokenEnds() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let token = try await token(server, ttl: "300")
            server.advanceClock(by: 200)
            let answer = try await get(Self.credentials, server, token: token)
            #expect(answer.status == 200)
            #expect(
                answer.headers["x-aws-ec2-metadata-token-ttl-seconds"].flatMap { Int($0) }.map { $0 <= 100 } == true)
            server.advanceClock(by: 100)
            #expect(try await get(Self.credentials, server, token: token).status == 401)
        }
    }

    @Test("A token lasts from a second to six hours", arguments: ["0", "21601", "-1", "x", "", nil])
    func wrongTTL(ttl: String?) async throws {
        try await MockIAM.run(account: account) { server async throws in
            let headers = ttl.map { ["X-aws-ec2-metadata-token-ttl-seconds": $0] } ?? [:]
            let answer = try await server.request("PUT /latest/api/token", headers: headers)
            #expect(answer.status == 400)
            #expect(answer.body.contains("400 - Bad Request"))
        }
    }

    @Test("What a proxy passes on gets no token, and only PUT gets one")
    func refusedToken() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let ttl = ["X-aws-ec2-metadata-token-ttl-seconds": "60"]
            let forwarded = ttl.merging(["X-Forwarded-For": "10.0.0.1"]) { $1 }
            #expect(try await server.request("PUT /latest/api/token", headers: forwarded).status == 403)
            let get = try await server.request("GET /latest/api/token", headers: ttl)
            #expect(get.status == 405)
            #expect(get.headers["allow"] == "OPTIONS, PUT")
        }
    }

    @Test("Region, zone, profile and identity document are there, and folders list what is in them")
    func tree() async throws {
        var account = account
        account.partition = "aws-us-gov"
        account.roles = [MockIAM.Role("A")]
        try await MockIAM.run(account: account) { server async throws in
            let token = try await token(server)
            func text(_ path: String) async throws -> String {
                try await get("/latest/\(path)", server, token: token).body
            }
            #expect(try await text("meta-data/placement/region") == "us-gov-west-1")
            #expect(try await text("meta-data/placement/availability-zone") == "us-gov-west-1a")
            #expect(try await text("meta-data/placement/availability-zone/") == "us-gov-west-1a")
            #expect(try await text("") == "dynamic/\nmeta-data/")
            #expect(try await text("meta-data/") == "iam/\ninstance-id\ninstance-type\nplacement/")
            #expect(try await text("meta-data/iam") == "info\nsecurity-credentials/")
            let document = try await get("/latest/dynamic/instance-identity/document", server, token: token).json
            #expect(document["accountId"] == "111122223333")
            #expect(document["region"] == "us-gov-west-1")
            let info = try await get("/latest/meta-data/iam/info", server, token: token).json
            #expect(info["InstanceProfileArn"] == "arn:aws-us-gov:iam::111122223333:instance-profile/A")
            #expect(info["Code"] == "Success")
        }
    }

    @Test(
        "What isn't there gets a page that says so",
        arguments: ["meta-data/nothing", "meta-data/iam/security-credentials/other"])
    func notFound(path: String) async throws {
        try await MockIAM.run(account: account) { server async throws in
            let answer = try await get("/latest/\(path)", server, token: try await token(server))
            #expect(answer.status == 404)
            #expect(answer.body.contains("<title>404 - Not Found</title>"))
            #expect(server.journal.entries.last?.action == "IMDS /latest/\(path)")
            #expect(server.journal.entries.last?.outcome == .failed(code: "NotFound"))
        }
    }

    @Test("An instance without a role has no credentials")
    func noRole() async throws {
        var account = account
        account.roles = []
        try await MockIAM.run(account: account) { server async throws in
            let token = try await token(server)
            #expect(try await get(Self.credentials, server, token: token).status == 404)
            #expect(try await get("/latest/meta-data/placement/region", server, token: token).status == 200)
        }
    }

    @Test("A reset forgets the tokens")
    func reset() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let token = try await token(server)
            #expect(try await server.request("POST /_mock/reset").status == 200)
            #expect(try await get(Self.credentials, server, token: token).status == 401)
        }
    }

    @Test("Faults come as pages for people")
    func faults() async throws {
        let plan = MockIAM.FaultPlan(rules: [MockIAM.FaultPlan.Rule(error: .status(503))])
        try await MockIAM.run(account: account, options: MockIAM.Options(faults: plan)) { server async throws in
            let answer = try await server.request("PUT /latest/api/token")
            #expect(answer.status == 503)
            #expect(answer.body.contains("<h1>503 - Service Unavailable</h1>"))
        }
    }
}
