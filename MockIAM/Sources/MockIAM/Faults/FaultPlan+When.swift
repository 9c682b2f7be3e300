extension MockIAM.FaultPlan {
    /// Which of the requests that a rule matches are hit: those that meet all that is given here. Requests are counted
    /// from 1, each rule for itself.
    public struct When: Sendable, Equatable {
        /// These requests, by number.
        public var calls: [Int]?
        /// From this request on.
        public var from: Int?
        /// Up to this request, and with it.
        public var to: Int?
        /// From the request after this one.
        public var after: Int?
        /// Every n-th request: 10 means the 10th, the 20th and so on.
        public var every: Int?
        /// The share of requests, from 0 to 1.
        public var probability: Double?
        /// The largest number of requests to hit, of those that meet the other conditions.
        public var times: Int?
        /// In this span of time since the server's start, or since the faults were last reset or replaced.
        public var during: Range<Duration>?

        /// The requests that meet all of it.
        public init(
            calls: [Int]? = nil, from: Int? = nil, to: Int? = nil, after: Int? = nil, every: Int? = nil,
            probability: Double? = nil, times: Int? = nil, during: Range<Duration>? = nil
        ) {
            self.calls = calls
            self.from = from
            self.to = to
            self.after = after
            self.every = every
            self.probability = probability
            self.times = times
            self.during = during
        }

        /// Every request.
        public static let always = When()

        /// These requests, by number.
        public static func calls(_ numbers: Int...) -> When { When(calls: numbers) }

        /// From this request on, up to the other one and with it.
        public static func from(_ first: Int, to last: Int? = nil) -> When { When(from: first, to: last) }

        /// From the request after this one.
        public static func after(_ number: Int) -> When { When(after: number) }

        /// Every n-th request: 10 means the 10th, the 20th and so on.
        public static func every(_ count: Int) -> When { When(every: count) }

        /// This share of requests.
        public static func probability(_ share: Double) -> When { When(probability: share) }

        /// The first requests, up to a number of them.
        public static func times(_ count: Int) -> When { When(times: count) }

        /// In this span of time since the start.
        public static func during(_ span: Range<Duration>) -> When { When(during: span) }
    }

    /// What a rule counts together. The draws of each scope are its own, too, so that what one caller sees doesn't
    /// depend on how busy the others are.
    public enum Scope: String, CaseIterable, Sendable {
        /// All requests that the rule matches.
        case rule
        /// The requests of one access key id.
        case caller
        /// The requests to one account.
        case account
        /// The requests for one action.
        case action
        /// The same request: action, parameters and account.
        case request
    }
}

extension MockIAM.FaultPlan.When {
    /// Whether the n-th request is hit, as far as that doesn't depend on how many were hit before.
    ///
    /// - Parameters:
    ///   - number: counted from 1.
    ///   - draw: a number from 0 up to 1, without 1.
    ///   - elapsed: since the start.
    func includes(_ number: Int, draw: Double, at elapsed: Duration) -> Bool {
        if let calls, !calls.contains(number) { return false }
        if let from, number < from { return false }
        if let to, number > to { return false }
        if let after, number <= after { return false }
        if let every, every < 1 || number % every != 0 { return false }
        if let probability, draw >= probability { return false }
        if let during, !during.contains(elapsed) { return false }
        return true
    }
}
