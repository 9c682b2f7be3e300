import FoundationEssentials
import MockIAM

/// An account for tests of what a collection makes of its sources.
enum FourUsers {
    static func key(
        _ number: Int, created: Date = .ago(days: 100), deleted: Date? = nil, status: String = "Active",
        used: Date? = .ago(days: 1)
    ) -> MockIAM.AccessKey {
        MockIAM.AccessKey(
            "AKIA00000000000000\(number)X", status: status, created: created, deleted: deleted,
            lastUse: used.map { MockIAM.LastUse($0) })
    }

    /// Anna has a key, bert has two, carl none, dora an inactive one.
    static func account(generated: Date? = nil) -> MockIAM.Account {
        var account = MockIAM.Account(clock: .testNow, created: .ago(days: 2000))
        account.credentialReport = MockIAM.CredentialReportPlan(generated: generated, polls: 2)
        account.users = [
            MockIAM.User("anna", created: .ago(days: 500), accessKeys: [key(1)]),
            MockIAM.User("bert", created: .ago(days: 500), accessKeys: [key(2), key(3, created: .ago(days: 20))]),
            MockIAM.User("carl", created: .ago(days: 500)),
            MockIAM.User("dora", created: .ago(days: 500), accessKeys: [key(4, status: "Inactive")]),
        ]
        return account
    }
}
