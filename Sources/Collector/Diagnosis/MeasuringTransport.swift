import AWSClient
import FoundationEssentials
import Synchronization

/// Takes the time of exchanges, and looks at the server's clock.
final class MeasuringTransport: Transport {
    private struct State {
        var latency: Duration?
        var skew: Int?
    }

    private let base: any Transport
    private let now: @Sendable () -> Date
    private let state = Mutex(State())

    init(_ base: any Transport, now: @escaping @Sendable () -> Date) {
        self.base = base
        self.now = now
    }

    /// Of the last answer since it was asked for; nil where there was none.
    func takeLatency() -> Duration? { state.withLock { $0.latency.take() } }
    /// Of the last answer.
    var skew: Int? { state.withLock(\.skew) }

    func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
        let begin = ContinuousClock.now
        let answer = try await base.send(request, for: call)
        let latency = ContinuousClock.now - begin
        let skew = answer.header("date").flatMap { Date(httpDate: $0) }.map { date in
            // The header has whole seconds: half of one is its middle.
            Int((date.timeIntervalSince(now()) + 0.5).rounded())
        }
        state.withLock { state in
            state.latency = latency
            state.skew = skew
        }
        return answer
    }
}
