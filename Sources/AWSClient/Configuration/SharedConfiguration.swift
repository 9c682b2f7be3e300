/// AWS's two shared files, `~/.aws/config` and `~/.aws/credentials`, the environment, and which profile of them is meant.
///
/// Source: "Configuration and credential file settings" and "Environment variables", AWS CLI User Guide.
package struct SharedConfiguration: Sendable {
    /// A profile's settings that aren't groups.
    package typealias Settings = [String: String]

    /// The profile that counts: the option, else AWS_PROFILE, else AWS_DEFAULT_PROFILE, else `default`.
    package let profile: String
    /// Whether somebody named it, so that it must exist.
    package let profileIsNamed: Bool
    /// Whether the option named it: that removes the environment from the credential sources, as in AWS CLI.
    package let profileIsExplicit: Bool
    package let configFile: SharedFile
    package let credentialsFile: SharedFile
    /// The home directory; nil where there is none.
    package let home: String?
    let environment: [String: String]
    /// By name: what the config file has, and over it what the credentials file has.
    private let merged: [String: SharedFile.Section]
    private let configProfiles: [String: SharedFile.Section]
    private let ssoSessions: [String: SharedFile.Section]
    private let services: [String: SharedFile.Section]

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
            // As AWS CLI does: a service's unit file may give `$HOME` as it stands.
            return path.expandingVariables(environment).expandingHome(home)
        }
        let named = profile ?? setting("AWS_PROFILE") ?? setting("AWS_DEFAULT_PROFILE")
        self.profile = named ?? "default"
        profileIsNamed = named != nil
        profileIsExplicit = profile != nil
        self.environment = environment
        self.home = home
        configFile = try SharedFile(path: path("AWS_CONFIG_FILE", "config"), read: read)
        credentialsFile = try SharedFile(path: path("AWS_SHARED_CREDENTIALS_FILE", "credentials"), read: read)
        configProfiles = configFile.named("profile", alsoDefault: true)
        ssoSessions = configFile.named("sso-session")
        services = configFile.named("services")
        merged = credentialsFile.sections.reduce(into: configProfiles) { profiles, section in
            profiles[section.name, default: [:]].merge(section.settings) { $1 }
        }
        if profileIsNamed, merged[self.profile] == nil {
            throw .profileMissing(
                self.profile, existing: profiles, files: [configFile.path, credentialsFile.path].compactMap { $0 })
        }
    }

    /// The names of all profiles in both files, sorted.
    package var profiles: [String] {
        merged.keys.sorted()
    }

    /// A profile's settings from both files, the credentials file's before the config file's; nil where there is no such
    /// profile.
    package func settings(of profile: String) -> Settings? {
        merged[profile]?.compactMapValues(\.text)
    }

    /// A profile's settings from the config file alone.
    func configSettings(of profile: String) -> Settings? {
        configProfiles[profile]?.compactMapValues(\.text)
    }

    /// The settings of `[sso-session NAME]`.
    func ssoSession(_ name: String) -> Settings? {
        ssoSessions[name]?.compactMapValues(\.text)
    }

    /// A setting of the profile that counts.
    package func setting(_ name: String) -> String? {
        settings(of: profile)?[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// An environment variable that isn't empty.
    package func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The region: AWS_REGION, AWS_DEFAULT_REGION, then the profile's.
    package var region: String? {
        variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION") ?? setting("region")
    }

    /// A switch that is on where a variable or else the profile says `true`.
    package func flag(variable name: String, setting: String) -> Bool {
        (variable(name) ?? self.setting(setting))?.lowercased() == "true"
    }

    /// The URL that stands in for a service's own endpoint: AWS_ENDPOINT_URL_IAM before AWS_ENDPOINT_URL before the
    /// profile's `[services]` section before its endpoint_url. AWS_IGNORE_CONFIGURED_ENDPOINT_URLS turns all of them off.
    ///
    /// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    ///
    /// - Parameter service: the service's id with underscores, such as `iam` or `sso_oidc`.
    /// - Throws: where the profile names a section that doesn't exist: what was meant for another endpoint must not go to
    ///   AWS's own.
    package func endpointURL(service: String) throws(CredentialError) -> String? {
        let ignores = "ignore_configured_endpoint_urls"
        if flag(variable: "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", setting: ignores) { return nil }
        let given = variable("AWS_ENDPOINT_URL_\(service.uppercased())") ?? variable("AWS_ENDPOINT_URL")
        if let given { return given }
        if let url = try serviceEndpointURL(service) { return url }
        return setting("endpoint_url")
    }

    private func serviceEndpointURL(_ service: String) throws(CredentialError) -> String? {
        guard let name = setting("services") else { return nil }
        guard let section = services[name] else {
            throw .invalid(
                origin: "profile '\(profile)'",
                reason:
                    "it names services '\(name)', and \(configFile.path ?? "the config file") has no section [services \(name)]"
            )
        }
        guard case .group(let group)? = section[service] else { return nil }
        return group["endpoint_url"].flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension SharedFile {
    /// The sections `[KIND NAME]`, by name. Of two with the same name, which quotes make possible, the later counts.
    fileprivate func named(_ kind: String, alsoDefault: Bool = false) -> [String: Section] {
        sections.reduce(into: [:]) { found, section in
            if section.name.hasPrefix(kind), let words = ShellWords.split(section.name), words.count == 2 {
                found[words[1]] = section.settings
            } else if alsoDefault, section.name == "default" {
                found["default"] = section.settings
            }
        }
    }
}

extension String {
    /// With the values of variables in the place of `$NAME` and `${NAME}`. One that isn't set stays as it stands.
    fileprivate func expandingVariables(_ environment: [String: String]) -> String {
        var expanded = ""
        var rest = self[...]
        while let dollar = rest.firstIndex(of: "$") {
            expanded += rest[..<dollar]
            rest = rest[dollar...]
            var name = rest.dropFirst()
            if name.first == "{", let end = name.firstIndex(of: "}") {
                name = name[..<end].dropFirst()
                rest = rest[rest.index(after: end)...]
            } else {
                name = name.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
                rest = rest[name.endIndex...]
            }
            expanded += environment[String(name)].map { $0[...] } ?? self[dollar..<rest.startIndex]
        }
        return expanded + rest
    }

    /// With the home directory in the place of a leading `~`.
    package func expandingHome(_ home: String?) -> String {
        guard let home, self == "~" || hasPrefix("~/") else { return self }
        return home + dropFirst()
    }
}
