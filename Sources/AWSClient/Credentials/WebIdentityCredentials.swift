/// A role that is assumed with a token in a file: `web_identity_token_file` of a profile, or
/// `AWS_WEB_IDENTITY_TOKEN_FILE`, as in EKS and in CI systems.
///
/// Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html#cli-configure-role-oidc
package struct WebIdentityCredentials: CredentialSource {
    private let surroundings: CredentialSurroundings
    private let profile: String
    /// Whether the environment may say it, too; each of its variables counts before the profile's setting.
    private let usesEnvironment: Bool

    package init(_ surroundings: CredentialSurroundings, profile: String, usesEnvironment: Bool) {
        self.surroundings = surroundings
        self.profile = profile
        self.usesEnvironment = usesEnvironment
    }

    package var name: String {
        "web_identity_token_file of profile '\(profile)'" + (usesEnvironment ? " or AWS_WEB_IDENTITY_TOKEN_FILE" : "")
    }

    private func setting(_ name: String, _ variable: String) -> String? {
        let value =
            (usesEnvironment ? surroundings.configuration.variable(variable) : nil)
            ?? surroundings.configuration.settings(of: profile)?[name]
        return value.flatMap { $0.isEmpty ? nil : $0 }
    }

    package func credentials() async throws(CredentialError) -> Credentials? {
        guard let path = setting("web_identity_token_file", "AWS_WEB_IDENTITY_TOKEN_FILE") else { return nil }
        guard let roleARN = setting("role_arn", "AWS_ROLE_ARN") else {
            throw .incomplete(
                origin: "web identity", has: "the token file (AWS_WEB_IDENTITY_TOKEN_FILE, web_identity_token_file)",
                lacks: "the role's ARN (AWS_ROLE_ARN, role_arn)")
        }
        let file = path.expandingHome(surroundings.configuration.home)
        // Read each time: whoever writes it replaces it before the token ends.
        guard let token = try surroundings.text(of: file) else {
            throw .unreadable(file: file, reason: "there is no such file, and a web identity's token should be in it")
        }
        let operation = AssumeRoleWithWebIdentity(
            roleARN: roleARN,
            sessionName: setting("role_session_name", "AWS_ROLE_SESSION_NAME") ?? surroundings.sessionName,
            token: Secret(token))
        do throws(AWSError) {
            let issued = try await surroundings.client().send(operation)
            return Credentials(
                issued, by: surroundings.clock, method: .webIdentity,
                origin: "role \(roleARN), assumed with the token in \(file)")
        } catch {
            throw .failed(
                origin: "web identity token in \(file)", reason: "\(roleARN) can't be assumed: \(error)",
                advice:
                    "Is the token still good, and does the role's trust policy name its issuer, audience and subject?")
        }
    }
}
