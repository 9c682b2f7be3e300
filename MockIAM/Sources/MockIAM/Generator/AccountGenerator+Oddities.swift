import FoundationEssentials

/// What real old accounts have and clients forget.
private enum Oddity: CaseIterable {
    /// User, keys and password from before 2015: IAM tracks the use of keys since 22 April 2015, so an older use shows
    /// as none.
    case beforeTracking
    /// Two active keys made in the same second, which the columns of a credential report can't tell apart.
    case tie
    /// A key of status Expired.
    case expired
    /// A key whose last use is younger than the credential report, which knows an earlier one.
    case usedAfterReport
    /// Neither keys nor password, tags or anything else.
    case bare
    /// A legal path that looks like none.
    case path
    /// A password that has to be changed at the next sign-in.
    case resetRequired
    /// Made some seconds after the clock's instant: clocks differ.
    case skewed
    /// A key that was deleted after the credential report was made.
    case deletedKey

    /// Of a thousand users; one at least has it where there is one that can.
    var share: Int {
        switch self {
        case .beforeTracking, .tie, .usedAfterReport, .bare: 20
        case .expired, .path, .resetRequired, .deletedKey: 10
        case .skewed: 5
        }
    }
}

extension AccountGenerator {
    private static let reportAge = 3 * 3600

    /// Users that are in the last credential report and deleted since, besides the others.
    var deletedUsers: Int {
        users == 0 ? 0 : max(1, users / 100)
    }

    mutating func addOddities(to account: inout MockIAM.Account) {
        var random = SplitMix64(seed: seed, Stream.oddities.rawValue)
        account.created = min(account.created, Date(timeIntervalSince1970: 1_262_304_000))
        account.credentialReport.generated = ago(seconds: Self.reportAge)
        account.root.hasMFA = false
        account.root.accessKeys = [
            MockIAM.AccessKey(
                keyID(), created: ago(days: 3000),
                lastUse: MockIAM.LastUse(ago(days: 30), service: "iam", region: "us-east-1"))
        ]
        var free = Array(account.users.indices)
        random.shuffle(&free)
        for (index, user) in free.enumerated() where index == 0 || random.chance(50) {
            account.users[user].name = Self.mixedCase(account.users[user].name, &random)
        }
        for oddity in Oddity.allCases {
            let wanted = max(1, users * oddity.share / 1000)
            var given = 0
            var rest: [Int] = []
            rest.reserveCapacity(free.count)
            for index in free {
                // A user has one oddity at most, so that each can be seen by itself.
                if given < wanted, fits(oddity, account.users[index]) {
                    apply(oddity, to: &account.users[index], &random)
                    given += 1
                } else {
                    rest.append(index)
                }
            }
            free = rest
        }
        for index in users..<(users + deletedUsers) {
            account.users.append(deletedUser(index, at: sinceReport(&random), keys: random.number(in: 0...2)))
        }
    }

    /// A user that did nothing any more on the day when it was deleted.
    private mutating func deletedUser(_ index: Int, at deleted: Date, keys: Int) -> MockIAM.User {
        let yesterday = ago(days: 1)
        let user = user(index, keys: keys)
        let keys = user.accessKeys.map { key in
            MockIAM.AccessKey(
                key.id, status: key.status, created: min(key.created, yesterday),
                lastUse: key.lastUse.flatMap { $0.date < yesterday ? $0 : nil })
        }
        return MockIAM.User(
            user.name, path: user.path, created: min(user.created, yesterday), deleted: deleted, accessKeys: keys,
            tags: user.tags)
    }

    /// Whether a user has what the oddity is about, or could have it without contradiction.
    private func fits(_ oddity: Oddity, _ user: MockIAM.User) -> Bool {
        switch oddity {
        case .beforeTracking: !user.accessKeys.isEmpty && clock > Self.trackingBegan
        case .tie: user.accessKeys.count == 2
        case .expired: !user.accessKeys.isEmpty
        case .usedAfterReport: user.accessKeys.first.map { $0.created < ago(days: 2) } ?? false
        case .bare: user.accessKeys.isEmpty
        case .resetRequired: user.password != nil
        case .deletedKey: user.accessKeys.count < 2 && user.created < ago(days: 2)
        case .path, .skewed: true
        }
    }

    private mutating func apply(_ oddity: Oddity, to user: inout MockIAM.User, _ random: inout SplitMix64) {
        switch oddity {
        case .beforeTracking:
            // From 2010 to 2014.
            let created = Date(timeIntervalSince1970: Double(random.number(in: 1_262_304_000...1_417_000_000)))
            user.created = created
            for slot in user.accessKeys.indices {
                user.accessKeys[slot].created = created + Double(slot * 1_000_000 + random.number(below: 1_000_000))
                user.accessKeys[slot].lastUse = nil
            }
            user.password = MockIAM.Password(created: created)
        case .tie:
            user.accessKeys[1].created = user.accessKeys[0].created
            for slot in 0...1 { user.accessKeys[slot].status = "Active" }
        case .expired: user.accessKeys[0].status = "Expired"
        case .usedAfterReport:
            let earlier = ago(seconds: Self.reportAge + random.number(in: 60...86_400))
            user.accessKeys[0].status = "Active"
            user.accessKeys[0].lastUse = MockIAM.LastUse(sinceReport(&random), service: "ec2", region: "eu-west-1")
            user.accessKeys[0].earlierUse = MockIAM.LastUse(earlier)
        case .bare: user = MockIAM.User(user.name, created: user.created)
        case .path: user.path = random.pick(Vocabulary.oddPaths)
        case .resetRequired: user.password?.resetRequired = true
        case .skewed:
            let created = clock + Double(random.number(in: 1...5))
            let keys = user.accessKeys.map { MockIAM.AccessKey($0.id, created: created) }
            user = MockIAM.User(user.name, path: user.path, created: created, accessKeys: keys, tags: user.tags)
        case .deletedKey:
            user.accessKeys.append(
                MockIAM.AccessKey(keyID(), created: user.created, deleted: sinceReport(&random)))
        }
    }

    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html
    private static let trackingBegan = Date(timeIntervalSince1970: 1_429_660_800)

    private func sinceReport(_ random: inout SplitMix64) -> Date {
        ago(seconds: random.number(in: 60...Self.reportAge - 60))
    }

    /// `Ci-Deploy-017`, `CI-DEPLOY-017` or `cI-dEPLOY-017`.
    private static func mixedCase(_ name: String, _ random: inout SplitMix64) -> String {
        let style = random.number(below: 3)
        let words = name.split(separator: "-").map { word -> String in
            switch style {
            case 0: return word.prefix(1).uppercased() + word.dropFirst()
            case 1: return word.uppercased()
            default: return word.prefix(1) + word.dropFirst().uppercased()
            }
        }
        return words.joined(separator: "-")
    }
}
