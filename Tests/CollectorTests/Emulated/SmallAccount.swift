import Foundation
import MockIAM

/// Two users, for tests in which answers are changed on their way.
enum SmallAccount {
    static let now = Date(timeIntervalSince1970: Date.now.timeIntervalSince1970.rounded(.down))

    static func ago(days: Double = 0, minutes: Double = 0) -> Date { now - days * 86_400 - minutes * 60 }

    static func key(_ number: Int, age: Double = 300, deleted: Date? = nil, used: Bool = false)
        -> MockIAM.AccessKey
    {
        MockIAM.AccessKey(
            "AKIA00000000000000\(number)X", created: ago(days: age), deleted: deleted,
            lastUse: used ? MockIAM.LastUse(ago(days: 1)) : nil)
    }

    /// Anna has a good key, bert one that was never used.
    static func account(reportAge minutes: Double? = nil) -> MockIAM.Account {
        var account = MockIAM.Account(clock: now, created: ago(days: 2000))
        account.credentialReport = MockIAM.CredentialReportPlan(
            generated: minutes.map { ago(minutes: $0) }, polls: 2)
        account.users = [
            MockIAM.User("anna", created: ago(days: 500), accessKeys: [key(1, age: 20, used: true)]),
            MockIAM.User("bert", created: ago(days: 400), accessKeys: [key(2)]),
        ]
        return account
    }

    /// Bert, and robert, who is bert by another name: the emulator knows both, lists and answers are made to.
    static func accountOfBertAndRobert() -> MockIAM.Account {
        var account = account()
        account.users[1].id = "AIDA0000000000000BERT"
        var robert = account.users[1]
        robert.name = "robert"
        robert.id = "AIDA0000000000000ROBT"
        robert.accessKeys[0].id = "AKIA000000000000004X"
        account.users.append(robert)
        return account
    }

    static func asOnePerson(_ action: String, _ number: Int, _ form: String, _ reply: EditedReply)
        -> EditedReply
    {
        switch action {
        case "ListUsers": reply.replacing("0ROBT", with: "0BERT")
        case "ListAccessKeys": reply.replacing("4X", with: "2X")
        // First it was bert's.
        case "GetAccessKeyLastUsed" where number > 1: reply.replacing("bert", with: "robert")
        case "GetCredentialReport": reply.withoutReportRow(of: "bert")
        case "GetAccountSummary": reply.counting(2)
        default: reply
        }
    }
}
