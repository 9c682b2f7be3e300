package import CanonicalJSON
import FoundationEssentials

/// `{"accounts": ["111122223333"], "operations": ["AssumeRole", …], "ready": true, "version": "0.1.0"}`
struct Readiness: JSONWritable {
    let accounts: [String]
    /// Those of IAM and STS that are answered.
    let operations: [String]

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.texts("accounts", accounts)
            json.texts("operations", operations)
            json.member("ready", true)
            json.member("version", MockIAM.version)
        }
    }
}

/// That something was done, in words.
struct Done: JSONWritable {
    let done: String

    func write(to json: inout JSONWriter) {
        json.object { json in json.member("done", done) }
    }
}

/// `{"moving": false, "now": "2026-11-22T20:45:00Z"}`
struct ClockReply: JSONWritable {
    let now: Date
    let isMoving: Bool

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("moving", isMoving)
            json.member("now", now.instant)
        }
    }
}

/// How often each action was asked for.
struct Counts: JSONWritable {
    let counts: [String: Int]

    init(_ counts: [String: Int]) {
        self.counts = counts
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("counts", counts)
            json.member("served", counts.values.reduce(0, +))
        }
    }
}

/// Journal entries.
struct Entries: JSONWritable {
    let entries: [MockIAM.Journal.Entry]

    init(_ entries: [MockIAM.Journal.Entry]) {
        self.entries = entries
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("count", entries.count)
            json.member("entries", entries)
        }
    }
}

extension MockIAM.Journal.Entry: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("access_key_id", accessKeyID)
            json.member("account", account)
            json.member("action", action)
            if case .failed(let code) = outcome { json.member("code", code) }
            if case .refused(let code) = outcome { json.member("code", code) }
            if case .replayed(let exchange) = outcome { json.member("exchange", exchange) }
            if !faults.isEmpty { json.texts("faults", faults) }
            if case .unmatched(let nearest) = outcome { json.texts("nearest", nearest) }
            json.member("number", number)
            json.member("outcome", outcome.name)
            json.name("parameters")
            json.array { json in
                for parameter in parameters.sorted(by: { $0.key < $1.key }) {
                    json.object { json in
                        json.member("name", parameter.key)
                        json.member("value", parameter.value)
                    }
                }
            }
            json.member("status", status)
        }
    }
}

extension MockIAM.Journal.Outcome {
    /// Every name that an outcome may have.
    static let names: [String] = [
        Self.replayed(exchange: 0), .answered, .failed(code: ""), .unmatched(nearest: []), .refused(code: ""), .faulted,
    ].map(\.name)

    var name: String {
        switch self {
        case .replayed: "replayed"
        case .answered: "answered"
        case .failed: "failed"
        case .unmatched: "unmatched"
        case .refused: "refused"
        case .faulted: "faulted"
        }
    }
}

extension JSONWriter {
    mutating func texts(_ name: StaticString, _ texts: [String]) {
        self.name(name)
        array { json in
            for text in texts { json.value(text) }
        }
    }
}
