import FoundationEssentials
import Logging
import Testing

@testable import MockIAM

@Suite("The OIDC service of single sign-on")
struct OpenIDTests {
    private let account = MockIAM.Account(clock: .madeClock)
    private static let deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

    private func post(_ path: String, _ members: [String: String], _ server: MockIAM.Server) async throws -> RawAnswer {
        let body = members.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",")
        return try await server.request(
            "POST \(path)", headers: ["Content-Type": "application/json"], body: "{\(body)}")
    }

    private func token(
        _ server: MockIAM.Server, _ members: [String: String], client: String = "mock-client",
        secret: String = "mock-client-secret"
    ) async throws -> RawAnswer {
        try await post("/token", members.merging(["clientId": client, "clientSecret": secret]) { $1 }, server)
    }

    private func refresh(
        _ server: MockIAM.Server, _ refreshToken: String, client: String = "mock-client",
        secret: String = "mock-client-secret"
    ) async throws -> RawAnswer {
        try await token(
            server, ["grantType": "refresh_token", "refreshToken": refreshToken], client: client, secret: secret)
    }

    private func portalStatus(_ server: MockIAM.Server, _ token: String) async throws -> Int {
        try await server.request("GET /assignment/accounts", headers: ["x-amz-sso_bearer_token": token]).status
    }

    @Test("A refresh token gives an access token for an hour, and a new refresh token, once")
    func refreshing() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let first = try await refresh(server, "mock-sso-refresh-token")
            #expect(first.status == 200)
            #expect(first.headers["content-type"] == "application/json")
            #expect(first.json["tokenType"] == "Bearer")
            #expect(first.json["expiresIn"] == 3600)
            let access = try #require(first.json["accessToken"]?.text)
            #expect(try await portalStatus(server, access) == 200)

            let again = try await refresh(server, "mock-sso-refresh-token")
            #expect(again.status == 400)
            #expect(again.body == #"{"error":"invalid_grant","error_description":"Invalid refresh token provided"}"#)
            #expect(
                again.headers["x-amzn-errortype"]
                    == "InvalidGrantException:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/")

            let second = try await refresh(server, first.json["refreshToken"]?.text ?? "")
            #expect(second.status == 200)
            #expect(second.json["accessToken"] != first.json["accessToken"])
            // The access token before stays good until it ends.
            #expect(try await portalStatus(server, access) == 200)
            server.advanceClock(by: 3600)
            #expect(try await portalStatus(server, access) == 401)
        }
    }

    @Test("After eight hours the user is signed out, whatever was refreshed")
    func sessionEnds() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let device = try await post(
                "/device_authorization",
                ["clientId": "mock-client", "clientSecret": "mock-client-secret", "startUrl": "https://x.example.com"],
                server)
            let code = device.json["deviceCode"]?.text ?? ""
            let grant = ["grantType": Self.deviceGrant, "deviceCode": code]
            _ = try await token(server, grant)
            var refreshToken = try await token(server, grant).json["refreshToken"]?.text ?? ""
            for _ in 0..<7 {
                server.advanceClock(by: 3600)
                refreshToken = try #require(try await refresh(server, refreshToken).json["refreshToken"]?.text)
            }
            server.advanceClock(by: 3600)
            #expect(try await refresh(server, refreshToken).json["error"] == "invalid_grant")
        }
    }

    @Test("A registered device gets its token once its user has signed in")
    func deviceFlow() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let client = try await post(
                "/client/register", ["clientName": "keywitness", "clientType": "public"], server)
            #expect(client.status == 200)
            let (id, secret) = (client.json["clientId"]?.text ?? "", client.json["clientSecret"]?.text ?? "")
            let issued = try #require(client.json["clientIdIssuedAt"]?.number)
            #expect(abs(issued - Date.now.timeIntervalSince1970) < 60)
            #expect(client.json["clientSecretExpiresAt"]?.number == issued + 90 * 86_400)

            let device = try await post(
                "/device_authorization",
                ["clientId": id, "clientSecret": secret, "startUrl": "https://x.awsapps.example.com/start"], server)
            #expect(device.status == 200)
            #expect(
                device.json.names == [
                    "deviceCode", "expiresIn", "interval", "userCode", "verificationUri", "verificationUriComplete",
                ])
            #expect(device.json["userCode"]?.text?.wholeMatch(of: /[A-Z]{4}-[A-Z]{4}/) != nil)
            #expect(device.json["interval"] == 1)

            let grant = ["grantType": Self.deviceGrant, "deviceCode": device.json["deviceCode"]?.text ?? ""]
            let pending = try await token(server, grant, client: id, secret: secret)
            #expect(pending.status == 400)
            #expect(
                pending.body
                    == #"{"error":"authorization_pending","error_description":"Authorization is still pending"}"#)
            #expect(pending.headers["x-amzn-errortype"]?.hasPrefix("AuthorizationPendingException:") == true)
            let granted = try await token(server, grant, client: id, secret: secret)
            #expect(granted.status == 200)
            #expect(try await portalStatus(server, granted.json["accessToken"]?.text ?? "") == 200)
            // The code is used up, and the refresh token is this client's.
            let used = try await token(server, grant, client: id, secret: secret)
            #expect(used.body == #"{"error":"invalid_grant","error_description":"Invalid grant provided"}"#)
            let refreshToken = granted.json["refreshToken"]?.text ?? ""
            #expect(try await refresh(server, refreshToken).json["error"] == "invalid_grant")
            #expect(try await refresh(server, refreshToken, client: id, secret: secret).status == 200)
            server.advanceClock(by: 90 * 86_400)
            #expect(try await refresh(server, refreshToken, client: id, secret: secret).status == 401)
        }
    }

    @Test("A device code ends after ten minutes, and is its client's only")
    func deviceCodeEnds() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let device = try await post(
                "/device_authorization",
                ["clientId": "mock-client", "clientSecret": "mock-client-secret", "startUrl": "https://x.example.com"],
                server)
            let client = try await post("/client/register", ["clientName": "c", "clientType": "public"], server)
            let grant = ["grantType": Self.deviceGrant, "deviceCode": device.json["deviceCode"]?.text ?? ""]
            let foreign = try await token(
                server, grant, client: client.json["clientId"]?.text ?? "",
                secret: client.json["clientSecret"]?.text ?? "")
            #expect(foreign.json["error"] == "invalid_grant")
            server.advanceClock(by: 600)
            let late = try await token(server, grant)
            #expect(late.status == 400)
            #expect(late.json["error"] == "expired_token")
            #expect(late.headers["x-amzn-errortype"]?.hasPrefix("ExpiredTokenException:") == true)
        }
    }

    @Test("Every error has OAuth's name of it, and AWS's")
    func errors() async throws {
        try await MockIAM.run(account: account) { server async throws in
            let good = ["grantType": "refresh_token", "refreshToken": "mock-sso-refresh-token"]
            for (answer, status, error, type) in [
                (try await token(server, good, secret: "wrong"), 401, "invalid_client", "InvalidClientException"),
                (try await token(server, good, client: "unknown"), 401, "invalid_client", "InvalidClientException"),
                (
                    try await token(server, ["grantType": "password"]), 400, "unsupported_grant_type",
                    "UnsupportedGrantTypeException"
                ),
                (
                    try await token(server, ["grantType": "refresh_token"]), 400, "invalid_request",
                    "InvalidRequestException"
                ),
                (try await token(server, [:]), 400, "invalid_request", "InvalidRequestException"),
                (
                    try await server.request("POST /token", body: "grant_type=refresh_token"), 400, "invalid_request",
                    "InvalidRequestException"
                ),
                (
                    try await post("/client/register", ["clientName": "c", "clientType": "private"], server), 400,
                    "invalid_client_metadata", "InvalidClientMetadataException"
                ),
                (
                    try await post("/device_authorization", ["clientId": "x", "clientSecret": "y"], server), 401,
                    "invalid_client", "InvalidClientException"
                ),
                (try await server.request("GET /token"), 405, "method_not_allowed", "MethodNotAllowedException"),
            ] {
                #expect(answer.status == status)
                #expect(answer.json["error"]?.text == error)
                #expect(answer.json["error_description"]?.text?.isEmpty == false)
                #expect(answer.headers["x-amzn-errortype"]?.hasPrefix("\(type):") == true)
            }
            #expect(try await token(server, good).status == 200)
        }
    }

    @Test("Faults come as OAuth errors")
    func faults() async throws {
        for (code, status, error) in [
            ("Throttling", 400, "slow_down"), ("InternalFailure", 500, "internal_server"),
            ("AccessDenied", 400, "access_denied"), ("ExpiredToken", 400, "expired_token"),
        ] {
            let plan = MockIAM.FaultPlan(rules: [MockIAM.FaultPlan.Rule(error: .code(code))])
            try await MockIAM.run(account: account, options: MockIAM.Options(faults: plan)) { server async throws in
                let answer = try await refresh(server, "mock-sso-refresh-token")
                #expect(answer.status == status)
                #expect(answer.json["error"]?.text == error)
            }
        }
    }

    @Test("The journal and the log know the request, and no secret")
    func journal() async throws {
        let lines = LoggedLines()
        let logger = Logger(label: "test") { _ in RememberingLogHandler(lines: lines) }
        try await MockIAM.run(account: account, options: MockIAM.Options(logger: logger)) { server async throws in
            let answer = try await refresh(server, "mock-sso-refresh-token")
            _ = try await refresh(server, "hush-hush")
            let entries = server.journal.entries
            #expect(entries.map(\.action) == ["CreateToken", "CreateToken"])
            #expect(entries.first?.parameters == ["clientId": "mock-client", "grantType": "refresh_token"])
            let told = lines.all.joined(separator: "\n") + "\(entries)"
            let secrets = [
                "hush-hush", "mock-sso-refresh-token", "mock-client-secret", answer.json["accessToken"]?.text ?? "-",
                answer.json["refreshToken"]?.text ?? "-",
            ]
            #expect(told.contains("CreateToken"))
            #expect(secrets.allSatisfy { !told.contains($0) })
        }
    }
}
