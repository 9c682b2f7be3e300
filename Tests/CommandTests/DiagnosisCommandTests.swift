import Foundation
import MockIAM
import Testing

/// `keywitness whoami`, `doctor` and `permissions` as their user meets them.
@Suite struct DiagnosisCommandTests {
    private let clock = Date(timeIntervalSince1970: 1_795_380_300)
    private let keywitness = Program(name: "keywitness")

    private func environment(_ key: String = "test", _ secret: String = "test") -> [String: String] {
        ["AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "HOME": "/nonexistent"]
    }

    /// Runs a command against an account with one user and one key.
    private func run(
        _ arguments: [String], denied: [String] = [], principal: String = "assumed-role/audit/nightly",
        users: Int = 1, environment: [String: String]? = nil, faults: MockIAM.FaultPlan = MockIAM.FaultPlan()
    ) async throws -> (result: Program.Result, calls: [String: Int]) {
        let account = MockIAM.Account(
            clock: clock,
            users: (0..<users).map { number in
                MockIAM.User(
                    "user-\(number)", created: clock - 86_400 * 200,
                    accessKeys: [MockIAM.AccessKey("AKIAUSER00000000000\(number)", created: clock - 86_400 * 100)])
            },
            callers: [
                MockIAM.Caller(
                    accessKeyID: "AKIACALLER0000000001", secretAccessKey: "secret", principal: principal, denied: denied
                )
            ])
        let own = self.environment("AKIACALLER0000000001", "secret")
        return try await MockIAM.run(account: account, options: MockIAM.Options(faults: faults)) { server in
            let folder = try temporaryFolder()
            defer { try? FileManager.default.removeItem(at: folder) }
            let isOpen = arguments.first == "collect" && !arguments.contains("--output-dir")
            let output = isOpen ? ["--output-dir", folder.appending(path: "out").path] : []
            let result = try await keywitness.run(
                arguments + output + ["--endpoint-url", server.endpointURL], environment: environment ?? own)
            return (result, server.journal.counts)
        }
    }

    // MARK: whoami

    @Test func `whoami says whose the credentials are and where they come from`() async throws {
        let (result, calls) = try await run(["whoami"])
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        #expect(calls == ["GetCallerIdentity": 1])
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.contains("Account        111122223333"))
        #expect(lines.contains("ARN            arn:aws:sts::111122223333:assumed-role/audit/nightly"))
        #expect(lines.contains("Access key id  AKIACALLER0000000001"))
        #expect(lines.contains("From           environment variables"))
    }

    @Test func `whoami --format json has the same for scripts; --offline asks nobody`() async throws {
        let (online, _) = try await run(["whoami", "--format", "json"])
        let said = try #require(try JSONSerialization.jsonObject(with: Data(online.output.utf8)) as? [String: Any])
        #expect(said["arn"] as? String == "arn:aws:sts::111122223333:assumed-role/audit/nightly")
        #expect(said["credential_method"] as? String == "env")
        let (offline, calls) = try await run(["whoami", "--format", "json", "--offline"])
        #expect(calls.isEmpty)
        let known = try #require(try JSONSerialization.jsonObject(with: Data(offline.output.utf8)) as? [String: Any])
        #expect(known["arn"] == nil)
        #expect(known["access_key_id"] as? String == "AKIACALLER0000000001")
    }

    @Test func `a shared file may be a pipe, as a shell makes it of a command`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let pipe = folder.appending(path: "config").path
        try #require(unsafe mkfifo(pipe, 0o600) == 0)
        async let written: Void = Task.detached {
            try Data("[default]\naws_access_key_id = AKIAPIPE\naws_secret_access_key = s\n".utf8)
                .write(to: URL(filePath: pipe))
        }.value
        let result = try await keywitness.run(
            ["whoami", "--offline"],
            environment: ["AWS_CONFIG_FILE": pipe, "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true"])
        // Whoever writes waits for a reader: one that never came mustn't keep the test.
        let reader = unsafe open(pipe, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        try await written
        #expect(result.output.contains("AKIAPIPE"), "\(result.errors)")
    }

    @Test func `whoami by a role shows the session and when it ends`() async throws {
        let role = "arn:aws:iam::111122223333:role/audit"
        let (result, calls) = try await run(
            ["whoami", "--role-arn", role, "--session-name", "nightly-2"], environment: environment())
        #expect(result.status == 0)
        #expect(calls == ["AssumeRole": 1, "GetCallerIdentity": 1])
        #expect(result.output.contains("assumed-role/audit/nightly-2\n"))
        #expect(
            result.output.contains("From           role \(role) of --role-arn, assumed with environment variables\n"))
        #expect(result.output.contains(" in 59 min\n") || result.output.contains(" in 1 h 0 min\n"))
    }

    /// What goes wrong, and the end of what is said about it.
    @Test(arguments: [
        ("AKIANOBODY0000000001", "secret", "Temporary credentials also need their session token."),
        ("AKIACALLER0000000001", "wrong", "Copy the secret again, and check this machine's clock."),
    ])
    func `refused credentials end with the next step`(key: String, secret: String, ending: String) async throws {
        for command in ["whoami", "doctor"] {
            let (result, _) = try await run([command], environment: environment(key, secret))
            #expect(result.status == 1)
            #expect(result.errors.hasPrefix("error: "))
            #expect(result.errors.hasSuffix("\(ending)\n"))
            #expect(!result.errors.contains("secret\n"))
        }
    }

    @Test func `a wrong region isn't blamed on the secret`() async throws {
        for command in ["whoami", "doctor"] {
            let (result, _) = try await run([command, "--region", "nowhere"])
            #expect(result.status == 1)
            #expect(
                result.errors.hasPrefix("error: the signature is for another region or service than http://127.0.0.1:"))
            #expect(
                result.errors.hasSuffix(
                    " AWS says SignatureDoesNotMatch (HTTP 403): Credential should be scoped to a valid region. "
                        + "Check --region, AWS_REGION and the profile's region, and --endpoint-url.\n"),
                "\(result.errors)")
        }
    }

    @Test func `whoever has no credentials is told what was tried`() async throws {
        let result = try await keywitness.run(
            ["whoami"], environment: ["HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true"])
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("error: no AWS credentials found. Tried:\n  - environment variables"))
        #expect(result.errors.hasSuffix("or name a profile with --profile.\n"))
    }

    @Test func `an SSO session that has ended says how to sign in`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let config = """
            [profile corp]
            sso_start_url = https://corp.awsapps.com/start
            sso_region = us-east-1
            sso_account_id = 111122223333
            sso_role_name = SecurityAudit
            """
        try Data(config.utf8).write(to: folder.appending(path: "config"))
        for command in ["whoami", "doctor", "collect"] {
            let result = try await keywitness.run(
                [command, "--profile", "corp"],
                environment: ["HOME": folder.path, "AWS_CONFIG_FILE": folder.appending(path: "config").path])
            #expect(result.status == 1)
            #expect(result.errors.hasSuffix("Run: aws sso login --profile corp\n"))
        }
    }

    @Test(arguments: [
        (["--external-id", "x"], "--external-id goes with --role-arn."),
        (["--role-arn", "audit"], "isn't the ARN of a role, such as arn:aws:iam::111122223333:role/audit."),
        (["--endpoint-url", "http://192.0.2.1"], "or allow it with --insecure-http."),
        (["--max-requests-per-second", "0"], "takes a number above 0, not 0.0."),
        (["--ca-bundle", "/tmp"], "the file of trusted certificates '/tmp' can't be read: it isn't a file. Mend"),
        (["--ca-bundle", "/nonexistent.pem"], "Mend --ca-bundle, AWS_CA_BUNDLE or the profile's ca_bundle."),
        (["--profile", "nobody"], "`aws configure --profile nobody` makes one."),
    ])
    func `options that can't be are refused with what would be right`(options: [String], part: String) async throws {
        let result = try await keywitness.run(["whoami"] + options, environment: environment())
        #expect(result.status == 64 || result.status == 1)
        #expect(result.errors.contains(part), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    // MARK: doctor

    /// The table's rows: permission, needed, result.
    private func table(_ output: String) -> [String: (needed: String, result: String)] {
        let rows = output.split(separator: "\n").filter { $0.hasPrefix("iam:") }.map { line in
            line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
        }
        return Dictionary(rows.map { ($0[0], ($0[1], $0[2])) }) { first, _ in first }
    }

    @Test func `that AWS takes no more calls says nothing of what is granted`() async throws {
        let faults = MockIAM.FaultPlan(rules: [
            .init(match: .init(action: "ListAccessKeys"), error: .code("Throttling")),
            .init(match: .init(action: "GetAccountSummary"), error: .code("Throttling")),
        ])
        let once = environment("AKIACALLER0000000001", "secret").merging(["AWS_MAX_ATTEMPTS": "1"]) { $1 }
        let result = try await run(["doctor"], environment: once, faults: faults).result
        #expect(result.status == 0)
        #expect(result.output.contains("not tried: AWS takes no more calls at the moment; try again later"))
        let warning = try #require(result.errors.split(separator: "\n").first { $0.contains("couldn't be tried") })
        #expect(warning.contains("iam:ListAccessKeys") && warning.contains("iam:GetAccountSummary"))
        #expect(!result.errors.contains("exit code 4) without"))
    }

    @Test func `doctor with all that a scan needs: every needed permission is granted by a call`() async throws {
        let (result, calls) = try await run(["doctor"], denied: ["iam:SimulatePrincipalPolicy"])
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        let table = table(result.output)
        for action in ["iam:ListUsers", "iam:ListAccessKeys", "iam:GetAccessKeyLastUsed"] {
            #expect(table[action]?.needed == "yes")
            #expect(table[action]?.result == "granted")
        }
        for action in [
            "iam:GetLoginProfile", "iam:GetAccountSummary", "iam:GenerateCredentialReport", "iam:GetCredentialReport",
        ] {
            #expect(table[action]?.needed == "wanted")
            #expect(table[action]?.result == "granted")
        }
        #expect(table["iam:ListUserTags"]?.needed == "no")
        #expect(table["iam:ListUserTags"]?.result == "not needed")
        #expect(
            calls == [
                "GetCallerIdentity": 1, "ListUsers": 1, "ListAccessKeys": 1, "GetAccessKeyLastUsed": 1,
                "GetLoginProfile": 1, "GetAccountSummary": 1, "GenerateCredentialReport": 1, "GetCredentialReport": 1,
                "SimulatePrincipalPolicy": 1,
            ])
        #expect(result.output.contains("isn't known: iam:SimulatePrincipalPolicy is denied"))
        #expect(result.output.contains("\"iam:GetLoginProfile\"\n      ],\n      \"Resource\": \"*\""))
    }

    @Test func `doctor with a permission missing ends with 4, and shows AWS's words`() async throws {
        let (result, _) = try await run(["doctor"], denied: ["iam:GetAccessKeyLastUsed"])
        #expect(result.status == 4)
        let denied = try #require(table(result.output)["iam:GetAccessKeyLastUsed"]?.result)
        #expect(
            denied.hasPrefix("denied: User: arn:aws:sts::111122223333:assumed-role/audit/nightly is not authorized"))
        #expect(
            result.errors.hasSuffix(
                "warning: a scan would be incomplete (exit code 4) without iam:GetAccessKeyLastUsed.\n"))
    }

    @Test func `doctor with a permission missing that a scan can do without warns of it`() async throws {
        let (result, _) = try await run(["doctor"], denied: ["iam:GetLoginProfile", "iam:*CredentialReport"])
        #expect(result.status == 0)
        #expect(
            result.errors.contains(
                "iam:GenerateCredentialReport, iam:GetCredentialReport, iam:GetLoginProfile are denied or failed: a scan makes do"
            )
        )
    }

    @Test func `doctor without either source that tells about the root user says that one is needed, and which`()
        async throws
    {
        let (result, _) = try await run(
            ["doctor"],
            denied: ["iam:GetAccountSummary", "iam:*CredentialReport", "iam:GetLoginProfile", "iam:Simulate*"])
        #expect(result.status == 4)
        #expect(
            result.errors == """
                warning: iam:GetLoginProfile is denied or failed: a scan makes do without, with more calls or fewer facts, and says \
                what it couldn't read.
                warning: iam:GenerateCredentialReport, iam:GetCredentialReport, iam:GetAccountSummary are denied or failed: a scan \
                can do without one of account summary and credential report, but not without both, for they tell whether \
                the root user has access keys. Grant iam:GetAccountSummary, or iam:GenerateCredentialReport and \
                iam:GetCredentialReport.
                warning: a scan would be incomplete (exit code 4) without iam:GetAccountSummary or the credential report.

                """)
        let (one, _) = try await run(["doctor"], denied: ["iam:GetAccountSummary", "iam:Simulate*"])
        #expect(one.status == 0)
        #expect(
            one.errors
                == "warning: iam:GetAccountSummary is denied or failed: a scan makes do without, with more calls or fewer "
                + "facts, and says what it couldn't read.\n")
    }

    @Test func `doctor doesn't count on a report that nobody may have made`() async throws {
        let denied = ["iam:GetAccountSummary", "iam:GenerateCredentialReport", "iam:Simulate*"]
        let (result, _) = try await run(["doctor"], denied: denied)
        #expect(result.status == 4)
        #expect(
            result.errors == """
                warning: iam:GenerateCredentialReport, iam:GetAccountSummary are denied or failed: a scan can do without one of \
                account summary and credential report, but not without both, for they tell whether the root user has \
                access keys. Grant iam:GetAccountSummary, or iam:GenerateCredentialReport and iam:GetCredentialReport.
                warning: a scan would be incomplete (exit code 4) without iam:GetAccountSummary or the credential report.

                """)
        let (scan, _) = try await run(["collect"], denied: denied)
        #expect(scan.status == 4)
    }

    @Test func `doctor counts on no account summary that fails`() async throws {
        let fails = MockIAM.FaultPlan(rules: [
            MockIAM.FaultPlan.Rule(
                match: MockIAM.FaultPlan.Match(action: "GetAccountSummary"),
                error: .status(500))
        ])
        let denied = ["iam:*CredentialReport"]
        let (result, _) = try await run(["doctor"], denied: denied, faults: fails)
        #expect(result.status == 4, "\(result.errors)")
        #expect(
            result.errors.hasSuffix(
                "a scan would be incomplete (exit code 4) without iam:GetAccountSummary or the credential report.\n"))
    }

    @Test func `doctor names all that a scan would be incomplete without`() async throws {
        let (result, _) = try await run(
            ["doctor"], denied: ["iam:ListUsers", "iam:GetAccountSummary", "iam:*CredentialReport"])
        #expect(
            result.errors.hasSuffix(
                " (exit code 4) without iam:ListUsers, and without iam:GetAccountSummary or the credential report.\n"),
            "\(result.errors)")
    }

    @Test func `doctor asks for what the scan by the same options needs`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let (policy, exceptions) = (folder.appending(path: "p.yaml").path, folder.appending(path: "e.yaml").path)
        try Data("name: a\nowner_tags: [owner]\n".utf8).write(to: URL(filePath: policy))
        try Data(
            """
            exceptions:
              - ticket: SEC-1
                subject: {tags: {team: payments}}
                tests: [key-rotation]
                kind: accepted-risk
                owner: a@example.com
                approver: b@example.com
                reason: Agreed.
                created: 2026-11-01
                expires: 2027-01-01
            """.utf8
        ).write(to: URL(filePath: exceptions))
        // An exception whose users aren't known holds for nobody; a test that isn't is undetermined.
        for (options, isNeeded) in [(["--policy", policy], true), (["--exceptions", exceptions], false)] {
            let (result, _) = try await run(["doctor"] + options, denied: ["iam:ListUserTags"])
            #expect(result.status == (isNeeded ? 4 : 0), "\(result.errors)")
            #expect(table(result.output)["iam:ListUserTags"]?.needed == (isNeeded ? "yes" : "wanted"))
            let said =
                isNeeded ? "(exit code 4) without iam:ListUserTags." : "iam:ListUserTags is denied or failed: a scan "
            #expect(result.errors.contains(said), "\(result.errors)")
            let out = folder.appending(path: UUID().uuidString).path
            let (scan, _) = try await run(
                ["collect", "--as-of", "2026-11-22T20:45:00Z", "--output-dir", out] + options,
                denied: ["iam:ListUserTags"])
            #expect(scan.status == (isNeeded ? 4 : 3), "\(scan.errors)")
        }
    }

    @Test func `doctor knows that a scan by the report alone needs the report, and no list of users`() async throws {
        let (good, calls) = try await run(
            ["doctor", "--source", "report"], denied: ["iam:ListUsers", "iam:GetLoginProfile", "iam:Simulate*"])
        #expect(good.status == 0, "\(good.errors)")
        #expect(calls["ListUsers"] == nil)
        let rows = table(good.output)
        #expect(rows["iam:ListUsers"]?.needed == "no" && rows["iam:GetLoginProfile"]?.needed == "no")
        #expect(rows["iam:ListAccessKeys"]?.result == "granted")
        #expect(!good.output.contains("\"iam:ListUsers\""))
        let (denied, _) = try await run(["doctor", "--source", "report"], denied: ["iam:GetCredentialReport"])
        #expect(denied.status == 4)
        #expect(denied.errors.contains("(exit code 4) without iam:GetCredentialReport"), "\(denied.errors)")
        let (bare, _) = try await run(
            ["doctor", "--source", "report", "--without-key-ids"],
            denied: ["iam:List*", "iam:GetAccessKeyLastUsed", "iam:GetLoginProfile", "iam:Simulate*"])
        #expect(bare.status == 0, "\(bare.errors)")
        #expect(table(bare.output)["iam:ListAccessKeys"]?.needed == "no")
    }

    /// IAM refuses such a session with a code that reads as if the key weren't there.
    @Test func `a session without MFA is told that IAM isn't for it`() async throws {
        let refused = try MockIAM.FaultPlan(
            parsing: """
                faults:
                  - match: {action: [List*, Get*Report, GenerateCredentialReport, GetAccountSummary, Get*Used, Simulate*]}
                    error: InvalidClientTokenId
                """)
        let account = MockIAM.Account(
            clock: clock, users: [MockIAM.User("robot", created: clock - 86_400)],
            callers: [
                MockIAM.Caller(
                    accessKeyID: "ASIACALLER0000000001", secretAccessKey: "secret", principal: "user/robot"),
                MockIAM.Caller(
                    accessKeyID: "AKIACALLER0000000001", secretAccessKey: "secret", principal: "user/robot"),
            ])
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let advice = "Get one with `aws sts get-session-token --serial-number ARN --token-code CODE`, or assume a role."
        try await MockIAM.run(account: account, options: MockIAM.Options(faults: refused)) { server in
            for (key, isSession) in [("ASIACALLER0000000001", true), ("AKIACALLER0000000001", false)] {
                for command in [
                    ["doctor"], ["collect", "--output-dir", folder.appending(path: key).path],
                ] {
                    let result = try await keywitness.run(
                        command + ["--endpoint-url", server.endpointURL], environment: environment(key, "secret"))
                    #expect(result.status == 4, "\(result.errors)")
                    #expect(result.errors.contains(advice) == isSession, "\(command): \(result.errors)")
                    #expect(!isSession || !result.errors.contains("Grant "))
                }
            }
        }
    }

    @Test func `doctor --include tries what those sources need, too`() async throws {
        let (all, _) = try await run(["doctor", "--include", "all"])
        #expect(all.status == 0)
        #expect(table(all.output).values.allSatisfy { $0.needed != "no" && $0.result == "granted" })
        #expect(table(all.output).count == 12)
        let (tags, _) = try await run(["doctor", "--include", "tags"], denied: ["iam:ListUserTags"])
        #expect(tags.status == 0)
        #expect(tags.errors.contains("iam:ListUserTags is denied or failed: a scan makes do without"))
        let (unneeded, _) = try await run(["doctor"], denied: ["iam:ListUserTags"])
        #expect(unneeded.status == 0)
    }

    @Test func `doctor in an account without users says what could not be tried, and isn't against a scan`()
        async throws
    {
        let (result, _) = try await run(["doctor"], users: 0)
        #expect(result.status == 0)
        let table = table(result.output)
        #expect(table["iam:ListUsers"]?.result == "granted")
        #expect(table["iam:ListAccessKeys"]?.result == "not tried: no user is known to ask about")
        #expect(
            result.errors.contains(
                "whether iam:ListAccessKeys, iam:GetAccessKeyLastUsed are granted isn't known"))
    }

    /// A private network with a way to STS, and none to IAM.
    @Test(.timeLimit(.minutes(1)))
    func `doctor says soon that IAM can't be reached, and doesn't ask for permissions`() async throws {
        let nobody = try await MockIAM.run(MockIAM.Fixture(clock: .now, exchanges: [])) { $0.port }
        let result = try await MockIAM.run(account: MockIAM.Account(clock: .now, users: [])) { server in
            try await keywitness.run(
                ["doctor"],
                environment: environment().merging([
                    "AWS_ENDPOINT_URL_STS": server.endpointURL, "AWS_ENDPOINT_URL_IAM": "http://127.0.0.1:\(nobody)",
                ]) { $1 })
        }
        #expect(result.status == 1)
        #expect(
            result.output.hasSuffix(
                "IAM           http://127.0.0.1:\(nobody)/, not reached\nClock         agrees with AWS's\n\n"))
        #expect(result.errors.contains("can't get an answer from http://127.0.0.1:\(nobody)"), "\(result.errors)")
        #expect(!result.errors.contains("Grant"))
    }

    @Test func `doctor warns of credentials that can change things, and of the root user's`() async throws {
        let (writes, _) = try await run(["doctor"], denied: ["iam:Delete*", "iam:Put*", "iam:Update*", "iam:Attach*"])
        #expect(writes.status == 0)
        #expect(
            writes.errors.contains(
                "can do more than read: iam:CreateUser, iam:CreateAccessKey, iam:CreateLoginProfile."))
        let (reads, _) = try await run(
            ["doctor"], denied: ["iam:Create*", "iam:Delete*", "iam:Put*", "iam:Update*", "iam:Attach*"])
        #expect(reads.errors.isEmpty)
        #expect(reads.output.contains("None of the changes that were asked about is allowed"))
        let (root, _) = try await run(["doctor"], principal: "root")
        #expect(root.errors.contains("credentials of the root user, who can do everything"))
    }

    @Test func `doctor tells a clock that is wrong`() async throws {
        // The emulator's clock stands in 2026; which way this machine's differs depends on when the test runs.
        let (result, _) = try await run(["doctor"])
        let line = try #require(result.output.split(separator: "\n").first { $0.hasPrefix("Clock ") })
        #expect(line.hasSuffix(" AWS's; AWS refuses requests beyond 15 min. Set the clock."))
    }

    @Test func `doctor that reaches nobody ends with 1 and what to check`() async throws {
        let port = try await MockIAM.run(account: MockIAM.Account()) { $0.port }
        let result = try await keywitness.run(
            ["doctor", "--endpoint-url", "http://127.0.0.1:\(port)"],
            environment: environment().merging(["AWS_MAX_ATTEMPTS": "1"]) { $1 })
        #expect(result.status == 1)
        #expect(result.errors.contains("unreachable: connection refused"))
        #expect(result.errors.hasSuffix("Check --region, --endpoint-url, the network and its proxy.\n"))
    }

    // MARK: permissions

    private func actions(_ output: String) throws -> [String] {
        let policy = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        #expect(policy["Version"] as? String == "2012-10-17")
        let statement = try #require((policy["Statement"] as? [[String: Any]])?.first)
        #expect(statement["Effect"] as? String == "Allow")
        return try #require(statement["Action"] as? [String])
    }

    @Test func `permissions is a policy with what a scan calls, and nothing that it doesn't`() async throws {
        let result = try await keywitness.run(["permissions"])
        let (_, calls) = try await run(["collect", "--output-dir", "/dev/null/x"])
        #expect(calls.isEmpty, "nothing is asked where nothing can be written")
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let (_, made) = try await run(["collect", "--source", "live", "--output-dir", folder.path])
        let called = Set(made.keys.filter { $0 != "GetCallerIdentity" }.map { "iam:\($0)" })
        #expect(Set(try actions(result.output)) == called)
    }

    @Test func `permissions --include adds those of optional sources, and knows no others`() async throws {
        #expect(try actions(try await keywitness.run(["permissions", "--include", "all"]).output).count == 12)
        let tags = try await keywitness.run(["permissions", "--include", "tags"]).output
        #expect(try actions(tags).last == "iam:ListUserTags")
        let report = try await keywitness.run(["permissions", "--source", "report", "--without-key-ids"]).output
        #expect(
            try actions(report).sorted() == [
                "iam:GenerateCredentialReport", "iam:GetAccountSummary", "iam:GetCredentialReport",
            ])
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let policy = folder.appending(path: "policy.yaml")
        try "{name: ours, owner_tags: [owner], tests: [unused-key, identifier-assigned]}".write(
            to: policy, atomically: true, encoding: .utf8)
        let owners = try await keywitness.run(["permissions", "--policy", policy.path]).output
        #expect(try actions(owners) == actions(tags))
        let wrong = try await keywitness.run(["permissions", "--include", "everything"])
        #expect(wrong.status == 64)
        #expect(wrong.errors.contains("is none of all, tags, "))
    }
}
