/// Of how many users and keys each fact is known by which operation.
struct FactSources: Sendable {
    private var console = Tally()
    private var status = Tally()
    private var lastUse = Tally()

    mutating func note(_ user: IAMUser) { console.note(user.consoleAccess.source) }

    mutating func note(_ key: AccessKey) {
        status.note(key.listed)
        lastUse.note(key.lastUse.source)
    }

    /// By fact, then by operation; `undetermined` where the fact is.
    var counts: [String: [String: Int]] {
        let tallies = [(FactKind.consoleAccess, console), (.keyStatus, status), (.lastUse, lastUse)]
        return Dictionary(
            uniqueKeysWithValues: tallies.filter { !$1.byOperation.isEmpty }.map { ($0.rawValue, $1.dictionary) })
    }

    /// There are a few operations, which are looked through.
    private struct Tally {
        /// Nil stands for what is undetermined.
        private(set) var byOperation: [(operation: Provenance.Operation?, count: Int)] = []

        mutating func note(_ source: Provenance?) {
            let operation = source?.operation
            if let place = byOperation.firstIndex(where: { $0.operation == operation }) {
                byOperation[place].count += 1
            } else {
                byOperation.append((operation, 1))
            }
        }

        var dictionary: [String: Int] {
            Dictionary(
                uniqueKeysWithValues: byOperation.map { ($0.operation?.rawValue ?? "undetermined", $0.count) })
        }
    }
}
