import FoundationEssentials

/// Makes up an account from a seed.
///
/// Each user has random numbers of its own, which depend on seed and place alone. So what a profile adds here doesn't
/// change anything there.
struct AccountGenerator {
    let account: String
    let users: Int
    let keysPerUser: Double
    let seed: UInt64
    let clock: Date

    /// What random numbers are for, so that each purpose has its own.
    enum Stream: UInt64 {
        case keyCounts, users, keyIDs, oddities, hostilities
    }

    private var keyIDs: SplitMix64

    init(account: String, users: Int, keysPerUser: Double, seed: UInt64, clock: Date) {
        self.account = account
        self.users = users
        self.keysPerUser = keysPerUser
        self.seed = seed
        self.clock = clock
        // Two accounts of one seed have the same people, but a key id exists once in the world.
        keyIDs = SplitMix64(seed: seed, Stream.keyIDs.rawValue, account.stableHash)
    }

    mutating func account(_ profile: MockIAM.Profile) -> MockIAM.Account {
        var account = MockIAM.Account(
            id: account, name: "Generated", clock: clock, created: ago(days: 3650),
            root: MockIAM.RootUser(passwordLastUsed: ago(days: 200)))
        // All at once: growing by halves would leave a hole of the same size in a large server's memory.
        account.users.reserveCapacity(users + (profile == .typical ? 0 : deletedUsers))
        for (index, keys) in keyCounts().enumerated() { account.users.append(user(index, keys: keys)) }
        if profile != .typical { addOddities(to: &account) }
        if profile == .hostile { addHostilities(to: &account) }
        return account
    }

    // MARK: Keys

    /// How many keys each user has. The total is exact; who has them is drawn.
    private func keyCounts() -> [Int] {
        let total = Int((Double(users) * keysPerUser).rounded())
        // At one key a user, 20 of 100 users have two; from there on, evenly to none and to all.
        let share = keysPerUser <= 1 ? 0.2 * keysPerUser : 0.2 + 0.8 * (keysPerUser - 1)
        let two = min(max(Int((Double(users) * share).rounded()), total - users), total / 2)
        let one = total - 2 * two
        var counts =
            Array(repeating: 2, count: two) + Array(repeating: 1, count: one)
            + Array(repeating: 0, count: users - two - one)
        var random = SplitMix64(seed: seed, Stream.keyCounts.rawValue)
        random.shuffle(&counts)
        return counts
    }

    /// Eighty random bits, so that no two are the same in any accounts that anybody will ever make.
    mutating func keyID() -> String {
        let bits = (keyIDs.next(), keyIDs.next())
        var id = Array("AKIA".utf8)
        id.reserveCapacity(20)
        let characters = Alphabet.base32.characters
        for shift in stride(from: 0, to: 40, by: 5) { id.append(characters[Int(bits.0 >> shift & 31)]) }
        for shift in stride(from: 0, to: 40, by: 5) { id.append(characters[Int(bits.1 >> shift & 31)]) }
        return String(decoding: id, as: UTF8.self)
    }

    // MARK: Instants

    func ago(days: Int) -> Date { clock - Double(days * 86_400) }

    func ago(seconds: Int) -> Date { clock - Double(seconds) }
}
