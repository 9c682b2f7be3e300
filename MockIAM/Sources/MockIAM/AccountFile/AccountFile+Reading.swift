import FoundationEssentials
import StrictYAML

extension MockIAM.AccountFile {
    private enum Key: String, CaseIterable { case accounts, clock, allowInvalid = "allow_invalid" }

    init(_ file: YAMLValue, now: Date) throws(YAMLError) {
        var scope = AccountScope(now: now)
        guard try file.has(oneOf: [Key.accounts.rawValue]) else {
            if try file.has(oneOf: ["faults"]) {
                throw file.error(
                    "this is a faults file, which --faults and PUT /_mock/faults take; an account file has the key "
                        + "'account' or 'accounts'")
            }
            self.init([try MockIAM.Account(file, in: &scope)])
            return
        }
        let keys = try file.mapping("a file with several accounts", keys: Key.self)
        scope.clock = try keys[.clock]?.instant()
        scope.allowsInvalid = try keys[.allowInvalid]?.bool() ?? false
        var accounts: [MockIAM.Account] = []
        var ids = Taken("account")
        for value in try keys.required(.accounts).items() {
            let account = try MockIAM.Account(value, in: &scope)
            try ids.take(account.id, value)
            if accounts.isEmpty { scope.first = account.clock }
            accounts.append(account)
        }
        guard !accounts.isEmpty else { throw try keys.required(.accounts).error(expected: "one account at least") }
        self.init(accounts)
    }
}

/// What the reading of an account's parts needs to know of the file around them.
struct AccountScope {
    /// The id of the account, which is in identifiers that are derived.
    var account = ""
    /// See ``account``.
    var partition = "aws"
    /// The account's, or else the file's.
    var clock: Date?
    /// The first account's clock, once it is known: the emulator's, and so what spans count from in those after it that
    /// say none.
    var first: Date?
    /// Whether what IAM would refuse is taken.
    var allowsInvalid = false
    /// No key id stands twice in a file, for a key belongs to one user of one account.
    var keyIDs = Taken("access key id")
    private let now: Date

    init(now: Date) {
        // IAM's instants are whole seconds.
        self.now = Date(timeIntervalSinceReferenceDate: now.timeIntervalSinceReferenceDate.rounded(.down))
    }

    /// What `3d ago` counts from.
    var instant: Date { clock ?? first ?? now }

    /// Throws what a rule of IAM's says, where it says anything and the file doesn't allow it.
    func heed(_ objection: String?, _ value: YAMLValue) throws(YAMLError) {
        guard let objection, !allowsInvalid else { return }
        throw value.error(
            "\(objection); 'allow_invalid: true' in the account, beside 'users', lets it have this nevertheless")
    }
}

/// Names that may not stand twice, and where they stand.
struct Taken {
    private let what: String
    private let ignoresCase: Bool
    private var places: [String: YAMLValue] = [:]

    init(_ what: String, ignoringCase ignoresCase: Bool = false) {
        self.what = what
        self.ignoresCase = ignoresCase
    }

    mutating func take(_ name: String, _ value: YAMLValue) throws(YAMLError) {
        guard let other = places.updateValue(value, forKey: ignoresCase ? name.lowercased() : name) else { return }
        throw value.error("the \(what) '\(name)' is taken already by \(other.path)")
    }
}
