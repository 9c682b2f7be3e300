import Crypto
import FoundationEssentials

/// A profile with `login_session`: what `aws login` has left in its cache.
///
/// Fresh credentials for it need a proof of possession that only AWS CLI makes; until the ones at hand end they are used.
///
/// Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html
package struct LoginCredentials: CredentialSource {
    private let surroundings: CredentialSurroundings
    private let profile: String

    package init(_ surroundings: CredentialSurroundings, profile: String) {
        self.surroundings = surroundings
        self.profile = profile
    }

    package var name: String { "login_session of \(origin)" }

    private var origin: String { "profile '\(profile)'" }

    private struct Session: Decodable {
        var accessToken: Token

        struct Token: Decodable {
            var accessKeyId: String
            var secretAccessKey: String
            var sessionToken: String
            var expiresAt: String
        }
    }

    package func credentials() throws(CredentialError) -> Credentials? {
        guard let session = surroundings.configuration.settings(of: profile)?["login_session"] else { return nil }
        let advice = "Run: aws login --profile \(profile)"
        let cache =
            surroundings.configuration.variable("AWS_LOGIN_CACHE_DIRECTORY")?
            .expandingHome(surroundings.configuration.home)
            ?? "\(surroundings.configuration.home ?? "")/.aws/login/cache"
        let path = "\(cache)/\(Hexadecimal.encode(SHA256.hash(data: Array(session.utf8)))).json"
        guard let text = try surroundings.text(of: path) else {
            throw .failed(origin: origin, reason: "nobody has signed in (\(path) isn't there)", advice: advice)
        }
        guard let token = try? JSONDecoder().decode(Session.self, from: Data(text.utf8)).accessToken,
            let end = Date(awsTimestamp: token.expiresAt)
        else { throw .failed(origin: origin, reason: "the session in \(path) can't be read", advice: advice) }
        guard end > surroundings.clock.now() else {
            throw .failed(
                origin: origin, reason: "the credentials of `aws login` have expired at \(token.expiresAt)",
                advice: "Any AWS CLI command refreshes them, such as: aws sts get-caller-identity --profile \(profile)")
        }
        return Credentials(
            accessKeyID: token.accessKeyId, secretAccessKey: Secret(token.secretAccessKey),
            sessionToken: Secret(token.sessionToken), expiration: end, method: .login,
            origin: "`aws login` of \(origin)")
    }
}
