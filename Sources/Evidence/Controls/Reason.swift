package import CanonicalJSON

/// Why a rule decided as it did: the rule, its limit, what was seen, and where that comes from.
package struct Reason: Sendable, Equatable {
    /// What was seen.
    package enum Observed: Sendable, Equatable, TextWritable {
        case days(Int)
        // Apart, as they are rare and large.
        indirect case text(String)
        indirect case unread(ReadFailure)

        package func put(to text: inout some TextOutput & ~Copyable) {
            switch self {
            case .days(let days): text.put(days)
            case .text(let said): text.put(said)
            case .unread(let failure):
                text.literal("undetermined: ")
                text.put(failure.message)
            }
        }
    }

    /// What is counted or looked at.
    package enum Rule: Sendable, Equatable {
        /// Days since the key was made.
        case age
        /// Days since its last use.
        case idle
        /// Days since it was made, of a key that was never used.
        case neverUsedAge
        case status, lastUse
        /// Which rules hold for the user.
        case override
        /// Days since the second Active key was made.
        case overlap
        /// The days that a key has been Inactive for at most.
        case inactiveAtMost
        case ownerTag, rootAccessKeys, identifierOccurrences
        /// Dates that can't be right.
        case dates(DataFinding.Kind)
        /// When AWS was asked.
        case asOf

        /// As documents name it.
        package var name: String {
            switch self {
            case .age: "age-days"
            case .idle: "idle-days"
            case .neverUsedAge: "never-used-age-days"
            case .status: "status"
            case .lastUse: "last-use"
            case .override: "override"
            case .overlap: "overlap-days"
            case .inactiveAtMost: "inactive-days-at-most"
            case .ownerTag: "owner-tag"
            case .rootAccessKeys: "root-access-keys"
            case .identifierOccurrences: "identifier-occurrences"
            case .dates(let kind): kind.rawValue
            case .asOf: "as-of"
            }
        }
    }

    package var rule: Rule
    /// The limit in days, where the rule has one.
    package var limit: Int?
    package var observed: Observed
    /// Nil where the fact is undetermined, or rests on the whole population.
    package var source: Provenance?

    package init(_ rule: Rule, limit: Int? = nil, observed: Observed, source: Provenance? = nil) {
        self.rule = rule
        self.limit = limit
        self.observed = observed
        self.source = source
    }

    /// Whether its text holds nothing that anybody else wrote.
    var isPlain: Bool { if case .days = observed { true } else { false } }

    /// The exchange that it rests on, by `_seq`.
    package var exchange: Int? {
        if case .unread(let failure) = observed { failure.exchange } else { source?.exchange }
    }
}

/// `age-days 412, limit 90`
extension Reason: TextWritable {
    package func put(to text: inout some TextOutput & ~Copyable) {
        text.put(plain: rule.name)
        text.literal(limit == nil ? ": " : " ")
        observed.put(to: &text)
        guard let limit else { return }
        text.literal(", limit ")
        text.put(limit)
    }
}

extension Reason: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.verbatim { json in
            json.literal("{")
            if let exchange {
                json.literal("\"exchange\":")
                json.put(exchange)
                json.literal(",")
            }
            if let limit {
                json.literal("\"limit\":")
                json.put(limit)
                json.literal(",")
            }
            json.literal("\"observed\":\"")
            observed.put(to: &json)
            json.literal("\",\"rule\":\"")
            json.put(plain: rule.name)
            if let source {
                json.literal("\",\"source\":\"")
                json.put(plain: source.operation.rawValue)
            }
            json.literal("\"}")
        }
    }
}
