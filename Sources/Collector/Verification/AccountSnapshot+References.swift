import Evidence

extension AccountSnapshot {
    /// Something in a report that rests on a recorded exchange.
    struct Reference: Hashable {
        /// A user name, a key id, or what a failure is about.
        var subject: String
        var operation: String
        var exchange: Int
    }

    /// Every fact and every failure that names the exchange it rests on.
    var references: [Reference] {
        var references: [Reference] = []
        func add(_ subject: String, _ source: Provenance?) {
            guard let source, let exchange = source.exchange else { return }
            references.append(Reference(subject: subject, operation: source.operation.rawValue, exchange: exchange))
        }
        for user in users {
            add(user.name, user.listed)
            add(user.name, user.consoleAccessSource)
            add(user.name, user.optional.tags?.provenance)
            for key in user.keys.known {
                add(key.label, key.listed)
                add(key.label, key.lastUseSource)
            }
        }
        add("root user", root.summary)
        for key in root.keys ?? [] { add("root user", key.listed) }
        add("account summary", accountSummary.provenance)
        add("credential report", credentialReport.provenance)
        for failure in failures where failure.operation != "reconciliation" {
            guard let exchange = failure.exchange else { continue }
            references.append(
                Reference(subject: failure.subject, operation: failure.operation, exchange: exchange))
        }
        return references
    }
}
