import FoundationEssentials
import Synchronization

/// What containers and instances have got: session tokens of the instance metadata service, and credentials, which stay
/// the same until they are about to expire.
final class MetadataSessions: Sendable {
    /// A role's credentials, and when they were made, by the asker's clock.
    struct Issued: Sendable {
        let credentials: TemporaryCredentials
        let made: Date
    }

    private struct State {
        var made = 0
        /// Tokens, and when they end.
        var tokens: [String: TimeInterval] = [:]
        var issued: [String: Issued] = [:]
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

    /// Ends all tokens at once.
    func expire() {
        state.withLock { $0.tokens = [:] }
    }

    // MARK: Tokens

    /// A new token that is valid for a number of seconds.
    func token(lasting seconds: Int) -> String {
        let now = age.seconds
        return state.withLock { state in
            state.made += 1
            if state.tokens.count >= 10_000 { state.tokens = state.tokens.filter { now < $0.value } }
            let letters = Identifier.letters(
                47, of: ["metadata token", "\(seed)", "\(state.made)"],
                alphabet: .urlSafe)
            let token = "AQAAAN\(letters)w=="
            state.tokens[token] = now + TimeInterval(seconds)
            return token
        }
    }

    /// For how many seconds a token still is good; nil for one that isn't.
    func remaining(of token: String) -> Int? {
        let now = age.seconds
        guard let end = state.withLock({ $0.tokens[token] }), now < end else { return nil }
        return Int((end - now).rounded(.up))
    }

    // MARK: Credentials

    /// The credentials that a holder has, if they still are good, or new ones. In one step: whoever asks at the same time
    /// gets the same.
    func issued(
        _ holder: String, isGood: (Issued) -> Bool, orElse issue: () -> Issued
    ) -> Issued {
        state.withLock { state in
            if let issued = state.issued[holder], isGood(issued) { return issued }
            let issued = issue()
            state.issued[holder] = issued
            return issued
        }
    }
}
