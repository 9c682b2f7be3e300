import AWSClient
import Evidence
import FoundationEssentials

/// Compares the users and keys that were listed with the credential report.
///
/// A difference is explained where something was created, renamed or deleted since the report was made, and dates and a
/// second look say so.
struct Reconciliation {
    let map: ReportMap
    let users: [IAMUser]
    let secondLook: SecondLook

    /// What differs.
    var notes: [PopulationNote] {
        let renames = renames
        let renamed = Set(renames.values.map(\.row.user))
        return users.flatMap { user -> [PopulationNote] in
            let row = secondLook.row(of: user, in: map)
            let unknown = row == nil ? renames[user.name] : nil
            var notes: [PopulationNote] = []
            if let other = map.row(named: user.name), !other.created.isSameSecond(as: user.created) {
                notes.append(recreated(user, other, isRenamed: row != nil || unknown != nil))
            }
            if let row { return notes + keys(of: user, row) }
            if let unknown { return notes + [self.renamed(user, unknown)] + keys(of: user, unknown.row) }
            // Of one who is in it twice a failure tells.
            return notes.isEmpty && !map.duplicates.contains(user.name) ? [absent(user)] : notes
        } + secondLook.unknownRows.filter { !renamed.contains($0.row.user) }.map(deleted)
    }

    /// The report's users whose names others bear now.
    private var rowsOfOthers: [SecondLook.UnknownRow] {
        users.compactMap { user in
            guard let row = map.row(named: user.name), !row.created.isSameSecond(as: user.created) else { return nil }
            return SecondLook.UnknownRow(
                row: row, operation: ListUsers.name, exchanges: [map.source.exchange, user.listed.exchange])
        }
    }

    /// Users who were renamed after the report was made, by their names now, with their rows. The report has no ids: they
    /// are matched by the second of creation, where exactly one user whom the report lacks and one row whose name AWS
    /// doesn't know any more, or knows as another user's, have it.
    var renames: [String: SecondLook.UnknownRow] {
        func only<Value>(_ values: [Value], _ created: (Value) -> Date) -> [Double: Value] {
            Dictionary(grouping: values) { created($0).wholeSecond }
                .compactMapValues { $0.count == 1 ? $0[0] : nil }
        }
        let absent = only(users.filter { secondLook.row(of: $0, in: map) == nil }, \.created)
        let rows = only(secondLook.unknownRows + rowsOfOthers, \.row.created)
        return Dictionary(
            absent.compactMap { second, user in rows[second].map { (user.name, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// Where the account summary and the report disagree on the root user's keys.
    static func rootNote(_ findings: AccountCollection.Findings) -> PopulationNote? {
        guard let hasKeys = findings.root.accessKeysPresent, let keys = findings.root.keys, hasKeys == keys.isEmpty,
            let report = findings.credentialReport.value
        else { return nil }
        // What the summary has counts, and nothing passes by it.
        let mayBeNew = hasKeys && !report.wasMadeDuringRun
        return PopulationNote(
            kind: .rootKeys, subject: .account,
            observed:
                "The account summary says that the root user has \(hasKeys ? "access keys" : "no access key"), "
                + "the credential report that it has \(keys.count).",
            explanation: mayBeNew ? "Created since the report was made." : nil,
            exchanges: [findings.root.summary?.exchange, findings.credentialReport.provenance?.exchange])
    }

    private func absent(_ user: IAMUser) -> PopulationNote {
        PopulationNote(
            kind: .userNotInReport, subject: .user(user.name),
            observed: "ListUsers has this user, created \(user.created.iso8601), and the credential report doesn't.",
            explanation: explanation(ofWhatWasCreated: user.created),
            exchanges: [user.listed.exchange, map.source.exchange])
    }

    private func renamed(_ user: IAMUser, _ unknown: SecondLook.UnknownRow) -> PopulationNote {
        PopulationNote(
            kind: .userRenamed, subject: .user(user.name),
            observed:
                "ListUsers has this user, created \(user.created.iso8601), and the credential report one of the same "
                + "creation date named '\(unknown.row.user)', "
                + (unknown.operation == ListUsers.name
                    ? "whose name is another user's now." : "whom \(unknown.operation) doesn't know."),
            explanation: "Renamed since the report was made: no other user was created in that second.",
            exchanges: [user.listed.exchange] + unknown.exchanges)
    }

    private func deleted(_ unknown: SecondLook.UnknownRow) -> PopulationNote {
        let twins = users.filter { $0.created.isSameSecond(as: unknown.row.created) }.map { "'\($0.name)'" }.sorted()
        return PopulationNote(
            kind: .userOnlyInReport, subject: .user(unknown.row.user),
            observed: "The credential report has this user, and ListUsers doesn't.",
            explanation:
                "Deleted since the report was made: neither a second ListUsers nor \(unknown.operation) knows the "
                + "user."
                + (twins.isEmpty
                    ? ""
                    : " Or renamed to the name of one who was: \(twins.joined(separator: ", ")) was created in the same "
                        + "second, and nothing is taken from the report for it."),
            exchanges: unknown.exchanges)
    }

    private func recreated(_ user: IAMUser, _ row: CredentialReport.Row, isRenamed: Bool) -> PopulationNote {
        let isNew = map.mayLack(whatWasCreated: user.created)
        // Who has a row of the own name was that user when the report was made, too.
        let bearers = users.filter {
            $0.name != user.name && $0.created.isSameSecond(as: row.created)
                && map.row($0.name, created: $0.created) == nil
        }
        // The users are in the order in which they were read.
        let names = bearers.map { "'\($0.name)'" }.sorted()
        let fate =
            switch names.count {
            case 0: "Deleted"
            case 1: "Renamed to \(names[0]), by the creation date,"
            default: "Deleted, or renamed to one of \(names.joined(separator: ", ")),"
            }
        return PopulationNote(
            kind: .userRecreated, subject: .user(user.name),
            observed: "ListUsers has a user of this name created \(user.created.iso8601), the credential report one "
                + "created \(row.created.iso8601).",
            explanation: isNew
                ? "\(fate) since the report was made, and this user created."
                : isRenamed ? "\(fate) since the report was made, and this user renamed to the name." : nil,
            exchanges: [user.listed.exchange, map.source.exchange])
    }

    /// Why the report may lack what was created then; nil where it had to have it.
    private func explanation(ofWhatWasCreated created: Date) -> String? {
        guard map.mayLack(whatWasCreated: created) else { return nil }
        return "Created since the report was made, or so shortly before that AWS need not have known of it."
    }

    private func keys(of user: IAMUser, _ row: CredentialReport.Row) -> [PopulationNote] {
        guard let keys = user.keys.value else { return [] }
        // Keys that the report itself named can't differ from it.
        let listed = keys.filter { $0.id != nil }
        guard !(keys.isEmpty && row.keys.isEmpty), listed.count == keys.count else { return [] }
        var notes: [PopulationNote] = []
        let changed = ChangedSlots(row.keys, among: listed, in: map)
        for (place, key) in listed.enumerated() {
            let slots = row.keys.filter { $0.created.isSameSecond(as: key.created) }
            let ofThatSecond = listed.filter { $0.created.isSameSecond(as: key.created) }
            let unchanged = ofThatSecond.count { !changed.has($0) }
            if changed.has(key) {
                notes.append(dateDiffers(key, of: user, changed.candidates(of: key)))
                if ofThatSecond.count == 1, let slot = changed.slot(of: key), slot.isActive != (key.status == .active) {
                    notes.append(statusChanged(key, slot, lists: secondLook.lists[user.name]))
                }
            } else if slots.isEmpty {
                notes.append(
                    note(
                        .keyNotInReport, .accessKey(key.label), key,
                        "User '\(user.name)' has this key, created \(key.created.iso8601); the credential report has none "
                            + "of that date.",
                        explanation(ofWhatWasCreated: key.created)))
            } else if slots.count > 1 || ofThatSecond.count > 1 {
                // The report doesn't tell which of them it lacks.
                let isLast = !listed[(place + 1)...].contains {
                    $0.created.isSameSecond(as: key.created) && !changed.has($0)
                }
                if isLast, unchanged > slots.count {
                    notes.append(
                        note(
                            .keyNotInReport, .user(user.name), key,
                            "User '\(user.name)' has \(ofThatSecond.count) keys that were created \(key.created.iso8601); the "
                                + "credential report has \(slots.count) of that date.",
                            explanation(ofWhatWasCreated: key.created)))
                }
                notes.append(
                    note(
                        .ambiguousKeys, .accessKey(key.label), key,
                        "User '\(user.name)' has keys that were made in the same second: the credential report doesn't "
                            + "tell which is which.",
                        "The key's own last use was asked for."))
            } else if slots[0].isActive != (key.status == .active) {
                notes.append(statusChanged(key, slots[0], lists: secondLook.lists[user.name]))
            }
        }
        for slot in row.keys.missing(from: listed) where !changed.has(slot) {
            let same = listed.count { $0.created.isSameSecond(as: slot.created) }
            let missing = same == 0 ? "ListAccessKeys doesn't" : "ListAccessKeys has only \(same) of that second"
            let lists = secondLook.lists[user.name]
            notes.append(
                PopulationNote(
                    kind: .keyOnlyInReport, subject: .user(user.name),
                    observed: "The credential report has a key of this user, slot \(slot.number), created "
                        + "\(slot.created.iso8601), and \(missing).",
                    explanation: lists == nil
                        ? nil : "Deleted since the report was made: a second ListAccessKeys doesn't name it either.",
                    exchanges: [map.source.exchange] + (lists ?? user.keys.source?.exchanges ?? [])))
        }
        return notes
    }

    /// - Parameter candidates: what it may be in the report.
    private func dateDiffers(
        _ key: AccessKey, of user: IAMUser, _ candidates: [CredentialReport.Slot]
    ) -> PopulationNote {
        let dates = candidates.map(\.created.iso8601).joined(separator: " or ")
        return note(
            .keyDateDiffers, .accessKey(key.label), key,
            "User '\(user.name)' has this key, created \(key.created.iso8601); the credential report, which must have it, has "
                + "it by another date: \(dates).",
            "Changed after it was created, such as activated again, which the report dates a key by. Its age counts from "
                + "its creation, and its last use was asked for.")
    }

    /// - Parameter lists: the exchanges of both lists that have the key, where it was listed again.
    private func statusChanged(
        _ key: AccessKey, _ slot: CredentialReport.Slot, lists: [Int]?
    ) -> PopulationNote {
        let explanation: String? =
            if key.status == .active {
                // Nothing passes by that, and one list is enough for it.
                "ListAccessKeys was asked for the status, at \(key.listed.asOf.iso8601)."
            } else {
                lists == nil ? nil : "Deactivated since the report was made: a second ListAccessKeys says the same."
            }
        var note = note(
            .keyStatusChanged, .accessKey(key.label), key,
            "The key is \(key.status.name), and the credential report has it as "
                + "\(slot.isActive ? "active" : "not active").", explanation)
        for exchange in lists ?? [] { note.add(exchange) }
        return note
    }

    private func note(
        _ kind: PopulationNote.Kind, _ subject: ReadSubject, _ key: AccessKey, _ observed: String,
        _ explanation: String?
    ) -> PopulationNote {
        PopulationNote(
            kind: kind, subject: subject, observed: observed, explanation: explanation,
            exchanges: [key.listed.exchange, map.source.exchange])
    }
}
