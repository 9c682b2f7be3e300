import AWSClient
import FoundationEssentials
import MockIAM
import Testing

/// A machine whose clock is wrong. AWS takes signatures of 15 minutes around its own.
@Suite struct ClockSkewTests {
    private func client(
        _ server: MockIAM.Server, _ transport: some Transport, off seconds: TimeInterval, secret: String = "test"
    ) throws -> AWSClient {
        let url = try #require(EndpointURL(server.endpointURL))
        return AWSClient(
            credentials: CredentialProvider(
                Credentials(accessKeyID: "test", secretAccessKey: Secret(secret), origin: "test")),
            endpoints: try Endpoints(region: "us-east-1", urls: [.iam: url, .sts: url]), transport: transport,
            userAgent: "test",
            clock: ClientClock(
                now: { server.clock + seconds }, uptime: { .zero },
                sleep: { (_: Duration) in Issue.record("nothing is waited for") }))
    }

    @Test(arguments: [3600.0, -3600.0, 34_560_000.0] as [TimeInterval])
    func `it is told by the first refusal, and is right from then on`(seconds: TimeInterval) async throws {
        try await MockIAM.run(account: MockIAM.Account(clock: Machine.now)) { server in
            try await withTransport { transport in
                let client = try client(server, transport, off: seconds)
                #expect(client.correctedClockSkew == nil)
                for _ in 0..<3 { _ = try await client.send(ListUsers()) }
                #expect(client.correctedClockSkew == -seconds)
                #expect(server.journal.entries.map(\.status) == [403, 200, 200, 200])
            }
        }
    }

    @Test func `a clock within AWS's window is left alone`() async throws {
        try await MockIAM.run(account: MockIAM.Account(clock: Machine.now)) { server in
            try await withTransport { transport in
                let client = try client(server, transport, off: 14 * 60)
                _ = try await client.send(ListUsers())
                #expect(client.correctedClockSkew == nil)
            }
        }
    }

    @Test func `a wrong secret isn't taken for a wrong clock`() async throws {
        try await MockIAM.run(account: MockIAM.Account(clock: Machine.now)) { server in
            try await withTransport { transport in
                let client = try client(server, transport, off: 0, secret: "wrong")
                let error = await #expect(throws: AWSError.self) { try await client.send(ListUsers()) }
                #expect(error?.code == "SignatureDoesNotMatch")
                #expect(error?.attempts == 1)
                let both = try self.client(server, transport, off: 7200, secret: "wrong")
                let second = await #expect(throws: AWSError.self) { try await both.send(ListUsers()) }
                #expect(second?.attempts == 2)
            }
        }
    }
}
