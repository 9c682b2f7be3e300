/// Lets requests through at a rate, and a burst of them at once.
struct TokenBucket: Equatable {
    private var tokens: Double
    private var filledAt: Duration

    /// A full bucket.
    init(_ limit: MockIAM.FaultPlan.Throttle, at elapsed: Duration) {
        tokens = limit.burst
        filledAt = elapsed
    }

    /// Whether a request may pass; it then takes a token with it.
    ///
    /// - Parameter elapsed: the time, from wherever it is counted. One that lies before an earlier one counts as that.
    mutating func admits(_ limit: MockIAM.FaultPlan.Throttle, at elapsed: Duration) -> Bool {
        if elapsed > filledAt {
            tokens = min(limit.burst, tokens + limit.rate * (elapsed - filledAt).seconds)
            filledAt = elapsed
        }
        // A rate that isn't a binary fraction must not cost a request: 10 times 0.1 is less than 1.
        guard tokens > 1 - 1e-9 else { return false }
        tokens -= 1
        return true
    }
}
