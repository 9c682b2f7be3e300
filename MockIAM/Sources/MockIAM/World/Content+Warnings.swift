import CanonicalJSON

extension MockIAM.Content {
    /// What is odd about it and may be meant nevertheless, in words for the log.
    var warnings: [String] {
        switch self {
        case .recording: []
        case .accounts(let accounts): accounts.flatMap(\.warnings) + unheededClocks(of: accounts)
        }
    }

    /// The emulator has one clock, the first account's. By it the facts of another account with a clock of its own lie in
    /// the future, or further back than its file says.
    private func unheededClocks(of accounts: [MockIAM.Account]) -> [String] {
        accounts.dropFirst().compactMap { account in
            guard let clock = account.clock, clock != self.clock, let first = accounts.first else { return nil }
            let served = self.clock.map { "is \($0.instant)" } ?? "shows the machine's time"
            return
                "account \(account.id): its clock, \(clock.instant), isn't heeded: that of the first account counts, "
                + "\(first.id), which \(served)"
        }
    }
}

extension MockIAM.Account {
    /// A denial that names nothing denies nothing, and a test that counts on it passes for another reason.
    fileprivate var warnings: [String] {
        let patterns = (roles ?? []).flatMap(\.denied) + callers.flatMap(\.denied)
        return patterns.compactMap(AWSOperations.objection(toPattern:)).map { "account \(id): denied: \($0)" }
    }
}
