import CanonicalJSON
import FoundationEssentials
import StrictYAML

extension MockIAM.GeneratorOptions {
    private enum Key: String, CaseIterable { case users, keys, seed, profile, account, clock }

    /// Reads `users=5000,keys=1.2,seed=7,profile=messy,account=111122223333,clock=2026-11-22T20:45:00Z`; all but
    /// `users` may be left out.
    public init(parsing text: String) throws(MockIAM.GeneratorOptionsError) {
        self.init(users: 0)
        var given: Set<Key> = []
        for option in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let key = Key(rawValue: parts[0]) else { throw MockIAM.GeneratorOptionsError(unknown: parts[0]) }
            guard given.insert(key).inserted else { throw .init(description: "'\(key.rawValue)' is given twice") }
            guard parts.count == 2, set(key, parts[1]) else {
                throw .init(description: "'\(option)': \(key.rawValue) is \(Self.expected(key))")
            }
        }
        guard given.contains(.users) else {
            throw .init(description: "'users' is missing: say how many, such as users=500")
        }
    }

    /// Whether the value was one of those that the option takes.
    private mutating func set(_ key: Key, _ value: String) -> Bool {
        switch key {
        case .users:
            guard let users = Int(value), 0...1_000_000 ~= users else { return false }
            self.users = users
        case .keys:
            guard let keys = Double(value), 0...2 ~= keys else { return false }
            self.keys = keys
        case .seed:
            guard let seed = UInt64(value) else { return false }
            self.seed = seed
        case .profile:
            guard let profile = MockIAM.Profile(rawValue: value) else { return false }
            self.profile = profile
        case .account:
            guard value.isAccountID else { return false }
            account = value
        case .clock:
            guard let clock = Date(iso8601Instant: value) else { return false }
            self.clock = clock
        }
        return true
    }

    private static func expected(_ key: Key) -> String {
        switch key {
        case .users: "a whole number from 0 to 1000000"
        case .keys: "a number from 0 to 2: access keys a user, on average"
        case .seed: "a whole number from 0 to \(UInt64.max)"
        case .profile: "one of " + MockIAM.Profile.allCases.map(\.rawValue).joined(separator: ", ")
        case .account: "an account's 12 digits"
        case .clock: "an instant such as 2026-11-22T20:45:00Z"
        }
    }

    fileprivate static var names: [String] { Key.allCases.map(\.rawValue) }
}

extension MockIAM.GeneratorOptionsError {
    fileprivate init(unknown name: String) {
        let names = MockIAM.GeneratorOptions.names
        let advice =
            name.nearest(in: names).map { "did you mean '\($0)'?" } ?? "there are \(names.joined(separator: ", "))"
        description = "'\(name)' is not an option of the generator; \(advice)"
    }
}
