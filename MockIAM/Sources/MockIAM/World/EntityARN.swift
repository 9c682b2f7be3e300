/// The ARN of a user, a role or a group, in its parts: `arn:aws:iam::111122223333:user/team/alice`.
struct EntityARN: Equatable {
    enum Kind: String {
        case user, role, group
    }

    let partition: String
    let account: String
    let kind: Kind
    /// `/` or `/team/`
    let path: String
    let name: String

    /// Nil for what is none.
    init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[3].isEmpty else { return nil }
        let names = parts[5].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard names.count > 1, let kind = Kind(rawValue: names[0]), let name = names.last, !name.isEmpty else {
            return nil
        }
        self.partition = parts[1]
        self.account = parts[4]
        self.kind = kind
        self.path = "/" + names.dropFirst().dropLast().map { "\($0)/" }.joined()
        self.name = name
    }
}
