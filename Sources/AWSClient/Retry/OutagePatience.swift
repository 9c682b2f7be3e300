/// How long calls wait for an outage to pass when they have used up their attempts.
///
/// A scan makes thousands of calls, and one that fails for good leaves it incomplete: a service that answers nothing but
/// 503 for half a minute must not cost the evidence of a whole night. So a call is made again after longer and longer
/// pauses. All calls of an operation wait in the same stretch of time, which is counted once, and together for no longer
/// than the patience lasts: what stays broken, such as the answer about one user, ends soon enough.
///
/// An answer to another call of the operation ends a pause, once: a call that fails again may be the only one that does.
///
/// Nobody waits for an operation that never was answered: it may be none that this endpoint has.
struct OutagePatience {
    /// What is out.
    enum Subject: Hashable {
        /// An operation, wherever its calls go.
        case operation(String)
        /// All of a service's: nobody listens at its endpoint, whatever is asked.
        case service(AWSService)
    }

    /// One call that waits.
    struct Wait {
        /// When it had used up its attempts.
        fileprivate var began: Duration
        fileprivate var pauses = 0
        /// When the last pause began.
        fileprivate var paused: Duration
        fileprivate var wasCutShort = false

        fileprivate init(at uptime: Duration) {
            began = uptime
            paused = uptime
        }
    }

    private struct Stretch {
        /// How much time of the run was waited through.
        var spent = Duration.zero
        /// Up to when that is counted.
        var end = Duration.zero
    }

    private static let firstPause = Duration.seconds(5)
    private static let longestPause = Duration.seconds(30)

    private let patience: Duration
    /// When an operation, or anything by a service, was answered last.
    private var answered: [Subject: Duration] = [:]
    private var stretches: [Subject: Stretch] = [:]

    /// - Parameter patience: for how long the calls of one operation wait at most, in all.
    init(_ patience: Duration) {
        self.patience = patience
    }

    mutating func noteAnswer(to operation: Subject, by service: Subject, at uptime: Duration) {
        answered[operation] = uptime
        answered[service] = uptime
    }

    /// How long a call that failed waits before it is made again; nil where it isn't to be.
    ///
    /// - Parameters:
    ///   - subject: what it waits for.
    ///   - wait: nil the first time; to be handed in again the next.
    ///   - random: from 0 to 1; a pause is by a quarter shorter or longer.
    mutating func pause(
        of subject: Subject, _ wait: inout Wait?, at uptime: Duration, random: Double
    ) -> Duration? {
        guard answered[subject] != nil else { return nil }
        var waiting = wait ?? Wait(at: uptime)
        let pause = min(Self.longestPause, Self.firstPause * (1 << min(waiting.pauses, 8))) * (0.75 + random / 2)
        var stretch = stretches[subject] ?? Stretch()
        // An attempt that hangs is a part of the outage, too.
        stretch.spent += max(.zero, uptime + pause - max(waiting.began, stretch.end))
        stretch.end = max(stretch.end, uptime + pause)
        guard stretch.spent <= patience else { return nil }
        stretches[subject] = stretch
        waiting.pauses += 1
        waiting.paused = uptime
        wait = waiting
        return pause
    }

    /// Whether a call need not wait to the end of its pause.
    func cutsShort(_ subject: Subject, _ wait: inout Wait?) -> Bool {
        guard let waiting = wait, !waiting.wasCutShort, let answer = answered[subject],
            answer > waiting.paused
        else { return false }
        wait?.wasCutShort = true
        return true
    }
}
