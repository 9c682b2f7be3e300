import FoundationEssentials

/// An account made ready for asking: its users in order, and found by name and by key.
///
/// It never changes; a change of the account makes another one.
final class ServedAccount: Sendable {
    let account: MockIAM.Account
    /// Sorted by name, with those that are deleted.
    let users: [MockIAM.User]
    private let indexByName: [String: Int]
    private let ownerByKey: [String: Int]

    init(_ account: MockIAM.Account) {
        let users = account.users.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.users = users
        indexByName = Dictionary(users.indices.map { (users[$0].name, $0) }) { first, _ in first }
        var owners: [String: Int] = [:]
        for (index, user) in users.enumerated() {
            for key in user.accessKeys { owners[key.id] = owners[key.id] ?? index }
        }
        ownerByKey = owners
        var rest = account
        // They are kept once.
        rest.users = []
        self.account = rest
    }

    var id: String { account.id }

    /// The account with its users, as it was given but for their order.
    var model: MockIAM.Account {
        var model = account
        model.users = users
        return model
    }

    /// Its partition, with the regions that requests are signed for there.
    var partition: AWSPartition {
        AWSPartition.named(account.partition)
    }

    func user(named name: String, at now: Date) -> MockIAM.User? {
        guard let first = indexByName[name] else { return nil }
        // A name may come back after a deletion: its bearers stand side by side.
        return users[first...].lazy.prefix { $0.name == name }.first { $0.isThere(at: now) }
    }

    /// A user, deleted or not.
    func user(named name: String) -> MockIAM.User? {
        indexByName[name].map { users[$0] }
    }

    /// A key with its user; the user is nil for a key of the root user.
    func accessKey(_ id: String, at now: Date) -> (key: MockIAM.AccessKey, user: MockIAM.User?)? {
        if let index = ownerByKey[id], users[index].isThere(at: now) {
            let key = users[index].accessKeys.first { $0.id == id && $0.isThere(at: now) }
            return key.map { ($0, users[index]) }
        }
        return account.root.accessKeys.first { $0.id == id && $0.isThere(at: now) }.map { ($0, nil) }
    }

    /// The index of the first user after a name, in order.
    func index(after name: String) -> Int {
        var (low, high) = (0, users.count)
        while low < high {
            let middle = (low + high) / 2
            if name.utf8.lexicographicallyPrecedes(users[middle].name.utf8) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    // MARK: Names

    func arn(_ resource: String) -> String {
        "arn:\(account.partition):iam::\(id):\(resource)"
    }

    func arn(of user: MockIAM.User) -> String {
        arn("user\(user.path)\(user.name)")
    }

    func userID(of user: MockIAM.User) -> String {
        user.id ?? Identifier.unique("AIDA", id, user.name)
    }
}

extension MockIAM.User {
    /// Not deleted yet. Who was made after the clock's instant is there as well, with a date in the future, as AWS has it
    /// for a client whose clock is behind; a credential report has what was made before it.
    func isThere(at now: Date) -> Bool {
        deleted.map { $0 > now } ?? true
    }
}

extension MockIAM.AccessKey {
    /// Not deleted yet; see ``MockIAM/User/isThere(at:)``.
    func isThere(at now: Date) -> Bool {
        deleted.map { $0 > now } ?? true
    }
}
