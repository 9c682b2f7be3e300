import AWSClient
import Evidence
import FoundationEssentials

/// What a second look at users and keys brought to light.
struct SecondLook: Sendable {
    /// Users whose keys were to be listed again.
    var seenAgain: Set<String> = []
    /// The second lists of users' keys, as far as they could be had.
    var lists: [String: Provenance] = [:]
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

/// The second list of users.
struct SecondList {
    private(set) var users: [ListedUser] = []
    private(set) var lastExchange: Int?
    private var byID: [String: Int] = [:]
    private var byName: [String: Int] = [:]

    mutating func add(_ page: Answer<ListUsers.Output>, _ clock: CollectionClock) {
        lastExchange = page.receipt?.number
        let listed = Provenance(.listUsers, page.receipt, clock)
        for user in page.output.users {
            byID[user.userID] = users.count
            byName[user.userName] = users.count
            users.append(ListedUser(user, listed: listed))
        }
    }

    func user(named name: String) -> ListedUser? { byName[name].map { users[$0] } }

    /// Those who may be the same user, whatever the name is now: by the id if it is known. Where only the credential report
    /// was read, which has no ids: the one of the same name and second of creation, or else everybody of that second who
    /// isn't somebody known already.
    ///
    /// - Parameter known: when the users were created who were read or looked for, by name.
    func users(as user: IAMUser, besides known: [String: Date]) -> [ListedUser] {
        if let id = user.id { return byID[id].map { [users[$0]] } ?? [] }
        let same = users.filter { $0.created.isSameSecond(as: user.created) }
        if let found = same.first(where: { $0.name == user.name }) { return [found] }
        return same.filter { candidate in
            guard let created = known[candidate.name] else { return true }
            return !created.isSameSecond(as: candidate.created)
        }
    }

    /// A user by another name than that under which it was read.
    func otherName(of user: IAMUser) -> ListedUser? {
        user.id.flatMap { byID[$0] }.map { users[$0] }.flatMap { $0.name == user.name ? nil : $0 }
    }

    /// Somebody else who has a user's name now.
    func other(named user: IAMUser) -> ListedUser? {
        self.user(named: user.name).flatMap { now in
            (user.id == nil ? now.created.isSameSecond(as: user.created) : now.id == user.id) ? nil : now
        }
    }
}
