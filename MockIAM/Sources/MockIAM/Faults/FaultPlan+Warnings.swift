import PlainText
import StrictYAML

extension MockIAM.FaultPlan {
    /// How the journal and the log call a rule.
    func name(of index: Int) -> String {
        rules[index].name ?? "faults[\(index)]"
    }

    /// What is odd about it and may be meant nevertheless, in words for the log. By a fault that no operation can meet
    /// nothing goes wrong, and a test that counts on it passes for another reason.
    ///
    /// - Parameter operations: the names of those that are served.
    func warnings(serving operations: [String]) -> [String] {
        rules.indices.flatMap { index in
            (rules[index].match.action?.alternatives ?? []).compactMap { pattern in
                // Those of the metadata service are called by their paths, of which there are many.
                guard !pattern.contains("/"), !operations.contains(where: { Glob.matches($0, pattern) }) else {
                    return nil
                }
                let advice = pattern.nearest(in: operations).map { "; did you mean '\($0)'?" } ?? ""
                return
                    "fault '\(name(of: index).printable())': match.action '\(pattern.printable())' matches no operation "
                    + "that is served\(advice)"
            }
        }
    }
}
