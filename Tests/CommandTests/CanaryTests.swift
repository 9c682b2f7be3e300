import Crypto
import Foundation
import MockIAM
import Recording
import Testing

/// No secret gets out, whatever is run and whatever goes wrong: every command and every failure is run with secrets that
/// can be told, and everything that it has written is searched for them.
@Suite struct CanaryTests {
    private static let clock = Date(timeIntervalSince1970: 1_795_380_300)
    private static let keyID = "AKIACALLER0000000001"
    private static let keys = [
        "AWS_ACCESS_KEY_ID": keyID, "AWS_SECRET_ACCESS_KEY": Canaries.secretKey.text,
        "AWS_SESSION_TOKEN": Canaries.sessionToken.text,
    ]
    private static let commands: [[String]] = [
        ["whoami"], ["whoami", "--format", "json", "--offline"], ["doctor", "--include", "all"], ["collect"],
        ["collect", "--format", "json", "--quiet"],
    ]

    /// Runs a command with all that it may say, and gives what of the secrets it has written anywhere.
    ///
    /// - Parameter files: by their paths below the home directory. They are what the secrets come from, and not searched
    ///   as long as they stay as they are.
    private func leaks(
        _ arguments: [String], endpoint: String?, environment: [String: String] = [:], files: [String: String] = [:],
        expecting statuses: [Int32]? = nil
    ) async throws -> [String] {
        let home = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: home) }
        for (path, text) in files {
            let file = home.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        var arguments = arguments + ["--debug"]
        if arguments[0] == "collect" { arguments += ["--output-dir", home.appending(path: "out").path] }
        if let endpoint { arguments += ["--endpoint-url", endpoint] }
        let environment = environment.mapValues { $0.replacing("HOME/", with: home.path + "/") }
        let base = [
            "HOME": home.path, "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "2", "TMPDIR": home.path,
        ]
        let result = try await Program(name: "keywitness").run(arguments, environment: base.merging(environment) { $1 })
        if let statuses { #expect(statuses.contains(result.status), "\(arguments): \(result.errors)") }
        #expect(!result.errors.contains("Fatal error"), "\(result.errors)")
        var found = Canaries.found(in: Data(result.output.utf8)) + Canaries.found(in: Data(result.errors.utf8))
        var searched = 0
        let written = FileManager.default.enumerator(at: home, includingPropertiesForKeys: nil)
        while let file = written?.nextObject() as? URL {
            guard let data = try? Data(contentsOf: file) else { continue }
            if files.values.contains(String(decoding: data, as: UTF8.self)) { continue }
            searched += file.path.contains("/out/") ? 1 : 0
            found += Canaries.found(in: data).map { "\($0) in \(file.lastPathComponent)" }
        }
        // A search that doesn't look finds nothing.
        if arguments[0] == "collect", ![1, 64].contains(result.status) { #expect(searched >= 7) }
        return found
    }

    private func account(denied: [String] = []) -> MockIAM.Account {
        MockIAM.Account(
            clock: Self.clock,
            users: [
                MockIAM.User(
                    "deploy", created: Self.clock - 86_400 * 200,
                    accessKeys: [MockIAM.AccessKey("AKIAUSER000000000001", created: Self.clock - 86_400 * 100)])
            ],
            callers: [
                MockIAM.Caller(
                    accessKeyID: Self.keyID, secretAccessKey: Canaries.secretKey.text,
                    sessionToken: Canaries.sessionToken.text, denied: denied)
            ])
    }

    @Test func `the search finds what is there`() {
        #expect(Canaries.found(in: Data("a \(Canaries.secretKey.text) b".utf8)) == [Canaries.secretKey.text])
        let encoded = Data(Canaries.ssoToken.text.utf8).base64EncodedString()
        #expect(Canaries.found(in: Data(encoded.utf8)) == [Canaries.ssoToken.text])
        for before in ["", "u", "us", "use", "user:"] {
            let encoded = Data("\(before)\(Canaries.proxyPassword.text)\n".utf8).base64EncodedString()
            #expect(Canaries.found(in: Data(encoded.utf8)) == [Canaries.proxyPassword.text], "\(before)")
        }
        #expect(Canaries.found(in: Data("CANARY-session-token%2Fx7%2BYz%3DQ".utf8)) == [Canaries.sessionToken.text])
    }

    @Test(arguments: commands)
    func `when all goes well`(command: [String]) async throws {
        try await MockIAM.run(account: account()) { server in
            let found = try await leaks(
                command, endpoint: server.endpointURL, environment: Self.keys, expecting: [0, 3])
            #expect(found.isEmpty)
        }
    }

    @Test(arguments: [
        ["permissions", "--include", "all"], ["describe"], ["describe", "--format", "json"], ["--help"],
    ])
    func `of commands that ask nobody`(command: [String]) async throws {
        let result = try await Program(name: "keywitness").run(command, environment: Self.keys)
        #expect(result.status == 0)
        #expect(Canaries.found(in: Data((result.output + result.errors).utf8)).isEmpty)
    }

    // MARK: What AWS may answer

    /// All operations, and one in the middle of a scan.
    private static let matches = [
        MockIAM.FaultPlan.Match(), .init(action: "ListUsers"), .init(action: "ListAccessKeys"),
    ]
    private static let codes = [
        "AccessDenied", "ExpiredToken", "SignatureDoesNotMatch", "InvalidClientTokenId", "Throttling",
        "InternalFailure", "RequestExpired", "ValidationError",
    ]
    static let faults: [MockIAM.FaultPlan.Rule] = matches.flatMap { match -> [MockIAM.FaultPlan.Rule] in
        codes.map { MockIAM.FaultPlan.Rule(match: match, error: .code($0)) } + [
            .init(match: match, html: .init()), .init(match: match, html: .init(status: 502)),
            .init(match: match, doctype: .entityBomb), .init(match: match, truncate: .half),
            .init(match: match, reset: .before), .init(match: match, reset: .within),
            .init(match: match, contentLength: 10), .init(match: match, oversize: .init(size: 2_000_000)),
            .init(match: match, clockSkew: .seconds(7200)), .init(match: match, marker: .loop),
            .init(match: match, marker: .missing), .init(match: match, expireToken: true),
        ]
    }

    @Test(arguments: faults)
    func `when AWS answers with an error, or with nonsense`(rule: MockIAM.FaultPlan.Rule) async throws {
        let options = MockIAM.Options(faults: MockIAM.FaultPlan(rules: [rule]))
        try await MockIAM.run(account: account(), options: options) { server in
            for command in [["whoami"], ["doctor"], ["collect"]] {
                let found = try await leaks(command, endpoint: server.endpointURL, environment: Self.keys)
                #expect(found.isEmpty, "\(command)")
            }
        }
    }

    @Test(arguments: ["wrong secret", "wrong token", "nobody listens"])
    func `when nothing works at all`(what: String) async throws {
        try await MockIAM.run(account: account()) { server in
            var environment = Self.keys
            var endpoint = server.endpointURL
            switch what {
            case "wrong secret": environment["AWS_SECRET_ACCESS_KEY"] = Canaries.issuedSecret.text
            case "wrong token": environment["AWS_SESSION_TOKEN"] = Canaries.issuedToken.text
            default: endpoint = try await MockIAM.run(account: account()) { $0.endpointURL }
            }
            for command in [["whoami"], ["doctor"], ["collect"]] {
                let found = try await leaks(
                    command, endpoint: endpoint, environment: environment, expecting: [1])
                #expect(found.isEmpty, "\(command)")
            }
        }
    }

    /// Whoever answers for AWS here repeats what it was sent.
    private func exchanges(
        repeating secret: Canary, in operation: String, status: Int
    ) -> [Exchange] {
        func exchange(_ form: String, _ body: String, status: Int = 200) -> Exchange {
            Exchange(
                sequence: 1, operation: "", started: Self.clock,
                request: Exchange.Request(url: "https://iam.amazonaws.com/", body: Array(form.utf8)),
                outcome: .answer(Exchange.Response(status: status, body: Array(body.utf8))))
        }
        let error = """
            <ErrorResponse><Error><Code>AccessDenied</Code><Message>You sent \(secret.text), which isn't good.</Message>\
            </Error></ErrorResponse>
            """
        let identity = """
            <GetCallerIdentityResponse><GetCallerIdentityResult><UserId>U</UserId><Account>111122223333</Account>\
            <Arn>arn:aws:iam::111122223333:user/reader</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>
            """
        let users = """
            <ListUsersResponse><ListUsersResult><IsTruncated>false</IsTruncated><Users><member>\
            <UserName>\(secret.text)</UserName></member></Users></ListUsersResult></ListUsersResponse>
            """
        let asked = exchange("Action=GetCallerIdentity&Version=2011-06-15", identity)
        return switch (operation, status) {
        case ("GetCallerIdentity", _):
            [exchange("Action=GetCallerIdentity&Version=2011-06-15", error, status: status)]
        case (_, 200): [asked, exchange("Action=ListUsers&Version=2010-05-08", users)]
        default: [asked, exchange("Action=ListUsers&Version=2010-05-08", error, status: status)]
        }
    }

    @Test(arguments: [("GetCallerIdentity", 403), ("ListUsers", 403), ("ListUsers", 200)])
    func `when whoever answers repeats the token`(operation: String, status: Int) async throws {
        let fixture = MockIAM.Fixture(
            clock: Self.clock, exchanges: exchanges(repeating: Canaries.sessionToken, in: operation, status: status))
        try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { server in
            for command in [["whoami"], ["collect"]] {
                let found = try await leaks(command, endpoint: server.endpointURL, environment: Self.keys)
                #expect(found.isEmpty, "\(command)")
            }
        }
    }

    // MARK: Where secrets come from

    /// A way to credentials, by environment and files below the home directory; URL stands for the emulator's.
    struct Source: Sendable, CustomTestStringConvertible {
        var name: String
        var environment: [String: String] = [:]
        var files: [String: String] = [:]
        var arguments: [String] = []
        /// What AWS is asked for by them: that they were found at all.
        var asks: String?

        var testDescription: String { name }
    }

    private static let base = """
        [base]
        aws_access_key_id = \(keyID)
        aws_secret_access_key = \(Canaries.secretKey.text)
        aws_session_token = \(Canaries.sessionToken.text)

        """
    private static let sso = """
        [profile corp]
        sso_session = corp
        sso_account_id = 111122223333
        sso_role_name = SecurityAudit
        [sso-session corp]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = us-east-1

        """
    /// By the SHA-1 of `corp`, as AWS CLI names it.
    private static let cache = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json"

    private static func token(expires: String) -> String {
        """
        {"startUrl": "https://corp.awsapps.com/start", "region": "us-east-1",
        "accessToken": "\(Canaries.ssoToken.text)", "expiresAt": "\(expires)", "clientId": "mock-client",
        "clientSecret": "\(Canaries.clientSecret.text)", "registrationExpiresAt": "2099-01-01T00:00:00Z",
        "refreshToken": "\(Canaries.refreshToken.text)"}
        """
    }

    private static func process(_ script: String) -> Source {
        Source(
            name: "credential_process: \(script.prefix(20))",
            files: [
                ".aws/config": "[default]\ncredential_process = /bin/sh -c '. $HOME/script'\n", "script": script,
            ])
    }

    /// A key that was made for this test, as a JSON string.
    private static let dpopKey = {
        let pem = P256.Signing.PrivateKey().pemRepresentation
        return "\"\(pem.replacing("\n", with: "\\n"))\""
    }()

    private static let credentials = ".aws/credentials"
    static let sources: [Source] = [
        Source(name: "a file", files: [credentials: base], arguments: ["--profile", "base"]),
        Source(
            name: "a line without a name", files: [credentials: "[default]\n\(Canaries.secretKey.text)\n"]),
        Source(
            name: "a setting twice",
            files: [
                credentials: "[default]\naws_secret_access_key = \(Canaries.secretKey.text)\n"
                    + "aws_secret_access_key = \(Canaries.secretKey.text)\n"
            ]),
        Source(
            name: "a secret without its key id",
            files: [credentials: "[default]\naws_secret_access_key = \(Canaries.secretKey.text)\n"]),
        Source(
            name: "a secret before any section",
            files: [credentials: "secret = \(Canaries.secretKey.text)\n[default]\n"]),
        Source(name: "environment, half", environment: ["AWS_SECRET_ACCESS_KEY": Canaries.secretKey.text]),
        Source(
            name: "a role of a profile",
            files: [
                credentials: base,
                ".aws/config": "[default]\nrole_arn = arn:aws:iam::111122223333:role/audit\nsource_profile = base\n",
            ], asks: "AssumeRole"),
        Source(
            name: "a role that isn't given",
            files: [
                credentials: base,
                ".aws/config": "[default]\nrole_arn = arn:aws:iam::999999999999:role/audit\nsource_profile = base\n",
            ], asks: "AssumeRole"),
        Source(
            name: "a role that wants MFA, without a terminal",
            files: [
                credentials: base,
                ".aws/config":
                    "[default]\nrole_arn = arn:aws:iam::111122223333:role/audit\nsource_profile = base\nmfa_serial = m\n",
            ]),
        process("echo '{\"Version\": 1, \"SecretAccessKey\": \"\(Canaries.processSecret.text)\"}'"),
        process("echo 'token \(Canaries.processSecret.text)'"),
        process("echo 'token \(Canaries.processSecret.text)' >&2; exit 3"),
        process(
            "echo '{\"Version\": 1, \"AccessKeyId\": \"AKIAPROCESS000000001\", "
                + "\"SecretAccessKey\": \"\(Canaries.processSecret.text)\", \"Expiration\": \"soon\"}'"),
        Source(
            name: "SSO, by a token that nobody knows",
            files: [".aws/config": sso, cache: token(expires: "2098-01-01T00:00:00Z")],
            arguments: ["--profile", "corp"]),
        Source(
            name: "SSO, expired, and the refresh fails",
            files: [".aws/config": sso, cache: token(expires: "2020-01-01T00:00:00Z")],
            arguments: ["--profile", "corp"]),
        Source(
            name: "SSO, by a cache that is cut off",
            files: [".aws/config": sso, cache: String(token(expires: "2098-01-01T00:00:00Z").dropLast(20))],
            arguments: ["--profile", "corp"]),
        Source(
            name: "a session of aws login, expired, and the refresh fails",
            files: [
                ".aws/config": "[default]\nlogin_session = x\n",
                // By the SHA-256 of `x`.
                ".aws/login/cache/2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881.json": """
                {"accessToken": {"accessKeyId": "ASIALOGIN00000000001", "secretAccessKey": "\(Canaries.issuedSecret.text)",
                "sessionToken": "\(Canaries.issuedToken.text)", "expiresAt": "2020-01-01T00:00:00Z"},
                "refreshToken": "\(Canaries.refreshToken.text)", "clientId": "c", "dpopKey": \(dpopKey)}
                """,
            ]),
        Source(
            name: "a web identity that is refused",
            environment: [
                "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/audit", "AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/t",
            ],
            files: ["t": Canaries.webIdentity.text], asks: "AssumeRoleWithWebIdentity"),
        Source(
            name: "a container whose agent refuses",
            environment: [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "URL/nothing/here",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": Canaries.containerToken.text,
            ]),
        Source(
            name: "a container's token that no header can hold",
            environment: [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "URL/v2/credentials/x",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "\(Canaries.containerToken.text)\nX: y",
            ]),
        Source(
            name: "a container's URL with a password",
            environment: [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://u:\(Canaries.urlPassword.text)@127.0.0.1/"
            ]),
        Source(
            name: "a proxy with a password, that isn't there",
            environment: keys.merging([
                "HTTPS_PROXY": "http://u:\(Canaries.proxyPassword.text)@127.0.0.1:1",
                "AWS_ENDPOINT_URL": "https://iam.example.com",
            ]) { $1 }),
        Source(
            name: "a proxy that can't be",
            environment: keys.merging(["HTTPS_PROXY": "socks5://u:\(Canaries.proxyPassword.text)@127.0.0.1:1"]) { $1 }),
        Source(
            name: "an endpoint with a password",
            environment: keys.merging(["AWS_ENDPOINT_URL": "https://u:\(Canaries.urlPassword.text)@127.0.0.1:1"]) { $1 }
        ),
    ]

    @Test(arguments: sources)
    func `wherever they come from`(source: Source) async throws {
        try await MockIAM.run(account: account(denied: ["iam:GetLoginProfile"])) { server in
            for command in [["whoami"], ["whoami", "--offline"], ["doctor"], ["collect"]] {
                let ownEndpoint = source.environment["AWS_ENDPOINT_URL"] != nil
                let environment = source.environment.mapValues { $0.replacing("URL/", with: server.endpointURL + "/") }
                let found = try await leaks(
                    command + source.arguments, endpoint: ownEndpoint ? nil : server.endpointURL,
                    environment: environment, files: source.files)
                #expect(found.isEmpty, "\(command)")
            }
            if let operation = source.asks { #expect(server.journal.counts[operation, default: 0] > 0, "\(source)") }
        }
    }

    @Test func `of an endpoint on the command line`() async throws {
        let found = try await leaks(
            ["whoami"], endpoint: "https://u:\(Canaries.urlPassword.text)@127.0.0.1:1", environment: Self.keys,
            expecting: [64])
        #expect(found.isEmpty)
    }

    @Test(arguments: [
        "https://u:\(Canaries.urlPassword.text)@tsa.example.com/",
        "https://tsa.example.com/?key=\(Canaries.urlPassword.text)",
    ])
    func `of a timestamp authority`(url: String) async throws {
        let found = try await leaks(
            ["collect", "--timestamp-url", url], endpoint: nil, environment: Self.keys, expecting: [64])
        #expect(found.isEmpty)
    }

    @Test(arguments: commands)
    func `of the credentials that STS issues`(command: [String]) async throws {
        func exchange(_ form: String, _ body: String, status: Int = 200) -> Exchange {
            Exchange(
                sequence: 1, operation: "", started: Self.clock,
                request: Exchange.Request(url: "https://sts.amazonaws.com/", body: Array(form.utf8)),
                outcome: .answer(Exchange.Response(status: status, body: Array(body.utf8))))
        }
        let role = "arn:aws:iam::111122223333:role/audit"
        let issued = """
            <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAISSUED0000000001</AccessKeyId>\
            <SecretAccessKey>\(Canaries.issuedSecret.text)</SecretAccessKey>\
            <SessionToken>\(Canaries.issuedToken.text)</SessionToken><Expiration>2098-01-01T00:00:00Z</Expiration>\
            </Credentials></AssumeRoleResult></AssumeRoleResponse>
            """
        let fixture = MockIAM.Fixture(
            clock: Self.clock,
            exchanges: [
                exchange(
                    "Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Faudit"
                        + "&RoleSessionName=nightly&Version=2011-06-15", issued)
            ] + exchanges(repeating: Canaries.issuedToken, in: "ListUsers", status: 403))
        try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { server in
            let found = try await leaks(
                command + ["--role-arn", role, "--session-name", "nightly"], endpoint: server.endpointURL,
                environment: Self.keys)
            #expect(found.isEmpty)
            #expect(server.journal.counts["AssumeRole"] == 1)
        }
    }

    // MARK: A crash

    @Test(.timeLimit(.minutes(1)), arguments: [SIGSEGV, SIGABRT, SIGILL])
    func `when it crashes`(signal: Int32) async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let stall = MockIAM.FaultPlan.Rule(match: .init(action: "ListUsers"), latency: .seconds(3600))
        let options = MockIAM.Options(faults: MockIAM.FaultPlan(rules: [stall]))
        try await MockIAM.run(account: account(), options: options) { server in
            let (output, errors) = (folder.appending(path: "out"), folder.appending(path: "err"))
            let process = try Program(name: "keywitness").process(
                ["doctor", "--debug", "--endpoint-url", server.endpointURL],
                environment: Self.keys.merging(["HOME": folder.path]) { $1 }, output: output, errors: errors)
            process.currentDirectoryURL = folder
            try process.run()
            // Once it was told who it is, the secrets are in its memory, and it waits for the users.
            while server.journal.counts["GetCallerIdentity"] == nil { try await Task.sleep(for: .milliseconds(5)) }
            kill(process.processIdentifier, signal)
            process.waitUntilExit()
            #expect(process.terminationReason == .uncaughtSignal)
            #expect(process.terminationStatus == signal)
            let said = try Data(contentsOf: errors)
            #expect(Canaries.found(in: said + (try Data(contentsOf: output))).isEmpty)
            let text = String(decoding: said, as: UTF8.self)
            #expect(text.split(separator: "\n").allSatisfy { $0.hasPrefix("debug: ") }, "\(text)")
            #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) == ["out", "err"])
        }
    }
}
