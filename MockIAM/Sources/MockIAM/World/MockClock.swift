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

        mutating func show(_ instant: Date, insteadOf now: Date) {
            advanced += instant.timeIntervalSince(now)
            shown = instant
            since = .now
        }
    }

    private let state: Mutex<State>
    /// Nil for a clock that shows the machine's time, which a reset finds further on.
    private let start: Date?
    private let startsMoving: Bool

    /// - Parameter instant: what it shows at the start, or the nearest instant of the years 1 to 9999; nil for the
    ///   machine's time.
    init(at instant: Date?, isMoving: Bool) {
        let instant = instant?.showable
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

    /// Shows another instant from now on, or the nearest one of the years 1 to 9999, and stands or runs.
    func set(to instant: Date?, isMoving: Bool?) {
        state.withLock { state in
            let now = state.now(.now)
            state.show(instant?.showable ?? now, insteadOf: now)
            state.isMoving = isMoving ?? state.isMoving
        }
    }

    /// Moves the clock, but not out of the years 1 to 9999.
    ///
    /// - Parameter seconds: may be negative.
    /// - Returns: whether it was moved; if not, it is as it was.
    @discardableResult
    func advance(by seconds: TimeInterval) -> Bool {
        state.withLock { state in
            let now = state.now(.now)
            let instant = now + seconds
            guard instant.isShowable else { return false }
            state.show(instant, insteadOf: now)
            return true
        }
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

extension Date {
    /// The seconds since 1970 of the years 1 to 9999, which are all that the dates of AWS's answers can say.
    private static let limits: ClosedRange<TimeInterval> = -62_135_596_800...253_402_300_799

    /// Whether it is within the years 1 to 9999.
    fileprivate var isShowable: Bool {
        // As a number: to the comparisons of dates, what is no number lies between any two of them.
        Self.limits.contains(timeIntervalSince1970)
    }

    /// The nearest instant within the years 1 to 9999.
    fileprivate var showable: Date {
        if isShowable { return self }
        let isAfter = timeIntervalSince1970 > Self.limits.upperBound
        return Date(timeIntervalSince1970: isAfter ? Self.limits.upperBound : Self.limits.lowerBound)
    }
}
