import FoundationEssentials

/// A container or an instance that runs in the first account, and the role that it has.
struct Workload {
    let account: ServedAccount
    let role: MockIAM.Role
    /// What its sessions are called.
    let name: String

    /// Six hours, as ECS's and EC2's are good for.
    private static let lifetime = 6 * 3600
    /// How many seconds before they expire new credentials are at hand. AWS says that new ones are there at least five
    /// minutes before.
    private static let overlap = TimeInterval(300)

    /// Nil in an account that says that it has no roles.
    private init?(_ account: ServedAccount?, role name: String, session: String) {
        guard let account else { return nil }
        let roles = account.account.roles ?? [MockIAM.Role(name)]
        guard let role = roles.first(where: { $0.name == name }) ?? roles.first else { return nil }
        self.account = account
        self.role = role
        self.name = session
    }

    /// An ECS task. Its sessions are called by its id.
    static func task(in account: ServedAccount?) -> Workload? {
        let id = Identifier.letters(32, of: ["task", account?.id ?? ""], alphabet: .hexadecimal)
        return Workload(account, role: "mock-task-role", session: id)
    }

    /// An EC2 instance. Its sessions are called by its id.
    static func instance(in account: ServedAccount?) -> Workload? {
        Workload(account, role: "mock-instance-role", session: account.map(instanceID) ?? "")
    }

    static func instanceID(in account: ServedAccount) -> String {
        "i-0" + Identifier.letters(16, of: ["instance", account.id], alphabet: .hexadecimal)
    }
}

extension Workload {
    /// Its credentials: the same until they are about to expire or were made to expire.
    func credentials(_ call: inout ServiceCall) -> MetadataSessions.Issued {
        let (world, now) = (call.world, call.caller.now)
        let issued = world.metadata.issued("\(account.id) \(role.name) \(name)") { issued in
            let session = world.signer(issued.credentials.accessKeyID)?.session
            return session.map { !world.isExpired($0, at: now, within: Self.overlap) } ?? false
        } orElse: {
            let credentials = call.issue(
                role: role.name, denied: role.denied, session: name, in: account, lasting: Self.lifetime)
            return MetadataSessions.Issued(credentials: credentials, made: now)
        }
        call.caller.identity = issued.credentials.identity
        return issued
    }
}
