/// How many users to look at at the same time: few at first, then ever more until AWS refuses something.
///
/// Whatever is under way when AWS's bucket is empty is refused; a small account is read to its end before there are many.
/// Once the smallest bucket that one meets is behind it, a few are no risk, however fast the answers come: they cost less CPU time
/// side by side than one after the other.
///
/// From the first refusal on it stays: so many were enough to reach the rate that AWS takes, and the client keeps to that.
struct ConcurrencyGauge {
    /// After so many calls one more user is read at the same time. `growth` limits that to a factor of e^growth a second, so
    /// that fast answers alone don't open it before AWS has had time to refuse.
    private static let callsPerStep = 2.0
    private static let growth = 6.0
    /// During the first calls it takes twice as many: a bucket of twenty calls, and what flows into it meanwhile, is empty
    /// after them, and AWS then refuses as many calls as are under way.
    private static let firstCalls = 30
    /// After the first calls it takes so many at least. Where answers take their time, it has them by then.
    private static let afterFirstCalls = 8.0

    private let bounds: ClosedRange<Int>
    private var exact: Double
    private var calls = 0
    private var updated: Duration
    private var allowed = 0.0

    init(_ bounds: ClosedRange<Int>, at uptime: Duration) {
        self.bounds = bounds
        exact = Double(bounds.lowerBound)
        updated = uptime
    }

    var limit: Int { Int(exact) }

    /// Looks at the calls so far, and at those of them that were refused as too fast.
    mutating func update(_ load: (calls: Int, throttles: Int), at uptime: Duration) {
        let elapsed = (uptime - updated) / .seconds(1)
        updated = uptime
        if load.throttles == 0 {
            // Calls end in bunches: what time allowed is kept for those that follow.
            allowed = min(exact / 2, allowed + exact * elapsed * Self.growth)
            let callsPerStep = load.calls <= Self.firstCalls ? 2 * Self.callsPerStep : Self.callsPerStep
            let steps = min(Double(load.calls - calls) / callsPerStep, allowed)
            allowed -= steps
            exact += steps
            if load.calls > Self.firstCalls { exact = max(exact, Self.afterFirstCalls) }
            exact = min(Double(bounds.upperBound), exact)
        }
        calls = load.calls
    }
}
