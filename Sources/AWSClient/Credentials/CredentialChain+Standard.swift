extension CredentialChain {
    /// The sources in AWS CLI v2's order, as far as this version has them: environment (unless a profile was given
    /// explicitly), the credentials file, the config file.
    package static func standard(
        _ configuration: SharedConfiguration, environment: [String: String]
    ) -> CredentialChain {
        var sources: [any CredentialSource] = []
        if !configuration.profileIsExplicit { sources.append(EnvironmentCredentials(environment: environment)) }
        let profile = configuration.profile
        sources.append(UnsupportedProfile(configuration: configuration, position: .beforeStaticKeys))
        sources.append(ProfileCredentials(profile: profile, file: configuration.credentialsFile))
        sources.append(UnsupportedProfile(configuration: configuration, position: .afterStaticKeys))
        sources.append(ProfileCredentials(profile: profile, file: configuration.configFile))
        return CredentialChain(sources)
    }
}
