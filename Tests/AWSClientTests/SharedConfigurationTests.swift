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

    @Test func `AWS_PROFILE before AWS_DEFAULT_PROFILE before default`() throws {
        #expect(try configuration().profile == "default")
        #expect(try configuration(environment: ["AWS_DEFAULT_PROFILE": "audit"]).profile == "audit")
        let both = ["AWS_PROFILE": "half", "AWS_DEFAULT_PROFILE": "audit"]
        #expect(try configuration(environment: both).profile == "half")
        #expect(try configuration(environment: ["AWS_PROFILE": ""]).profile == "default")
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

    @Test func `AWS_REGION before AWS_DEFAULT_REGION before the profile's, as AWS CLI v2 and not boto3 has it`() throws
    {
        let all = ["AWS_REGION": "eu-west-3", "AWS_DEFAULT_REGION": "eu-west-2"]
        #expect(try configuration(environment: all).region == "eu-west-3")
        #expect(try configuration(environment: ["AWS_DEFAULT_REGION": "eu-west-2"]).region == "eu-west-2")
        #expect(try configuration().region == "eu-west-1")
        #expect(try configuration(environment: ["AWS_REGION": ""]).region == "eu-west-1")
    }

    @Test func `a setting in the credentials file comes before the config file's`() throws {
        let files = ["/c": "[profile p]\nregion = a\nrole_arn = r", "/s": "[p]\nregion = b"]
        let both = try SharedConfiguration(
            profile: "p", environment: ["AWS_CONFIG_FILE": "/c", "AWS_SHARED_CREDENTIALS_FILE": "/s"], home: nil
        ) { files[$0].map { Array($0.utf8) } }
        #expect(both.region == "b")
        #expect(both.setting("role_arn") == "r")
    }

    @Test func `files elsewhere may begin with the home directory`() throws {
        var asked: [String] = []
        _ = try SharedConfiguration(
            profile: nil, environment: ["AWS_CONFIG_FILE": "~/c", "AWS_SHARED_CREDENTIALS_FILE": "~other/s"], home: "/h"
        ) { path in
            asked.append(path)
            return nil
        }
        #expect(asked == ["/h/c", "~other/s"])
    }

    private struct NoPermission: Error {}

    @Test func `a file that can't be seen isn't there, and one that can be and not read is an error`() throws {
        func configuration(at path: String) throws -> SharedConfiguration {
            try SharedConfiguration(profile: nil, environment: ["AWS_CONFIG_FILE": path], home: nil) { _ in
                throw NoPermission()
            }
        }
        // As below a home directory that may not be entered.
        #expect(try !configuration(at: "/nonexistent/.aws/config").configFile.exists)
        #expect(try !configuration(at: "/").configFile.exists)
        #expect(throws: CredentialError.self) { try configuration(at: #filePath) }
    }

    @Test(arguments: [
        ("$HOME/c", "/home/x/c"), ("${HOME}/.aws/${ENV}-c", "/home/x/.aws/prod-c"), ("/a/$ENV", "/a/prod"),
        ("$UNSET/$ENV$ENV/c", "$UNSET/prodprod/c"), ("${UNSET}/c", "${UNSET}/c"), ("/a$/${ENV/$/c", "/a$/${ENV/$/c"),
        ("$ENV.ini", "prod.ini"), ("/$ENVÄ", "/prodÄ"), ("$TILDE/c", "/h/c"),
    ])
    func `files elsewhere may name variables, as Python's expandvars reads them`(path: String, file: String) throws {
        var asked: [String] = []
        _ = try SharedConfiguration(
            profile: nil,
            environment: ["AWS_CONFIG_FILE": path, "HOME": "/home/x", "ENV": "prod", "TILDE": "~"], home: "/h"
        ) { path in
            asked.append(path)
            return nil
        }
        #expect(asked.first == file)
    }

    @Test func `flags are true in any case, and nothing else is`() throws {
        func fips(_ text: String) throws -> Bool {
            try configuration(environment: ["AWS_USE_FIPS_ENDPOINT": text])
                .flag(variable: "AWS_USE_FIPS_ENDPOINT", setting: "use_fips_endpoint")
        }
        #expect(try fips("True"))
        #expect(try !fips("1") && !fips(""))
    }

    @Test func `endpoint URLs: environment before the services section before the profile's`() throws {
        let text = """
            [default]
            endpoint_url = http://profile
            services = local
            [services local]
            iam =
              endpoint_url = http://section
            sso_oidc =
              endpoint_url = http://oidc
            """
        func url(_ service: String, _ environment: [String: String] = [:]) throws -> String? {
            try SharedConfiguration(profile: nil, environment: environment, home: "/h") {
                $0 == "/h/.aws/config" ? Array(text.utf8) : nil
            }.endpointURL(service: service)
        }
        #expect(try url("iam") == "http://section")
        #expect(try url("sso_oidc") == "http://oidc")
        #expect(try url("sts") == "http://profile")
        #expect(try url("iam", ["AWS_ENDPOINT_URL": "http://all"]) == "http://all")
        #expect(try url("sts", ["AWS_ENDPOINT_URL_IAM": "http://iam"]) == "http://profile")
        #expect(
            try url("iam", ["AWS_ENDPOINT_URL_IAM": "http://iam", "AWS_ENDPOINT_URL": "http://all"]) == "http://iam")
        #expect(try url("iam", ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"]) == nil)
        #expect(try url("sso_oidc", ["AWS_ENDPOINT_URL_SSO_OIDC": "http://o"]) == "http://o")
    }

    @Test func `a services section that doesn't exist is an error, unless nobody asks for it`() throws {
        let text = "[default]\nservices = locl\n[services local]\niam =\n  endpoint_url = http://section\n"
        func url(_ environment: [String: String] = [:]) throws -> String? {
            try SharedConfiguration(profile: nil, environment: environment, home: "/h") {
                $0 == "/h/.aws/config" ? Array(text.utf8) : nil
            }.endpointURL(service: "iam")
        }
        let error = #expect(throws: CredentialError.self) { try url() }
        #expect("\(try #require(error))".contains("/h/.aws/config has no section [services locl]"))
        #expect(try url(["AWS_ENDPOINT_URL": "http://all"]) == "http://all")
        #expect(try url(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"]) == nil)
    }

    @Test func `what stands in DEFAULT holds everywhere, as Python's configparser has it`() throws {
        let files = [
            "/h/.aws/config": """
            [DEFAULT]
            region = eu-west-1
            output = text
            [default]
            output = json
            [profile p]
            region = eu-west-3
            [DEFAULT]
            ca_bundle = /ca
            """,
            "/h/.aws/credentials": "[p]\nregion = eu-west-2\n[DEFAULT]\naws_access_key_id = AKIA\n",
        ]
        func configuration(_ profile: String) throws -> SharedConfiguration {
            try SharedConfiguration(profile: profile, environment: [:], home: "/h") {
                files[$0].map { Array($0.utf8) }
            }
        }
        let usual = try configuration("default")
        #expect(usual.region == "eu-west-1" && usual.setting("output") == "json" && usual.setting("ca_bundle") == "/ca")
        #expect(usual.setting("aws_access_key_id") == nil)
        let named = try configuration("p")
        #expect(named.region == "eu-west-2" && named.setting("aws_access_key_id") == "AKIA")
        #expect(named.profiles == ["default", "p"])
        #expect(throws: CredentialError.self) { try configuration("DEFAULT") }
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
