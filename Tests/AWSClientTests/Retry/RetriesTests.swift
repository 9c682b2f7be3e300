import FoundationEssentials
import Synchronization
import Testing

@testable import AWSClient

/// What keeps a client from trying without end, and from sending too fast.
@Suite struct RetriesTests {
    /// How many attempts each of some calls has that are made one after the other, and fail.
    private func attempts(
        of calls: Int, after successes: Int = 0, _ outcome: Scripted.Outcome
    ) async throws -> [Int] {
        let transport = Scripted(Array(repeating: .identity, count: successes) + [outcome])
        let client = AWSClient(
            credentials: CredentialProvider(
                Credentials(accessKeyID: "test", secretAccessKey: Secret("test"), origin: "test")),
            endpoints: try Endpoints(region: "us-east-1"), transport: transport,
            retry: RetryPolicy(mode: .standard, attempts: 60, throttledAttempts: 60), userAgent: "test",
            clock: ClientClock(uptime: { .zero }, sleep: { _ in }))
        for _ in 0..<successes { _ = try await client.send(GetCallerIdentity()) }
        var attempts: [Int] = []
        for _ in 0..<calls {
            let error = await #expect(throws: AWSError.self) { try await client.send(GetCallerIdentity()) }
            attempts.append(error?.attempts ?? 0)
        }
        return attempts
    }

    /// A success gives back what a retry took, and no more; a call that has ended is under way no longer.
    @Test func `however many calls went well one after the other, the quota is what it was`() async throws {
        #expect(try await attempts(of: 3, after: 60, .status(500)) == [60, 42, 1])
    }

    @Test func `a retry after a time-out costs twice what others cost`() async throws {
        #expect(try await attempts(of: 2, .failure(.timedOut)) == [51, 1])
        #expect(try await attempts(of: 3, .failure(.interrupted)) == [60, 42, 1])
    }

    @Test func `where nobody ever answered, retries have the quota as well`() async throws {
        #expect(try await attempts(of: 3, .failure(.unreachable)) == [60, 42, 1])
    }

    // MARK: Rates

    @Test func `a rate of one's own holds, however much more AWS takes after a throttle`() {
        let limiter = RateLimiter(maximum: 5, adapts: true)
        let now = Duration.seconds(1)
        limiter.throttled(limiter.reserve(at: now), at: now)
        for _ in 0..<200 { limiter.accepted(at: now) }
        let (first, second) = (limiter.reserve(at: now), limiter.reserve(at: now))
        #expect(second.time - first.time > .milliseconds(199))
    }

    /// An account whose users are half of them gone has its limit all the same.
    @Test func `what AWS refuses for another reason than its rate, it has taken`() async {
        let slept = Mutex<[Duration]>([])
        let clock = ClientClock(uptime: { .seconds(1) }, sleep: { delay in slept.withLock { $0.append(delay) } })
        let retries = Retries(RetryPolicy(mode: .adaptive), clock: clock)
        func service(_ code: String, _ status: Int) -> AWSError.Reason {
            .service(code: code, message: "", status: status)
        }
        var call = retries.newCall(of: "ListAccessKeys", to: .iam)
        #expect(await retries.admit(&call))
        retries.note(service("Throttling", 400), call)
        for _ in 0..<40 { retries.note(service("NoSuchEntity", 404), call) }
        for _ in 0..<2 { #expect(await retries.admit(&call)) }
        // From one request in two seconds the rate has doubled twice.
        #expect(slept.withLock(\.self) == [.seconds(2), .milliseconds(2500)])
    }
}
