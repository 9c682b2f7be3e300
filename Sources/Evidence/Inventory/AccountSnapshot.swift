package import FoundationEssentials

/// What one collection found out about an account: facts, each with the exchanges it rests on, and what could not be
/// read.
///
/// Everything after this is a pure function of the snapshot, the policy and the as-of instant.
package struct AccountSnapshot: Sendable, Equatable {
    package var account: AccountIdentity
    /// The region that the collector was set to, and the named profile it used, if any.
    package var region: String
    package var profile: String?
    package var window: CollectionWindow
    /// Sorted by name; each user's keys by creation date, then id.
    package var users: [IAMUser]
    /// Whether the list of users was read to its end; why not, if not.
    package var userListing: Listing
    /// Everything that could not be read, in the order of the users.
    package var failures: [ReadFailure]
    package var traffic: Traffic
    package var source: CollectionSource
    package var root: RootUser
    package var accountSummary: Reading<SummaryFacts>
    package var credentialReport: Reading<ReportFacts>
    /// What isn't plain about the population.
    package var notes: [PopulationNote]

    package init(
        account: AccountIdentity, region: String, profile: String?, window: CollectionWindow,
        users: consuming [IAMUser],
        userListing: Listing, failures: [ReadFailure], traffic: Traffic, source: CollectionSource = .live,
        root: RootUser = RootUser(), accountSummary: Reading<SummaryFacts> = .notAsked,
        credentialReport: Reading<ReportFacts> = .notAsked, notes: [PopulationNote] = []
    ) {
        self.account = account
        self.region = region
        self.profile = profile
        self.window = window
        // In place: a large account has very many.
        var users = users
        for index in users.indices { users[index].sortKeys() }
        self.users = Self.sorted(users)
        self.userListing = userListing
        // Wholly, and not as they came, which depended on what was faster.
        // Of those that a report has read back it need not be told again.
        let known = Set(failures.lazy.filter { $0.code == .mismatched && $0.fact == .population }.map(\.subject))
        let mismatched = self.users.filter { !known.contains(.user($0.name)) && !account.has($0) }
        self.failures = (failures + mismatched.map { ReadFailure(mismatched: $0, account) }).sorted {
            $0.place < $1.place
        }
        self.traffic = traffic
        self.source = source
        self.root = root
        self.accountSummary = accountSummary
        self.credentialReport = credentialReport
        self.notes = notes.sorted { $0.place < $1.place }
    }

    /// By name, then id. The names are looked at in a place of their own, since users lie far apart in memory.
    private static func sorted(_ users: consuming [IAMUser]) -> [IAMUser] {
        let names = users.map(\.name)
        let isSorted = zip(names, names.dropFirst()).allSatisfy { $0 < $1 }
        guard !isSorted else { return users }
        let order = names.indices.sorted { left, right in
            if names[left] != names[right] { return names[left] < names[right] }
            return users[left].id ?? "" < users[right].id ?? ""
        }
        return order.map { users[$0] }
    }

    /// When the calls were made, by AWS's clock where the collector's was wrong.
    var windowByAWSClock: ClosedRange<Date> {
        let skew = Double(traffic.clockSkew ?? 0)
        let started = min(window.started, window.ended)
        return started + skew...max(started, window.ended) + skew
    }

    /// How old something was when the run ended.
    func age(at instant: Date) -> TimeInterval {
        max(0, windowByAWSClock.upperBound.timeIntervalSince(instant))
    }

    /// Whether every user and every key of theirs is known, even if a fact about one is not.
    package var populationIsKnown: Bool {
        userListing.isComplete && !failures.contains { $0.fact == .population }
            && users.allSatisfy(\.keys.isRead)
    }
}

/// The account, and who looked at it.
package struct AccountIdentity: Sendable, Equatable {
    /// Twelve digits.
    package var id: String
    /// `aws`, `aws-cn`, `aws-us-gov`, …
    package var partition: String
    /// The ARN of the principal that made the calls.
    package var callerARN: String

    package init(id: String, partition: String, callerARN: String) {
        self.id = id
        self.partition = partition
        self.callerARN = callerARN
    }
}

extension AccountIdentity {
    /// Whether a user's ARN is that of a user of its name in this account. Another's has answered where credentials or
    /// endpoints of two accounts are mixed up.
    ///
    /// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
    func has(_ user: IAMUser) -> Bool {
        user.arn.hasPrefix("arn:\(partition):iam::\(id):user/") && user.arn.hasSuffix("/\(user.name)")
    }

    /// The ARN of the root user.
    package var rootARN: String { "arn:\(partition):iam::\(id):root" }
}

extension ReadFailure {
    /// Whose keys these are isn't known, nor is what this account has.
    fileprivate init(mismatched user: IAMUser, _ account: AccountIdentity) {
        self.init(
            fact: .population, operation: user.listed.operation.rawValue, subject: .user(user.name), code: .mismatched,
            message: "the user's ARN is \(user.arn), and the run is about account \(account.id) of partition "
                + account.partition,
            exchange: user.listed.exchange)
    }
}

/// When the calls were made, by the collector's clock.
package struct CollectionWindow: Sendable, Equatable {
    package var started: Date
    package var ended: Date

    /// Rounded down to whole seconds, as documents have it: who reads them must come to the same.
    package init(started: Date, ended: Date) {
        self.started = started.inWholeSeconds
        self.ended = ended.inWholeSeconds
    }
}

/// How far a list was read.
package enum Listing: Sendable, Equatable {
    /// To the end, in so many pages.
    case complete(pages: Int)
    /// Not to the end.
    case incomplete(pages: Int)

    package var isComplete: Bool { if case .complete = self { true } else { false } }

    package var pages: Int {
        switch self {
        case .complete(let pages), .incomplete(let pages): pages
        }
    }
}

/// What the collection cost in calls.
package struct Traffic: Sendable, Equatable {
    /// Attempts by operation, retries among them.
    package var requests: [String: Int]
    /// Attempts beyond the first.
    package var retries: Int
    /// Attempts that failed, by operation and AWS's error code, or a word of our own where AWS gave none.
    package var errors: [String: Int]
    /// Attempts that AWS refused because they came too fast.
    package var throttles: Int
    /// By how many seconds AWS's clock was ahead of the collector's, where that is more than AWS puts up with: 15 minutes
    /// by the first answer, or so far that AWS refused a request for it.
    package var clockSkew: Int?

    package init(
        requests: [String: Int] = [:], retries: Int = 0, errors: [String: Int] = [:], throttles: Int = 0,
        clockSkew: Int? = nil
    ) {
        self.requests = requests
        self.retries = retries
        self.errors = errors
        self.throttles = throttles
        self.clockSkew = clockSkew
    }

    package var total: Int { requests.values.reduce(0, +) }
}
