/// Stands in the chain where AWS CLI would go on to assume a role, ask SSO or start a process: it says so rather than
/// let the search end with other credentials than the profile means.
package struct UnsupportedProfile: CredentialSource {
    private static let settings = [
        "role_arn", "web_identity_token_file", "sso_session", "sso_start_url", "login_session", "credential_process",
    ]

    private let configuration: SharedConfiguration
    private let considered: ArraySlice<String>

    /// Which of the settings come first in AWS CLI's order: those before the static keys, or all.
    package enum Position: Sendable {
        /// Roles, web identity and SSO win over static keys.
        case beforeStaticKeys
        /// `login_session` and `credential_process` lose to them.
        case afterStaticKeys
    }

    package init(configuration: SharedConfiguration, position: Position) {
        self.configuration = configuration
        considered = position == .beforeStaticKeys ? Self.settings.prefix(4) : Self.settings.dropFirst(4)
    }

    package var name: String { "\(considered.joined(separator: ", ")) of profile '\(configuration.profile)'" }

    package func credentials() throws(CredentialError) -> Credentials? {
        let inCredentialsFile = configuration.credentialsFile.profiles[configuration.profile] ?? [:]
        guard let found = considered.first(where: { configuration.setting($0) != nil || inCredentialsFile[$0] != nil })
        else { return nil }
        throw .unsupported(profile: configuration.profile, setting: found)
    }
}
