import Foundation
import MockIAM
import Testing

@testable import keywitness

/// What options, environment and files may say, and what is said where they may not.
@Suite struct OptionsCommandTests {
    private let keywitness = Program(name: "keywitness")
    private let keys = [
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ]

    /// Asks nobody.
    private func whoami(_ arguments: [String] = [], _ environment: [String: String] = [:]) async throws
        -> Program.Result
    {
        try await keywitness.run(
            ["whoami", "--offline"] + arguments,
            environment: keys.merging(["HOME": "/nonexistent"]) { $1 }.merging(environment) { $1 })
    }

    // MARK: AWS

    @Test(arguments: [
        (["--role-arn", "arn:aws:iam::111122223333:role/a:b"], "isn't the ARN of a role"),
        (["--role-arn", "arn:aws:iam::111122223333:user/a"], "isn't the ARN of a role"),
        (["--external-id", "x"], "--external-id goes with --role-arn"),
        (["--max-requests-per-second", "0"], "takes a number above 0"),
        (["--max-requests-per-second", "inf"], "takes a number above 0"),
        (["--max-requests-per-second", "nan"], "takes a number above 0"),
        (["--region=-us-east-1"], "isn't the name of a region"),
        (["--region", "us-east-1-"], "isn't the name of a region"),
        (["--endpoint-url", "http://iam.example.com"], "plain http:// goes to this machine only"),
    ])
    func `an option that can't be meant is wrong usage`(arguments: [String], error: String) async throws {
        let result = try await whoami(arguments)
        #expect(result.status == 64 && result.errors.contains(error), "\(result.errors)")
    }

    @Test func `a profile is told where one was named`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let config = folder.appending(path: "config")
        try "[profile audit]\naws_access_key_id = AKIAEXAMPLE000000001\naws_secret_access_key = s\n"
            .write(to: config, atomically: true, encoding: .utf8)
        for (arguments, isTold) in [([], false), (["--profile", "audit"], true)] {
            let result = try await whoami(["--format", "json"] + arguments, ["AWS_CONFIG_FILE": config.path])
            #expect(result.output.contains(#""profile" : "audit""#) == isTold, "\(result.errors)")
            #expect(result.output.contains("\"profile\"") == isTold, "\(result.output)")
        }
    }

    @Test func `plain HTTP to another machine has to be allowed`() async throws {
        let result = try await whoami(["--endpoint-url", "http://iam.example.com", "--insecure-http"])
        #expect(result.status == 0 && result.output.contains("http://iam.example.com"), "\(result.errors)")
    }

    @Test func `a configured region that is none is said to be`() async throws {
        let result = try await whoami([], ["AWS_REGION": "us_east_1"])
        #expect(result.status == 1)
        #expect(
            result.errors
                == "error: the configured region 'us_east_1' isn't the name of a region. Name one with --region.\n")
        #expect(try await whoami(["--region", "eu-west-1"], ["AWS_REGION": "us_east_1"]).status == 0)
    }

    @Test func `a shared file may be told not to be there, and may not be huge`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let huge = folder.appending(path: "huge")
        try Data().write(to: huge)
        let file = try FileHandle(forWritingTo: huge)
        try file.truncate(atOffset: 16 << 20 + 1)
        try file.close()
        #expect(try await whoami([], ["AWS_CONFIG_FILE": "/dev/null"]).status == 0)
        let result = try await whoami([], ["AWS_CONFIG_FILE": huge.path])
        #expect(result.status == 1 && result.errors.contains("it is larger than 16 MB"), "\(result.errors)")
    }

    @Test func `when credentials end is told in hours and minutes`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for (minutes, words) in [(90.5, " in 1 h 30 min"), (40.5, " in 40 min")] {
            let credentials = """
                {"Version": 1, "AccessKeyId": "ASIAEXAMPLE000000001", "SecretAccessKey": "s", "SessionToken": "t", \
                "Expiration": "\((Date.now + minutes * 60).ISO8601Format())"}
                """
            let (file, config) = (folder.appending(path: "credentials"), folder.appending(path: "config"))
            try credentials.write(to: file, atomically: true, encoding: .utf8)
            try "[default]\ncredential_process = /bin/cat \(file.path)\n"
                .write(to: config, atomically: true, encoding: .utf8)
            let result = try await keywitness.run(
                ["whoami", "--offline"], environment: ["HOME": folder.path, "AWS_CONFIG_FILE": config.path])
            #expect(result.output.contains(words), "\(result.output) \(result.errors)")
        }
    }

    // MARK: collect

    @Test(arguments: [
        (["--output-dir", "a\u{fffd}b"], "isn't UTF-8. Name a folder that is."),
        (["--timestamp-url", "ftp://example.com"], "isn't an http:// or https:// URL"),
        (["--framework", "cis-aws-3"], "Did you mean cis-aws-3.0?"),
        (["--policy", "defualt"], "Did you mean default?"),
        (["--source", "report", "--without-key-ids", "--exceptions", "tags.yaml"], "an exception looks at tags"),
        (["--policy", "./borrowed.yaml"], "'default'"),
    ])
    func `what collect can't do is said before anything is asked`(arguments: [String], error: String) async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let exception = """
            exceptions:
              - {ticket: SEC-1, subject: {users: ["*"], tags: {team: x}}, tests: [key-rotation], kind: accepted-risk, \
            owner: a@example.com, approver: b@example.com, reason: Agreed., created: 2026-11-01, expires: 2027-01-01}
            """
        for (name, text) in [("tags.yaml", exception), ("borrowed.yaml", "name: default\n")] {
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        let result = try await keywitness.run(
            ["collect", "--endpoint-url", "http://127.0.0.1:1"] + arguments, environment: keys, in: folder)
        #expect(result.status == 64 && result.errors.contains(error), "\(result.errors)")
    }

    /// Of names that look like options the hint makes none.
    @Test func `the hint at explain can be run as it is, whatever the names`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let key = MockIAM.AccessKey("AKIAEXAMPLE000000001", created: .now - 86_400 * 400)
        let account = MockIAM.Account(
            clock: .now, users: [MockIAM.User("-ci", created: .now - 86_400 * 500, accessKeys: [key])])
        let result = try await MockIAM.run(account: account, options: MockIAM.Options(authentication: .off)) { server in
            try await keywitness.run(
                ["collect", "--endpoint-url", server.endpointURL, "--output-dir=-out"],
                environment: keys.merging(["HOME": folder.path]) { $1 }, in: folder)
        }
        let hint = try #require(result.output.split(separator: "keywitness explain ").last).split(separator: "\n")[0]
        #expect(hint.hasPrefix("--bundle=-out/") && hint.hasSuffix(" -- -ci"), "\(hint)")
        let bundle = try #require(hint.split(separator: " ").first?.dropFirst("--bundle=".count))
        let explained = try await keywitness.run(["explain", "--bundle=\(bundle)", "--", "-ci"], in: folder)
        #expect(explained.status == 0 && explained.output.hasPrefix("User -ci\n"), "\(explained.errors)")
    }

    @Test func `a file is a policy by any name that no built-in one has`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try "name: ours\n".write(to: folder.appending(path: "ours"), atomically: true, encoding: .utf8)
        let shown = try await keywitness.run(["policy", "show", "ours"], in: folder)
        #expect(shown.status == 0 && shown.output == "name: ours\n", "\(shown.errors)")
        #expect(try await keywitness.run(["policy", "show", "theirs"], in: folder).status == 64)
    }

    @Test func `many runs that can't be read, and many exceptions to look at, are named in part`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let runs = (1...7).map { "2026010\($0)T000000Z" }
        for run in runs {
            try FileManager.default.createDirectory(
                at: folder.appending(path: "out/111122223333/\(run)"), withIntermediateDirectories: true)
        }
        let exceptions = (1...12).map { number in
            """
              - {ticket: SEC-\(number), subject: {user: nobody-\(number)}, tests: [key-rotation], kind: accepted-risk, \
            owner: a@example.com, approver: b@example.com, reason: Agreed., created: 2026-11-01, expires: 2027-01-01}
            """
        }
        let file = folder.appending(path: "e.yaml")
        try "exceptions:\n\(exceptions.joined(separator: "\n"))\n".write(to: file, atomically: true, encoding: .utf8)
        let result = try await MockIAM.run(fixture: fixture("demo-account")) { server in
            try await keywitness.run(
                [
                    "collect", "--endpoint-url", server.endpointURL, "--as-of", "2026-11-22T20:45:00Z", "--quiet",
                    "--exceptions", file.path, "--output-dir", folder.appending(path: "out").path,
                ], environment: keys.merging(["HOME": folder.path]) { $1 })
        }
        let named = runs.prefix(5).joined(separator: ", ")
        #expect(
            result.errors.contains("warning: the chain of runs is broken: \(named) and 2 more could not be read"),
            "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count { $0.hasPrefix("warning: exception SEC-") } == 10)
        #expect(result.errors.contains("warning: 2 more exceptions to look at: see exceptions in report.json.\n"))
    }

    @Test func `without a summary the reason that is the commonest is said, and no other`() async throws {
        let denied = ["ListAccessKeys", "GetAccountSummary", "GenerateCredentialReport"].map { action in
            "{match: {action: \(action)}, error: AccessDenied}"
        }
        let faults = try MockIAM.FaultPlan(parsing: "{faults: [\(denied.joined(separator: ", "))]}")
        let account = MockIAM.Account(
            clock: .now,
            users: ["a", "b", "c"].map { name in
                MockIAM.User(name, created: .now, accessKeys: [MockIAM.AccessKey("AKIA\(name)", created: .now)])
            })
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for (number, options) in [["--quiet"], ["--format", "json"], []].enumerated() {
            let result = try await MockIAM.run(account: account, options: MockIAM.Options(faults: faults)) {
                try await keywitness.run(
                    ["collect", "--endpoint-url", $0.endpointURL, "--output-dir", "\(folder.path)/\(number)"] + options,
                    environment: ["AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"])
            }
            #expect(result.status == 4)
            let isSaid = result.errors.contains("Most often: ListAccessKeys (3 times): AccessDenied: ")
            #expect(isSaid == !options.isEmpty, "\(result.errors)")
        }
    }

    @Test func `an as-of instant is of whole seconds, as bundles have it`() {
        let date = Date(timeIntervalSince1970: 1_795_380_300)
        for text in ["2026-11-22T20:45:00Z", "2026-11-22T20:45:00.9Z", "2026-11-22T21:45:00.1+01:00"] {
            #expect(Instant(argument: text)?.date == date, "\(text)")
        }
        #expect(Instant(argument: "2026-11-22") == nil)
    }

    /// The bundle is there all the same.
    @Test func `a bundle that has no timestamp though it should is a warning, and the run incomplete`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let result = try await MockIAM.run(fixture: fixture("clean-account")) { server in
            try await keywitness.run(
                [
                    "collect", "--endpoint-url", server.endpointURL, "--as-of", "2026-11-22T20:45:00Z", "--format",
                    "json",
                    "--timestamp-url", "\(server.endpointURL)/none", "--output-dir", folder.path, "--oscal-version",
                    "1.1.2",
                ], environment: keys.merging(["HOME": folder.path]) { $1 })
        }
        #expect(result.status == 4 && result.output.contains("\"complete\": true"), "\(result.errors)")
        #expect(result.errors.contains("warning: ") && result.errors.contains("timestamp"), "\(result.errors)")
        let bundle = "\(folder.path)/222233334444/20261122T204500Z"
        let names = try FileManager.default.contentsOfDirectory(atPath: bundle)
        #expect(names.contains("SHA256SUMS") && !names.contains("SHA256SUMS.tsr"))
        let manifest = try String(contentsOfFile: "\(bundle)/manifest.json", encoding: .utf8)
        #expect(manifest.contains(#""oscal_version": "1.1.2""#))
    }

    // MARK: policy and controls

    @Test func `policy check looks at exceptions and mappings together`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let exceptions = """
            exceptions:
              - {ticket: SEC-1, subject: {user: a}, tests: [key-rotation], kind: accepted-risk, owner: a@example.com, \
            approver: b@example.com, reason: Agreed., created: 2020-01-01, expires: 2020-06-01}
            """
        let mappings = """
            {version: "1", frameworks: [{id: acme, title: ACME}], tests: [{test: key-rotation, mappings: [{framework: acme, \
            control: a-1, targetType: statement-id, target: a-1_smt, relationship: direct, rationale: Asked for.}]}]}
            """
        let files = [("e.yaml", exceptions), ("c.yaml", mappings), ("d.yaml", mappings)].map { name, text in
            (folder.appending(path: name), text)
        }
        for (file, text) in files { try text.write(to: file, atomically: true, encoding: .utf8) }
        func check(_ arguments: [String]) async throws -> Program.Result {
            try await keywitness.run(["policy", "check", "default"] + arguments)
        }
        let noted = try await check(["--exceptions", files[0].0.path, "--controls", files[1].0.path])
        #expect(noted.status == 0)
        #expect(noted.output.contains("e.yaml: 1 exception\nnote: "), "\(noted.output)")
        #expect(noted.output.hasSuffix("c.yaml: 1 mapping to ACME\n"), "\(noted.output)")
        // The second file is looked at beside the first.
        let both = try await check(["--controls", files[1].0.path, "--controls", files[2].0.path])
        #expect(both.status == 64 && both.errors.contains("there is a framework 'acme' already"), "\(both.errors)")
    }

    @Test func `controls are printed below their frameworks, with limits of their own, and no test without any`()
        async throws
    {
        let all = try await keywitness.run(["controls"]).output
        let cis = try #require(
            all.components(separatedBy: "\n\n").map { $0.trimmingCharacters(in: .newlines) }.first {
                $0.hasPrefix("cis-aws-3.0: ")
            })
        #expect(
            cis.contains("  1.12  unused-key, supporting (") && cis.contains(", limit of its own: 45 days)"), "\(cis)")
        #expect(!cis.contains("CC6.1") && !cis.contains("AC-2(3)") && !cis.contains("8.3.9"))
        let json = try await keywitness.run(["controls", "--framework", "pci-dss-4.0", "--format", "json"]).output
        #expect(!json.contains(/"mappings": ?\[\]/))
        #expect(json.contains("key-rotation") && !json.contains("root-key"))
    }
}
