import Collector
import Evidence
import Synchronization

/// How far a scan has come, for whoever watches: a bar on a terminal, a line every few seconds elsewhere.
final class ProgressDisplay: Sendable {
    /// The least time between two drawings of the bar, and between two lines.
    private static let barInterval = Duration.milliseconds(100)
    private static let lineInterval = Duration.seconds(5)
    /// How long the bar itself is at most, and how long at least where there is one.
    private static let cells = 10...24

    fileprivate struct State {
        var latest: CollectionProgress?
        /// A call that waits for AWS to get over something, and until when.
        var outage: (callAndCode: String, end: Duration)?
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
            return state.bar(now, columns: console.columns)
        }
        if let text { console.showBar(text) }
    }

    /// Takes notice of a call that waits for AWS to get over something.
    func noteOutage(_ callAndCode: String, pause: Duration) {
        let end = uptime() + pause
        // Many calls meet with it; the one that waits longest stands for all.
        state.withLock { state in
            if state.outage.map({ $0.end < end }) ?? true { state.outage = (callAndCode, end) }
        }
    }

    /// What is waited for at the moment.
    var outage: String? {
        let now = uptime()
        return state.withLock { $0.outage(at: now) }
    }

    /// How far the scan has come, as it is told at the moment; nil before anything is heard.
    var standing: Standing? {
        let now = uptime()
        return state.withLock { $0.standing(now) }
    }

    /// To be called again and again: time passes even when nothing is heard.
    func tick() {
        let now = uptime()
        let interval = console.hasBar ? Self.barInterval : Self.lineInterval
        let text = state.withLock { state -> String? in
            if state.shown == nil, !console.hasBar { state.shown = .zero }
            guard state.isDue(now, every: interval) else { return nil }
            return console.hasBar ? state.bar(now, columns: console.columns) : state.line(now)
        }
        guard let text else { return }
        if console.hasBar { console.showBar(text) } else { console.note(text) }
    }

    /// How far a scan has come.
    struct Standing {
        var progress: CollectionProgress
        /// Calls a second; nil where nobody can tell yet.
        var rate: Double?
        /// How long it will take; nil where nobody can tell.
        var left: Duration?
        /// What is waited for: a call, and how it failed.
        var outage: String?
    }

    fileprivate enum Part { case users, keys, rate, throttles, outage, left }

    /// A line for where there is no terminal.
    static func line(_ standing: Standing) -> String {
        beginning(standing.progress) ?? standing.text(without: [])
    }

    /// What is drawn on a terminal: never wider than that, for a line that wraps is left behind by the next drawing.
    /// Where there is too little room, what matters least is left out.
    static func bar(_ standing: Standing, columns: Int) -> String {
        // In the last column some terminals wrap already.
        let room = max(0, columns - 1)
        let progress = standing.progress
        if let beginning = beginning(progress) { return beginning.clipped(room) }
        for left in [[], [.rate], [.rate, .keys]] as [Set<Part>] {
            let text = standing.text(without: left)
            let cells = min(Self.cells.upperBound, room - text.count - 1)
            guard cells >= Self.cells.lowerBound else { continue }
            let filled = cells * progress.usersDone / progress.usersListed
            return String(repeating: "█", count: filled) + String(repeating: "░", count: cells - filled) + " " + text
        }
        let texts = [
            [.rate], [.rate, .keys], [.rate, .keys, .throttles], [.rate, .keys, .throttles, .outage, .left],
        ]
        .map { standing.text(without: $0) }
        return texts.first { $0.count <= room } ?? (texts.last ?? "").clipped(room)
    }

    /// What is said before the first user was looked at.
    private static func beginning(_ progress: CollectionProgress) -> String? {
        guard progress.usersListed > 0 else {
            return progress.waitsForReport ? "waiting for AWS: users and credential report" : "listing users"
        }
        guard progress.waitsForReport, progress.usersDone == 0 else { return nil }
        return "\(progress.usersListed) users listed; waiting for AWS to make the credential report"
    }
}

extension ProgressDisplay.Standing {
    fileprivate func text(without left: Set<ProgressDisplay.Part>) -> String {
        let listed = "\(progress.usersListed)\(progress.isListingDone ? "" : "+")"
        let parts: [(ProgressDisplay.Part, String?)] = [
            (.users, "\(progress.usersDone)/\(listed) users"),
            (.keys, "\(progress.keys) \(progress.keys == 1 ? "key" : "keys")"),
            (.rate, rate.map { "\(Int($0.rounded())) calls/s" }),
            (.throttles, progress.throttles > 0 ? "\(progress.throttles) throttled" : nil),
            (.outage, outage.map { "waiting for AWS: \($0)" }),
            (.left, self.left.map { "about \(Self.words($0)) left" }),
        ]
        return parts.filter { !left.contains($0.0) }.compactMap(\.1).joined(separator: ", ")
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

    fileprivate func outage(at now: Duration) -> String? {
        outage.flatMap { $0.end > now ? $0.callAndCode : nil }
    }

    fileprivate func line(_ now: Duration) -> String? {
        standing(now).map(ProgressDisplay.line)
    }

    fileprivate func bar(_ now: Duration, columns: Int) -> String? {
        standing(now).map { ProgressDisplay.bar($0, columns: columns) }
    }

    fileprivate func standing(_ now: Duration) -> ProgressDisplay.Standing? {
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
        let outage = outage(at: now)
        // How long it takes nobody can tell meanwhile.
        return ProgressDisplay.Standing(
            progress: latest, rate: rate, left: outage == nil ? left : nil, outage: outage)
    }
}

extension String {
    fileprivate func clipped(_ width: Int) -> String {
        count <= width ? self : width > 0 ? prefix(width - 1) + "…" : ""
    }
}
