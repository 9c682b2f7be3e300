import FoundationEssentials
import Recording

extension MockIAM.RecordingListing {
    /// How often an action was asked for, and what came of it.
    struct Tally {
        var action: String
        var calls = 0
        var retries = 0
        /// By what was answered: `400 Throttling`.
        var errors: [String: Int] = [:]
    }

    /// The numbers of each action, sorted by its name.
    var tallies: [Tally] {
        var tallies: [String: Tally] = [:]
        for (exchange, _) in rows {
            var tally = tallies[exchange.operation] ?? Tally(action: exchange.operation)
            tally.calls += 1
            if exchange.attempt > 1 { tally.retries += 1 }
            if !(exchange.response?.isSuccess ?? false) { tally.errors[exchange.reply, default: 0] += 1 }
            tallies[exchange.operation] = tally
        }
        return tallies.values.sorted { $0.action < $1.action }
    }

    /// The exchanges whose body isn't what their line says.
    var differing: [Int] {
        rows.filter { $0.digest == .differs }.map(\.exchange.sequence)
    }

    var summary: [String] {
        let starts = rows.map(\.exchange.started)
        var total = "\(rows.count) \(rows.count == 1 ? "exchange" : "exchanges")"
        if rows.count != recording.exchanges.count { total += " of \(recording.exchanges.count)" }
        if let first = starts.min(), let last = starts.max(), first < last {
            total += " in \((last.timeIntervalSince(first)).shortDigits) s"
        }
        let bytes = rows.reduce(0) { $0 + ($1.exchange.response?.body.count ?? 0) }
        var lines = ["\(total), \(bytes) bytes of answers"]
        let tallies = tallies
        let width = tallies.map { $0.action.printable(limit: 60).count }.max() ?? 0
        for tally in tallies {
            let action = tally.action.printable(limit: 60)
            var line = "  \(action)\(String(repeating: " ", count: width - action.count))  \(tally.calls)"
            if tally.retries > 0 { line += ", \(tally.retries) of them \(tally.retries == 1 ? "a retry" : "retries")" }
            let errors = tally.errors.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
            if !errors.isEmpty { line += ": \(errors.joined(separator: ", "))" }
            lines.append(line)
        }
        if !differing.isEmpty {
            let numbers = differing.prefix(20).map { "\($0)" }.joined(separator: ", ")
            lines.append(
                "The body differs from its _sha256 in \(numbers)\(differing.count > 20 ? ", …" : ""): it was changed "
                    + "after it had been recorded.")
        }
        return lines
    }
}
