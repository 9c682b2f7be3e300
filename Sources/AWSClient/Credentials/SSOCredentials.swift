import Crypto
import Digests
import FoundationEssentials

/// A profile of IAM Identity Center: `sso_account_id` and `sso_role_name`, with `sso_session`, or in the older form with
/// `sso_start_url` and `sso_region` in the profile itself. Who is signed in stands in the token cache of AWS CLI.
///
/// Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html
package struct SSOCredentials: CredentialSource {
    private let surroundings: CredentialSurroundings
    private let profile: String

    package init(_ surroundings: CredentialSurroundings, profile: String) {
        self.surroundings = surroundings
        self.profile = profile
    }

    package var name: String { "sso_account_id and sso_role_name of \(origin)" }

    private var origin: String { "profile '\(profile)'" }

    /// What a profile says about it, complete.
    fileprivate struct SignOn {
        var accountID: String
        var roleName: String
        var startURL: String
        var region: String
        /// Nil in the older form.
        var session: String?
    }

    package func credentials() async throws(CredentialError) -> Credentials? {
        guard let signOn = try signOn() else { return nil }
        let endpoints: Endpoints
        do throws(EndpointError) {
            endpoints = try surroundings.endpointsOf(signOn.region)
        } catch {
            throw .invalid(origin: origin, reason: "sso_region: \(error)")
        }
        let token = try await SSOTokenCache(surroundings, of: signOn, endpoints, advice: advice).accessToken()
        let operation = GetRoleCredentials(
            roleName: signOn.roleName, accountID: signOn.accountID, accessToken: token)
        do throws(AWSError) {
            let answer = try await surroundings.client(nil, endpoints).send(operation)
            let role = answer.output.roleCredentials
            // Of the years 1970 to 9999, which can be shown.
            let end = Date(timeIntervalSince1970: min(max(role.expiration / 1000, 0), 253_402_300_799))
            return Credentials(
                accessKeyID: role.accessKeyId, secretAccessKey: Secret(role.secretAccessKey),
                sessionToken: Secret(role.sessionToken),
                expiration: end.byClock(surroundings.clock, serverDate: answer.serverDate), method: .sso,
                origin: "role \(signOn.roleName) in account \(signOn.accountID) by IAM Identity Center, \(origin)")
        } catch {
            let isSignedOut = error.code == .unauthorized
            throw .failed(
                origin: origin, reason: isSignedOut ? "the SSO session has ended or isn't valid" : "\(error)",
                advice: isSignedOut
                    ? advice
                    : error.code == .forbidden
                        ? "Is role \(signOn.roleName) assigned to you in account \(signOn.accountID)? `aws configure sso` lists what is."
                        : "Is sso_region '\(signOn.region)' right, and is the network up?")
        }
    }

    private var advice: String { "Run: aws sso login --profile \(profile)" }

    private func signOn() throws(CredentialError) -> SignOn? {
        var settings = surroundings.configuration.settings(of: profile) ?? [:]
        guard settings["sso_role_name"] != nil || settings["sso_account_id"] != nil else { return nil }
        let session = settings["sso_session"]
        if let session {
            guard let shared = surroundings.configuration.ssoSession(session) else {
                throw .invalid(origin: origin, reason: "its sso_session '\(session)' doesn't exist")
            }
            for (name, value) in shared.sorted(by: { $0.key < $1.key }) {
                if let own = settings[name], own != value {
                    throw .invalid(
                        origin: origin,
                        reason: "\(name) is '\(own)' in the profile and '\(value)' in [sso-session \(session)]")
                }
                settings[name] = value
            }
        }
        let wanted = ["sso_role_name", "sso_account_id", "sso_start_url", "sso_region"]
        let missing = wanted.filter { settings[$0] == nil }
        guard missing.isEmpty, let role = settings[wanted[0]], let account = settings[wanted[1]],
            let startURL = settings[wanted[2]], let region = settings[wanted[3]]
        else { throw .invalid(origin: origin, reason: "for SSO it lacks \(missing.joined(separator: ", "))") }
        return SignOn(accountID: account, roleName: role, startURL: startURL, region: region, session: session)
    }
}

/// The token that `aws sso login` has left in `~/.aws/sso/cache`.
private struct SSOTokenCache {
    /// How long before its end a token is refreshed, in seconds: AWS CLI's own span.
    private static let refreshWindow: TimeInterval = 15 * 60

    private let surroundings: CredentialSurroundings
    private let signOn: SSOCredentials.SignOn
    private let endpoints: Endpoints
    private let advice: String
    private let path: String

    /// - Parameters:
    ///   - endpoints: of the sign-on's region.
    ///   - advice: how to sign in.
    init(
        _ surroundings: CredentialSurroundings, of signOn: SSOCredentials.SignOn, _ endpoints: Endpoints, advice: String
    ) throws(CredentialError) {
        guard let home = surroundings.configuration.home else {
            throw .failed(origin: "SSO token cache", reason: "there is no home directory", advice: "Set HOME.")
        }
        self.surroundings = surroundings
        self.signOn = signOn
        self.endpoints = endpoints
        self.advice = advice
        let name = signOn.session ?? signOn.startURL
        let digest = Insecure.SHA1.hash(data: Array(name.utf8)).hexadecimal
        path = "\(home)/.aws/sso/cache/\(digest).json"
    }

    /// A token as the cache has it. What else is in the file isn't read.
    private struct Token: Codable {
        var startUrl: String?
        var region: String?
        var accessToken: String
        var expiresAt: String
        var clientId: String?
        var clientSecret: String?
        var registrationExpiresAt: String?
        var refreshToken: String?
    }

    func accessToken() async throws(CredentialError) -> Secret {
        let (token, end) = try read()
        let now = surroundings.clock.now()
        if signOn.session != nil, end < now + Self.refreshWindow,
            let fresh = try await refreshed(token, isUrgent: end <= now)
        {
            return fresh
        }
        guard end > now else {
            throw .failed(
                origin: "SSO", reason: "the session has expired at \(token.expiresAt) (\(path))", advice: advice)
        }
        return Secret(token.accessToken)
    }

    private func read() throws(CredentialError) -> (token: Token, end: Date) {
        guard let text = try surroundings.text(of: path) else {
            throw .failed(origin: "SSO", reason: "nobody has signed in (\(path) isn't there)", advice: advice)
        }
        guard let token = try? JSONDecoder().decode(Token.self, from: Data(text.utf8)),
            let end = Date(awsTimestamp: token.expiresAt)
        else { throw .failed(origin: "SSO", reason: "the token in \(path) can't be read", advice: advice) }
        return (token, end)
    }

    /// Gets a fresh token and writes it back, as AWS CLI does it; nil where that can't be done, and the one at hand has to
    /// do.
    ///
    /// - Parameter isUrgent: whether the one at hand is of no use any more.
    private func refreshed(_ token: Token, isUrgent: Bool) async throws(CredentialError) -> Secret? {
        guard let refreshToken = token.refreshToken, let clientID = token.clientId,
            let clientSecret = token.clientSecret,
            let registrationEnd = token.registrationExpiresAt.flatMap({ Date(awsTimestamp: $0) }),
            registrationEnd > surroundings.clock.now()
        else { return nil }
        let operation = CreateToken(
            clientID: clientID, clientSecret: Secret(clientSecret), refreshToken: Secret(refreshToken))
        let answer: CreateToken.Output
        do throws(AWSError) {
            answer = try await surroundings.client(nil, endpoints).send(operation).output
        } catch {
            guard isUrgent else { return nil }
            // Whoever can't be asked hasn't refused: to sign in again would change nothing.
            guard case .service = error.reason else {
                throw .failed(
                    origin: "SSO",
                    reason: "the session has expired at \(token.expiresAt) (\(path)) and can't be renewed: \(error)",
                    advice: "Is sso_region '\(signOn.region)' right, and is the network up?")
            }
            let other = try await surroundings.look {
                (try? read()).flatMap { $0.token.accessToken == token.accessToken ? nil : $0 }
            }
            return other.flatMap { $0.end > surroundings.clock.now() ? Secret($0.token.accessToken) : nil }
        }
        var fresh = token
        fresh.startUrl = signOn.startURL
        fresh.region = signOn.region
        fresh.accessToken = answer.accessToken
        fresh.expiresAt = (surroundings.clock.now() + TimeInterval(answer.expiresIn)).awsTimestamp
        // A refresh token is good for one use: without the new one there is none.
        fresh.refreshToken = answer.refreshToken
        do {
            try surroundings.replaceFile(path, Array(try JSONEncoder().encode(fresh)))
        } catch {
            // The old refresh token is used up: who loses the new one has to sign in again.
            throw .unwritable(file: path, reason: "the refreshed SSO token can't be written back (\(error))")
        }
        return Secret(answer.accessToken)
    }
}
