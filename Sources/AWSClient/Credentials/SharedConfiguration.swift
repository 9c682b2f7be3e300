/// AWS's two shared files, `~/.aws/config` and `~/.aws/credentials`, and which profile of them is meant.
///
/// Source: "Configuration and credential file settings", AWS CLI User Guide.
package struct SharedConfiguration: Sendable {
    /// The profile that counts: the option, else AWS_PROFILE, else AWS_DEFAULT_PROFILE, else `default`.
    package let profile: String
    /// Whether somebody named it, so that it must exist.
    package let profileIsNamed: Bool
    /// Whether the option named it: that removes the environment from the credential sources, as in AWS CLI.
    package let profileIsExplicit: Bool
    package let configFile: SharedFile
    package let credentialsFile: SharedFile
    private let environment: [String: String]

    /// - Parameters:
    ///   - profile: the `--profile` option.
    ///   - home: the home directory; nil where there is none.
    ///   - read: gives a file's bytes; nil where there is no such file, and throws where it can't be read.
    package init(
        profile: String?, environment: [String: String], home: String?, read: (String) throws -> [UInt8]?
    ) throws(CredentialError) {
        func setting(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        func path(_ variable: String, _ name: String) -> String? {
            guard let path = setting(variable) else { return home.map { "\($0)/.aws/\(name)" } }
            guard path.hasPrefix("~/"), let home else { return path }
            return home + path.dropFirst()
        }
        let named = profile ?? setting("AWS_PROFILE") ?? setting("AWS_DEFAULT_PROFILE")
        self.profile = named ?? "default"
        profileIsNamed = named != nil
        profileIsExplicit = profile != nil
        self.environment = environment
        configFile = try SharedFile(kind: .config, path: path("AWS_CONFIG_FILE", "config"), read: read)
        credentialsFile = try SharedFile(
            kind: .credentials, path: path("AWS_SHARED_CREDENTIALS_FILE", "credentials"), read: read)
        if profileIsNamed, !profiles.contains(self.profile) {
            throw .profileMissing(
                self.profile, existing: profiles, files: [configFile.path, credentialsFile.path].compactMap { $0 })
        }
    }

    /// The names of all profiles in both files, sorted.
    package var profiles: [String] {
        Set(configFile.profiles.keys).union(credentialsFile.profiles.keys).sorted()
    }

    /// A setting of the profile from the config file, or a nested one: `services.iam`.
    package func setting(_ name: String) -> String? {
        configFile.profiles[profile]?[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The region: AWS_REGION, AWS_DEFAULT_REGION, then the profile's.
    package var region: String? {
        variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION") ?? setting("region")
    }

    /// The URL that stands in for a service's own endpoint: AWS_ENDPOINT_URL_IAM before AWS_ENDPOINT_URL before the
    /// profile's endpoint_url. AWS_IGNORE_CONFIGURED_ENDPOINT_URLS turns all of them off.
    package func endpointURL(service: String) -> String? {
        if variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")?.lowercased() == "true" { return nil }
        return variable("AWS_ENDPOINT_URL_\(service.uppercased())") ?? variable("AWS_ENDPOINT_URL")
            ?? setting("endpoint_url")
    }

    private func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
