/// What a rule has seen and done so far, by scope.
struct FaultCounts {
    struct Count {
        /// The requests that the rule matched.
        var calls = 0
        /// Those of them that were hit.
        var hits = 0
        var bucket: TokenBucket?
    }

    /// How many scopes are counted separately. Those beyond are counted together, so that `per: request`, which makes a
    /// scope of each request, can't fill the memory.
    static let limit = 1_000_000

    private var scopes: [String: Count] = [:]

    subscript(scope: String) -> Count {
        get { scopes[counted(scope)] ?? Count() }
        set { scopes[counted(scope)] = newValue }
    }

    private func counted(_ scope: String) -> String {
        scopes.count < Self.limit || scopes[scope] != nil ? scope : "…"
    }
}
