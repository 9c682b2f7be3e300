/// Static keys of a profile in one of the shared files.
package struct ProfileCredentials: CredentialSource {
    private let profile: String
    private let file: SharedFile
    private let settings: SharedConfiguration.Settings?
    private let method: CredentialMethod

    /// In the credentials file.
    package init(credentialsFileOf configuration: SharedConfiguration, profile: String) {
        self.profile = profile
        file = configuration.credentialsFile
        settings = file[profile]?.compactMapValues(\.text)
        method = .sharedCredentialsFile
    }

    /// In the config file.
    package init(configFileOf configuration: SharedConfiguration, profile: String) {
        self.profile = profile
        file = configuration.configFile
        settings = configuration.configSettings(of: profile)
        method = .configFile
    }

    package var name: String {
        "profile '\(profile)' in \(file.path ?? "~/.aws (no home directory)")\(file.exists ? "" : " (no such file)")"
    }

    package func credentials() throws(CredentialError) -> Credentials? {
        guard let settings, let id = settings["aws_access_key_id"], !id.isEmpty else { return nil }
        guard let secret = settings["aws_secret_access_key"], !secret.isEmpty else {
            throw .incomplete(origin: name, has: "aws_access_key_id", lacks: "aws_secret_access_key")
        }
        let token = settings["aws_security_token"] ?? settings["aws_session_token"]
        return Credentials(
            accessKeyID: id, secretAccessKey: Secret(secret),
            sessionToken: token.flatMap { $0.isEmpty ? nil : Secret($0) }, method: method, origin: name)
    }
}
