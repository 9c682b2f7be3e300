import FoundationEssentials
import Synchronization
import Testing

@testable import AWSClient

/// An endpoint that is out for a while, as when it is started anew.
@Suite struct OutageTests {
    /// After some calls nobody listens to the first attempts of any.
    private final class Flaky: Transport {
        private let count = Mutex(0)
        private let answered: Int
        private let refused: Int

        init(answered: Int, refused: Int) {
            self.answered = answered
            self.refused = refused
        }

        var attempts: Int { count.withLock(\.self) }

        func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
            let number = count.withLock { count in
                count += 1
                return count
            }
            guard number <= answered || call.attempt > refused else {
                throw TransportError(.unreachable, reason: "connection refused")
            }
            return HTTPResponse(
                status: 200,
                body: Array("<ListUsersResponse><ListUsersResult><Users/></ListUsersResult></ListUsersResponse>".utf8))
        }
    }

    private func client(_ transport: Flaky) throws -> AWSClient {
        AWSClient(
            credentials: CredentialProvider(
                Credentials(accessKeyID: "test", secretAccessKey: Secret("test"), origin: "test")),
            endpoints: try Endpoints(region: "us-east-1"), transport: transport, userAgent: "test",
            clock: ClientClock(
                now: { Date(timeIntervalSince1970: 0) }, uptime: { .zero }, sleep: { _ in },
                random: { 0.5 }))
    }

    @Test func `once answers have come, as many attempts wait for its end as throttles get`() async throws {
        let transport = Flaky(answered: 1, refused: 7)
        let client = try client(transport)
        for _ in 0..<2 { _ = try await client.send(ListUsers()) }
        #expect(transport.attempts == 1 + 8)
    }

    @Test func `an endpoint that never answered is given up soon`() async throws {
        let transport = Flaky(answered: 0, refused: 7)
        let client = try client(transport)
        let error = await #expect(throws: AWSError.self) { try await client.send(ListUsers()) }
        #expect(error?.attempts == 3)
    }

    @Test func `calls that are under way at the same time all outlast it`() async throws {
        let transport = Flaky(answered: 1, refused: 5)
        let client = try client(transport)
        _ = try await client.send(ListUsers())
        // More than the quota of retries would allow.
        try await withThrowingTaskGroup { group in
            for _ in 0..<64 { group.addTask { _ = try await client.send(ListUsers()) } }
            try await group.waitForAll()
        }
    }
}
