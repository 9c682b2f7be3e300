extension CredentialChain {
    /// The sources in AWS CLI v2's order: environment (unless a profile was given explicitly), a role that the profile
    /// assumes, what else the profile has, the container, the instance.
    package static func standard(_ surroundings: CredentialSurroundings) -> CredentialChain {
        let configuration = surroundings.configuration
        let profile = configuration.profile
        let environment: [any CredentialSource] =
            configuration.profileIsExplicit ? [] : [EnvironmentCredentials(configuration)]
        return CredentialChain(
            environment + [AssumeRoleCredentials(surroundings, profile: profile)]
                + sources(ofProfile: profile, surroundings, usesEnvironment: !configuration.profileIsExplicit)
                + [ContainerCredentials(surroundings), InstanceCredentials(surroundings)])
    }

    /// What a profile may have itself, in order: web identity and SSO before static keys, those of the credentials file
    /// before `login_session` and `credential_process`, and the config file's keys last.
    static func sources(
        ofProfile profile: String, _ surroundings: CredentialSurroundings, usesEnvironment: Bool
    ) -> [any CredentialSource] {
        [
            WebIdentityCredentials(surroundings, profile: profile, usesEnvironment: usesEnvironment),
            SSOCredentials(surroundings, profile: profile),
            ProfileCredentials(credentialsFileOf: surroundings.configuration, profile: profile),
            LoginCredentials(surroundings, profile: profile), ProcessCredentials(surroundings, profile: profile),
            ProfileCredentials(configFileOf: surroundings.configuration, profile: profile),
        ]
    }
}
