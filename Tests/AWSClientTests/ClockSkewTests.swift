import FoundationEssentials
import MockIAM
import Synchronization
import Testing

@testable import AWSClient

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

    /// AWS's services don't agree on the word.
    @Test(arguments: ["RequestExpired", "RequestTimeTooSkewed", "SignatureDoesNotMatch", "InvalidSignatureException"])
    func `whatever a refusal is called, its date tells of the clock`(code: String) async throws {
        let date = HTTPHeader(name: "Date", value: "Sun, 22 Nov 2026 22:45:00 GMT")
        let transport = Scripted([.refusal(code, status: 403, headers: [date]), .identity])
        let client = AWSClient(
            credentials: CredentialProvider(
                Credentials(accessKeyID: "test", secretAccessKey: Secret("test"), origin: "test")),
            endpoints: try Endpoints(region: "us-east-1"), transport: transport, userAgent: "test",
            clock: ClientClock(now: { Machine.now }, uptime: { .zero }, sleep: { _ in }))
        _ = try await client.send(GetCallerIdentity())
        #expect(client.correctedClockSkew == 7200)
        #expect(transport.asked.count == 2)
    }

    /// What else is under way is refused as well, and each of these answers took a time of its own.
    @Test func `who says nearly the same as the first changes nothing`() {
        let skew = ClockSkew()
        #expect(skew.correct(by: Machine.now + 600, signed: Machine.now, sent: Machine.now))
        #expect(skew.correct(by: Machine.now + 610, signed: Machine.now, sent: Machine.now + 5))
        #expect(skew.correction == 600)
        #expect(skew.correct(by: Machine.now + 7200, signed: Machine.now, sent: Machine.now + 5))
        #expect(skew.correction == 7195)
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

    /// Refuses the first attempts of so many calls for their clock, all at once, then fails as often as it is told.
    private final class Jump: Transport {
        private struct State {
            var waiting: [CheckedContinuation<Void, Never>] = []
            var failures: Int
        }

        private let calls: Int
        private let state: Mutex<State>

        init(calls: Int, failures: Int = 0) {
            self.calls = calls
            state = Mutex(State(failures: failures))
        }

        func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
            guard call.attempt == 1 else {
                let fails = state.withLock { state in
                    state.failures -= 1
                    return state.failures >= 0
                }
                return fails ? Self.answer(503, "ServiceUnavailable") : Self.identity
            }
            await withCheckedContinuation { continuation in
                let all = state.withLock { state in
                    state.waiting.append(continuation)
                    return state.waiting.count == calls ? state.waiting : []
                }
                for continuation in all { continuation.resume() }
            }
            return Self.answer(403, "RequestTimeTooSkewed")
        }

        private static let date = HTTPHeader(name: "Date", value: "Sun, 22 Nov 2026 20:45:00 GMT")

        private static func answer(_ status: Int, _ code: String) -> HTTPResponse {
            HTTPResponse(
                status: status, headers: [date],
                body: Array("<ErrorResponse><Error><Code>\(code)</Code><Message/></Error></ErrorResponse>".utf8))
        }

        private static let identity = HTTPResponse(
            status: 200, headers: [date],
            body: Array(
                """
                <GetCallerIdentityResponse><GetCallerIdentityResult><UserId>U</UserId><Account>111122223333</Account>\
                <Arn>arn:aws:iam::111122223333:user/u</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>
                """.utf8))
    }

    private func client(_ jump: Jump, retry: RetryPolicy = RetryPolicy(mode: .standard)) throws -> AWSClient {
        AWSClient(
            credentials: CredentialProvider(
                Credentials(accessKeyID: "test", secretAccessKey: Secret("test"), origin: "test")),
            endpoints: try Endpoints(region: "us-east-1"), transport: jump, retry: retry, userAgent: "test",
            clock: ClientClock(now: { Machine.now + 3600 }, uptime: { .zero }, sleep: { (_: Duration) in }))
    }

    @Test(.timeLimit(.minutes(1)))
    func `where it jumps while many requests are under way, each of them is signed again`() async throws {
        let client = try client(Jump(calls: 20))
        try await withThrowingDiscardingTaskGroup { group in
            for _ in 0..<20 { group.addTask { _ = try await client.send(GetCallerIdentity()) } }
        }
        #expect(client.correctedClockSkew == -3600)
    }

    @Test func `setting it right isn't one of a call's retries`() async throws {
        let retry = RetryPolicy(mode: .standard, attempts: 2, throttledAttempts: 2)
        _ = try await client(Jump(calls: 1, failures: 1), retry: retry).send(GetCallerIdentity())
        let error = await #expect(throws: AWSError.self) {
            try await client(Jump(calls: 1, failures: 2), retry: retry).send(GetCallerIdentity())
        }
        #expect(error?.attempts == 3)
    }

    @Test func `a wrong secret isn't taken for a wrong clock`() async throws {
        try await MockIAM.run(account: MockIAM.Account(clock: Machine.now)) { server in
            try await withTransport { transport in
                let client = try client(server, transport, off: 0, secret: "wrong")
                let error = await #expect(throws: AWSError.self) { try await client.send(ListUsers()) }
                #expect(error?.code?.rawValue == "SignatureDoesNotMatch")
                #expect(error?.attempts == 1)
                let both = try self.client(server, transport, off: 7200, secret: "wrong")
                let second = await #expect(throws: AWSError.self) { try await both.send(ListUsers()) }
                #expect(second?.attempts == 2)
            }
        }
    }
}
