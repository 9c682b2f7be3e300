extension MockIAM.FaultPlan {
    /// A pause before the answer.
    public struct Latency: Sendable, Equatable {
        /// The shortest that the pause can be.
        public var fixed: Duration
        /// The most that can be added to it. What is added is drawn for each request, from nothing to this.
        public var jitter: Duration

        /// A pause, the same each time unless there is jitter.
        public init(fixed: Duration, jitter: Duration = .zero) {
            self.fixed = fixed
            self.jitter = jitter
        }

        /// A pause of a number of seconds.
        public static func seconds(_ seconds: Double) -> Latency { Latency(fixed: .seconds(seconds)) }

        /// A pause of a number of milliseconds.
        public static func milliseconds(_ count: Int) -> Latency { Latency(fixed: .milliseconds(count)) }
    }

    /// Where a connection is reset, so that the client reads `ECONNRESET` and not an end. Of what it hasn't received by
    /// then, some may be lost to it.
    public enum Reset: Sendable, Equatable {
        /// Instead of the answer.
        case before
        /// In the middle of the body.
        case within
        /// After this number of bytes of the body, or after all of it where it is shorter.
        case after(bytes: Int)
    }

    /// Where a body ends early.
    public enum Cut: Sendable, Equatable {
        /// After half of it.
        case half
        /// After this number of bytes; 0 leaves nothing.
        case after(bytes: Int)
    }

    /// A body that comes a few bytes at a time. The status and the headers come at once.
    public struct Drip: Sendable, Equatable {
        /// How many bytes come together.
        public var bytes: Int
        /// The pause between them. One of hours is a body that stalls.
        public var every: Duration

        /// Parts of the body of `bytes` bytes each, with a pause between them.
        public init(bytes: Int, every pause: Duration) {
            self.bytes = bytes
            every = pause
        }
    }
}
