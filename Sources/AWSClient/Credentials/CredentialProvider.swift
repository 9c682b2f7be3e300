package import FoundationEssentials
import Synchronization

/// The credentials of a client: found once, kept, and fetched again before they expire.
///
/// Whoever needs fresh ones at the same time waits for one and the same fetch. From 15 minutes before the end on fresh
/// ones are tried for, at most once a minute, and the old ones serve while that fails; from 10 minutes before the end on
/// a failure counts. These are AWS CLI's own spans (botocore's `RefreshableCredentials`).
package final class CredentialProvider: Sendable {
    private static let tryFrom: TimeInterval = 15 * 60
    private static let insistFrom: TimeInterval = 10 * 60
    private static let pause: TimeInterval = 60

    private struct State {
        var current: Credentials
        var lastTry = Date.distantPast
        var fetch: Task<Result<Credentials, CredentialError>, Never>?
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
    /// - Throws: ``CredentialError`` where they are about to expire and no fresh ones can be had.
    package func credentials() async throws(CredentialError) -> Credentials {
        let instant = now()
        let current = state.withLock { state in isDue(state, at: instant) ? nil : state.current }
        if let current { return current }
        let old = self.current
        do throws(CredentialError) {
            return try await fresh(insteadOf: old)
        } catch {
            if let end = old.expiration, end > instant + Self.insistFrom { return old }
            throw error
        }
    }

    /// Fetches fresh credentials although the ones at hand seem good, because AWS has refused them as expired.
    ///
    /// - Returns: false where there are no others to be had.
    package func replace(_ refused: Credentials) async -> Bool {
        guard source != nil, refused.isRefreshable, refused.expiration != nil else { return false }
        let current = current
        if current.accessKeyID != refused.accessKeyID { return true }
        guard let fresh = try? await fresh(insteadOf: refused) else { return false }
        return fresh.accessKeyID != refused.accessKeyID
    }

    private func isDue(_ state: State, at instant: Date) -> Bool {
        guard source != nil, state.current.isRefreshable, let end = state.current.expiration else { return false }
        if end <= instant + Self.insistFrom { return true }
        return end < instant + Self.tryFrom && instant >= state.lastTry + Self.pause
    }

    private func fresh(insteadOf old: Credentials) async throws(CredentialError) -> Credentials {
        guard let source else { return old }
        let instant = now()
        let fetch = state.withLock { state in
            if let fetch = state.fetch { return fetch }
            let fetch = Task { await Self.fetch(from: source) }
            state.fetch = fetch
            state.lastTry = instant
            return fetch
        }
        let result = await fetch.value
        state.withLock { state in
            guard state.fetch == fetch else { return }
            state.fetch = nil
            if case .success(let credentials) = result { state.current = credentials }
        }
        let credentials = try result.get()
        if let end = credentials.expiration, end <= now() {
            throw .failed(
                origin: credentials.origin, reason: "the credentials have expired, and no fresh ones came",
                advice: "Sign in again, or get new ones where these came from.")
        }
        return credentials
    }

    private static func fetch(from source: any CredentialSource) async -> Result<Credentials, CredentialError> {
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
