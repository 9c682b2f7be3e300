import FoundationEssentials

/// The organization that all accounts of a server are in. The first one manages it.
struct Organization {
    let management: ServedAccount
    /// In the order in which they were created, and where that is the same, in the server's.
    let accounts: [ServedAccount]

    init?(_ accounts: [ServedAccount]) {
        guard let first = accounts.first else { return nil }
        management = first
        let order = accounts.enumerated().sorted {
            ($0.element.account.created, $0.offset) < ($1.element.account.created, $1.offset)
        }
        self.accounts = order.map(\.element)
    }

    /// `o-` and ten letters or digits.
    var id: String {
        "o-"
            + Identifier.letters(
                10, of: ["organization", management.id], alphabet: .lettersAndDigits)
    }

    var arn: String {
        arn("organization", id)
    }

    func arn(of account: ServedAccount) -> String {
        arn("account", "\(id)/\(account.id)")
    }

    private func arn(_ kind: String, _ rest: String) -> String {
        "arn:\(management.account.partition):organizations::\(management.id):\(kind)/\(rest)"
    }
}
