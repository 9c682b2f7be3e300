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

    /// How many of the requests meet it.
    ///
    /// - Throws: 409 where requests were forgotten that can't be judged by the counts, which know no parameters.
    func count(in journal: MockIAM.Journal.State) throws(ControlError) -> Int {
        guard journal.forgotten > 0 else { return journal.entries.count(where: counts) }
        guard parameters.isEmpty, journal.countsAreWhole else {
            throw ControlError(
                status: 409,
                "\(description.printable()) can't be counted: \(journal.forgotten) older entries were forgotten; clear "
                    + "the journal (DELETE \(Control.prefix)journal) between tests")
        }
        let counted = journal.counts.reduce(0) { $0 + (Glob.matches($1.key, action) ? $1.value : 0) }
        return counted + (Glob.matches("", action) ? journal.withoutAction : 0)
    }

    private func counts(_ entry: MockIAM.Journal.Entry) -> Bool {
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
    /// `{"expectations": [{"action": "ListUsers", "times": 3}], "unmatched": 0}`; 422 where the journal says otherwise,
    /// 409 where it has forgotten what would tell.
    func verify(_ body: String) throws(ControlError) -> Reply {
        let request = try read(body) { value throws(YAMLError) in
            let keys = try value.mapping("a verification", keys: VerificationKey.self)
            var expectations: [Expectation] = []
            for item in try keys[.expectations]?.items() ?? [] { expectations.append(try Expectation(item)) }
            return (expectations: expectations, unmatched: try keys[.unmatched]?.integer(in: 0...Int.max))
        }
        let journal = responder.journal.current
        var failures: [String] = []
        for expectation in request.expectations {
            let count = try expectation.count(in: journal)
            if !(expectation.least...expectation.most ~= count) {
                failures.append("\(expectation.description.printable()): expected \(expectation.wanted), came \(count)")
            }
        }
        if let wanted = request.unmatched, journal.unmatched != wanted {
            let first = journal.firstUnmatched.map { ", the first \($0)" } ?? ""
            failures.append("unmatched requests: expected \(wanted), came \(journal.unmatched)\(first)")
        }
        return Reply(status: failures.isEmpty ? 200 : 422, Verification(failures: failures))
    }
}
