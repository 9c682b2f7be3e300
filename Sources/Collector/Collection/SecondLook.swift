import AWSClient
import Evidence
import FoundationEssentials

/// What a second look at users and keys brought to light.
struct SecondLook: Sendable {
    /// Users whose keys were to be listed again.
    var seenAgain: Set<String> = []
    /// By user the exchanges of both lists of keys, where the second could be had.
    var lists: [String: [Int]] = [:]
    /// Users who had another name, too, while the run went on: the other one by that under which they were read.
    var otherNames: [String: String] = [:]
    /// Users of the credential report whom AWS doesn't know.
    var unknownRows: [UnknownRow] = []
    /// Of the report's users whom no list names, those who were looked for.
    var soughtNames: Set<String> = []
    /// Whether the list itself shows that it changed while it was read.
    var isCalledFor = false
    /// The ids of all who were listed so far.
    var ids: Set<String> = []
    /// Users whom AWS didn't know when it was asked about them, and whom the last list doesn't name either.
    var awaitingConfirmation: [UserFindings] = []
    /// The ids of users who were read, and whom the last list doesn't name.
    var missing: Set<String> = []
    /// What was read of users who were read anew: their keys may be gone, or somebody else's.
    var discarded: [IAMUser] = []
    /// How many lists named users whom none had named before.
    var listsWithNewcomers = 0
    /// The last list of users after the first; nil where there was none.
    var lastList: UserList?

    /// What the report says of a user, by either name if it had two during the run. One of the same name and another
    /// creation date is somebody else.
    func row(of user: IAMUser, in map: ReportMap) -> CredentialReport.Row? {
        map.row(user.name, created: user.created)
            ?? otherNames[user.name].flatMap { map.row($0, created: user.created) }
    }

    /// A user of the credential report whom AWS doesn't know by that name.
    struct UnknownRow: Sendable {
        var row: CredentialReport.Row
        /// The operation that didn't know the user; ListUsers where it has another of the name.
        var operation: String
        var exchanges: [Int?]
    }
}
