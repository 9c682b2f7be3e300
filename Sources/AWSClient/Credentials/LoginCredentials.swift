import Crypto
import Digests
import FoundationEssentials

/// A profile with `login_session`: what `aws login` has left in its cache. The credentials are good for 15 minutes, and
/// are refreshed for as long as the session lasts; fresh ones are written back as AWS CLI does it.
///
/// Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html, and botocore's `LoginProvider`
/// for the cache and the times.
package struct LoginCredentials: CredentialSource {
    /// So long before their end credentials are refreshed, in seconds: another program may have done it already.
    private static let refreshWindow: TimeInterval = 5 * 60

    private let surroundings: CredentialSurroundings
    private let profile: String

    package init(_ surroundings: CredentialSurroundings, profile: String) {
        self.surroundings = surroundings
        self.profile = profile
    }

    package var name: String { "login_session of \(origin)" }

    private var origin: String { "profile '\(profile)'" }
    private var advice: String { "Run: aws login --profile \(profile)" }

    /// The cache's file. What else is in it isn't kept.
    private struct Session: Codable {
        var accessToken: Token
        var tokenType: String?
        var refreshToken: String?
        var idToken: String?
        var clientId: String?
        var dpopKey: String?

        struct Token: Codable {
            var accessKeyId: String
            var secretAccessKey: String
            var sessionToken: String
            var accountId: String?
            var expiresAt: String
        }
    }

    package func credentials() async throws(CredentialError) -> Credentials? {
        guard let name = surroundings.configuration.settings(of: profile)?["login_session"] else { return nil }
        let path = path(ofSession: name)
        let (session, end) = try read(path)
        let now = surroundings.clock.now()
        if end > now + Self.refreshWindow { return credentials(session.accessToken, end) }
        let renewal: Renewal
        do throws(CredentialError) {
            renewal = try await renew(session, path, isUrgent: end <= now)
        } catch {
            // The ones at hand are as good as ever: nothing has been used up.
            if end > now { return credentials(session.accessToken, end) }
            throw error
        }
        switch renewal {
        case .byAnother(let other, let end): return credentials(other.accessToken, end)
        case .answered(let answer): return try write(answer, into: session, path)
        }
    }

    /// Who has renewed a session.
    private enum Renewal {
        /// Another program, which has written it to the cache.
        case byAnother(Session, end: Date)
        /// AWS answered, and the old refresh token is used up.
        case answered(CreateOAuth2Token.Output)
    }

    private func read(_ path: String) throws(CredentialError) -> (session: Session, end: Date) {
        guard let text = try surroundings.text(of: path) else {
            throw .failed(origin: origin, reason: "nobody has signed in (\(path) isn't there)", advice: advice)
        }
        guard let session = try? JSONDecoder().decode(Session.self, from: Data(text.utf8)),
            let end = Date(awsTimestamp: session.accessToken.expiresAt)
        else { throw .failed(origin: origin, reason: "the session in \(path) can't be read", advice: advice) }
        return (session, end)
    }

    private func path(ofSession name: String) -> String {
        let cache =
            surroundings.configuration.variable("AWS_LOGIN_CACHE_DIRECTORY")?
            .expandingHome(surroundings.configuration.home)
            ?? "\(surroundings.configuration.home ?? "")/.aws/login/cache"
        return "\(cache)/\(SHA256.hexadecimal(of: Array(name.utf8))).json"
    }

    private func credentials(_ token: Session.Token, _ end: Date) -> Credentials {
        Credentials(
            accessKeyID: token.accessKeyId, secretAccessKey: Secret(token.secretAccessKey),
            sessionToken: Secret(token.sessionToken), expiration: end, method: .login,
            origin: "`aws login` of \(origin)")
    }

    /// - Parameter isUrgent: whether the credentials at hand are of no use any more.
    private func renew(
        _ session: Session, _ path: String, isUrgent: Bool
    ) async throws(CredentialError) -> Renewal {
        guard let refreshToken = session.refreshToken, let clientID = session.clientId, let key = session.dpopKey,
            let operation = try? CreateOAuth2Token(
                clientID: clientID, refreshToken: Secret(refreshToken), key: Secret(key),
                endpoint: surroundings.endpoints[.signin].url, now: surroundings.clock.now)
        else {
            throw .failed(
                origin: origin,
                reason:
                    "the credentials of `aws login` end at \(session.accessToken.expiresAt), and \(path) lacks what "
                    + "refreshes them", advice: advice)
        }
        do throws(AWSError) {
            return .answered(try await surroundings.client().send(operation).output)
        } catch {
            if isUrgent, case .service = error.reason {
                let old = session.accessToken.accessKeyId
                let other = try await surroundings.look {
                    (try? read(path)).flatMap { $0.session.accessToken.accessKeyId == old ? nil : $0 }
                }
                if let other, other.end > surroundings.clock.now() { return .byAnother(other.session, end: other.end) }
            }
            throw .failed(
                origin: origin, reason: "the session of `aws login` can't be refreshed: \(error)", advice: advice)
        }
    }

    /// Keeps what AWS answered in the cache.
    ///
    /// - Throws: where that can't be written. Whoever loses the new refresh token has to sign in again, and mustn't find that
    ///   out minutes later.
    private func write(
        _ answer: CreateOAuth2Token.Output, into session: Session, _ path: String
    ) throws(CredentialError) -> Credentials {
        let end = surroundings.clock.now() + TimeInterval(answer.expiresIn)
        var fresh = session
        fresh.refreshToken = answer.refreshToken
        fresh.accessToken = Session.Token(
            accessKeyId: answer.accessToken.accessKeyId, secretAccessKey: answer.accessToken.secretAccessKey,
            sessionToken: answer.accessToken.sessionToken, accountId: session.accessToken.accountId,
            expiresAt: end.awsTimestamp)
        do {
            try surroundings.replaceFile(path, Array(try JSONEncoder().encode(fresh)))
        } catch {
            throw .unwritable(file: path, reason: "the refreshed session can't be written back (\(error))")
        }
        return credentials(fresh.accessToken, end)
    }
}
