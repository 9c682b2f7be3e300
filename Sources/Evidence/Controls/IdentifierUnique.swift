package import FoundationEssentials

/// `identifier-unique`: an identifier that means two things, or comes to mean another during the run, identifies nobody.
///
/// Whether a name was another user's in an earlier run it doesn't look at: it would then conclude from what isn't in the
/// bundle.
package struct IdentifierUnique: ControlTest {
    package var id: ControlTestID { .identifierUnique }
    package var title: String { "Identifiers of users and keys are unique" }
    package var question: String {
        "Does every user id and key id occur once, and every user name stand for one user throughout the run?"
    }
    package var facts: Set<FactKind> { [] }
    package var parameters: [TestParameter] { [] }

    package init() {}

    package func evaluate(_ subject: ControlSubject, at asOf: Date) -> Verdict? {
        guard case .account(let identifiers) = subject else { return nil }
        let findings = identifiers.findings
        guard !findings.isEmpty else {
            let observed = "\(identifiers.count) identifiers, each once"
            guard identifiers.areAll else {
                return Verdict(
                    .undetermined,
                    Reason(.identifierOccurrences, observed: .text("\(observed), and not all could be listed")))
            }
            return Verdict(.satisfied, Reason(.identifierOccurrences, observed: .text(observed)))
        }
        let named = findings.prefix(10).map(\.text)
        let more = findings.count > 10 ? ["and \(findings.count - 10) more"] : []
        return Verdict(
            .notSatisfied,
            Reason(.identifierOccurrences, observed: .text((named + more).joined(separator: "; "))))
    }
}

/// The identifiers that an account has given out, and what is wrong with them.
package struct AccountIdentifiers: Sendable, Equatable {
    /// User ids and key ids.
    package var count: Int
    /// Whether everything that could have an identifier was listed.
    package var areAll: Bool
    package var findings: [Finding]

    package struct Finding: Sendable, Equatable {
        /// The id or the name.
        package var identifier: String
        package var text: String
    }

    /// - Parameter hashes: of all ids of the snapshot's users and keys.
    init(_ snapshot: AccountSnapshot, hashes: IdentifierHashes) {
        var repeated: Set<String> = []
        if hashes.areDistinct {
            count = hashes.count
        } else {
            var seen: Set<String> = []
            for user in snapshot.users {
                user.forEachIdentifier { if !seen.insert($0).inserted { repeated.insert($0) } }
            }
            count = seen.count
        }
        // What a list had twice the snapshot has once.
        repeated.formUnion(snapshot.duplicates.map(\.name))
        areAll = snapshot.populationIsKnown
        findings =
            repeated.sorted().map { Finding(identifier: $0, text: "'\($0)' occurs more than once") }
            + Set(snapshot.notes.lazy.filter { $0.kind == .userRecreated }.map(\.subject.name)).sorted().map {
                Finding(identifier: $0, text: "user name '\($0)' came back as another user")
            }
    }
}

extension AccountSnapshot {
    /// The names, user ids and key ids that were listed for two users or keys: the snapshot itself has them once.
    var duplicates: Set<ReadSubject> {
        Set(failures.lazy.filter { $0.fact == .population && $0.code == .duplicate }.map(\.subject))
    }
}

/// Where all hashes differ all identifiers do, and sorted numbers take less time than a set of texts.
struct IdentifierHashes {
    private var hashes: [Int] = []

    init(users: Int) {
        hashes.reserveCapacity(2 * users)
    }

    mutating func note(_ user: IAMUser) {
        user.forEachIdentifier { hashes.append($0.hashValue) }
    }

    var count: Int { hashes.count }

    fileprivate var areDistinct: Bool {
        let sorted = hashes.sorted()
        return zip(sorted, sorted.dropFirst()).allSatisfy { $0 != $1 }
    }
}

extension IAMUser {
    /// The ids of the user and its keys.
    fileprivate func forEachIdentifier(_ body: (String) -> Void) {
        if let id { body(id) }
        for key in keys.known {
            if let id = key.id { body(id) }
        }
    }
}
