package import CanonicalJSON

/// Why a rule decided as it did: the rule, its limit, what was seen, and where that comes from.
package struct Reason: Sendable, Equatable {
    /// What was seen.
    package enum Observed: Sendable, Equatable {
        case days(Int)
        case text(String)
        // Apart, as it is rare and large.
        indirect case unread(ReadFailure)

        package var text: String {
            switch self {
            case .days(let days): "\(days)"
            case .text(let text): text
            case .unread(let failure): "undetermined: \(failure.message)"
            }
        }
    }

    /// Such as `idle-days` or `age-days`.
    package var rule: String
    /// The limit in days, where the rule has one.
    package var limit: Int?
    package var observed: Observed
    /// Nil where the fact is undetermined, or rests on the whole population.
    package var source: Provenance?

    package init(rule: String, limit: Int? = nil, observed: Observed, source: Provenance? = nil) {
        self.rule = rule
        self.limit = limit
        self.observed = observed
        self.source = source
    }

    /// `age-days 412, limit 90`
    package var text: String {
        limit.map { "\(rule) \(observed.text), limit \($0)" } ?? "\(rule): \(observed.text)"
    }

    /// The exchange that it rests on, by `_seq`.
    package var exchange: Int? {
        if case .unread(let failure) = observed { failure.exchange } else { source?.exchange }
    }
}

extension Reason: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("exchange", exchange)
            json.member("limit", limit)
            json.member("observed", observed.text)
            json.member("rule", rule)
            json.member("source", source?.operation)
        }
    }
}
