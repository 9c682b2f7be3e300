extension MockIAM.FaultPlan {
    /// Which requests, which of these, and what happens to them. A rule may do several things at once.
    public struct Rule: Sendable, Equatable {
        /// How the journal calls the rule. The draws of a rule belong to its name, so that a named one keeps its
        /// sequence where others are added before it. Without a name it is known by its place, as in `faults[2]`.
        public var name: String?
        /// The requests that are meant.
        public var match: Match
        /// Which of the matching requests are hit.
        public var when: When
        /// Which requests are counted together and share a rate.
        public var per: Scope

        /// The answer comes later.
        public var latency: Latency?
        /// Requests beyond a rate are refused.
        public var throttle: Throttle?
        /// The answer is an error.
        public var error: Failure?
        /// `ExpiredToken`, for the credentials that asked, now and from then on; they are known by their access key id.
        public var expireToken: Bool
        /// For this long the server doesn't listen: open connections are dropped, and new ones are refused.
        public var refuse: Duration?
        /// The connection is reset instead of an answer, or within it.
        public var reset: Reset?
        /// The body ends early, and `Content-Length` tells the length of what is sent.
        public var truncate: Cut?
        /// By how many bytes `Content-Length` is too large, or too small where it is negative. The connection closes after
        /// the answer.
        public var contentLength: Int?
        /// The body comes a few bytes at a time.
        public var drip: Drip?
        /// The body is padded.
        public var oversize: Oversize?
        /// An HTML page stands in for the answer.
        public var html: HTML?
        /// The XML document has a document type declaration.
        public var doctype: Doctype?
        /// A paged list doesn't page as it should.
        public var marker: Paging?
        /// Users, or access keys, that are listed but gone.
        public var vanish: Vanishing?
        /// How far the emulator's clock is off, for the `Date` header and for the time of a signature. Positive is
        /// ahead.
        public var clockSkew: Duration?

        /// A rule, which does nothing until told what.
        public init(
            name: String? = nil, match: Match = Match(), when: When = .always, per: Scope = .rule,
            latency: Latency? = nil, throttle: Throttle? = nil, error: Failure? = nil, expireToken: Bool = false,
            refuse: Duration? = nil, reset: Reset? = nil, truncate: Cut? = nil, contentLength: Int? = nil,
            drip: Drip? = nil, oversize: Oversize? = nil, html: HTML? = nil, doctype: Doctype? = nil,
            marker: Paging? = nil, vanish: Vanishing? = nil, clockSkew: Duration? = nil
        ) {
            self.name = name
            self.match = match
            self.when = when
            self.per = per
            self.latency = latency
            self.throttle = throttle
            self.error = error
            self.expireToken = expireToken
            self.refuse = refuse
            self.reset = reset
            self.truncate = truncate
            self.contentLength = contentLength
            self.drip = drip
            self.oversize = oversize
            self.html = html
            self.doctype = doctype
            self.marker = marker
            self.vanish = vanish
            self.clockSkew = clockSkew
        }
    }
}
