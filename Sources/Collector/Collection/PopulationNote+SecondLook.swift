import AWSClient
import Evidence
import FoundationEssentials

/// What is said of users and keys that lists don't agree about.
extension PopulationNote {
    /// A user whom AWS didn't know any more, and whom the last list doesn't name.
    static func vanished(_ gone: UserFindings, _ last: UserList) -> PopulationNote {
        let user = gone.user
        let operation = gone.gone?.operation ?? ListAccessKeys.name
        let isReplaced = operation == ListUsers.name
        let isOfReport = user.id == nil
        let observed =
            switch (isOfReport, isReplaced) {
            case (false, false): "\(operation) doesn't know this user, who was listed before."
            case (false, true): "ListUsers named a user by this name, and another later."
            case (true, false): "The credential report has this user, and \(operation) doesn't know it."
            case (true, true): "The credential report has this user, and ListUsers another of this name."
            }
        return PopulationNote(
            kind: isOfReport ? .userOnlyInReport : .userVanished, subject: .user(user.name), observed: observed,
            explanation: isOfReport
                ? "Deleted since the report was made: ListUsers has nobody of this name and creation date."
                : "Deleted during the run: a later ListUsers "
                    + (last.user(named: user.name) != nil
                        ? "has another user of this name." : "doesn't name the user."),
            exchanges: [user.listed.exchange, gone.gone?.exchange] + last.exchanges)
    }

    /// A user who was read, and whom the last list doesn't name.
    static func deletedLater(_ user: IAMUser, _ last: UserList) -> PopulationNote {
        PopulationNote(
            kind: .userDeletedLater, subject: .user(user.name),
            observed: "ListUsers named this user, who was read, and didn't name it later.",
            explanation: "Deleted during the run, after it was read; it is assessed as it was.",
            exchanges: [user.listed.exchange] + last.exchanges)
    }

    /// A user who has another name now.
    static func renamed(_ gone: UserFindings, _ now: ListedUser) -> PopulationNote {
        let user = gone.user
        let reason =
            gone.gone?.operation == ListUsers.name ? "whose name is another user's now" : "whom AWS doesn't know"
        return PopulationNote(
            kind: .userRenamed, subject: .user(now.name),
            observed: user.id == nil
                ? "The credential report has '\(user.name)', \(reason), and ListUsers '\(now.name)', who alone was "
                    + "created in the same second."
                : "ListUsers named this user '\(user.name)' at first, and '\(now.name)' later, with the same id.",
            explanation:
                "Renamed \(user.id == nil ? "since the report was made" : "during the run"), and was read under it.",
            exchanges: [user.listed.exchange, gone.gone?.exchange, now.listed.exchange])
    }

    /// A name that another user has than at first.
    static func nameReused(_ user: IAMUser, by now: ListedUser) -> PopulationNote {
        PopulationNote(
            kind: .userRecreated, subject: .user(user.name),
            observed: "ListUsers named a user by this name\(user.id.map { ", \($0)," } ?? "") at first, and another"
                + "\(now.id.map { ", \($0)," } ?? "") later.",
            explanation: "The name changed hands during the run.",
            exchanges: [user.listed.exchange, now.listed.exchange])
    }

    /// A user whom only a later list names.
    ///
    /// - Parameter explanation: why the first one need not have.
    static func listedLate(_ user: ListedUser, _ explanation: String?) -> PopulationNote {
        PopulationNote(
            kind: .userListedLate, subject: .user(user.name),
            observed: "ListUsers didn't name this user at first, and does now.", explanation: explanation,
            exchanges: [user.listed.exchange])
    }

    /// A key that was listed before its user was read anew, and that nobody has any more.
    static func vanished(_ key: AccessKey, of user: IAMUser, readAnew now: IAMUser?) -> PopulationNote {
        PopulationNote(
            kind: .keyVanished, subject: .accessKey(key.label),
            observed:
                "ListAccessKeys named this key for user '\(user.name)', and doesn't since the user was read anew.",
            explanation: "Deleted during the run: no list of keys that was had later names it.",
            exchanges: [key.listed.exchange] + (now?.keys.source?.exchanges ?? []))
    }
}
