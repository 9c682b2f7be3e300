public import FoundationEssentials

extension MockIAM {
    /// What account to generate, as a command line says it: `users=5000,keys=1.2,seed=7,profile=messy`.
    public struct GeneratorOptions: Sendable, Equatable {
        /// How many users, 0 to 1,000,000.
        public var users: Int
        /// Access keys a user, on average, 0 to 2.
        public var keys: Double
        /// The seed of the random numbers: each seed gives another account, and always the same one.
        public var seed: UInt64
        /// How well-kept or odd the account is.
        public var profile: Profile
        /// The account's twelve digits.
        public var account: String
        /// The instant at which the account is to be judged; nil where nothing was said.
        public var clock: Date?

        /// Options, each with its default but for the number of users.
        public init(
            users: Int, keys: Double = 1.2, seed: UInt64 = 1, profile: Profile = .typical,
            account: String = "111122223333", clock: Date? = nil
        ) {
            self.users = users
            self.keys = keys
            self.seed = seed
            self.profile = profile
            self.account = account
            self.clock = clock
        }

        /// The account that the options are for. See ``Account/generated(id:users:keys:seed:profile:clock:)``.
        ///
        /// - Parameter now: the account's clock, where the options name none.
        public func account(now: Date) -> Account {
            .generated(id: account, users: users, keys: keys, seed: seed, profile: profile, clock: clock ?? now)
        }
    }

    /// Options for generating an account that can't be understood.
    public struct GeneratorOptionsError: Error, CustomStringConvertible, Equatable, Sendable {
        /// What is wrong and what was expected.
        public var description: String
    }
}
