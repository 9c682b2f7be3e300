import PlainText

/// A profile with `role_arn`: a role that is assumed with the credentials of another profile, or of this machine.
///
/// Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html
package struct AssumeRoleCredentials: CredentialSource {
    private let surroundings: CredentialSurroundings
    private let profile: String
    /// The profiles that led here, this one included.
    private let visited: [String]

    package init(_ surroundings: CredentialSurroundings, profile: String) {
        self.init(surroundings, profile: profile, visited: [profile])
    }

    private init(_ surroundings: CredentialSurroundings, profile: String, visited: [String]) {
        self.surroundings = surroundings
        self.profile = profile
        self.visited = visited
    }

    package var name: String { "role_arn of \(origin)" }

    private var origin: String { "profile '\(profile)'" }

    private var settings: SharedConfiguration.Settings {
        surroundings.configuration.settings(of: profile) ?? [:]
    }

    /// Whether a profile is one that assumes a role with other credentials. With a token file it is a web identity's.
    static func assumesRole(_ settings: SharedConfiguration.Settings) -> Bool {
        settings["role_arn"] != nil && settings["web_identity_token_file"] == nil
    }

    package func credentials() async throws(CredentialError) -> Credentials? {
        guard Self.assumesRole(settings), let roleARN = settings["role_arn"] else { return nil }
        let source = try await sourceCredentials()
        let role = RoleToAssume(
            arn: roleARN, sessionName: settings["role_session_name"], externalID: settings["external_id"],
            // What isn't a number is left out, as AWS CLI does it.
            duration: settings["duration_seconds"].flatMap { Int($0) }, mfaSerial: settings["mfa_serial"],
            // AWS CLI assumes a profile's role with it: of one that names itself that is this role.
            sourceProfile: settings["source_profile"].flatMap { $0 == profile ? nil : $0 })
        var credentials = try await role.assume(with: CredentialProvider(source), in: surroundings, origin: origin)
        // Whoever gave a code, for this role or for one before, would have to give another.
        credentials.isRefreshable = source.isRefreshable && role.mfaSerial == nil
        return credentials
    }

    // MARK: With what

    private func sourceCredentials() async throws(CredentialError) -> Credentials {
        switch (settings["source_profile"], settings["credential_source"]) {
        case (_?, _?):
            throw .invalid(origin: origin, reason: "source_profile and credential_source exclude each other")
        case (nil, nil):
            throw .invalid(
                origin: origin, reason: "role_arn needs source_profile or credential_source, which tell who assumes it")
        case (nil, let source?): return try await credentials(ofMachine: source)
        case (let source?, nil): return try await credentials(ofProfile: source)
        }
    }

    private func credentials(ofMachine source: String) async throws(CredentialError) -> Credentials {
        let found: any CredentialSource =
            switch source {
            case "Environment": EnvironmentCredentials(surroundings.configuration)
            case "Ec2InstanceMetadata": InstanceCredentials(surroundings)
            case "EcsContainer": ContainerCredentials(surroundings)
            default:
                throw .invalid(
                    origin: origin,
                    reason: "credential_source '\(source)' is none of Environment, Ec2InstanceMetadata, EcsContainer")
            }
        guard let credentials = try await found.credentials() else {
            throw .failed(
                origin: origin, reason: "credential_source \(source) has no credentials here",
                advice: "Run it where there are some, or name a source_profile instead.")
        }
        return credentials
    }

    private func credentials(ofProfile name: String) async throws(CredentialError) -> Credentials {
        guard let source = surroundings.configuration.settings(of: name) else {
            throw .invalid(origin: origin, reason: "its source_profile '\(name)' doesn't exist")
        }
        let hasKeys = source["aws_access_key_id"] != nil || source["aws_secret_access_key"] != nil
        // A profile may name itself, and then means its own static keys.
        guard !visited.contains(name) || (name == profile && hasKeys) else {
            throw .invalid(
                origin: origin,
                reason: "its source_profile leads in a circle: \((visited + [name]).joined(separator: " → "))")
        }
        if Self.assumesRole(source), !hasKeys {
            let next = AssumeRoleCredentials(surroundings, profile: name, visited: visited + [name])
            if let credentials = try await next.credentials() { return credentials }
        }
        for source in CredentialChain.sources(ofProfile: name, surroundings, usesEnvironment: false) {
            if let credentials = try await source.credentials() { return credentials }
        }
        throw .failed(
            origin: origin, reason: "its source_profile '\(name)' has no credentials",
            advice: "Run: aws configure --profile \(name)")
    }
}

/// A role, and how it is to be assumed.
package struct RoleToAssume: Sendable {
    var arn: String
    var sessionName: String?
    var externalID: String?
    /// In seconds.
    var duration: Int?
    var mfaSerial: String?
    /// The profile whose credentials assume it, for whoever does it by hand; nil for others.
    var sourceProfile: String?

    /// - Parameter duration: in seconds.
    package init(
        arn: String, sessionName: String? = nil, externalID: String? = nil, duration: Int? = nil,
        mfaSerial: String? = nil, sourceProfile: String? = nil
    ) {
        self.arn = arn
        self.sessionName = sessionName
        self.externalID = externalID
        self.duration = duration
        self.mfaSerial = mfaSerial
        self.sourceProfile = sourceProfile
    }

    /// - Parameter provider: what to assume it with; if AWS has ended that, what replaces it.
    func assume(
        with provider: CredentialProvider, in surroundings: CredentialSurroundings, origin: String
    ) async throws(CredentialError) -> Credentials {
        let mfa = try mfaSerial.map { serial throws(CredentialError) in
            (serial: serial, code: try code(of: serial, surroundings, origin))
        }
        let operation = AssumeRole(
            roleARN: arn, sessionName: sessionName ?? surroundings.sessionName, duration: duration,
            externalID: externalID, mfa: mfa)
        do throws(AWSError) {
            let client = surroundings.client(provider)
            let issued = try await client.send(operation)
            return Credentials(
                issued, by: surroundings.clock, isOff: client.correctedClockSkew != nil, method: .assumeRole,
                origin: "role \(arn) of \(origin), assumed with \(provider.current.origin)")
        } catch {
            // Those themselves aren't to be had any more: their own words say more.
            if case .credentials(let reason) = error.reason { throw reason }
            let source = provider.current
            throw .failed(
                origin: origin,
                reason: "\(arn) can't be assumed with \(source.accessKeyID) (\(source.origin)): "
                    + "\(error)".withoutStop,
                advice: advice(on: error, origin, surroundings.endpoints))
        }
    }

    /// What STS takes, in seconds; every role takes the hour.
    private static let durations = 900...43_200
    private static let anyRolesDuration = 3600

    private func advice(on error: AWSError, _ origin: String, _ endpoints: Endpoints) -> String {
        if let partition = ARN(arn)?.partition, partition != endpoints.partition {
            return
                "The role is of partition \(partition), and STS was asked in partition \(endpoints.partition): name a region "
                + "of the role's with --region, AWS_REGION or the profile's region."
        }
        if error.code?.isAccessDenied == true {
            return "Does the role's trust policy name this caller, and does it ask for an external id or MFA?"
                + (origin == GivenRoleCredentials.origin
                    ? " --external-id gives the one; for the other, put role_arn and mfa_serial into a profile." : "")
        }
        if let duration, case .service(AWSErrorCode.validationError.rawValue, let message, _) = error.reason,
            message.lowercased().contains("durationseconds")
        {
            return duration < Self.durations.lowerBound
                ? "Raise duration_seconds of \(origin) to \(Self.durations.lowerBound)."
                : "Lower duration_seconds of \(origin) to \(Self.anyRolesDuration); a role may allow up to "
                    + "\(Self.durations.upperBound), but none that is assumed with another role's session."
        }
        return "Does `aws sts get-caller-identity` work with the same credentials?"
    }

    /// What assumes it by hand.
    private func command(_ surroundings: CredentialSurroundings) -> String {
        var words = ["aws", "sts", "assume-role"]
        func add(_ option: String, _ value: String?) {
            // What can't be shown as what it is has to be filled in.
            if let value { words += [option, value.shellQuoted ?? option.dropFirst(2).uppercased()] }
        }
        add("--profile", sourceProfile)
        add("--role-arn", arn)
        add("--role-session-name", sessionName ?? surroundings.sessionName)
        add("--external-id", externalID)
        add("--duration-seconds", duration.map(String.init))
        add("--serial-number", mfaSerial)
        return (words + ["--token-code", "CODE"]).joined(separator: " ")
    }

    private func code(
        of serial: String, _ surroundings: CredentialSurroundings, _ origin: String
    ) throws(CredentialError) -> String {
        guard let ask = surroundings.ask else {
            throw .failed(
                origin: origin,
                reason: "\(arn) wants a code of MFA device \(serial), and there is no terminal to ask on",
                advice: "Run it in a terminal, or get a session first, with a code in the place of CODE: "
                    + command(surroundings)
                    + " Then set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN to what it prints, and leave "
                    + "--profile out.")
        }
        let code: String
        do {
            code = try ask("MFA code for \(serial): ")
        } catch {
            throw .failed(
                origin: origin, reason: "no MFA code for \(serial) was given (\(error))", advice: "Try again.")
        }
        guard code.utf8.count == 6, code.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else {
            throw .failed(origin: origin, reason: "an MFA code has six digits", advice: "Try again.")
        }
        return code
    }
}

/// A role that the command line names (`--role-arn`), assumed with whatever credentials there are.
package struct GivenRoleCredentials: CredentialSource {
    private let role: RoleToAssume
    private let base: CredentialProvider
    private let surroundings: CredentialSurroundings

    /// - Parameter base: the credentials to assume it with, which are fetched again as need be.
    package init(_ role: RoleToAssume, with base: CredentialProvider, in surroundings: CredentialSurroundings) {
        self.role = role
        self.base = base
        self.surroundings = surroundings
    }

    package var name: String { "role \(role.arn)" }

    fileprivate static let origin = "--role-arn"

    package func credentials() async throws(CredentialError) -> Credentials? {
        // It can be assumed again for as long as those hold, also where they were given for a code.
        try await role.assume(with: base, in: surroundings, origin: Self.origin)
    }
}
