package import FoundationEssentials
import Synchronization

/// The credentials of a client: found once, kept, and fetched again before they expire.
///
/// From 15 minutes before the end on fresh ones are tried for, at most once a minute: a source may have none yet, as an
/// instance, which hands out the same ones until shortly before their end, or fail for a while. The old ones serve
/// meanwhile. From 10 minutes before the end on whoever needs some waits for a fetch that is under way; all wait for one
/// and the same. These are AWS CLI's own spans (botocore's `RefreshableCredentials`).
///
/// An instance's credentials serve even after their end, as in AWS's own tools: where the metadata service is out, AWS
/// may take them for longer.
package final class CredentialProvider: Sendable {
    private static let tryFrom: TimeInterval = 15 * 60
    private static let waitFrom: TimeInterval = 10 * 60
    private static let pause: TimeInterval = 60

    private typealias Outcome = Result<Credentials, CredentialError>

    private struct State {
        var current: Credentials { didSet { problem = current.problem } }
        /// Of ``current``: looked for once rather than for each request.
        private(set) var problem: CredentialError?
        var lastTry = Date.distantPast
        /// Who waits for the fetch that is under way; nil where none is.
        var waiting: [Int: CheckedContinuation<Outcome, Never>]?
        var tickets = 0

        init(current: Credentials) {
            self.current = current
            problem = current.problem
        }
    }

    private let source: (any CredentialSource)?
    private let now: @Sendable () -> Date
    private let state: Mutex<State>

    /// - Parameters:
    ///   - credentials: those that were found.
    ///   - source: where to get fresh ones; nil for credentials that stay as they are.
    package init(
        _ credentials: Credentials, from source: (any CredentialSource)? = nil,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.source = source
        self.now = now
        state = Mutex(State(current: credentials))
    }

    /// The credentials at hand, fresh or not: for saying whose they are.
    package var current: Credentials {
        state.withLock(\.current)
    }

    /// Credentials that are good for now.
    ///
    /// - Throws: ``CredentialError`` where they have expired and no fresh ones can be had, where no request can be signed
    ///   with them, and where the task is cancelled meanwhile.
    package func credentials() async throws(CredentialError) -> Credentials {
        let instant = now()
        let state = self.state.withLock { $0 }
        let old = state.current
        // By one and the same instant: what is found good mustn't have expired a line further on.
        guard isDue(state, at: instant) else { return try usable(old, state.problem, at: instant) }
        do throws(CredentialError) {
            let new = try await fresh { isDue($0, at: instant) }
            return try usable(new, new.problem, at: instant)
        } catch {
            guard error != .cancelled, !hasExpired(old, at: instant) else { throw error }
            return try usable(old, state.problem, at: instant)
        }
    }

    /// Fetches fresh credentials although the ones at hand seem good, because AWS has refused them as expired.
    ///
    /// - Returns: false where there are no others to be had.
    package func replace(_ refused: Credentials) async -> Bool {
        guard source != nil, refused.isRefreshable, refused.expiration != nil else { return false }
        let fresh = try? await fresh { $0.current.accessKeyID == refused.accessKeyID }
        guard let fresh, !hasExpired(fresh, at: now()) else { return false }
        return fresh.accessKeyID != refused.accessKeyID
    }

    /// Whether they are of no use any more.
    private func hasExpired(_ credentials: Credentials, at instant: Date) -> Bool {
        guard credentials.method != .instance, let end = credentials.expiration else { return false }
        return end <= instant
    }

    /// - Parameter problem: what is known to be wrong with them.
    private func usable(
        _ credentials: Credentials, _ problem: CredentialError?, at instant: Date
    ) throws(CredentialError) -> Credentials {
        if let problem { throw problem }
        if credentials.isRefreshable, source != nil, hasExpired(credentials, at: instant) {
            throw .failed(
                origin: credentials.origin, reason: "the credentials have expired, and no fresh ones came",
                advice: "Sign in again, or get new ones where these came from.")
        }
        return credentials
    }

    private func isDue(_ state: State, at instant: Date) -> Bool {
        guard source != nil, state.current.isRefreshable, let end = state.current.expiration else { return false }
        if hasExpired(state.current, at: instant) { return true }
        if state.waiting != nil, end <= instant + Self.waitFrom { return true }
        return end < instant + Self.tryFrom && instant >= state.lastTry + Self.pause
    }

    /// Fetches fresh ones, or waits for the fetch that is under way.
    ///
    /// - Parameter areWanted: looked at once more before a fetch begins: one that has ended since the caller looked may have
    ///   brought some, and a token that can be used only once must not be used twice.
    private func fresh(ifStill areWanted: @Sendable (State) -> Bool) async throws(CredentialError) -> Credentials {
        guard let source else { return current }
        let instant = now()
        let ticket = state.withLock { state in
            state.tickets += 1
            return state.tickets
        }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { (waiting: CheckedContinuation<Outcome, Never>) in
                let (begins, others) = state.withLock { state -> (Bool, Credentials?) in
                    let begins = state.waiting == nil
                    if begins, !areWanted(state) { return (false, state.current) }
                    if begins { state.lastTry = instant }
                    state.waiting = (state.waiting ?? [:]).merging([ticket: waiting]) { $1 }
                    return (begins, nil)
                }
                if let others { return waiting.resume(returning: .success(others)) }
                // Not a child of this task: others wait for it as well, and a token that can be used only once must not
                // get lost because the first of them was cancelled.
                if begins { Task { finish(await Self.fetch(from: source)) } }
                // Whoever was cancelled before there was anybody to wake.
                if Task.isCancelled { cancel(ticket) }
            }
        } onCancel: {
            cancel(ticket)
        }
        return try outcome.get()
    }

    private func finish(_ outcome: Outcome) {
        let instant = now()
        let waiting = state.withLock { state in
            if case .success(let credentials) = outcome,
                !hasExpired(credentials, at: instant) || hasExpired(state.current, at: instant)
            {
                state.current = credentials
            }
            defer { state.waiting = nil }
            return state.waiting ?? [:]
        }
        for continuation in waiting.values { continuation.resume(returning: outcome) }
    }

    private func cancel(_ ticket: Int) {
        state.withLock { $0.waiting?.removeValue(forKey: ticket) }?.resume(returning: .failure(.cancelled))
    }

    private static func fetch(from source: any CredentialSource) async -> Outcome {
        do throws(CredentialError) {
            guard let credentials = try await source.credentials() else {
                return .failure(
                    .failed(
                        origin: source.name, reason: "the credentials that were there are gone",
                        advice: "Set them again."))
            }
            return .success(credentials)
        } catch {
            return .failure(error)
        }
    }
}
