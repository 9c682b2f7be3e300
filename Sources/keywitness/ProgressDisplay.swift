import Collector
import Evidence
import Synchronization

/// How far a scan has come, for whoever watches: a bar on a terminal, a line every few seconds elsewhere.
final class ProgressDisplay: Sendable {
    /// The least time between two drawings of the bar, and between two lines.
    private static let barInterval = Duration.milliseconds(100)
    private static let lineInterval = Duration.seconds(5)
    private static let cells = 24

    fileprivate struct State {
        var latest: CollectionProgress?
        var shown: Duration?
        /// What there was some seconds ago, to measure by; the older of two that take turns.
        var start: (time: Duration, calls: Int, users: Int)?
        var next: (time: Duration, calls: Int, users: Int)?
    }

    private let console: Console
    private let uptime: @Sendable () -> Duration
    private let state = Mutex(State())

    init(console: Console, uptime: @escaping @Sendable () -> Duration) {
        self.console = console
        self.uptime = uptime
    }

    /// Takes notice, and draws the bar anew if it is time.
    func update(_ progress: CollectionProgress) {
        let now = uptime()
        let text = state.withLock { state -> String? in
            state.latest = progress
            state.note(now, progress)
            guard console.hasBar, state.isDue(now, every: Self.barInterval) else { return nil }
            return state.text(now, cells: Self.cells)
        }
        if let text { console.showBar(text) }
    }

    /// To be called again and again: time passes even when nothing is heard.
    func tick() {
        let now = uptime()
        let interval = console.hasBar ? Self.barInterval : Self.lineInterval
        let text = state.withLock { state -> String? in
            if state.shown == nil, !console.hasBar { state.shown = .zero }
            guard state.isDue(now, every: interval) else { return nil }
            return state.text(now, cells: console.hasBar ? Self.cells : 0)
        }
        guard let text else { return }
        if console.hasBar { console.showBar(text) } else { console.note(text) }
    }

    /// What is shown.
    ///
    /// - Parameters:
    ///   - rate: calls a second; nil where nobody can tell yet.
    ///   - left: how long it will take; nil where nobody can tell.
    ///   - cells: how wide the bar is; 0 for none.
    static func text(_ progress: CollectionProgress, rate: Double?, left: Duration?, cells: Int) -> String {
        guard progress.usersListed > 0 else {
            return progress.waitsForReport ? "waiting for AWS: users and credential report" : "listing users"
        }
        if progress.waitsForReport, progress.usersDone == 0 {
            return "\(progress.usersListed) users listed; waiting for AWS to make the credential report"
        }
        var parts = ["\(progress.usersDone)/\(progress.usersListed)\(progress.isListingDone ? "" : "+") users"]
        parts.append("\(progress.keys) keys")
        if let rate { parts.append("\(Int(rate.rounded())) calls/s") }
        if progress.throttles > 0 { parts.append("\(progress.throttles) throttled") }
        if let left { parts.append("about \(words(left)) left") }
        let text = parts.joined(separator: ", ")
        guard cells > 0 else { return text }
        let filled = cells * progress.usersDone / progress.usersListed
        return String(repeating: "█", count: filled) + String(repeating: "░", count: cells - filled) + " " + text
    }

    private static func words(_ duration: Duration) -> String {
        let seconds = Int(duration.components.seconds)
        return seconds < 90 ? "\(max(1, seconds)) s" : "\((seconds + 30) / 60) min"
    }
}

extension ProgressDisplay.State {
    fileprivate mutating func isDue(_ now: Duration, every interval: Duration) -> Bool {
        guard latest != nil, shown.map({ now - $0 >= interval }) ?? true else { return false }
        shown = now
        return true
    }

    /// A rate is that of the last three to six seconds.
    fileprivate mutating func note(_ now: Duration, _ progress: CollectionProgress) {
        guard progress.usersDone > 0 else { return }
        let sample = (now, progress.calls, progress.usersDone)
        if start == nil { start = sample }
        if let pending = next, now - pending.time >= .seconds(3) {
            start = pending
            next = sample
        } else if next == nil {
            next = sample
        }
    }

    fileprivate func text(_ now: Duration, cells: Int) -> String? {
        guard let latest else { return nil }
        var rate: Double?
        var left: Duration?
        if let start, now - start.time > .milliseconds(500) {
            let seconds = (now - start.time) / .seconds(1)
            rate = Double(latest.calls - start.calls) / seconds
            let done = latest.usersDone - start.users
            if latest.isListingDone, done > 0 {
                left = .seconds(seconds * Double(latest.usersListed - latest.usersDone) / Double(done))
            }
        }
        return ProgressDisplay.text(latest, rate: rate, left: left, cells: cells)
    }
}
