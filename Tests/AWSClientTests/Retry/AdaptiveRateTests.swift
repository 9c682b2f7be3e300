import AWSClient
import FoundationEssentials
import Synchronization
import Testing

/// A server that throttles as AWS does, by a token bucket, in time that is only virtual.
private final class ThrottlingServer: Transport {
    struct Tally {
        var accepted = 0
        var throttled = 0
        var tokens: Double
        var filled = Duration.zero

        var wasted: Double { Double(throttled) / Double(accepted + throttled) }
    }

    private let rate: Mutex<Double>
    private let burst: Double
    private let latency: Duration
    private let time: VirtualTime
    private let state: Mutex<Tally>

    init(rate: Double, burst: Double, latency: Duration = .milliseconds(60), time: VirtualTime) {
        self.rate = Mutex(rate)
        self.burst = burst
        self.latency = latency
        self.time = time
        state = Mutex(Tally(tokens: burst))
    }

    var tally: Tally { state.withLock { $0 } }

    func change(rate: Double) { self.rate.withLock { $0 = rate } }

    func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
        await time.sleep(latency / 2)
        let now = time.now
        let rate = rate.withLock { $0 }
        let isAccepted = state.withLock { state in
            let elapsed = (now - state.filled) / .seconds(1)
            state.tokens = min(burst, state.tokens + elapsed * rate)
            state.filled = now
            guard state.tokens >= 1 else {
                state.throttled += 1
                return false
            }
            state.tokens -= 1
            state.accepted += 1
            return true
        }
        await time.sleep(latency / 2)
        return isAccepted ? .neverUsed : .awsError("Throttling", status: 400)
    }
}

@Suite(.serialized) struct AdaptiveRateTests {
    private struct Run {
        var seconds: Double
        var tally: ThrottlingServer.Tally
        var failures: Int
    }

    private func run(
        calls: Int, rate: Double, burst: Double, retry: RetryPolicy = RetryPolicy(), concurrency: Int = 10,
        newRate: (after: Int, rate: Double)? = nil
    ) async throws -> Run {
        let time = VirtualTime()
        let server = ThrottlingServer(rate: rate, burst: burst, time: time)
        let failures = try await VirtualScan(calls: calls, concurrency: concurrency, retry: retry)
            .run(in: time, transport: server) { number in
                if let newRate, number == newRate.after { server.change(rate: newRate.rate) }
            }
        return Run(seconds: time.now / .seconds(1), tally: server.tally, failures: failures.count)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            (calls: 1500, rate: 20.0, burst: 20.0), (1500, 20.0, 100.0), (3000, 50.0, 50.0), (1000, 5.0, 5.0),
            (2000, 20.0, 10.0),
            (1000, 10.0, 40.0), (5000, 100.0, 200.0), (2000, 3.0, 20.0),
        ])
    func `against a token bucket it takes 1.3 times the ideal time at most, and wastes 2 percent`(
        calls: Int, rate: Double, burst: Double
    ) async throws {
        let run = try await run(calls: calls, rate: rate, burst: burst)
        let ideal = (Double(calls) - burst) / rate
        #expect(run.failures == 0)
        #expect(run.tally.accepted == calls)
        #expect(run.seconds <= 1.3 * ideal, "\(run.seconds) s, ideal are \(ideal) s")
        #expect(run.tally.wasted < 0.02, "\(run.tally.throttled) of \(calls) wasted")
    }

    @Test(.timeLimit(.minutes(1)))
    func `it follows a limit that falls, and one that rises`() async throws {
        let falls = try await run(calls: 2000, rate: 50, burst: 50, newRate: (after: 1000, rate: 10))
        #expect(falls.failures == 0)
        #expect(falls.seconds <= 1.3 * (950.0 / 50 + 1000 / 10))
        #expect(falls.tally.wasted < 0.03)
        let rises = try await run(calls: 3000, rate: 10, burst: 10, newRate: (after: 500, rate: 40))
        #expect(rises.seconds <= 1.5 * (490.0 / 10 + 2500 / 40), "\(rises.seconds)")
        #expect(rises.tally.wasted < 0.02)
    }

    @Test(.timeLimit(.minutes(1)))
    func `without throttles nothing is slowed down`() async throws {
        let run = try await run(calls: 1000, rate: 100_000, burst: 100_000)
        #expect(run.seconds < 1.01 * 100 * 0.06)
        #expect(run.tally.throttled == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func `the standard mode wastes far more, which is what the adaptive one is for`() async throws {
        let standard = RetryPolicy(mode: .standard, attempts: 3, throttledAttempts: 8)
        let run = try await run(calls: 1500, rate: 20, burst: 20, retry: standard)
        #expect(run.tally.wasted > 0.1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a rate of one's own is never exceeded`() async throws {
        let run = try await run(calls: 500, rate: 1000, burst: 1000, retry: RetryPolicy(maximumRate: 25))
        #expect(run.seconds >= 499.0 / 25)
        #expect(run.seconds <= 499.0 / 25 + 0.1)
        let standard = RetryPolicy(mode: .standard, maximumRate: 25)
        #expect(try await self.run(calls: 100, rate: 1000, burst: 1000, retry: standard).seconds >= 99.0 / 25)
    }
}
