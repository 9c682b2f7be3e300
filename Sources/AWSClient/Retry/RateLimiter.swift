import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The rate at which requests are sent: as fast as they come until AWS throttles the first, and from then on as fast as
/// AWS takes them.
///
/// It has the form of the rate in the AWS SDKs' mode `adaptive`: a cut to 0.7 at a throttle, then CUBIC growth with a
/// scale of 0.4, no more than twice what is measured, no less than 0.5 a second
/// (https://datatracker.ietf.org/doc/html/rfc9438 for the curve, botocore for the constants). Three things are
/// different, since IAM's limits are low, and every refused request is one that is made again:
///
/// * AWS throttles by token bucket, which is empty at each throttle. What it took between two throttles is therefore
///   its limit itself, and the curve is laid around that. Until there is such a number the rate is searched for: halved
///   at each throttle, doubled after each 20 requests.
/// * Requests that were under way when the rate was cut tell nothing new, and don't cut it again; those that still wait
///   for their turn get a new one.
/// * The curve is flat for so many requests and not for so many seconds: at 5 requests a second CUBIC alone would run
///   into the limit every 15 requests.
final class RateLimiter: Sendable {
    /// A place in the row.
    struct Place {
        /// The time at which the request may go, on the clock that never goes back.
        var time = Duration.zero
        /// The cut after which it was taken.
        fileprivate var cut = 0
    }

    /// In seconds, three years: as good as never, and a number that every clock can hold.
    private static let farthest = 1e8

    private let state: Mutex<RateState>

    /// - Parameters:
    ///   - maximum: requests a second that are never exceeded.
    ///   - adapts: whether throttles change the rate.
    init(maximum: Double?, adapts: Bool) {
        state = Mutex(RateState(maximum: maximum, adapts: adapts))
    }

    /// Takes the next place in the row.
    func reserve(at uptime: Duration) -> Place {
        state.withLock { state in
            let now = uptime.inSeconds
            let turn = state.reserve(at: now)
            // Not by way of the number of seconds where it may go at once: rounding would make it wait every other time.
            return Place(time: turn > now ? .seconds(min(turn, Self.farthest)) : uptime, cut: state.cuts)
        }
    }

    /// Whether a request may go when its time has come; where not, the rate was cut meanwhile, and it needs a new place.
    func stillHolds(_ place: Place) -> Bool {
        state.withLock { $0.cuts == place.cut }
    }

    /// AWS has taken a request.
    func accepted(at uptime: Duration) {
        state.withLock { $0.accepted(at: uptime.inSeconds) }
    }

    /// AWS has refused a request as too fast.
    func throttled(_ place: Place, at uptime: Duration) {
        state.withLock { state in
            if state.cuts == place.cut { state.throttled(at: uptime.inSeconds) }
        }
    }
}

/// All instants in seconds.
private struct RateState {
    private static let factor = 0.7
    private static let scale = 0.4
    private static let minimum = 0.5
    /// From a cut to where the limit was, at least so many requests.
    private static let plateau = 120.0
    /// The search: at a throttle, after so many requests or after so many seconds.
    private static let (halved, doubledRequests, doubledSeconds) = (0.5, 20.0, 2.0)
    /// So many requests between two throttles tell what the limit is.
    private static let telling = 10

    private enum Growth {
        /// From `base`, twofold and twofold again.
        case search(base: Double)
        /// `scale × (t − zero)³ + limit`.
        case cubic(limit: Double, zero: Double, scale: Double)
    }

    private let maximum: Double?
    private let adapts: Bool
    private var meter = RateMeter()
    /// When the next request may go.
    private var next = 0.0

    /// Nil until the first throttle.
    private var growth: Growth?
    private(set) var cuts = 0
    /// The last cut: when it was, and what has been accepted since.
    private var cut = (time: 0.0, accepted: 0)
    /// The last cut at which the limit began to be measured.
    private var measured = (time: 0.0, accepted: 0)

    init(maximum: Double?, adapts: Bool) {
        self.maximum = maximum
        self.adapts = adapts
    }

    /// Requests a second; nil for as many as come.
    private func rate(at now: Double) -> Double? {
        let adapted = growth.map { growth in
            let time = now - cut.time
            let (known, grown) =
                switch growth {
                case .search(let base):
                    (base, base * exp2(max(Double(cut.accepted) / Self.doubledRequests, time / Self.doubledSeconds)))
                case .cubic(let limit, let zero, let scale):
                    (limit, limit + scale * (time - zero) * (time - zero) * (time - zero))
                }
            return max(Self.minimum, min(grown, 2 * max(meter.rate(at: now), known)))
        }
        return [adapted, maximum].compactMap { $0 }.min()
    }

    mutating func reserve(at now: Double) -> Double {
        guard let rate = rate(at: now) else { return now }
        let place = max(next, now)
        next = place + 1 / rate
        return place
    }

    mutating func accepted(at now: Double) {
        meter.count(at: now)
        cut.accepted += 1
        measured.accepted += 1
    }

    mutating func throttled(at now: Double) {
        guard adapts else { return }
        let start = start(at: now)
        switch (growth, start.growth) {
        case (.some, .search): break
        default: measured = (now, 0)
        }
        growth = start.growth
        cuts += 1
        cut = (now, 0)
        next = now + 1 / start.rate
    }

    /// How it goes on after a throttle: the growth, and the rate of the first request.
    private func start(at now: Double) -> (growth: Growth, rate: Double) {
        let rate = rate(at: now) ?? max(1, meter.rate(at: now))
        guard let growth, measured.accepted >= Self.telling else {
            return (.search(base: rate * Self.halved), rate * Self.halved)
        }
        var limit = Double(measured.accepted) / (now - measured.time)
        // A bucket that was full for a while in between lets the limit look lower than it is.
        if case .cubic = growth { limit = max(limit, rate * 0.9) }
        limit = max(Self.minimum / Self.factor, min(limit, rate))
        let zero = max(cbrt(limit * (1 - Self.factor) / Self.scale), Self.plateau / limit)
        return (.cubic(limit: limit, zero: zero, scale: limit * (1 - Self.factor) / (zero * zero * zero)), limit)
    }
}

/// How many requests a second were taken, over the last half second to second.
private struct RateMeter {
    private static let span = 0.5

    private var bucket = 0.0
    private var current = 0.0
    private var previous = 0.0

    mutating func count(at now: Double) {
        advance(to: now)
        current += 1
    }

    func rate(at now: Double) -> Double {
        var copy = self
        copy.advance(to: now)
        return (copy.previous + copy.current) / (Self.span + max(0, now - copy.bucket))
    }

    private mutating func advance(to now: Double) {
        let begin = (now / Self.span).rounded(.down) * Self.span
        guard begin > bucket else { return }
        previous = begin - bucket <= Self.span * 1.5 ? current : 0
        current = 0
        bucket = begin
    }
}

extension Duration {
    fileprivate var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
