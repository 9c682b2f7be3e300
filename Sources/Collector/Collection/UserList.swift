import AWSClient
import Evidence
import FoundationEssentials

/// A list of all users that was had after the first one.
struct UserList: Sendable {
    private(set) var users: [ListedUser] = []
    /// Of its pages, in order.
    private(set) var exchanges: [Int] = []
    private(set) var pages = 0
    /// Why it proves nothing: users who stand on it twice, or ids and names that stand for two. Somebody may have been
    /// renamed between two pages; where it stays so, AWS contradicts itself.
    private(set) var flaws: [ReadFailure] = []
    private var byID: [String: Int] = [:]
    private var byName: [String: Int] = [:]

    mutating func add(_ page: Answer<ListUsers.Output>, _ clock: CollectionClock) {
        pages += 1
        if let number = page.receipt?.number { exchanges.append(number) }
        let listed = Provenance(.listUsers, page.receipt, clock)
        for user in page.output.items {
            let sameID = byID.updateValue(users.count, forKey: user.userID).map { users[$0] }
            let sameName = byName.updateValue(users.count, forKey: user.userName).map { users[$0] }
            users.append(ListedUser(user, listed: listed))
            let exchange = page.receipt?.number
            switch (sameID, sameName) {
            case (_?, let other?) where other.id == user.userID:
                flaws.append(ReadFailure(userListedTwice: user.userName, exchange: exchange))
            case (let other?, _):
                flaws.append(
                    ReadFailure(
                        fact: .population, operation: ListUsers.name, subject: .userID(user.userID), code: .duplicate,
                        message: "two users of this id were listed, '\(other.name)' and '\(user.userName)'",
                        exchange: exchange))
            case (nil, let other?):
                flaws.append(
                    ReadFailure(usersNamed: user.userName, other.id ?? "", user.userID, exchange: exchange))
            case (nil, nil): break
            }
        }
    }

    func has(id: String) -> Bool { byID[id] != nil }

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

extension ReadFailure {
    /// Of a list of users.
    init(userListedTwice name: String, exchange: Int?) {
        self.init(listedTwice: "the user", operation: ListUsers.name, subject: .user(name), exchange: exchange)
    }

    /// Two users of one name on a list of users, by their ids.
    init(usersNamed name: String, _ id: String, _ other: String, exchange: Int?) {
        self.init(
            fact: .population, operation: ListUsers.name, subject: .user(name), code: .duplicate,
            message: "two users of this name were listed, \(id) and \(other)", exchange: exchange)
    }
}
