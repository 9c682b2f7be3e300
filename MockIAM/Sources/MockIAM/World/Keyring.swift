import FoundationEssentials

/// The keys that requests may be signed with, but for those of users.
struct Keyring: Sendable {
    private var signers: [String: Signer] = [:]
    /// Stands for whoever can't be told.
    let anybody: Identity

    subscript(accessKeyID: String) -> Signer? {
        signers[accessKeyID]
    }

    init(_ accounts: [ServedAccount], testKeys: [String: String]) {
        // `World` has at least one account.
        let first = accounts.first ?? ServedAccount(MockIAM.Account())
        anybody = Identity(.auditor, in: first, accessKeyID: "test", denied: []).ofTestKey()
        for account in accounts {
            for caller in account.account.callers {
                let identity = Identity(
                    Identity.Principal(caller.principal) ?? .auditor, in: account, accessKeyID: caller.accessKeyID,
                    denied: caller.denied)
                add(
                    Signer(
                        secret: caller.secretAccessKey, token: caller.sessionToken.map { .exactly($0) } ?? .none,
                        identity: identity))
            }
            let identity = Identity(.auditor, in: account, accessKeyID: account.id, denied: []).ofTestKey()
            add(Signer(secret: "test", token: .any, identity: identity))
        }
        // What an account says of a key counts more.
        for (id, secret) in testKeys where !accounts.contains(where: { $0.hasSecret(ofKey: id) }) {
            let identity = Identity(.auditor, in: first, accessKeyID: id, denied: []).ofTestKey()
            add(Signer(secret: secret, token: .any, identity: identity))
        }
    }

    /// The first to claim an id has it.
    private mutating func add(_ signer: Signer) {
        let id = signer.identity.accessKeyID
        signers[id] = signers[id] ?? signer
    }
}

extension ServedAccount {
    /// Whether a user's or the root user's key can sign, now or at another time.
    fileprivate func hasSecret(ofKey id: String) -> Bool {
        (users.flatMap(\.accessKeys) + account.root.accessKeys).contains { $0.id == id && $0.secret != nil }
    }

    /// A key of a user, or of the root user. One whose secret nobody knows is known to AWS nevertheless: no signature of it is right.
    func signer(_ accessKeyID: String, at now: Date) -> Signer? {
        guard let (key, user) = accessKey(accessKeyID, at: now) else { return nil }
        let identity =
            user.map { Identity(user: $0, in: self, accessKeyID: accessKeyID) }
            ?? Identity(root: self, accessKeyID: accessKeyID)
        return Signer(secret: key.secret, token: .none, identity: identity, isActive: key.status == "Active")
    }
}

/// A key that signs: whose it is, and what a signature is checked with.
struct Signer: Sendable {
    enum Token: Sendable {
        case none
        case exactly(String)
        /// A test key takes any session token, so that a client's handling of tokens can be tested with it.
        case any
    }

    /// Nil where the key exists, but its secret is unknown.
    let secret: String?
    let token: Token
    let identity: Identity
    var isActive = true
    /// The temporary credentials that it belongs to.
    var session: TemporaryCredentials?
}

extension MockIAM {
    /// The access key ids that any server knows, with their secrets: `test`, and the example of AWS's documentation.
    /// They ask the first account as a session of the role SecurityAudit. The twelve digits of an account's id, with the
    /// secret `test`, ask that account.
    public static let testKeys = [
        "test": "test",
        "AKIAIOSFODNN7EXAMPLE": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ]
}
