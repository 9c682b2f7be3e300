/// How facts are collected.
package enum CollectionSource: String, Sendable, CaseIterable, Decodable {
    /// The credential report as the map, and a call wherever it may no longer hold.
    case auto
    /// A call for every fact.
    case live
    /// The credential report alone, with the keys' ids if they are wanted.
    case report
}

/// What the credential report is and what it counted.
package struct ReportFacts: Sendable, Equatable {
    package var users: Int
    package var keys: Int
    /// AWS made it for this run; otherwise it was up to four hours old already when the run began.
    package var wasMadeDuringRun: Bool

    package init(users: Int, keys: Int, wasMadeDuringRun: Bool) {
        self.users = users
        self.keys = keys
        self.wasMadeDuringRun = wasMadeDuringRun
    }
}

/// What the account summary counted.
package struct SummaryFacts: Sendable, Equatable {
    package var users: Int?
    /// Counted again at the end of the run, where the first count didn't fit.
    package var usersAtEnd: Int?

    package init(users: Int?, usersAtEnd: Int? = nil) {
        self.users = users
        self.usersAtEnd = usersAtEnd
    }

    /// How many users there should be: by the last count that there is.
    var expectedUsers: Int? { usersAtEnd ?? users }
}
