import FoundationEssentials
import Synchronization

/// What IAM Identity Center has handed out: clients, device codes, access tokens and refresh tokens.
final class SignOn: Sendable {
    /// What a client gets by signing in.
    struct Grant: Sendable {
        /// How long an access token is good, in seconds. AWS's are good for an hour where they can be refreshed.
        static let lifetime = 3600
        /// How long a user stays signed in: the default of Identity Center.
        static let session = TimeInterval(8 * 3600)

        let accessToken: String
        let refreshToken: String
    }

    /// A device that waits for its user.
    struct Device: Sendable {
        /// In seconds.
        static let lifetime = 600

        let code: String
        let userCode: String
        fileprivate let clientID: String
        fileprivate let end: TimeInterval
        /// How often the device has asked. The user needs the time between the first two.
        fileprivate var polls = 0
    }

    private struct Refresh {
        let clientID: String
        /// When the user is signed out.
        let end: TimeInterval
    }

    private struct State {
        var made = 0
        var clients: [String: (secret: String, end: TimeInterval)] = [
            MockIAM.TestSignOn.clientID: (MockIAM.TestSignOn.clientSecret, .infinity)
        ]
        var devices: [String: Device] = [:]
        /// Access tokens, and when they end.
        var access: [String: TimeInterval] = [MockIAM.TestSignOn.accessToken: .infinity]
        var refresh = [
            MockIAM.TestSignOn.refreshToken: Refresh(clientID: MockIAM.TestSignOn.clientID, end: .infinity)
        ]

        /// A server that runs for weeks must not keep what ended long ago. Device codes are kept for a while, so as to
        /// say that they expired.
        mutating func forgetOld(_ now: TimeInterval) {
            guard access.count + devices.count + refresh.count + clients.count > 10_000 else { return }
            access = access.filter { now < $0.value }
            refresh = refresh.filter { now < $0.value.end }
            devices = devices.filter { now < $0.value.end + 3600 }
            clients = clients.filter { now < $0.value.end }
        }
    }

    private let age: ServerAge
    private let seed: UInt64
    private let state = Mutex(State())

    init(clock: MockClock, seed: UInt64) {
        age = ServerAge(clock)
        self.seed = seed
    }

    /// As it was when the server started.
    func reset() {
        state.withLock { $0 = State() }
    }

    // MARK: Clients

    /// Three months, as AWS's clients have.
    static let clientLifetime = 90 * 86_400

    func register() -> (id: String, secret: String) {
        let end = age.seconds + TimeInterval(Self.clientLifetime)
        return state.withLock { state in
            let client = (id: next("client", 22, &state), secret: next("client secret", 64, &state))
            state.clients[client.id] = (client.secret, end)
            return client
        }
    }

    func isClient(_ id: String, secret: String) -> Bool {
        let now = age.seconds
        return state.withLock { state in
            state.clients[id].map { $0.secret == secret && now < $0.end } ?? false
        }
    }

    // MARK: Signing in

    func begin(clientID: String) -> Device {
        let now = age.seconds
        return state.withLock { state in
            state.forgetOld(now)
            let letters = next("user code", 8, &state, alphabet: .consonants)
            let device = Device(
                code: next("device code", 86, &state), userCode: "\(letters.prefix(4))-\(letters.suffix(4))",
                clientID: clientID, end: now + TimeInterval(Device.lifetime))
            state.devices[device.code] = device
            return device
        }
    }

    /// What became of a device code.
    enum Redemption {
        case granted(Grant)
        case pending
        case expired
        case unknown
    }

    func redeem(deviceCode code: String, clientID: String) -> Redemption {
        let now = age.seconds
        return state.withLock { state in
            guard var device = state.devices[code], device.clientID == clientID else { return .unknown }
            guard now < device.end else { return .expired }
            device.polls += 1
            state.devices[code] = device.polls == 1 ? device : nil
            return device.polls == 1 ? .pending : .granted(grant(to: clientID, until: now + Grant.session, now, &state))
        }
    }

    /// Gives new tokens for a refresh token, which is no longer good then; nil for one that isn't, or is another
    /// client's.
    func refresh(_ token: String, clientID: String) -> Grant? {
        let now = age.seconds
        return state.withLock { state in
            guard let known = state.refresh[token], known.clientID == clientID, now < known.end else { return nil }
            state.refresh[token] = nil
            return grant(to: clientID, until: min(known.end, now + Grant.session), now, &state)
        }
    }

    private func grant(
        to clientID: String, until end: TimeInterval, _ now: TimeInterval, _ state: inout State
    ) -> Grant {
        state.forgetOld(now)
        let grant = Grant(
            accessToken: "aoaAAAAAG" + next("access token", 120, &state),
            refreshToken: "aorAAAAAG" + next("refresh token", 120, &state))
        state.access[grant.accessToken] = now + TimeInterval(Grant.lifetime)
        state.refresh[grant.refreshToken] = Refresh(clientID: clientID, end: end)
        return grant
    }

    // MARK: Being signed in

    func isSignedIn(_ accessToken: String) -> Bool {
        let now = age.seconds
        return state.withLock { $0.access[accessToken].map { now < $0 } ?? false }
    }

    func signOut(_ accessToken: String) {
        state.withLock { $0.access[accessToken] = nil }
    }

    /// Ends all access tokens at once. Refresh tokens stay good: what can be done about it is to be tested.
    func expire() {
        state.withLock { $0.access = [:] }
    }

    private func next(
        _ kind: String, _ count: Int, _ state: inout State,
        alphabet: Alphabet = .urlSafe
    ) -> String {
        state.made += 1
        return Identifier.letters(count, of: ["sign-on", kind, "\(seed)", "\(state.made)"], alphabet: alphabet)
    }
}
