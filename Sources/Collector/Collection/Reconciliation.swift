import AWSClient
import Evidence
import FoundationEssentials

/// Compares the users and keys that were listed with the credential report.
///
/// A difference is explained where something was created or deleted since the report was made, and the dates say so.
struct Reconciliation {
    let map: ReportMap
    let users: [IAMUser]

    /// What differs, but for users whom the report alone has: see ``missingRows(_:_:)``.
    var notes: [PopulationNote] {
        users.flatMap { user -> [PopulationNote] in
            guard let row = map.row(named: user.name) else { return [absent(user)] }
            guard row.created.isSameSecond(as: user.created) else { return [recreated(user, row)] }
            guard case .listed(let keys) = user.keys else { return [] }
            return self.keys(keys, of: user, row)
        }
    }

    /// The report's users who aren't among those listed, not even as somebody else of the same name.
    static func missingRows(_ map: ReportMap, _ users: [IAMUser]) -> [CredentialReport.Row] {
        let listed = Set(users.map(\.name))
        return map.report.users.filter { !listed.contains($0.user) && !map.duplicates.contains($0.user) }
    }

    /// The account summary and the report on the root user.
    static func rootNotes(_ findings: AccountCollection.Findings) -> [PopulationNote] {
        guard let hasKeys = findings.root.hasAccessKeys, let keys = findings.root.keys, hasKeys == keys.isEmpty,
            let report = findings.credentialReport.value
        else { return [] }
        return [
            PopulationNote(
                kind: .rootKeys, subject: "account",
                observed:
                    "The account summary says that the root user has \(hasKeys ? "access keys" : "no access key"), "
                    + "the credential report that it has \(keys.count).",
                explanation: report.wasMadeDuringRun ? nil : "Changed since the report was made.",
                exchanges: [findings.root.summary?.exchange, findings.credentialReport.provenance?.exchange])
        ]
    }

    private func absent(_ user: IAMUser) -> PopulationNote {
        PopulationNote(
            kind: .userNotInReport, subject: user.name,
            observed: "ListUsers has this user, created \(user.created.iso8601), and the credential report doesn't.",
            explanation: user.created >= map.began ? "Created since the report was made." : nil,
            exchanges: [user.listed.exchange, map.source.exchange])
    }

    private func recreated(_ user: IAMUser, _ row: CredentialReport.Row) -> PopulationNote {
        PopulationNote(
            kind: .userRecreated, subject: user.name,
            observed: "ListUsers has a user of this name created \(user.created.iso8601), the credential report one "
                + "created \(row.created.iso8601).",
            explanation: user.created >= map.began ? "Deleted and created again since the report was made." : nil,
            exchanges: [user.listed.exchange, map.source.exchange])
    }

    private func keys(_ keys: [AccessKey], of user: IAMUser, _ row: CredentialReport.Row) -> [PopulationNote] {
        // Keys that the report itself named can't differ from it.
        let listed = keys.filter { $0.id != nil }
        guard !(keys.isEmpty && row.keys.isEmpty), listed.count == keys.count else { return [] }
        var notes: [PopulationNote] = []
        for key in listed {
            let slots = row.keys.filter { $0.created.isSameSecond(as: key.created) }
            let same = listed.count { $0.created.isSameSecond(as: key.created) }
            if slots.isEmpty {
                notes.append(
                    note(
                        .keyNotInReport, key.label, key,
                        "User '\(user.name)' has this key, created \(key.created.iso8601); the credential report has none "
                            + "of that date.",
                        key.created >= map.began ? "Created since the report was made." : nil))
            } else if slots.count > 1 || same > 1 {
                notes.append(
                    note(
                        .ambiguousKeys, key.label, key,
                        "User '\(user.name)' has keys that were made in the same second: the credential report doesn't "
                            + "tell which is which.",
                        "The key's own last use was asked for."))
            } else if slots[0].isActive != (key.status == .active) {
                notes.append(
                    note(
                        .keyStatusChanged, key.label, key,
                        "The key is \(key.status.name), and the credential report has it as "
                            + "\(slots[0].isActive ? "active" : "not active").",
                        "ListAccessKeys was asked for the status, at \(key.listed.asOf.iso8601)."))
            }
        }
        for slot in row.keys where !listed.contains(where: { $0.created.isSameSecond(as: slot.created) }) {
            notes.append(
                PopulationNote(
                    kind: .keyOnlyInReport, subject: user.name,
                    observed: "The credential report has a key of this user, slot \(slot.number), created "
                        + "\(slot.created.iso8601), and ListAccessKeys doesn't.",
                    explanation: "Deleted since the report was made: a second ListAccessKeys doesn't name it either.",
                    exchanges: [map.source.exchange, listed.first?.listed.exchange]))
        }
        return notes
    }

    private func note(
        _ kind: PopulationNote.Kind, _ subject: String, _ key: AccessKey, _ observed: String, _ explanation: String?
    ) -> PopulationNote {
        PopulationNote(
            kind: kind, subject: subject, observed: observed, explanation: explanation,
            exchanges: [key.listed.exchange, map.source.exchange])
    }
}
