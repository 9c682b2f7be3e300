import AWSClient
import Testing

/// What a machine is told, and which credentials come of it.
struct CredentialCase: Sendable, CustomTestStringConvertible {
    enum Expected: Sendable {
        /// The access key id, and how it was found.
        case found(String, CredentialMethod)
        /// What the error says.
        case refused(String)
    }

    var testDescription: String
    var config = ""
    var credentials = ""
    var environment: [String: String] = [:]
    var profile: String?
    var expected: Expected

    init(
        _ description: String, config: String = "", credentials: String = "", environment: [String: String] = [:],
        profile: String? = nil, _ expected: Expected
    ) {
        testDescription = description
        self.config = config
        self.credentials = credentials
        self.environment = environment
        self.profile = profile
        self.expected = expected
    }
}

/// The order of AWS CLI v2, and its rules for files, over files and environments alone; the sources that need somebody
/// to ask are in `RemoteCredentialTests`. `Tests/Interop/test_credentials.py` asks botocore about many of the same.
@Suite struct CredentialOrderTests {
    private static let env = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s"]
    private static let process =
        #"credential_process = /bin/echo {"Version":1,"AccessKeyId":"PROC","SecretAccessKey":"s"}"#

    private static func keys(_ id: String) -> String {
        "aws_access_key_id = \(id)\naws_secret_access_key = s\n"
    }

    /// In quotes, since the words of a command are a shell's.
    private static func prints(_ json: String) -> String {
        "credential_process = /bin/echo '\(json)'"
    }

    static let order = [
        CredentialCase("nothing at all", .refused("no AWS credentials found. Tried:")),
        CredentialCase("environment", environment: env, .found("ENV", .environment)),
        CredentialCase(
            "environment before the credentials file", credentials: "[default]\n\(keys("FILE"))", environment: env,
            .found("ENV", .environment)),
        CredentialCase(
            "environment before AWS_PROFILE", credentials: "[p]\n\(keys("FILE"))",
            environment: env.merging(["AWS_PROFILE": "p"]) { $1 }, .found("ENV", .environment)),
        CredentialCase(
            "--profile before environment", credentials: "[p]\n\(keys("FILE"))", environment: env, profile: "p",
            .found("FILE", .sharedCredentialsFile)),
        CredentialCase(
            "--profile without credentials doesn't fall back to the environment", config: "[profile p]\nregion = x",
            environment: env, profile: "p", .refused("no AWS credentials found")),
        CredentialCase(
            "--profile before a web identity of the environment", credentials: "[p]\n\(keys("FILE"))",
            environment: ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn"], profile: "p",
            .found("FILE", .sharedCredentialsFile)),
        CredentialCase(
            "a backslash within quotes stands for itself", config: "[profile \"a\\b\"]\n\(keys("QUOTED"))",
            profile: "a\\b", .found("QUOTED", .configFile)),
        CredentialCase(
            "settings that are all indented",
            config: "[default]\n  region = x\n  aws_access_key_id = INDENTED\n"
                + "  aws_secret_access_key = s", .found("INDENTED", .configFile)),
        CredentialCase(
            "an empty web_identity_token_file is none",
            config: "[default]\nweb_identity_token_file =\n\(keys("CONFIG"))", .found("CONFIG", .configFile)),
        CredentialCase(
            "--profile default removes the environment, too", credentials: "[default]\n\(keys("FILE"))",
            environment: env, profile: "default", .found("FILE", .sharedCredentialsFile)),
        CredentialCase(
            "AWS_PROFILE before AWS_DEFAULT_PROFILE", credentials: "[a]\n\(keys("A"))[b]\n\(keys("B"))",
            environment: ["AWS_PROFILE": "b", "AWS_DEFAULT_PROFILE": "a"], .found("B", .sharedCredentialsFile)),
        CredentialCase(
            "AWS_DEFAULT_PROFILE", credentials: "[a]\n\(keys("A"))", environment: ["AWS_DEFAULT_PROFILE": "a"],
            .found("A", .sharedCredentialsFile)),
        CredentialCase(
            "an empty AWS_PROFILE is none", credentials: "[default]\n\(keys("D"))", environment: ["AWS_PROFILE": ""],
            .found("D", .sharedCredentialsFile)),
        CredentialCase(
            "an empty AWS_ACCESS_KEY_ID is none", credentials: "[default]\n\(keys("D"))",
            environment: ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "s"], .found("D", .sharedCredentialsFile)),
        CredentialCase(
            "a secret alone in the environment is none", credentials: "[default]\n\(keys("D"))",
            environment: ["AWS_SECRET_ACCESS_KEY": "s"], .found("D", .sharedCredentialsFile)),
        CredentialCase(
            "the credentials file before the config file", config: "[default]\n\(keys("CONF"))",
            credentials: "[default]\n\(keys("CRED"))", .found("CRED", .sharedCredentialsFile)),
        CredentialCase("keys of the config file", config: "[default]\n\(keys("CONF"))", .found("CONF", .configFile)),
        CredentialCase(
            "the credentials file before credential_process", config: "[default]\n\(process)",
            credentials: "[default]\n\(keys("CRED"))", .found("CRED", .sharedCredentialsFile)),
        CredentialCase(
            "credential_process before the config file's keys",
            config:
                "[default]\n\(prints(#"{"Version":1,"AccessKeyId":"PROC","SecretAccessKey":"s"}"#))\n\(keys("CONF"))",
            .found("PROC", .process)),
        CredentialCase(
            "credential_process in the credentials file",
            credentials: "[p]\n\(prints(#"{"Version":1,"AccessKeyId":"PROC","SecretAccessKey":"s"}"#))", profile: "p",
            .found("PROC", .process)),
        CredentialCase(
            "a role before static keys of its profile",
            config: "[default]\nrole_arn = arn:aws:iam::111122223333:role/r\n",
            credentials: "[default]\n\(keys("CRED"))", .refused("role_arn needs source_profile or credential_source")),
        CredentialCase(
            "environment before a role", config: "[default]\nrole_arn = arn:aws:iam::111122223333:role/r\n",
            environment: env, .found("ENV", .environment)),
        CredentialCase(
            "SSO before static keys of its profile",
            config: "[default]\nsso_account_id = 111122223333\nsso_role_name = r\n\(keys("CONF"))",
            .refused("for SSO it lacks sso_start_url, sso_region")),
        CredentialCase(
            "a token file before static keys of its profile",
            config:
                "[default]\nweb_identity_token_file = /none\nrole_arn = arn:aws:iam::111122223333:role/r\n\(keys("CONF"))",
            .refused("there is no such file, and a web identity's token should be in it")),
        CredentialCase(
            "static keys before login_session", config: "[default]\nlogin_session = arn:x\n",
            credentials: "[default]\n\(keys("CRED"))", .found("CRED", .sharedCredentialsFile)),
        CredentialCase(
            "login_session before the config file's keys", config: "[default]\nlogin_session = arn:x\n\(keys("CONF"))",
            .refused("nobody has signed in")),
        CredentialCase(
            "a metadata service that is switched off isn't asked", environment: ["AWS_EC2_METADATA_DISABLED": "TRUE"],
            .refused("EC2 instance metadata")),
        CredentialCase(
            "a container before the instance",
            environment: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/c"],
            .refused("AWS_CONTAINER_CREDENTIALS_FULL_URI: http://127.0.0.1:1/c: unreachable")),
    ]

    static let partial = [
        CredentialCase(
            "a key without its secret in the environment", environment: ["AWS_ACCESS_KEY_ID": "ENV"],
            .refused("environment: AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY")),
        CredentialCase(
            "a key without its secret in the credentials file doesn't fall through",
            config: "[default]\n\(keys("CONF"))",
            credentials: "[default]\naws_access_key_id = HALF\n",
            .refused("aws_access_key_id is set without aws_secret_access_key")),
        CredentialCase(
            "a key without its secret in the config file", config: "[default]\naws_access_key_id = HALF\n",
            .refused("aws_access_key_id is set without aws_secret_access_key")),
        CredentialCase(
            "a secret without its key falls through", config: "[default]\n\(keys("CONF"))",
            credentials: "[default]\naws_secret_access_key = s\n", .found("CONF", .configFile)),
        CredentialCase(
            "a profile that doesn't exist", credentials: "[a]\n\(keys("A"))", profile: "b",
            .refused("profile 'b' doesn't exist in /home/x/.aws/config or /home/x/.aws/credentials. Profiles there: a.")
        ),
        CredentialCase(
            "AWS_PROFILE that doesn't exist, although the environment has keys",
            environment: env.merging(["AWS_PROFILE": "b"]) { $1 }, .refused("profile 'b' doesn't exist")),
        CredentialCase(
            "an expiration in the environment that is none",
            environment: env.merging(["AWS_CREDENTIAL_EXPIRATION": "soon"]) { $1 },
            .refused("AWS_CREDENTIAL_EXPIRATION 'soon' isn't an ISO 8601 instant")),
        CredentialCase(
            "a token file without a role", environment: ["AWS_WEB_IDENTITY_TOKEN_FILE": "/t"],
            .refused("is set without the role's ARN")),
        CredentialCase(
            "a role without a source", config: "[profile p]\nrole_arn = arn:aws:iam::111122223333:role/r", profile: "p",
            .refused("role_arn needs source_profile or credential_source")),
        CredentialCase(
            "a role with two sources",
            config: "[profile p]\nrole_arn = arn\nsource_profile = q\ncredential_source = Environment", profile: "p",
            .refused("source_profile and credential_source exclude each other")),
        CredentialCase(
            "a source that is none", config: "[profile p]\nrole_arn = arn\ncredential_source = environment",
            profile: "p", .refused("credential_source 'environment' is none of Environment, Ec2InstanceMetadata")),
        CredentialCase(
            "credential_source Environment, and nothing there",
            config: "[profile p]\nrole_arn = arn\ncredential_source = Environment", profile: "p",
            .refused("credential_source Environment has no credentials here")),
        CredentialCase(
            "credential_source EcsContainer, and nothing there",
            config: "[profile p]\nrole_arn = arn\ncredential_source = EcsContainer", profile: "p",
            .refused("credential_source EcsContainer has no credentials here")),
        CredentialCase(
            "a source profile that doesn't exist", config: "[profile p]\nrole_arn = arn\nsource_profile = q",
            profile: "p", .refused("its source_profile 'q' doesn't exist")),
        CredentialCase(
            "a source profile without credentials",
            config: "[profile p]\nrole_arn = arn\nsource_profile = q\n[profile q]\nregion = x", profile: "p",
            .refused("its source_profile 'q' has no credentials")),
        CredentialCase(
            "two profiles in a circle",
            config: "[profile p]\nrole_arn = arn\nsource_profile = q\n[profile q]\nrole_arn = arn\nsource_profile = p",
            profile: "p", .refused("its source_profile leads in a circle: p → q → p")),
        CredentialCase(
            "two profiles in a circle, one of them with keys",
            config: "[profile p]\nrole_arn = arn\nsource_profile = q\n\(keys("P"))"
                + "[profile q]\nrole_arn = arn\nsource_profile = p",
            profile: "p", .refused("its source_profile leads in a circle: p → q → p")),
        CredentialCase(
            "a profile that names itself without keys", config: "[profile p]\nrole_arn = arn\nsource_profile = p",
            profile: "p", .refused("leads in a circle: p → p")),
        CredentialCase(
            "an sso-session that doesn't exist",
            config: "[profile p]\nsso_account_id = 1\nsso_role_name = r\nsso_session = s", profile: "p",
            .refused("its sso_session 's' doesn't exist")),
        CredentialCase(
            "an sso-session that contradicts its profile",
            config: """
                [profile p]
                sso_account_id = 1
                sso_role_name = r
                sso_session = s
                sso_region = eu-west-1
                [sso-session s]
                sso_region = us-east-1
                sso_start_url = https://x
                """, profile: "p",
            .refused("sso_region is 'eu-west-1' in the profile and 'us-east-1' in [sso-session s]")),
        CredentialCase(
            "SSO with a role and no account",
            config: "[profile p]\nsso_role_name = r\nsso_region = us-east-1\nsso_start_url = https://x", profile: "p",
            .refused("for SSO it lacks sso_account_id")),
        CredentialCase(
            "SSO before anybody has signed in",
            config: """
                [profile p]
                sso_account_id = 1
                sso_role_name = r
                sso_region = us-east-1
                sso_start_url = https://x
                """, profile: "p", .refused("Run: aws sso login --profile p")),
        CredentialCase(
            "a container by plain HTTP from anywhere",
            environment: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://evil.example/c"],
            .refused("but not from 'evil.example'")),
        CredentialCase(
            "a container whose token is none",
            environment: [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/c",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a\r\nb: c",
            ], .refused("the token has characters that no header can hold")),
        CredentialCase(
            "a container whose token file is gone",
            environment: [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/c",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/none",
            ], .refused("/none: there is no such file (AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE)")),
    ]

    static let files = [
        CredentialCase(
            "a name in double quotes", config: "[profile \"with space\"]\n\(keys("Q"))", profile: "with space",
            .found("Q", .configFile)),
        CredentialCase(
            "a name in single quotes", config: "[profile 'with space']\n\(keys("Q"))", profile: "with space",
            .found("Q", .configFile)),
        CredentialCase(
            "a name with a backslash", config: "[profile with\\ space]\n\(keys("Q"))", profile: "with space",
            .found("Q", .configFile)),
        CredentialCase(
            "two words without quotes are no profile", config: "[profile with space]\n\(keys("Q"))",
            profile: "with space",
            .refused("profile 'with space' doesn't exist")),
        CredentialCase(
            "spaces around a name", config: "[ profile  p ]\n\(keys("Q"))", profile: "p",
            .refused("profile 'p' doesn't exist")),
        CredentialCase(
            "more space within", config: "[profile   p]\n\(keys("Q"))", profile: "p", .found("Q", .configFile)),
        CredentialCase(
            "a bare name is no profile of the config file", config: "[p]\n\(keys("Q"))", profile: "p",
            .refused("profile 'p' doesn't exist")),
        CredentialCase(
            "the credentials file's names are as they stand", credentials: "[with space]\n\(keys("Q"))",
            profile: "with space", .found("Q", .sharedCredentialsFile)),
        CredentialCase(
            "[profile default] is default", config: "[profile default]\n\(keys("D"))", .found("D", .configFile)),
        CredentialCase(
            "of [default] and [profile default] the later counts",
            config: "[default]\n\(keys("ONE"))[profile default]\n\(keys("TWO"))", .found("TWO", .configFile)),
        CredentialCase(
            "a colon separates, too", credentials: "[default]\naws_access_key_id: C\naws_secret_access_key: s",
            .found("C", .sharedCredentialsFile)),
        CredentialCase(
            "an equals sign within a secret",
            credentials: "[default]\naws_access_key_id=E\naws_secret_access_key = a=b=c",
            .found("E", .sharedCredentialsFile)),
        CredentialCase(
            "names in any case", credentials: "[default]\nAWS_ACCESS_KEY_ID = U\nAws_Secret_Access_Key = s",
            .found("U", .sharedCredentialsFile)),
        CredentialCase(
            "comments on lines of their own",
            credentials: "# one\n[default]\n; two\naws_access_key_id = C\n  # three\naws_secret_access_key = s",
            .found("C", .sharedCredentialsFile)),
        CredentialCase(
            "a comment behind a value belongs to it",
            credentials: "[default]\naws_access_key_id = C # x\naws_secret_access_key = s",
            .found("C # x", .sharedCredentialsFile)),
        CredentialCase(
            "CR LF", credentials: "[default]\r\naws_access_key_id = W\r\naws_secret_access_key = s\r\n",
            .found("W", .sharedCredentialsFile)),
        CredentialCase(
            "indented settings of a group aren't the profile's",
            config: "[default]\ns3 =\n  aws_access_key_id = NESTED\n\(keys("OUTER"))", .found("OUTER", .configFile)),
        CredentialCase(
            "text behind the bracket", credentials: "[default] # x\n\(keys("B"))", .found("B", .sharedCredentialsFile)),
        CredentialCase(
            "a file that isn't there",
            environment: ["AWS_SHARED_CREDENTIALS_FILE": "/none", "AWS_CONFIG_FILE": "/none"],
            .refused("profile 'default' in /none (no such file)")),
        CredentialCase(
            "a section that stands twice", credentials: "[a]\n\(keys("A"))[a]\n\(keys("B"))", profile: "a",
            .refused("line 4: the section [a] stands a second time")),
        CredentialCase(
            "a setting that stands twice", credentials: "[a]\nregion = x\nregion = y\n", profile: "a",
            .refused("line 3: 'region' stands a second time in its section")),
        CredentialCase(
            "a line that is nothing", credentials: "[a]\nregion\n", profile: "a",
            .refused("line 2: expected 'name = value'")),
        CredentialCase(
            "a bracket that isn't closed", config: "[default\n", .refused("line 1: '[' without a name and ']'")),
        CredentialCase(
            "a setting before any section", config: "region = x\n", .refused("line 1: a setting before the first")),
        CredentialCase(
            "a group with a line that is nothing", config: "[default]\ns3 =\n  what\n",
            .refused("line 3: expected 'name = value' in the indented lines")),
    ]

    static let processes = [
        CredentialCase(
            "an argument in quotes",
            config: "[default]\n\(prints(#"{"Version": 1, "AccessKeyId": "P", "SecretAccessKey": "s"}"#))",
            .found("P", .process)),
        CredentialCase(
            "no shell: a semicolon is an argument",
            config: "[default]\ncredential_process = /bin/echo x; touch /tmp/keywitness-hostile\n",
            .refused("printed no JSON object of credentials")),
        CredentialCase(
            "a quote that isn't closed", config: "[default]\ncredential_process = /bin/echo 'x\n",
            .refused("credential_process has a quote that isn't closed, or no program")),
        CredentialCase(
            "an assignment as with a shell", config: "[default]\ncredential_process = TOKEN=geheim /none/tool\n",
            .refused("credential_process begins with an assignment, and is started without a shell")),
        CredentialCase(
            "a program that isn't there", config: "[default]\ncredential_process = /none/tool\n",
            .refused("'/none/tool' isn't there, or isn't a program")),
        CredentialCase(
            "a program that fails", config: "[default]\ncredential_process = /bin/sh -c 'exit 3'\n",
            .refused(
                "credential_process '/bin/sh' ended with exit code 3; what it says on standard error isn't shown, as it may"
            )
        ),
        CredentialCase(
            "another version",
            config: "[default]\n\(prints(#"{"Version":2,"AccessKeyId":"P","SecretAccessKey":"s"}"#))",
            .refused("printed Version 2, not 1")),
        CredentialCase(
            "no version", config: "[default]\n\(prints(#"{"AccessKeyId":"P","SecretAccessKey":"s"}"#))",
            .refused("printed Version none, not 1")),
        CredentialCase(
            "no secret", config: "[default]\n\(prints(#"{"Version":1,"AccessKeyId":"P"}"#))",
            .refused("printed no AccessKeyId or no SecretAccessKey")),
        CredentialCase(
            "an expiration that is none",
            config:
                "[default]\n\(prints(#"{"Version":1,"AccessKeyId":"P","SecretAccessKey":"s","Expiration":"soon"}"#))",
            .refused("printed an Expiration that is no ISO 8601 instant")),
        CredentialCase(
            "more than credentials can be",
            config: "[default]\ncredential_process = /usr/bin/head -c 100000 /dev/zero\n",
            .refused("printed more than 65536 bytes")),
    ]

    @Test(arguments: order + partial + files + processes)
    func `credentials are those that AWS CLI finds`(test: CredentialCase) async throws {
        do {
            let machine = Machine(
                config: test.config.isEmpty ? nil : test.config,
                credentials: test.credentials.isEmpty ? nil : test.credentials,
                environment: test.environment.merging(["PATH": "/usr/bin:/bin"]) { $1 }, profile: test.profile)
            let found = try await machine.credentials()
            guard case .found(let id, let method) = test.expected else {
                Issue.record("found \(found?.accessKeyID ?? "nothing")")
                return
            }
            #expect(found?.accessKeyID == id)
            #expect(found?.method == method)
        } catch {
            guard case .refused(let reason) = test.expected else {
                Issue.record("refused: \(error)")
                return
            }
            #expect("\(error)".contains(reason), "\(error)")
        }
    }

    @Test func `there are sixty cases at least`() {
        #expect((Self.order + Self.partial + Self.files + Self.processes).count >= 60)
    }

    /// As botocore has it.
    @Test func `of two session tokens the one by the older name counts`() async throws {
        let environment = Self.env.merging(["AWS_SESSION_TOKEN": "new", "AWS_SECURITY_TOKEN": "old"]) { $1 }
        #expect(try await Machine(environment: environment).credentials()?.sessionToken == Secret("old"))
        let file = "[default]\n\(Self.keys("D"))aws_session_token = new\naws_security_token = old\n"
        #expect(try await Machine(credentials: file).credentials()?.sessionToken == Secret("old"))
    }
}
