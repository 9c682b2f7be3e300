extension MockIAM.Content {
    /// What is odd about it and may be meant nevertheless, in words for the log.
    var warnings: [String] {
        switch self {
        case .recording: []
        case .accounts(let accounts): accounts.flatMap(\.warnings)
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
