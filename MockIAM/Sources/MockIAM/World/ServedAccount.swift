import FoundationEssentials

/// An account made ready for asking: its users in order, and found by name and by key.
///
/// It never changes; a change of the account makes another one.
final class ServedAccount: Sendable {
    let account: MockIAM.Account
    /// In the order of their names, with those that are deleted.
    let users: [MockIAM.User]
    /// The first user of each name, in lower case.
    private let indexByName: [String: Int]
    private let ownerByKey: [String: Int]

    init(_ account: MockIAM.Account) {
        // Each name is folded once, and not at every comparison.
        let ordered = account.users.map { (name: UserName($0.name), user: $0) }.sorted { $0.name < $1.name }
        users = ordered.map(\.user)
        indexByName = Dictionary(ordered.enumerated().map { ($1.name.folded, $0) }) { first, _ in first }
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

    /// - Parameter name: in whatever case. Captures of live answers have GetUser find `alice` by `ALICE`.
    func user(named name: String, at now: Date) -> MockIAM.User? {
        users(named: name).first { $0.isThere(at: now) }
    }

    /// A user, deleted or not.
    func user(named name: String) -> MockIAM.User? {
        users(named: name).first
    }

    /// All who have or had a name, in whatever case. One may come back after a deletion, and what IAM would refuse may
    /// have names that differ in nothing else: then the very name goes first.
    private func users(named name: String) -> [MockIAM.User] {
        let folded = name.lowercased()
        guard let first = indexByName[folded] else { return [] }
        let found = users[first...].prefix { $0.name.lowercased() == folded }
        return found.count == 1 ? Array(found) : found.filter { $0.name == name } + found.filter { $0.name != name }
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
        let name = UserName(name)
        var (low, high) = (0, users.count)
        while low < high {
            let middle = (low + high) / 2
            if name < UserName(users[middle].name) { high = middle } else { low = middle + 1 }
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

/// A user's name as IAM compares it: whatever its case, and by bytes where nothing else tells two apart.
///
/// Lists and credential reports have `alice, bob, Carol` in captures of live answers; nothing is promised.
private struct UserName: Comparable {
    let name: String
    let folded: String

    init(_ name: String) {
        self.name = name
        folded = name.lowercased()
    }

    static func < (one: UserName, other: UserName) -> Bool {
        one.folded.utf8.elementsEqual(other.folded.utf8)
            ? one.name.utf8.lexicographicallyPrecedes(other.name.utf8)
            : one.folded.utf8.lexicographicallyPrecedes(other.folded.utf8)
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
