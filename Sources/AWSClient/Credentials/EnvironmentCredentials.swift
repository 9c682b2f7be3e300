import FoundationEssentials

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, with temporary credentials, `AWS_SESSION_TOKEN` (or the older
/// `AWS_SECURITY_TOKEN`) and `AWS_CREDENTIAL_EXPIRATION`.
package struct EnvironmentCredentials: CredentialSource {
    private let configuration: SharedConfiguration

    package init(_ configuration: SharedConfiguration) {
        self.configuration = configuration
    }

    package var name: String { "environment variables (AWS_ACCESS_KEY_ID)" }

    package func credentials() throws(CredentialError) -> Credentials? {
        // As AWS CLI: a secret alone doesn't count as credentials.
        guard let id = configuration.variable("AWS_ACCESS_KEY_ID") else { return nil }
        guard let secret = configuration.variable("AWS_SECRET_ACCESS_KEY") else {
            throw .incomplete(origin: "environment", has: "AWS_ACCESS_KEY_ID", lacks: "AWS_SECRET_ACCESS_KEY")
        }
        let token = configuration.variable("AWS_SECURITY_TOKEN") ?? configuration.variable("AWS_SESSION_TOKEN")
        let expiration = try configuration.variable("AWS_CREDENTIAL_EXPIRATION").map { text throws(CredentialError) in
            guard let date = Date(expiration: text) else {
                throw .invalid(
                    origin: "environment",
                    reason: "AWS_CREDENTIAL_EXPIRATION '\(text)' isn't an ISO 8601 instant with a zone, such as "
                        + "2026-11-22T20:45:00Z")
            }
            return date
        }
        return Credentials(
            accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: token.map(Secret.init),
            expiration: expiration, method: .environment, origin: "environment variables")
    }
}
