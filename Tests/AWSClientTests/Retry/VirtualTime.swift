import AWSClient
import Foundation
import Synchronization

/// Time that passes only when everybody waits: tasks run on a thread of their own, one job after the other, and when none
/// is left the clock goes to where the next sleeper wakes.
///
///     let time = VirtualTime()
///     let result = try await time.run { try await scan(clock: time.clock) }
final class VirtualTime: TaskExecutor {
    private struct Sleeper {
        var wakes: Duration
        var order: Int
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now = Duration.zero
        var jobs: [UnownedJob] = []
        var sleepers: [Sleeper] = []
        var slept = 0
    }

    private let state = Mutex(State())
    /// Where the time of day begins.
    static let start = Date(timeIntervalSince1970: 1_795_380_300)

    var now: Duration { state.withLock(\.now) }

    /// A client's clocks, all of this time.
    var clock: ClientClock {
        ClientClock(
            now: { Self.start + Double(self.now.components.seconds) }, uptime: { self.now },
            sleep: { await self.sleep($0) }, random: { 0.5 })
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
    }

    func sleep(_ duration: Duration) async {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.slept += 1
                state.sleepers.append(
                    Sleeper(wakes: state.now + duration, order: state.slept, continuation: continuation))
            }
        }
    }

    /// Runs work, and everything that it starts, to its end.
    func run<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        // Seconds of computing would keep the concurrency runtime's few threads from all other tests.
        try await withCheckedThrowingContinuation { done in
            Thread.detachNewThread { done.resume(with: Result { try self.runHere(work) }) }
        }
    }

    private func runHere<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
        let outcome = Mutex<Result<Value, any Error>?>(nil)
        Task(executorPreference: self) {
            let result = await Result.catching { try await work() }
            outcome.withLock { $0 = result }
        }
        while true {
            if let result = outcome.withLock({ $0 }) { return try result.get() }
            if let job = state.withLock({ $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }) {
                unsafe job.runSynchronously(on: asUnownedTaskExecutor())
            } else if !wakeNext() {
                throw Deadlock()
            }
        }
    }

    /// Nobody runs, and nobody will wake.
    struct Deadlock: Error {}

    private func wakeNext() -> Bool {
        let next = state.withLock { state -> Sleeper? in
            let first = state.sleepers.indices.min { left, right in
                let (one, other) = (state.sleepers[left], state.sleepers[right])
                return (one.wakes, one.order) < (other.wakes, other.order)
            }
            guard let first else { return nil }
            let sleeper = state.sleepers.remove(at: first)
            state.now = max(state.now, sleeper.wakes)
            return sleeper
        }
        next?.continuation.resume()
        return next != nil
    }
}
