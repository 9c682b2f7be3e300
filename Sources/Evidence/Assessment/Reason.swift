package import CanonicalJSON

/// Why a rule decided as it did: the rule, its limit, and what was seen.
package struct Reason: Sendable, Equatable {
    /// Such as `idle-days` or `age-days`.
    package var rule: String
    /// The limit in days, where the rule has one.
    package var limit: Int?
    /// What was observed, in days, or in words where it could not be.
    package var observed: String

    package init(rule: String, limit: Int? = nil, observed: String) {
        self.rule = rule
        self.limit = limit
        self.observed = observed
    }

    /// `age-days 412 ≥ 90`
    package var text: String {
        limit.map { "\(rule) \(observed), limit \($0)" } ?? "\(rule): \(observed)"
    }
}

extension Reason: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("limit", limit)
            json.member("observed", observed)
            json.member("rule", rule)
        }
    }
}
