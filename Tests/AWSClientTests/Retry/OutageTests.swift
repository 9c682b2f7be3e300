import FoundationEssentials
import Synchronization
import Testing

@testable import AWSClient

/// An endpoint that is out for a while, as when it is started anew, or AWS that answers nothing but errors.
@Suite struct OutageTests {
    // MARK: Attempts

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

    // MARK: Patience

    /// Answers after 60 ms, but not while it is out.
    private struct Outage: Transport {
        enum Form: CaseIterable { case error, page, silence, reset, nobody, throttles }

        var time: VirtualTime
        /// In seconds.
        var span: Range<Double>
        var form: Form
        /// Whom alone it concerns.
        var key: String?
        var answer = HTTPResponse.neverUsed

        func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
            await time.sleep(.milliseconds(60))
            let parameters = String(decoding: request.body, as: UTF8.self).split(separator: "&")
            let isConcerned = key.map { parameters.contains("AccessKeyId=\($0)") } ?? true
            guard isConcerned, span.contains(time.now / .seconds(1)) else { return answer }
            switch form {
            case .error: return .awsError("ServiceUnavailable", status: 503)
            case .throttles: return .awsError("Throttling", status: 400)
            case .page: return HTTPResponse(status: 502, body: Array("<html>Bad gateway</html>".utf8))
            case .silence:
                await time.sleep(.seconds(20))
                throw TransportError(.timedOut, reason: "no whole answer in time")
            case .reset: throw TransportError(.interrupted, reason: "connection reset")
            case .nobody: throw TransportError(.unreachable, reason: "connection refused")
            }
        }
    }

    private static let patient = RetryPolicy(patience: RetryPolicy.usualPatience)

    private func scan(
        _ span: Range<Double>, _ form: Outage.Form = .error, of key: String? = nil, calls: Int = 1000,
        answer: HTTPResponse = .neverUsed, retry: RetryPolicy = Self.patient
    ) async throws -> (failures: [AWSError], seconds: Double) {
        let time = VirtualTime()
        let failures = try await VirtualScan(calls: calls, concurrency: 20, retry: retry)
            .run(in: time, transport: Outage(time: time, span: span, form: form, key: key, answer: answer))
        return (failures, time.now / .seconds(1))
    }

    @Test(.timeLimit(.minutes(1)), arguments: Outage.Form.allCases)
    private func `an outage of a minute costs a scan no call, and little more than its own time`(
        form: Outage.Form
    ) async throws {
        let run = try await scan(1..<61, form)
        #expect(run.failures.isEmpty)
        // The calls themselves take three seconds; after throttles they aren't sent as fast as before.
        #expect(run.seconds < 61 + (form == .throttles ? 45 : 15), "\(run.seconds)")
    }

    @Test(.timeLimit(.minutes(1)))
    func `one that goes on for longer ends the patience of all calls together`() async throws {
        let run = try await scan(1..<10_000)
        #expect(run.failures.count > 500)
        #expect(run.failures.allSatisfy { $0.code?.rawValue == "ServiceUnavailable" })
        #expect(run.seconds < 1 + 120 + 60)
    }

    @Test(.timeLimit(.minutes(1)))
    func `an answer that stays broken is given up within it, and delays no other`() async throws {
        let run = try await scan(0..<10_000, of: VirtualScan.key(100))
        #expect(run.failures.count == 1)
        #expect(run.seconds < 121)
        let attempts = try #require(run.failures.first).attempts
        #expect((6...10).contains(attempts), "\(attempts)")
    }

    @Test(.timeLimit(.minutes(1)))
    func `an operation that never was answered is given up after its attempts`() async throws {
        let run = try await scan(0..<10_000, calls: 20)
        #expect(run.failures.map(\.attempts) == Array(repeating: 3, count: 20))
        #expect(run.seconds < 10)
    }

    @Test(.timeLimit(.minutes(1)))
    func `that AWS knows nothing of it is an answer, too`() async throws {
        let run = try await scan(
            0..<10, of: VirtualScan.key(100), answer: .awsError("NoSuchEntity", status: 404))
        #expect(run.failures.count == 1000)
        #expect(run.failures.allSatisfy { $0.code?.rawValue == "NoSuchEntity" })
    }

    @Test(.timeLimit(.minutes(1)))
    func `where nobody listens, even an operation waits that was never answered`() async throws {
        let time = VirtualTime()
        let client = try VirtualScan(calls: 0, retry: Self.patient)
            .client(in: time, transport: Outage(time: time, span: 1..<60, form: .nobody))
        let attempts = try await time.run {
            _ = try await client.send(GetAccessKeyLastUsed(accessKeyID: "AKIA1"))
            await time.sleep(.seconds(1))
            // What it is answered doesn't matter, if it is.
            do throws(AWSError) { _ = try await client.send(ListUsers()) } catch {
                guard case .unreadable = error.reason else { throw error }
                return error.attempts
            }
            return 0
        }
        #expect(attempts > 8)
        #expect(time.now < .seconds(60 + 40))
    }

    @Test(.timeLimit(.minutes(1)))
    func `where somebody has said how often to try, it stays at that`() async throws {
        let run = try await scan(1..<10_000, retry: RetryPolicy(attempts: 2, throttledAttempts: 2))
        #expect(run.failures.count > 500)
        #expect(run.failures.allSatisfy { $0.attempts <= 2 })
    }
}
