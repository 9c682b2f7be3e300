extension MockIAM.FaultPlan {
    /// The requests that a rule is about: those that meet all that is given here. With nothing given, every request.
    public struct Match: Sendable, Equatable {
        /// The AWS operation.
        public var action: Pattern?
        /// The number of the account that is asked.
        public var account: Pattern?
        /// The access key id of the credentials that ask. An unsigned request has none, and `*` doesn't match it.
        public var accessKey: Pattern?
        /// The parameters of the request, by name. A parameter that is absent doesn't match.
        public var parameters: [String: Pattern]

        /// The requests that meet all of it.
        public init(
            action: Pattern? = nil, account: Pattern? = nil, accessKey: Pattern? = nil,
            parameters: [String: Pattern] = [:]
        ) {
            self.action = action
            self.account = account
            self.accessKey = accessKey
            self.parameters = parameters
        }
    }
}

extension MockIAM.FaultPlan.Match {
    func matches(_ query: FaultQuery) -> Bool {
        if let action, !action.matches(query.action) { return false }
        if let account, !account.matches(query.account) { return false }
        if let accessKey, !accessKey.matches(query.accessKeyID) { return false }
        return parameters.allSatisfy { $0.value.matches(query.parameters[$0.key]) }
    }
}
