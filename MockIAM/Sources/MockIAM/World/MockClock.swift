import FoundationEssentials

import Synchronization

/// The time in the emulated AWS: an instant that stands still, or a clock that runs from an instant on.
final class MockClock: Sendable {
    private struct State {
        var isMoving: Bool
        /// What the clock showed when it was last set, stopped or started, and when that was.
        var shown: Date
        var since: ContinuousClock.Instant
        /// How far it was moved by hand since the server started, in seconds.
        var advanced: TimeInterval = 0
        /// The text of the last second asked for: every answer carries it.
        var header: (second: TimeInterval, text: String)?

        func now(_ instant: ContinuousClock.Instant) -> Date {
            isMoving ? shown + (instant - since).seconds : shown
        }
    }

    private let state: Mutex<State>
    /// Nil for a clock that shows the machine's time, which a reset finds further on.
    private let start: Date?
    private let startsMoving: Bool

    /// - Parameter instant: what it shows at the start; nil for the machine's time.
    init(at instant: Date?, isMoving: Bool) {
        let shown = instant ?? .now
        start = isMoving ? instant : shown
        startsMoving = isMoving
        state = Mutex(State(isMoving: isMoving, shown: shown, since: .now))
    }

    var now: Date {
        state.withLock { $0.now(.now) }
    }

    var isMoving: Bool {
        state.withLock { $0.isMoving }
    }

    /// How far the clock was moved by hand, in seconds. Temporary credentials age by it, too.
    var advanced: TimeInterval {
        state.withLock(\.advanced)
    }

    /// Shows another instant from now on, and stands or runs.
    func set(to instant: Date?, isMoving: Bool?) {
        state.withLock { state in
            let now = state.now(.now)
            if let instant { state.advanced += instant.timeIntervalSince(now) }
            state.shown = instant ?? now
            state.since = .now
            state.isMoving = isMoving ?? state.isMoving
        }
    }

    /// - Parameter seconds: may be negative.
    func advance(by seconds: TimeInterval) {
        set(to: now + seconds, isMoving: nil)
    }

    /// As it was when the server started. What runs with the machine's time does so again.
    func reset() {
        state.withLock { state in
            state = State(isMoving: startsMoving, shown: start ?? .now, since: .now)
        }
    }

    /// The `Date` header of an answer.
    ///
    /// - Parameter skew: seconds by which the header is to be wrong.
    func httpDate(skew: TimeInterval = 0) -> String {
        state.withLock { state in
            let now = state.now(.now) + skew
            let second = now.timeIntervalSince1970.rounded(.down)
            if let header = state.header, header.second == second { return header.text }
            let text = now.httpDate
            state.header = (second, text)
            return text
        }
    }
}
