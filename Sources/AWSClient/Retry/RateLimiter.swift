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
/// It is the client-side rate of AWS's mode `adaptive`: a cut to 0.7 at a throttle, then CUBIC growth with a scale of
/// 0.4, no more than twice what is measured, no less than 0.5 a second (https://datatracker.ietf.org/doc/html/rfc9438
/// for the curve, botocore for the constants). Three things are different, since IAM's limits are low, and every
/// refused request is one that is made again:
///
/// * Measured is what AWS accepts, not what is sent: after a throttle that is the limit itself.
/// * Requests that were under way when the rate was cut tell nothing new, and don't cut it again.
/// * The curve is flat for so many requests and not for so many seconds: at 5 requests a second CUBIC alone would run
///   into the limit every 15 requests.
final class RateLimiter: Sendable {
    private let state: Mutex<RateState>

    /// - Parameters:
    ///   - maximum: requests a second that are never exceeded.
    ///   - adapts: whether throttles change the rate.
    init(maximum: Double?, adapts: Bool) {
        state = Mutex(RateState(maximum: maximum, adapts: adapts))
    }

    /// Takes the next place in the row.
    ///
    /// - Returns: the time, on the same clock, at which the request may go.
    func reserve(at uptime: Duration) -> Duration {
        .seconds(state.withLock { $0.reserve(at: uptime.inSeconds) })
    }

    /// AWS has taken a request.
    func accepted(at uptime: Duration) {
        state.withLock { $0.meter.count(at: uptime.inSeconds) }
    }

    /// AWS has refused a request that went at `sent` as too fast.
    func throttled(sent: Duration, at uptime: Duration) {
        state.withLock { $0.throttled(sent: sent.inSeconds, at: uptime.inSeconds) }
    }
}

/// All instants in seconds.
private struct RateState {
    private static let cut = 0.7
    private static let scale = 0.4
    private static let minimum = 0.5
    /// From a cut to where the limit was, at least so many requests.
    private static let plateau = 150.0

    /// The curve since the last cut: `scale × (t − zero)³ + limit`.
    private struct Curve {
        var limit: Double
        var zero: Double
        var scale: Double
        var begin: Double
    }

    private let maximum: Double?
    private let adapts: Bool
    private var curve: Curve?
    var meter = RateMeter()
    /// When the next request may go.
    private var next = 0.0

    init(maximum: Double?, adapts: Bool) {
        self.maximum = maximum
        self.adapts = adapts
    }

    /// Requests a second; nil for as many as come.
    private func rate(at now: Double) -> Double? {
        let adapted = curve.map { curve in
            let time = now - curve.begin - curve.zero
            let grown = curve.scale * time * time * time + curve.limit
            return max(Self.minimum, min(grown, 2 * max(meter.rate(at: now), curve.limit)))
        }
        return [adapted, maximum].compactMap { $0 }.min()
    }

    mutating func reserve(at now: Double) -> Double {
        guard let rate = rate(at: now) else { return now }
        let place = max(next, now)
        next = place + 1 / rate
        return place
    }

    mutating func throttled(sent: Double, at now: Double) {
        guard adapts, sent >= curve?.begin ?? sent else { return }
        let measured = meter.rate(at: now)
        let limit = max(Self.minimum / Self.cut, min(measured, rate(at: now) ?? measured))
        let zero = max(cbrt(limit * (1 - Self.cut) / Self.scale), Self.plateau / limit)
        curve = Curve(limit: limit, zero: zero, scale: limit * (1 - Self.cut) / (zero * zero * zero), begin: now)
        next = max(next, now + 1 / limit)
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
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
