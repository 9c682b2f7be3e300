import Foundation
import MockIAM
import Recording
import Testing

/// `keywitness collect` as its user meets it: exit codes, and what is said where.
@Suite struct CollectCommandTests {
    private static let keys = [
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ]

    private func collect(
        _ arguments: [String] = [], endpoint: String? = nil, environment: [String: String] = keys
    ) async throws -> Program.Result {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let output = ["--output-dir", folder.appending(path: "out").path]
        let where_ = endpoint.map { ["--endpoint-url", $0] } ?? []
        var environment = environment
        if environment["HOME"] == nil { environment["HOME"] = folder.path }
        return try await Program(name: "keywitness").run(
            ["collect"] + output + where_ + arguments, environment: environment)
    }

    private func collect(fixture name: String, _ arguments: [String] = []) async throws -> Program.Result {
        try await MockIAM.run(fixture: fixture(name)) { server in
            try await collect(["--as-of", "2026-11-22T20:45:00Z"] + arguments, endpoint: server.endpointURL)
        }
    }

    /// Runs against a server that has one answer for GetCallerIdentity.
    private func collect(identityAnswer body: String, status: Int) async throws -> Program.Result {
        let exchange = Exchange(
            sequence: 1, operation: "GetCallerIdentity", started: .now,
            request: Exchange.Request(
                url: "https://sts.amazonaws.com/", body: Array("Action=GetCallerIdentity&Version=2011-06-15".utf8)),
            outcome: .answer(Exchange.Response(status: status, body: Array(body.utf8))))
        return try await MockIAM.run(MockIAM.Fixture(clock: .now, exchanges: [exchange])) { server in
            try await collect(endpoint: server.endpointURL)
        }
    }

    /// Runs against an account with this answer to ListUsers, and no more than a scan needs besides.
    private func collect(usersAnswer body: String) async throws -> Program.Result {
        let identity = """
            <GetCallerIdentityResponse><GetCallerIdentityResult><UserId>U</UserId><Account>111122223333</Account>\
            <Arn>arn:aws:iam::111122223333:user/reader</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>
            """
        let summary = """
            <GetAccountSummaryResponse><GetAccountSummaryResult><SummaryMap><entry><key>AccountAccessKeysPresent</key>\
            <value>0</value></entry></SummaryMap></GetAccountSummaryResult></GetAccountSummaryResponse>
            """
        let answers = [
            ("Action=GetCallerIdentity&Version=2011-06-15", identity), ("Action=ListUsers&Version=2010-05-08", body),
            ("Action=GetAccountSummary&Version=2010-05-08", summary),
        ]
        let exchanges = answers.map { form, body in
            Exchange(
                sequence: 1, operation: "", started: .now,
                request: Exchange.Request(url: "https://iam.amazonaws.com/", body: Array(form.utf8)),
                outcome: .answer(Exchange.Response(status: 200, body: Array(body.utf8))))
        }
        return try await MockIAM.run(MockIAM.Fixture(clock: .now, exchanges: exchanges)) { server in
            try await collect(endpoint: server.endpointURL)
        }
    }

    @Test func `a run before it that can't be read is a warning`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let account = MockIAM.Account.generated(users: 3, keys: 1, seed: 7, profile: .typical, clock: .now)
        try await MockIAM.run(account: account) { server in
            func run(_ arguments: [String]) async throws -> Program.Result {
                try await Program(name: "keywitness").run(
                    [
                        "collect", "--endpoint-url", server.endpointURL, "--output-dir", folder.path, "--quiet",
                        "--format",
                        "path",
                    ] + arguments, environment: Self.keys.merging(["HOME": folder.path]) { $1 })
            }
            let first = try await run(["--as-of", (Date.now - 60).ISO8601Format()])
            let bundle = first.output.trimmingCharacters(in: .newlines)
            #expect(!first.errors.contains("chain"))
            try FileManager.default.removeItem(atPath: "\(bundle)/SHA256SUMS")
            let second = try await run([])
            #expect(second.status == first.status)
            let name = try #require(bundle.split(separator: "/").last)
            #expect(
                second.errors.contains("warning: the chain of runs is broken: \(name) could not be read"),
                "\(second.errors)")
        }
    }

    @Test func `a run that fails by a user's test says whose, and how to find out more`() async throws {
        let keys = (1...2).map { number in
            MockIAM.AccessKey(
                "AKIAEXAMPLE00000000\(number)", created: .now - 86_400 * Double(20 + number),
                lastUse: MockIAM.LastUse(.now - 3600))
        }
        let account = MockIAM.Account(
            clock: .now, users: [MockIAM.User("two-fresh", created: .now - 86_400 * 30, accessKeys: keys)])
        try await MockIAM.run(account: account) { server in
            let result = try await collect(endpoint: server.endpointURL)
            #expect(result.status == 3)
            #expect(result.output.contains("keywitness explain two-fresh --bundle "), "\(result.output)")
        }
    }

    private func error(_ code: String) -> String {
        """
        <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>\
        <Code>\(code)</Code><Message>AWS's words</Message></Error></ErrorResponse>
        """
    }

    // MARK: Exit codes

    @Test func `findings exit with 3, and the summary is on standard output`() async throws {
        let result = try await collect(fixture: "demo-account")
        #expect(result.status == 3)
        #expect(result.output.hasPrefix("Access keys of AWS account 111122223333 as of 2026-11-22T20:45:00Z\n"))
        #expect(result.output.contains("SOC 2 CC6.1           NON_COMPLIANT"))
        #expect(result.output.contains("What to do first\n  1. "))
        #expect(result.errors.contains("Connected to http://127.0.0.1:"))
        #expect(!result.output.contains("\u{1b}") && !result.errors.contains("\u{1b}"))
    }

    @Test func `a clean account exits with 0`() async throws {
        let result = try await collect(fixture: "clean-account")
        #expect(result.status == 0)
        #expect(result.output.contains("Overall               COMPLIANT"))
    }

    @Test func `an incomplete scan exits with 4, and --exit-zero and --fail-on don't mask it`() async throws {
        for arguments in [[], ["--exit-zero"], ["--fail-on", "critical"]] {
            let result = try await collect(fixture: "partial-account", arguments)
            #expect(result.status == 4, "\(arguments)")
            #expect(result.errors.contains("warning: incomplete: "))
        }
    }

    @Test func `--exit-zero masks findings`() async throws {
        #expect(try await collect(fixture: "demo-account", ["--exit-zero"]).status == 0)
    }

    @Test func `--fail-on sets the level from which a key is a finding`() async throws {
        let lenient = ["--key-age-threshold", "2000", "--last-used-threshold", "2000"]
        // Keys that aren't Active still fail a test.
        #expect(try await collect(fixture: "demo-account", lenient).status == 3)
        #expect(try await collect(fixture: "demo-account", lenient + ["--fail-on", "high"]).status == 0)
        #expect(try await collect(fixture: "demo-account", lenient + ["--fail-on", "MEDIUM"]).status == 3)
        #expect(try await collect(fixture: "clean-account", ["--fail-on", "low"]).status == 0)
    }

    @Test func `a key of the root user is a finding at any level`() async throws {
        var account = MockIAM.Account(clock: .now, users: [])
        account.root.accessKeys = [MockIAM.AccessKey("AKIAROOTEXAMPLE00001", created: .now - 86_400)]
        let status = try await MockIAM.run(account: account) { server in
            try await collect(
                ["--fail-on", "critical"], endpoint: server.endpointURL,
                environment: ["AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"]
            ).status
        }
        #expect(status == 3)
    }

    /// The policy leaves it alone, and `--fail-on` speaks of it all the same.
    @Test func `where nobody knows of the root user's keys, --fail-on can't pass`() async throws {
        let denied = ["iam:GetAccountSummary", "iam:GenerateCredentialReport", "iam:GetCredentialReport"]
        let account = MockIAM.Account(
            clock: .now, users: [],
            callers: [MockIAM.Caller(accessKeyID: "AKIACALLER0000000001", secretAccessKey: "s", denied: denied)])
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let policy = folder.appending(path: "policy.yaml")
        try Data("name: ours\ntests: [unused-key, key-rotation]\n".utf8).write(to: policy)
        for (arguments, status) in [([], 0), (["--fail-on", "critical"], 4)] as [([String], Int32)] {
            let result = try await MockIAM.run(account: account) { server in
                try await collect(
                    ["--policy", policy.path] + arguments, endpoint: server.endpointURL,
                    environment: ["AWS_ACCESS_KEY_ID": "AKIACALLER0000000001", "AWS_SECRET_ACCESS_KEY": "s"])
            }
            #expect(result.status == status, "\(arguments): \(result.errors)")
            #expect(result.output.contains("UNDETERMINED (nobody knows whether the root user has access keys)"))
            #expect(result.errors.contains("and --fail-on asks for them. Grant iam:GetAccountSummary") == (status == 4))
        }
    }

    @Test func `credentials that end before the scan are named with what helps`() async throws {
        let account = MockIAM.Account(
            clock: .now,
            users: [
                MockIAM.User(
                    "ci", created: .now - 86_400 * 90,
                    accessKeys: [MockIAM.AccessKey("AKIAEXAMPLE000000001", created: .now - 86_400)])
            ])
        let faults = MockIAM.FaultPlan(rules: [
            .init(match: .init(action: "ListAccessKeys"), error: .code("ExpiredToken"))
        ])
        let result = try await MockIAM.run(account: account, options: MockIAM.Options(faults: faults)) { server in
            try await collect(
                endpoint: server.endpointURL,
                environment: ["AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"])
        }
        #expect(result.status == 4)
        #expect(result.errors.contains("expired before the scan ended. Use a profile or a role"))
    }

    @Test func `a clock that is off is corrected by AWS's, and the report says by how much`() async throws {
        let skew = MockIAM.FaultPlan.Rule(clockSkew: .seconds(3 * 3600))
        let account = MockIAM.Account(clock: .now, users: [])
        func collected(_ faults: [MockIAM.FaultPlan.Rule]) async throws -> Program.Result {
            let options = MockIAM.Options(faults: MockIAM.FaultPlan(rules: faults))
            return try await MockIAM.run(account: account, options: options) { server in
                let environment = ["AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"]
                return try await collect(["--format", "json"], endpoint: server.endpointURL, environment: environment)
            }
        }
        let result = try await collected([skew])
        #expect(result.status == 0)
        let told = try #require(result.output.firstMatch(of: /"clock_skew_seconds":\s*(\d+)/)).1
        #expect(abs(try #require(Int(told)) - 3 * 3600) < 120)
        let right = try await collected([])
        #expect(right.status == 0 && !right.output.contains("clock_skew_seconds"))
    }

    @Test func `an emulator whose clock stands still is judged by its clock`() async throws {
        let result = try await MockIAM.run(fixture: fixture("demo-account")) { server in
            try await collect(["--format", "json"], endpoint: server.endpointURL)
        }
        #expect(result.status == 3)
        #expect(result.output.contains(/"as_of_source":\s*"aws-clock"/))
        #expect(result.output.contains(/"assessment_date":\s*"2026-11-22T20:45:0\dZ"/))
        #expect(!result.output.contains("as_of_gap_days"))
    }

    @Test func `an instant long before the calls makes a run incomplete, and the reason is said`() async throws {
        let account = MockIAM.Account(clock: .now, users: [])
        let result = try await MockIAM.run(account: account) { server in
            try await collect(
                ["--quiet", "--as-of", "2020-01-01T00:00:00Z"], endpoint: server.endpointURL,
                environment: ["AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"])
        }
        #expect(result.status == 4)
        #expect(
            result.errors.contains(/incomplete: AWS was asked at .* days after the as-of instant. See completeness in/))
    }

    @Test func `an account without users is complete and satisfied`() async throws {
        let result = try await collect(
            usersAnswer: """
                <ListUsersResponse><ListUsersResult><IsTruncated>false</IsTruncated><Users/></ListUsersResult>\
                </ListUsersResponse>
                """)
        #expect(result.status == 0)
        #expect(result.output.contains("0 users on 1 page, 0 keys"))
        #expect(result.output.contains("Compliance rate       100.00 %"))
        #expect(result.output.contains("Overall               COMPLIANT"))
    }

    @Test(arguments: [
        ("It works!", "isn't XML"), ("<ListUsersResponse><ListUsersResult><Users>", "cut off before its end"),
        ("<ListUsersResponse><ListUsersResult/></ListUsersResponse>", "has no <Users>"),
        ("<!DOCTYPE a><ListUsersResponse/>", "holds a DOCTYPE"),
    ])
    func `an unreadable list of users is incomplete, never an empty account`(body: String, reason: String) async throws
    {
        let result = try await collect(usersAnswer: body)
        #expect(result.status == 4)
        #expect(result.output.contains("ListUsers of account: unreadable-answer: the answer"))
        #expect(result.output.contains(reason))
        #expect(result.output.contains("Overall               UNDETERMINED"))
        #expect(result.output.contains("Compliance rate       undetermined"))
    }

    @Test(arguments: [
        (["--framework", "pci-dss-4.0"], "no test of policy 'few' speaks to a control of --framework pci-dss-4.0"),
        (["--source", "report"], "--source report can't answer any test of policy 'few'"),
    ])
    func `a scan that would test nothing isn't begun`(arguments: [String], error: String) async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let policy = folder.appending(path: "few.yaml")
        try Data("name: few\ntests: [identifier-unique]\n".utf8).write(to: policy)
        let result = try await collect(["--policy", policy.path] + arguments)
        #expect(result.status == 64 && result.errors.contains(error), "\(result.errors)")
    }

    @Test(arguments: [
        ["--fail-on", "compliant"], ["--output-dir", ""], ["--key-age-threshold", "0"], ["--last-used-threshold", "x"],
        ["--as-of", "yesterday"], ["--as-of", "2026-02-30T00:00:00Z"], ["--as-of", "2026-11-22T20:45:00Zjunk"],
        ["--endpoint-url", "127.0.0.1:80"], ["--region", "us east"], ["--format", "xml"],
        ["--unknown"], ["--source", "cache"], ["--without-key-ids"], ["--include", "groups"],
        ["--source", "report", "--without-key-ids", "--include", "tags"],
    ])
    func `wrong usage exits with 64 and says what was expected`(arguments: [String]) async throws {
        let result = try await collect(arguments)
        #expect(result.status == 64)
        #expect(result.errors.contains("Error: "))
        #expect(result.output.isEmpty)
    }

    // MARK: Output

    @Test func `--format json prints the report and nothing else`() async throws {
        let result = try await collect(fixture: "demo-account", ["--format", "json"])
        let report = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(report["schema"] as? String == "urn:keywitness:schema:report:2")
        #expect(result.status == 3)
    }

    @Test func `--format path prints where the bundle is and nothing else`() async throws {
        for more in [[], ["--quiet"]] {
            let result = try await collect(fixture: "demo-account", ["--format", "path"] + more)
            #expect(result.output.hasPrefix("/") && result.output.hasSuffix("/out/111122223333/20261122T204500Z\n"))
            #expect(result.output.count { $0 == "\n" } == 1)
            #expect(result.errors.isEmpty == !more.isEmpty)
            #expect(result.status == 3)
        }
    }

    @Test func `--quiet prints nothing where nothing went wrong`() async throws {
        let result = try await collect(fixture: "demo-account", ["--quiet"])
        #expect(result.output.isEmpty && result.errors.isEmpty)
        #expect(result.status == 3)
    }

    #if os(Linux)
        @Test func `standard output that is full is an error, and the bundle is there nevertheless`() async throws {
            for (format, arguments) in [
                ("json", ["--format", "json"]), ("path", ["--format", "path"]), ("text", []),
            ] {
                let folder = try temporaryFolder()
                defer { try? FileManager.default.removeItem(at: folder) }
                let result = try await MockIAM.run(fixture: fixture("demo-account")) { server in
                    try await Program(name: "keywitness").run(
                        [
                            "collect", "--endpoint-url", server.endpointURL, "--as-of", "2026-11-22T20:45:00Z",
                            "--output-dir", folder.appending(path: "out").path,
                        ] + arguments, environment: Self.keys.merging(["HOME": folder.path]) { $1 }, to: "/dev/full")
                }
                let bundle = folder.appending(path: "out/111122223333/20261122T204500Z").path
                #expect(result.status == 1, "\(format)")
                #expect(
                    result.errors.hasSuffix(
                        "error: can't write to standard output: No space left on device. "
                            + "The evidence bundle is whole: \(bundle)\n"), "\(result.errors)")
                #expect(FileManager.default.fileExists(atPath: "\(bundle)/SHA256SUMS"))
            }
        }
    #endif

    @Test func `what makes a run incomplete is counted, and what doesn't is left out`() async throws {
        func warning(_ key: MockIAM.AccessKey, denied: [String]) async throws -> Substring? {
            let account = MockIAM.Account(
                clock: .now, users: [MockIAM.User("robot", created: .now - 90_000, accessKeys: [key])],
                callers: [MockIAM.Caller(accessKeyID: "AKIACALLER0000000001", secretAccessKey: "s", denied: denied)])
            let result = try await MockIAM.run(account: account) { server in
                try await collect(
                    ["--source", "live"], endpoint: server.endpointURL,
                    environment: ["AWS_ACCESS_KEY_ID": "AKIACALLER0000000001", "AWS_SECRET_ACCESS_KEY": "s"])
            }
            #expect(result.status == 4)
            return result.errors.split(separator: "\n").first { $0.hasPrefix("warning: incomplete: ") }
        }
        let (old, olderThanItsUser) = (
            MockIAM.AccessKey("AKIAEXAMPLE000000001", created: .now - 86_400),
            MockIAM.AccessKey("AKIAEXAMPLE000000001", created: .now - 864_000)
        )
        let unread = try await warning(old, denied: ["iam:GetAccessKeyLastUsed"])
        #expect(
            unread?.hasPrefix("warning: incomplete: 1 thing that counts could not be read. See completeness in ")
                == true,
            "\(unread ?? "")")
        let doubtful = try await warning(olderThanItsUser, denied: [])
        #expect(
            doubtful?.hasPrefix("warning: incomplete: 1 key has dates that can't be right. See data_findings in ")
                == true,
            "\(doubtful ?? "")")
        let both = try await warning(
            olderThanItsUser, denied: ["iam:GetAccessKeyLastUsed", "iam:GetAccountSummary", "iam:*Report"])
        #expect(
            both?.contains(" things that count could not be read, 1 key has dates that can't be right. See ") == true,
            "\(both ?? "")")
    }

    @Test func `an account that nobody may look at has no key that is said to be well`() async throws {
        let account = MockIAM.Account(
            clock: .now, users: [],
            callers: [MockIAM.Caller(accessKeyID: "AKIACALLER0000000001", secretAccessKey: "s", denied: ["iam:*"])])
        let result = try await MockIAM.run(account: account) { server in
            try await collect(
                endpoint: server.endpointURL,
                environment: ["AWS_ACCESS_KEY_ID": "AKIACALLER0000000001", "AWS_SECRET_ACCESS_KEY": "s"])
        }
        #expect(result.status == 4)
        #expect(result.output.contains("\nNo user's key was read.\n"), "\(result.output)")
    }

    // MARK: What keeps it from running

    @Test func `without credentials it says what was tried`() async throws {
        let result = try await collect(environment: [:])
        #expect(result.status == 1)
        #expect(
            result.errors.contains(
                "no AWS credentials found. Tried:\n  - environment variables (AWS_ACCESS_KEY_ID)\n  - "))
        #expect(result.errors.contains(".aws/credentials (no such file)"))
    }

    @Test func `a missing profile lists those that exist`() async throws {
        let home = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: home) }
        try FileManager.default.createDirectory(at: home.appending(path: ".aws"), withIntermediateDirectories: true)
        try Data("[audit]\naws_access_key_id = A\naws_secret_access_key = B\n".utf8)
            .write(to: home.appending(path: ".aws/credentials"))
        let result = try await collect(["--profile", "prod"], environment: ["HOME": home.path])
        #expect(result.status == 1)
        #expect(result.errors.contains("profile 'prod' doesn't exist in "))
        #expect(result.errors.contains("Profiles there: audit."))
    }

    @Test(arguments: [
        ("InvalidClientTokenId", 403, "AWS doesn't know access key AKIAIOSFODNN7EXAMPLE (from environment variables)"),
        ("SignatureDoesNotMatch", 403, "the secret access key doesn't fit access key AKIAIOSFODNN7EXAMPLE"),
        (
            "ExpiredToken", 403,
            "the temporary credentials of AKIAIOSFODNN7EXAMPLE (from environment variables) have expired"
        ),
        ("RequestExpired", 400, "this machine's clock differs from AWS's"),
        ("RegionDisabledException", 403, "http://127.0.0.1"),
    ])
    func `wrong credentials each have their own message`(code: String, status: Int, expected: String) async throws {
        let result = try await collect(identityAnswer: error(code), status: status)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("error: \(expected)"), "\(result.errors)")
        #expect(result.errors.contains("AWS says \(code) (HTTP \(status)): AWS's words"))
        #expect(result.errors.contains("with `aws sso login`") == (code == "ExpiredToken"))
        #expect(!result.errors.contains("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
    }

    @Test(arguments: [
        "InvalidClientTokenId", "SignatureDoesNotMatch", "ExpiredToken", "RequestExpired", "AccessDenied", "Odd",
    ])
    func `no sentence ends with two stops, whatever AWS's ends with`(code: String) async throws {
        for (words, told) in [
            ("AWS's words", ": AWS's words"), ("AWS's words.", ": AWS's words"), ("AWS's words. ", ": AWS's words"),
            ("", ""),
        ] {
            let answer = error(code).replacing("AWS's words", with: words)
            let result = try await collect(identityAnswer: answer, status: 403)
            #expect(result.errors.contains("AWS says \(code) (HTTP 403)\(told). "), "\(result.errors)")
        }
    }

    @Test(arguments: [
        ("It works!", "the answer isn't XML"), ("", "the answer isn't XML"),
        ("<!DOCTYPE html><html></html>", "the answer holds a DOCTYPE"),
        ("<html><body>Sign in</body></html>", "the answer has <html> where <GetCallerIdentityResponse> belongs"),
        ("<GetCallerIdentityResponse><GetCallerId", "the answer's XML is cut off before its end"),
    ])
    func `an answer that isn't AWS's has a message of its own`(body: String, expected: String) async throws {
        let result = try await collect(identityAnswer: body, status: 200)
        #expect(result.status == 1)
        #expect(result.errors.contains("doesn't answer as AWS does: \(expected)"), "\(result.errors)")
        #expect(result.errors.contains("Check --endpoint-url"))
    }

    @Test(arguments: [
        (503, "", "has no answer at the moment (HTTP 503, GetCallerIdentity"),
        (502, "<!DOCTYPE html><html></html>", "has no answer at the moment (HTTP 502, GetCallerIdentity"),
        (302, "", "sends callers elsewhere (HTTP 302, GetCallerIdentity), as AWS doesn't"),
    ])
    func `a gateway that answers in AWS's place is told from a wrong address`(
        status: Int, body: String, expected: String
    ) async throws {
        let result = try await collect(identityAnswer: body, status: status)
        #expect(result.status == 1)
        #expect(result.errors.contains(expected), "\(result.errors)")
    }

    /// AWS's own words for a signature whose date is beyond its window.
    @Test(arguments: ["Signature expired: 20261122T204500Z is now earlier", "Signature not yet current: 2026"])
    func `a signature that is out of date is the clock's fault`(words: String) async throws {
        let answer = error("SignatureDoesNotMatch").replacing("AWS's words", with: words)
        let result = try await collect(identityAnswer: answer, status: 403)
        #expect(result.errors.contains("clock differs from AWS's"), "\(result.errors)")
        #expect(!result.errors.contains("Copy the secret"))
    }

    @Test func `without a summary the commonest reason is said`() async throws {
        let fault = MockIAM.FaultPlan.Rule(match: .init(action: "ListAccessKeys"), error: .code("AccessDenied"))
        let account = MockIAM.Account(
            clock: .now,
            users: ["a", "b"].map {
                MockIAM.User($0, created: .now, accessKeys: [MockIAM.AccessKey("AKIA\($0)", created: .now)])
            })
        let result = try await MockIAM.run(account: account, options: MockIAM.Options(faults: .init(rules: [fault]))) {
            try await collect(
                ["--quiet", "--source", "live"], endpoint: $0.endpointURL,
                environment: ["AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"])
        }
        #expect(result.status == 4)
        #expect(result.errors.contains("Most often: ListAccessKeys (2 times): AccessDenied: "), "\(result.errors)")
    }

    @Test func `an endpoint where nothing listens is named`() async throws {
        let port = try await MockIAM.run(MockIAM.Fixture(clock: .now, exchanges: [])) { $0.port }
        let result = try await collect(endpoint: "http://127.0.0.1:\(port)")
        #expect(result.status == 1)
        #expect(
            result.errors.contains(
                "can't get an answer from http://127.0.0.1:\(port)/ after 3 attempts: unreachable: connection refused"))
    }

    @Test func `a folder that can't be written is named before any call`() async throws {
        try await MockIAM.run(fixture: fixture("clean-account")) { server in
            let result = try await collect(["--output-dir", "/dev/null/out"], endpoint: server.endpointURL)
            #expect(result.status == 1)
            #expect(result.errors.contains("can't write the bundle to /dev/null/out"))
            #expect(server.journal.served == 0)
        }
    }

    // MARK: Outages

    @Test(arguments: [(nil, 0), ("3", 4)])
    func `what AWS can't answer for some seconds is asked again, unless somebody says how often to try`(
        attempts: String?, status: Int32
    ) async throws {
        let account = MockIAM.Account(
            clock: .now,
            users: ["ci-deploy", "late"].enumerated().map { number, name in
                MockIAM.User(
                    name, created: .now - 90_000,
                    accessKeys: [MockIAM.AccessKey("AKIAEXAMPLE00000000\(number)", created: .now - 86_400)])
            })
        let outage = """
            faults: [{match: {action: ListAccessKeys, parameters: {UserName: late}}, when: {times: 4}, error: 503}]
            """
        var environment = ["AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"]
        environment["AWS_MAX_ATTEMPTS"] = attempts
        let options = MockIAM.Options(faults: try MockIAM.FaultPlan(parsing: outage))
        let result = try await MockIAM.run(account: account, options: options) { server in
            try await collect(endpoint: server.endpointURL, environment: environment)
        }
        #expect(result.status == status, "\(result.errors)")
        let retries = attempts == nil ? 4 : 2
        #expect(result.output.contains(" calls (") && result.output.contains(", \(retries) of them retries"))
    }

    // MARK: Sources

    @Test func `each source says where its facts come from, and how many calls they took`() async throws {
        let account = MockIAM.Account(
            clock: .now,
            users: [
                MockIAM.User(
                    "ci-deploy", created: .now - 90_000,
                    accessKeys: [MockIAM.AccessKey("AKIAEXAMPLE000000001", created: .now - 86_400)]),
                MockIAM.User("nobody", created: .now - 90_000),
            ], credentialReport: MockIAM.CredentialReportPlan(polls: 2))
        let test = ["AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"]
        for (arguments, calls, said) in [
            ([], 6, "Facts from the credential report of "),
            (["--source", "live"], 10, "Compared with the credential report of "),
            (["--source", "report"], 5, "Users and their keys by the credential report of "),
            (["--source", "report", "--without-key-ids"], 4, "Users and their keys by the credential report of "),
        ] {
            let result = try await MockIAM.run(account: account) { server in
                try await collect(arguments, endpoint: server.endpointURL, environment: test)
            }
            #expect(result.status == 0, "\(arguments)")
            #expect(result.output.contains("1 key, \(calls) calls (\(calls).00 a key)"), "\(result.output)")
            #expect(result.output.contains(said), "\(result.output)")
            #expect(result.output.contains("made during this run"))
            #expect(result.output.contains("Root user             no access key"))
        }
    }
}
