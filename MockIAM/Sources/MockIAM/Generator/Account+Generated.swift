public import FoundationEssentials

extension MockIAM.Account {
    /// A synthetic account, the same for the same arguments forever.
    ///
    ///     let account = MockIAM.Account.generated(users: 5000, keys: 1.2, seed: 7, profile: .messy, clock: clock)
    ///
    /// A seed's account is part of the interface: a later version of MockIAM generates it as it is, so that figures in
    /// tests stay true. What is new comes with a profile of its own.
    ///
    /// - Parameters:
    ///   - id: the account's twelve digits.
    ///   - users: how many users there are; with the profiles other than typical there are also some that were deleted
    ///     and stand in the last credential report only.
    ///   - keys: access keys a user, on average, 0 to 2: there are `users × keys` of them, rounded, besides deleted ones
    ///     and the root user's. Of the users of an account with as many keys as users, one in five has none and one in
    ///     five has two.
    ///   - seed: each gives another account.
    ///   - clock: the instant at which the account is to be judged; its fraction of a second is dropped.
    public static func generated(
        id: String = "111122223333", users: Int, keys: Double = 1.2, seed: UInt64 = 1,
        profile: MockIAM.Profile = .typical, clock: Date
    ) -> MockIAM.Account {
        var generator = AccountGenerator(
            account: id, users: max(0, users), keysPerUser: min(max(0, keys), 2), seed: seed,
            clock: Date(timeIntervalSinceReferenceDate: clock.timeIntervalSinceReferenceDate.rounded(.down)))
        return generator.account(profile)
    }
}
