import AWSClient
import Testing

@Suite struct SharedConfigurationTests {
    private let config = """
        # comment
        [default]
        region = eu-west-1
        [profile audit]
        region=us-gov-west-1
        s3 =
          max_concurrent_requests = 20
          region = nested
        ; another comment
        [profile "with space"]
        aws_access_key_id = AKIACONFIG
        aws_secret_access_key = config-secret=with=equals
        [sso-session corp]
        sso_region = us-east-1
        [profile sso]
        sso_session = corp
        """
    private let credentials = """
        [default]
        aws_access_key_id = AKIADEFAULT
        aws_secret_access_key = default-secret
        [audit]
        AWS_ACCESS_KEY_ID = AKIAAUDIT
        aws_secret_access_key = audit-secret
        aws_session_token = audit-token
        [half]
        aws_access_key_id = AKIAHALF
        """

    private func configuration(
        profile: String? = nil, environment: [String: String] = [:]
    ) throws -> SharedConfiguration {
        let files = ["/home/x/.aws/config": config, "/home/x/.aws/credentials": credentials]
        return try SharedConfiguration(profile: profile, environment: environment, home: "/home/x") {
            files[$0].map { Array($0.utf8) }
        }
    }

    private func resolve(profile: String? = nil, environment: [String: String] = [:]) async throws -> Credentials? {
        try await CredentialChain.standard(
            try configuration(profile: profile, environment: environment), environment: environment
        ).credentials()
    }

    private static let keysInEnvironment = [
        "AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "env-secret", "AWS_SESSION_TOKEN": "env-token",
    ]

    @Test func `the environment comes first`() async throws {
        let found = try #require(try await resolve(environment: Self.keysInEnvironment))
        #expect(found.accessKeyID == "AKIAENV")
        #expect(found.sessionToken == Secret("env-token"))
    }

    @Test func `AWS_PROFILE doesn't take the environment away, but --profile does`() async throws {
        let environment = Self.keysInEnvironment.merging(["AWS_PROFILE": "audit"]) { $1 }
        #expect(try await resolve(environment: environment)?.accessKeyID == "AKIAENV")
        #expect(try await resolve(profile: "audit", environment: environment)?.accessKeyID == "AKIAAUDIT")
    }

    @Test func `AWS_PROFILE before AWS_DEFAULT_PROFILE before default`() throws {
        #expect(try configuration().profile == "default")
        #expect(try configuration(environment: ["AWS_DEFAULT_PROFILE": "audit"]).profile == "audit")
        let both = ["AWS_PROFILE": "half", "AWS_DEFAULT_PROFILE": "audit"]
        #expect(try configuration(environment: both).profile == "half")
        #expect(try configuration(environment: ["AWS_PROFILE": ""]).profile == "default")
    }

    @Test func `keys of a profile are found in either file, with names in any case`() async throws {
        let audit = try #require(try await resolve(profile: "audit"))
        #expect(audit.secretAccessKey == Secret("audit-secret"))
        #expect(audit.sessionToken == Secret("audit-token"))
        let spaced = try #require(try await resolve(profile: "with space"))
        #expect(spaced.secretAccessKey == Secret("config-secret=with=equals"))
    }

    @Test func `a nested setting isn't the profile's`() throws {
        #expect(try configuration(profile: "audit").region == "us-gov-west-1")
    }

    @Test func `a missing profile lists those that exist`() throws {
        let error = #expect(throws: CredentialError.self) { try configuration(profile: "prod") }
        let text = error?.description ?? ""
        #expect(text.contains("profile 'prod' doesn't exist in /home/x/.aws/config or /home/x/.aws/credentials"))
        #expect(text.contains("audit, default, half, sso, with space"))
    }

    @Test func `a key without its secret is an error, not a fall-through`() async throws {
        await #expect(throws: CredentialError.self) { try await resolve(profile: "half") }
        let error = await #expect(throws: CredentialError.self) {
            try await resolve(environment: ["AWS_ACCESS_KEY_ID": "AKIAENV"])
        }
        #expect(error == .incomplete(origin: "environment", has: "AWS_ACCESS_KEY_ID", lacks: "AWS_SECRET_ACCESS_KEY"))
    }

    @Test func `a profile that needs more than static keys says so, with a way out`() async throws {
        let error = await #expect(throws: CredentialError.self) { try await resolve(profile: "sso") }
        #expect(error == .unsupported(profile: "sso", setting: "sso_session"))
        #expect(error?.description.contains("aws configure export-credentials --profile sso") == true)
    }

    @Test func `without any credentials all that was tried is named`() async throws {
        let empty = try SharedConfiguration(profile: nil, environment: [:], home: "/home/y") { _ in nil }
        let error = await #expect(throws: CredentialError.self) {
            try await CredentialChain.standard(empty, environment: [:]).credentials()
        }
        let text = error?.description ?? ""
        #expect(text.contains("environment variables (AWS_ACCESS_KEY_ID)"))
        #expect(text.contains("/home/y/.aws/credentials (no such file)"))
    }

    @Test(arguments: [
        ("[default", "line 1: '[' without ']'"), ("[default]\nregion", "line 2: expected 'name = value'"),
        ("region = x", "line 1: a setting before the first [profile]"),
    ])
    func `a broken file is named with the line`(text: String, reason: String) throws {
        #expect(throws: CredentialError.unreadable(file: "/f", reason: reason)) {
            try SharedConfiguration(
                profile: nil, environment: ["AWS_CONFIG_FILE": "/f", "AWS_SHARED_CREDENTIALS_FILE": "/none"], home: nil
            ) { $0 == "/f" ? Array(text.utf8) : nil }
        }
    }

    @Test func `endpoint URLs: the service's before the general one before the profile's`() throws {
        let environment = ["AWS_ENDPOINT_URL": "http://a", "AWS_ENDPOINT_URL_IAM": "http://b"]
        let configuration = try configuration(environment: environment)
        #expect(configuration.endpointURL(service: "iam") == "http://b")
        #expect(configuration.endpointURL(service: "sts") == "http://a")
        let ignoring = environment.merging(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"]) { $1 }
        #expect(try self.configuration(environment: ignoring).endpointURL(service: "iam") == nil)
    }

    @Test func `a secret never prints itself`() {
        let credentials = Credentials(
            accessKeyID: "AKIA", secretAccessKey: Secret("hush"), sessionToken: Secret("hush"), origin: "test")
        var dumped = ""
        dump(credentials, to: &dumped)
        #expect(!"\(credentials) \(String(reflecting: credentials)) \(dumped)".contains("hush"))
        #expect("\(credentials.secretAccessKey)" == "<redacted>")
    }
}
