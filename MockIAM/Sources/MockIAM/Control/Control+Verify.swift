import CanonicalJSON
import FoundationEssentials
import StrictYAML

/// How often a request is expected to have come.
private struct Expectation {
    var action: String
    /// Patterns, by name of the parameter.
    var parameters: [(name: String, pattern: String)]
    var least: Int
    var most: Int

    enum Key: String, CaseIterable {
        case action, parameters, times
        case atLeast = "at_least"
        case atMost = "at_most"
    }

    init(_ value: YAMLValue) throws(YAMLError) {
        let keys = try value.mapping("an expectation", keys: Key.self)
        action = try keys.required(.action).text()
        parameters = []
        for (name, value) in try keys[.parameters]?.entries() ?? [] {
            parameters.append((name, try value.text()))
        }
        let times = try keys[.times]?.integer(in: 0...Int.max)
        let atLeast = try keys[.atLeast]?.integer(in: 0...Int.max)
        let atMost = try keys[.atMost]?.integer(in: 0...Int.max)
        least = times ?? atLeast ?? (atMost == nil ? 1 : 0)
        most = times ?? atMost ?? .max
        guard least <= most else { throw value.error("at_least is more than at_most") }
    }

    func counts(_ entry: MockIAM.Journal.Entry) -> Bool {
        guard Glob.matches(entry.action ?? "", action) else { return false }
        let sent = entry.parameters
        return parameters.allSatisfy { parameter in
            sent[parameter.name].map { Glob.matches($0, parameter.pattern) } ?? false
        }
    }

    var wanted: String {
        least == most ? "\(least)" : most == .max ? "at least \(least)" : "\(least) to \(most)"
    }

    var description: String {
        ([action] + parameters.map { "\($0.name)=\($0.pattern)" }).joined(separator: " ")
    }
}

private enum VerificationKey: String, CaseIterable {
    case expectations, unmatched
}

/// What came of the expectations.
private struct Verification: JSONWritable {
    var failures: [String]

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.texts("failures", failures)
            json.member("verified", failures.isEmpty)
        }
    }
}

extension Control {
    /// `{"expectations": [{"action": "ListUsers", "times": 3}], "unmatched": 0}`; 422 where the journal says otherwise.
    func verify(_ body: String) throws(ControlError) -> Reply {
        let request = try read(body) { value throws(YAMLError) in
            let keys = try value.mapping("a verification", keys: VerificationKey.self)
            var expectations: [Expectation] = []
            for item in try keys[.expectations]?.items() ?? [] { expectations.append(try Expectation(item)) }
            return (expectations: expectations, unmatched: try keys[.unmatched]?.integer(in: 0...Int.max))
        }
        let entries = responder.journal.entries
        var failures: [String] = []
        for expectation in request.expectations {
            let count = entries.count(where: expectation.counts)
            if !(expectation.least...expectation.most ~= count) {
                failures.append("\(expectation.description.printable()): expected \(expectation.wanted), came \(count)")
            }
        }
        if let wanted = request.unmatched {
            let unmatched = entries.filter(\.isUnmatched)
            if unmatched.count != wanted {
                let first = unmatched.first.map { ", the first \($0)" } ?? ""
                failures.append("unmatched requests: expected \(wanted), came \(unmatched.count)\(first)")
            }
        }
        return Reply(status: failures.isEmpty ? 200 : 422, Verification(failures: failures))
    }
}
