import FoundationEssentials
import Synchronization

/// What the emulator knows and remembers: its accounts, who may ask, and what it has handed out.
///
/// Everything that changes while it runs is in here, behind one lock that is held for moments only.
final class World: Sendable {
    private struct State {
        var accounts: [ServedAccount]
        var keyring: Keyring
        var sessions = IssuedCredentials()
        var sessionsMade = 0
        var reports: [String: CredentialReport] = [:]
    }

    let clock: MockClock
    /// Everything that AWS would draw at random comes from it.
    let seed: UInt64
    /// What the single sign-on has handed out.
    let signOn: SignOn
    /// What containers and instances have got.
    let metadata: MetadataSessions
    private let state: Mutex<State>
    private let original: Prepared
    private let testKeys: [String: String]

    /// - Parameter accounts: at least one; the well-known test keys ask the first.
    init(_ accounts: [MockIAM.Account], clock: MockClock, seed: UInt64, testKeys: [String: String]) {
        self.clock = clock
        self.seed = seed
        self.testKeys = testKeys
        signOn = SignOn(clock: clock, seed: seed)
        metadata = MetadataSessions(clock: clock, seed: seed)
        let served = accounts.map(ServedAccount.init)
        original = Prepared(accounts: served, keyring: Keyring(served, testKeys: testKeys))
        state = Mutex(State(accounts: served, keyring: original.keyring))
    }

    var accounts: [ServedAccount] {
        state.withLock { $0.accounts }
    }

    func account(_ id: String) -> ServedAccount? {
        accounts.first { $0.id == id }
    }

    /// The account that has a key, whoever asks.
    func owner(ofKey id: String) -> ServedAccount? {
        accounts.first { $0.accessKey(id, at: clock.now) != nil }
    }

    /// Accounts made ready for being served, which takes a while where they are large.
    struct Prepared: Sendable {
        fileprivate let accounts: [ServedAccount]
        fileprivate let keyring: Keyring
    }

    func prepare(_ accounts: [MockIAM.Account]) -> Prepared {
        let served = accounts.map(ServedAccount.init)
        return Prepared(accounts: served, keyring: Keyring(served, testKeys: testKeys))
    }

    /// Serves other accounts from now on; what was handed out is forgotten.
    ///
    /// - Parameter instant: what the clock shows from then on; nil leaves it as it is.
    func replace(_ accounts: Prepared, clock instant: Date?) {
        replace(accounts) { clock in
            if let instant { clock.set(to: instant, isMoving: nil) }
        }
    }

    /// As it was when the server started, the clock included.
    func reset() {
        replace(original) { $0.reset() }
    }

    /// The clock changes with the accounts: else a report of theirs could have the other's time.
    private func replace(_ prepared: Prepared, setting set: (MockClock) -> Void) {
        state.withLock { state in
            state = State(accounts: prepared.accounts, keyring: prepared.keyring)
            set(clock)
        }
        signOn.reset()
        metadata.reset()
    }

    // MARK: Keys

    /// Who may sign with an access key id, and with what.
    func signer(_ accessKeyID: String) -> Signer? {
        let (known, accounts) = state.withLock { state in
            let session = state.sessions[accessKeyID].map {
                Signer(secret: $0.secretAccessKey, token: .exactly($0.sessionToken), identity: $0.identity, session: $0)
            }
            return (state.keyring[accessKeyID] ?? session, state.accounts)
        }
        if let identity = known?.identity, identity.userSession != nil, isDeleted(identity, in: accounts) { return nil }
        // The keys of users, of which there may be many, stand in their accounts already.
        return known ?? accounts.lazy.compactMap { $0.signer(accessKeyID, at: self.clock.now) }.first
    }

    /// Whether it is a user of an account's that was deleted: a user's session ends with the user, as the keys do.
    private func isDeleted(_ identity: Identity, in accounts: [ServedAccount]) -> Bool {
        guard let name = identity.userName, let account = accounts.first(where: { $0.id == identity.accountID }),
            account.user(named: name) != nil
        else { return false }
        return account.user(named: name, at: clock.now).map { account.userID(of: $0) } != identity.userID
    }

    /// Who asks where nobody is known to: a request without a signature that is let through.
    var defaultIdentity: Identity {
        state.withLock(\.keyring.anybody)
    }

    /// Makes credentials that work from now on.
    ///
    /// - Parameters:
    ///   - identity: see ``TemporaryCredentials/init(_:number:seed:expiration:advanced:)``.
    ///   - now: the asker's time, from which the expiration counts.
    func issueCredentials(
        for identity: Identity, lasting seconds: Int, from now: Date
    ) -> TemporaryCredentials {
        let advanced = clock.advanced
        return state.withLock { state in
            state.sessionsMade += 1
            let credentials = TemporaryCredentials(
                identity, number: state.sessionsMade, seed: seed, expiration: now + TimeInterval(seconds),
                advanced: advanced
            )
            state.sessions.add(credentials) { $0.expiration <= now }
            return credentials
        }
    }

    /// Whether temporary credentials have expired for somebody whose clock shows `now`, or will have soon.
    ///
    /// Credentials age by the clock being moved by hand, too. Whoever goes by the emulator's clock has moved with it;
    /// whoever goes by the machine's hasn't.
    func isExpired(_ credentials: TemporaryCredentials, at now: Date, within margin: TimeInterval = 0) -> Bool {
        let goesByOurs = abs(now.timeIntervalSince(clock.now)) <= abs(now.timeIntervalSince(.now))
        let moved = goesByOurs ? 0 : clock.advanced - credentials.advanced
        return now + moved + margin >= credentials.expiration
    }

    /// Ends all temporary credentials at once.
    func expireSessions() {
        state.withLock { $0.sessions.expire() }
        signOn.expire()
        metadata.expire()
    }

    // MARK: Credential reports

    /// Looks at and changes the credential report of an account, in one go.
    ///
    /// - Throws: InvalidClientTokenId where the account isn't served any more, and another of its id may be: its report
    ///   would be taken for the other's.
    func withReport<Result>(
        of account: ServedAccount, _ body: (inout CredentialReport, Date) throws(AWSError) -> Result
    ) throws(AWSError) -> Result {
        var outcome: Swift.Result<Result, AWSError>?
        state.withLock { state in
            guard state.accounts.contains(where: { $0 === account }) else {
                outcome = .failure(.unknownKey)
                return
            }
            let now = clock.now
            var report = state.reports[account.id] ?? CredentialReport(account.account.credentialReport)
            do throws(AWSError) {
                outcome = .success(try body(&report, now))
            } catch {
                outcome = .failure(error)
            }
            state.reports[account.id] = report
        }
        guard let outcome else { preconditionFailure("the lock runs its body") }
        return try outcome.get()
    }
}
