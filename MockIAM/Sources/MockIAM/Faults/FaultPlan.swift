extension MockIAM {
    /// What goes wrong on purpose: an overlay over the answers of a recording or of an account, which knows nothing of
    /// it.
    ///
    ///     let plan = MockIAM.FaultPlan(seed: 7, rules: [
    ///         .init(match: .init(action: "List*"), when: .calls(3, 4), latency: .seconds(2)),
    ///         .init(match: .init(action: "GetLoginProfile"), when: .probability(0.05), error: .status(503)),
    ///     ])
    ///
    /// The rules are looked at in their order and count the requests that they match, each on its own. Where several
    /// apply to one request, their latencies add up, and of every other kind of fault the first one counts.
    ///
    /// What a rule does to its n-th request depends on nothing but the seed, the rule and n: two runs that ask in the
    /// same order see the same. Where requests race, the n-th is the one that comes n-th. Rates and spans of time go by
    /// the time since the start.
    public struct FaultPlan: Sendable, Equatable {
        /// What probabilities and jitter are drawn from: another seed, another sequence.
        public var seed: Int
        /// What goes wrong, in order of precedence.
        public var rules: [Rule]

        /// A plan; without rules, nothing goes wrong.
        public init(seed: Int = 0, rules: [Rule] = []) {
            self.seed = seed
            self.rules = rules
        }
    }
}
