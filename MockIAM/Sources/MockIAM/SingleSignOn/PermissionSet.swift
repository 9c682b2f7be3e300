/// A role as Identity Center shows it to people: by the name of the permission set that it was made from.
///
/// `AWSReservedSSO_SecurityAudit_0123456789abcdef` is `SecurityAudit`. Any other role goes by its own name, and its
/// sessions have the long one in their ARNs.
///
/// https://docs.aws.amazon.com/singlesignon/latest/userguide/using-service-linked-roles.html
struct PermissionSet {
    private static let prefix = "AWSReservedSSO_"

    let name: String
    /// The name of the role in IAM.
    let roleName: String
    let denied: [String]

    private init(_ name: String, in account: ServedAccount) {
        self.name = name
        let suffix = Identifier.letters(
            16, of: ["permission set", account.id, name], alphabet: .hexadecimal)
        roleName = "\(Self.prefix)\(name)_\(suffix)"
        denied = []
    }

    private init(_ role: MockIAM.Role, in account: ServedAccount) {
        let parts = role.name.split(separator: "_", omittingEmptySubsequences: false)
        if role.name.hasPrefix(Self.prefix), parts.count > 2 {
            name = parts.dropFirst().dropLast().joined(separator: "_")
            roleName = role.name
        } else {
            let made = PermissionSet(role.name, in: account)
            name = made.name
            roleName = made.roleName
        }
        denied = role.denied
    }

    /// Those that the user has in an account, by name.
    static func all(in account: ServedAccount) -> [PermissionSet] {
        guard let roles = account.account.roles else { return [PermissionSet("SecurityAudit", in: account)] }
        return roles.map { PermissionSet($0, in: account) }.sorted { $0.name < $1.name }
    }

    /// Nil for one that the user hasn't. Where an account's roles aren't told, every name is one.
    static func named(_ name: String, in account: ServedAccount) -> PermissionSet? {
        account.account.roles == nil ? PermissionSet(name, in: account) : all(in: account).first { $0.name == name }
    }
}
