import Foundation
import MockIAM
import Testing

/// `keywitness policy`, `controls` and `explain`, and what policy and exceptions do to `collect`, as their user meets
/// them.
@Suite struct AssessmentCommandTests {
    private let keywitness = Program(name: "keywitness")

    /// Collects a fixture with files in a folder of its own; hands over the folder and the bundle.
    private func collect(
        fixture name: String = "demo-account", files: [String: String] = [:], _ arguments: [String] = [],
        then check: (_ result: Program.Result, _ folder: URL, _ bundle: String) async throws -> Void
    ) async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        let arguments = arguments.map { files[$0] == nil ? $0 : folder.appending(path: $0).path }
        let result = try await MockIAM.run(fixture: fixture(name)) { server in
            try await keywitness.run(
                [
                    "collect", "--as-of", "2026-11-22T20:45:00Z", "--output-dir", folder.appending(path: "out").path,
                    "--endpoint-url", server.endpointURL,
                ] + arguments,
                environment: [
                    "HOME": folder.path, "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
                    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                ])
        }
        try await check(result, folder, folder.appending(path: "out/111122223333/20261122T204500Z").path)
    }

    // MARK: collect

    private static func exceptions(expires: String) -> String {
        """
        exceptions:
          - ticket: SEC-1
            subject: {users: ["*"]}
            tests: [unused-key, key-rotation, inactive-key-removed, single-active-key]
            kind: accepted-risk
            owner: platform@example.com
            approver: ciso@example.com
            reason: Migration to roles.
            created: 2026-11-01
            expires: \(expires)
        """
    }

    @Test func `what exceptions answer for doesn't fail the run, until the day they expire`() async throws {
        for (expires, status, said) in [
            ("2026-11-23", 3, "SEC-1 (users *): Expires on 2026-11-23T00:00:00Z, in less than a day"),
            ("2026-11-22", 3, "SEC-1 (users *): Expired on 2026-11-22T00:00:00Z. What it was for fails the run again"),
        ] as [(String, Int32, String)] {
            let files = ["e.yaml": Self.exceptions(expires: expires)]
            try await collect(files: files, ["--exceptions", "e.yaml", "--fail-on", "low"]) { result, _, _ in
                // LOW and MEDIUM keys that fail no test can't be excepted.
                #expect(result.status == status)
                #expect(result.output.contains(said), "\(result.output)")
            }
        }
        for (expires, status) in [("2026-11-23", 0), ("2026-11-22", 3)] as [(String, Int32)] {
            try await collect(
                files: ["e.yaml": Self.exceptions(expires: expires)], ["--exceptions", "e.yaml"]
            ) { result, _, bundle in
                #expect(result.status == status, "\(result.output)")
                #expect(result.output.contains("CRITICAL 4  HIGH 4  MEDIUM 5  LOW 6  COMPLIANT 6"))
                #expect(result.output.contains("not-satisfied (10 keys\(status == 0 ? ", 10 of them excepted" : ""))"))
                #expect(FileManager.default.fileExists(atPath: "\(bundle)/exceptions.json"))
            }
        }
    }

    @Test func `an excepted run is partially compliant, and a critical key stays critical`() async throws {
        let files = ["e.yaml": Self.exceptions(expires: "2027-01-01")]
        try await collect(files: files, ["--exceptions", "e.yaml", "--fail-on", "critical"]) { result, _, _ in
            #expect(result.status == 0)
            #expect(result.output.contains("NIST 800-53 IA-4      PARTIALLY_COMPLIANT"))
            #expect(result.output.contains("Overall               NON_COMPLIANT"))
            #expect(result.output.contains("(unused-key), (key-rotation)"))
        }
    }

    @Test func `a built-in policy, a file and options decide what fails`() async throws {
        let lenient = "{name: lenient, limits: {last_used: 2000, key_age: 2000}, tests: [unused-key, key-rotation]}"
        try await collect(files: ["p.yaml": lenient], ["--policy", "p.yaml"]) { result, _, bundle in
            #expect(result.status == 0)
            #expect(result.output.contains("Policy                lenient"))
            let manifest = try String(contentsOfFile: "\(bundle)/manifest.json", encoding: .utf8)
            #expect(manifest.contains("\"name\": \"lenient\""))
        }
        try await collect(files: ["p.yaml": lenient], ["--policy", "p.yaml", "--key-age-threshold", "10"]) {
            result, _, _ in
            #expect(result.status == 3)
            #expect(result.output.contains("Policy                lenient-adjusted"))
        }
        try await collect(["--policy", "strict"]) { result, _, _ in
            #expect(result.output.contains("CRITICAL 10"), "\(result.output)")
        }
    }

    @Test func `frameworks limit what is shown, and another one needs no code`() async throws {
        let ours = """
            version: "1"
            frameworks: [{id: acme, title: ACME key standard}]
            tests:
              - test: key-rotation
                mappings:
                  - {framework: acme, control: acme-7, targetType: statement-id, target: acme-7_smt, relationship: direct,
                     rationale: Our standard asks for it.}
            """
        try await collect(files: ["c.yaml": ours], ["--controls", "c.yaml", "--framework", "acme"]) { _, _, bundle in
            let oscal = try String(contentsOfFile: "\(bundle)/oscal/assessment-results.json", encoding: .utf8)
            #expect(oscal.contains("acme-7") && !oscal.contains("ia-4_obj"))
        }
        try await collect(files: ["c.yaml": ours], ["--controls", "c.yaml"]) { _, _, bundle in
            let oscal = try String(contentsOfFile: "\(bundle)/oscal/assessment-results.json", encoding: .utf8)
            #expect(oscal.contains("acme-7") && oscal.contains("ia-4_obj"))
        }
    }

    @Test func `the summary has the controls of the frameworks that were asked for`() async throws {
        func controls(_ arguments: [String]) async throws -> [Substring] {
            var found: [Substring] = []
            try await collect(arguments) { result, _, _ in
                let lines = result.output.split(separator: "\n")
                let last = try #require(lines.firstIndex { $0.hasPrefix("Overall  ") })
                let first = try #require(lines.firstIndex { $0.hasPrefix("identifier-unique ") })
                found = Array(lines[(first + 1)..<last])
            }
            return found
        }
        #expect(
            try await controls([]) == ["SOC 2 CC6.1           NON_COMPLIANT", "NIST 800-53 IA-4      NON_COMPLIANT"])
        #expect(
            try await controls(["--framework", "soc2-tsc-2017"]) == ["SOC 2 CC6.1           NON_COMPLIANT"])
        #expect(
            try await controls(["--framework", "cis-aws-3.0", "--framework", "pci-dss-4.0"]) == [
                "CIS AWS 1.12          NON_COMPLIANT", "CIS AWS 1.14          NON_COMPLIANT",
                "CIS AWS 1.13          NON_COMPLIANT", "CIS AWS 1.4           COMPLIANT",
                "PCI DSS 8.3.9         NON_COMPLIANT",
            ])
    }

    @Test(arguments: [
        (["collect", "--policy", "strikt"], "Usage: keywitness collect <options>", "keywitness collect"),
        (["collect", "--framework", "iso"], "Usage: keywitness collect <options>", "keywitness collect"),
        (["controls", "--framework", "iso"], "Usage: keywitness controls ", "keywitness controls"),
        (["policy", "show", "strikt"], "Usage: keywitness policy show ", "keywitness policy show"),
    ])
    func `a name that is none ends with how that command is used`(
        arguments: [String], usage: String, command: String
    ) async throws {
        let result = try await keywitness.run(
            arguments, environment: ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"])
        #expect(result.status == 64)
        let lines = result.errors.split(separator: "\n")
        #expect(lines.first?.hasPrefix("Error: ") == true, "\(result.errors)")
        #expect(lines.contains { $0.hasPrefix(usage) }, "\(result.errors)")
        #expect(lines.last == "  See '\(command) --help' for more information.", "\(result.errors)")
        #expect(!result.errors.contains("<subcommand>"))
    }

    @Test(arguments: [
        ["collect", "--exceptions", "none"], ["verify", "x", "--allowed-signers", "none"],
        ["policy", "check", "./none.yaml"], ["doctor", "--exceptions", "none"],
    ])
    func `a mistake in a file is named, without how the command is used`(arguments: [String]) async throws {
        let result = try await keywitness.run(
            arguments, environment: ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"])
        #expect(result.status == 64)
        #expect(result.errors.hasPrefix("Error: "), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1 && result.output.isEmpty, "\(result.errors)")
    }

    @Test func `verify says what was checked, what wasn't, and nothing of it when quiet`() async throws {
        try await collect { _, _, bundle in
            func lines(_ options: [String]) async throws -> [String] {
                let result = try await keywitness.run(["verify"] + options)
                #expect(result.status == 0, "\(result.output)")
                return result.output.split(separator: "\n").map(String.init)
            }
            let plain = try await lines([bundle, bundle])
            #expect(plain.count { $0 == "  Every check that was asked for passed." } == 2)
            #expect(plain.count { $0.hasPrefix("Not done: ") } == 1)
            #expect(
                plain.last
                    == "Not done: the collection once more from the recorded answers (--recompute), the chain of runs (--chain)."
            )
            let all = try await lines(["--recompute", "--chain", bundle])
            #expect(all.last == "  The chain is whole.")
            #expect(all.contains { $0.hasPrefix("  RUN  AS OF ") })
            #expect(all.contains { $0.hasPrefix("  1    2026-11-22T20:45:00Z  ") && $0.hasSuffix("  nobody") })
            #expect(try await lines(["--quiet", bundle]).isEmpty)
        }
    }

    @Test func `verify --format json has each check, and what the bundle is`() async throws {
        try await collect { _, folder, bundle in
            func verified(_ options: [String], status: Int32) async throws -> [String: Any] {
                let result = try await keywitness.run(["verify", "--format", "json"] + options)
                #expect(result.status == status, "\(result.errors)")
                return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
            }
            let sound = try await verified(["--chain", "--quiet", bundle], status: 0)
            #expect(sound["sound"] as? Bool == true && sound["recomputed"] as? Bool == false)
            #expect(sound["schema"] as? String == "urn:keywitness:schema:verification:1")
            let told = try #require((sound["bundles"] as? [[String: Any]])?.first)
            #expect(told["path"] as? String == bundle && told["account"] as? String == "111122223333")
            #expect(told["run"] as? String == "20261122T204500Z" && told["as_of"] as? String == "2026-11-22T20:45:00Z")
            #expect(told["complete"] as? Bool == true && told["overall_status"] as? String == "NON_COMPLIANT")
            #expect(told["signed_by"] is NSNull && (told["window"] as? [String: String])?.count == 2)
            let checks = try #require(told["checks"] as? [[String: Any]])
            #expect(checks.map { $0["name"] as? String }.prefix(3) == ["files", "checksums", "signature"])
            #expect(checks.allSatisfy { ($0["flaws"] as? [String])?.isEmpty == true })
            let chain = try #require((sound["chains"] as? [[String: Any]])?.first)
            let run = try #require((chain["runs"] as? [[String: Any]])?.first)
            #expect(run["sequence"] as? Int == 1 && run["sha256"] as? String == told["sha256"] as? String)
            #expect(chain["longest_gap"] is NSNull)

            try Data("x".utf8).write(to: URL(filePath: bundle).appending(path: "notes.txt"))
            let none = folder.appending(path: "none").path
            let damaged = try await verified([bundle, none], status: 5)
            #expect(damaged["sound"] as? Bool == false && damaged["chains"] is NSNull)
            let bundles = try #require(damaged["bundles"] as? [[String: Any]])
            let files = try #require((bundles[0]["checks"] as? [[String: Any]])?.first)
            #expect(files["result"] as? String == "failed")
            #expect(files["flaws"] as? [String] == ["notes.txt doesn't belong to a bundle"])
            #expect(bundles[1]["account"] is NSNull && bundles[1]["sound"] as? Bool == false)
        }
    }

    #if os(Linux)
        @Test func `what can't be printed is an error`() async throws {
            try await collect { _, _, bundle in
                for arguments in [
                    ["permissions"], ["policy", "show", "strict"], ["policy", "show", "--format", "json"],
                    ["policy", "check", "strict"], ["describe"], ["describe", "--format", "json"], ["controls"],
                    ["controls", "--format", "json"], ["verify", bundle],
                    ["explain", "backup-agent", "--bundle", bundle],
                ] {
                    let result = try await keywitness.run(arguments, to: "/dev/full")
                    #expect(result.status == 1, "\(arguments)")
                    #expect(
                        result.errors == "error: can't write to standard output: No space left on device.\n",
                        "\(arguments): \(result.errors)")
                }
            }
        }
    #endif

    @Test(arguments: [
        (
            ["--policy", "strikt"],
            "there is no policy 'strikt': it is neither a file nor one of default, cis-aws, strict. Did you mean strict?"
        ),
        (["--policy", "./none.yaml"], "./none.yaml: there is no such file"),
        (["--exceptions", "none"], "none: there is no such file"),
        (["--framework", "iso-27001"], "--framework 'iso-27001' is none of "),
    ])
    func `a mistake is wrong usage, and nothing is asked of AWS`(arguments: [String], said: String) async throws {
        let result = try await keywitness.run(
            ["collect", "--endpoint-url", "http://127.0.0.1:9"] + arguments,
            environment: ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"])
        #expect(result.status == 64)
        #expect(result.errors.contains(said), "\(result.errors)")
    }

    @Test(arguments: [
        ("medium: {idle: 60, age: 120}", "45", "MEDIUM idle 60", "HIGH begin at 45"),
        ("critical: {idle: 95}", "100", "CRITICAL idle 95", "HIGH begin at 100"),
        ("low: {age: 30, never_used_age: 50}", "45", "LOW never_used_age 50", "HIGH begin at 45"),
    ])
    func `a limit that an override's levels don't go with is wrong usage, and nothing is asked of AWS`(
        levels: String, days: String, named: String, other: String
    ) async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "p.yaml")
        let policy = "{name: a, overrides: [{name: service, match: {users: ['svc-*']}, levels: {\(levels)}}]}"
        try policy.write(to: file, atomically: true, encoding: .utf8)
        let result = try await keywitness.run(
            [
                "collect", "--endpoint-url", "http://127.0.0.1:9", "--policy", file.path, "--last-used-threshold", days,
            ], environment: ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"])
        #expect(result.status == 64)
        let said = "--last-used-threshold \(days): override 'service' names \(named), and the option lets \(other)"
        #expect(result.errors.contains(said), "\(result.errors)")
    }

    @Test func `a policy that looks at tags doesn't go with four calls in all`() async throws {
        let files = ["p.yaml": "{name: a, owner_tags: [owner]}"]
        try await collect(files: files, ["--policy", "p.yaml", "--source", "report", "--without-key-ids"]) {
            result, _, _ in
            #expect(result.status == 64)
            #expect(result.errors.contains("looks at tags"))
        }
    }

    @Test func `an exception about a key id doesn't go without the ids`() async throws {
        let files = [
            "e.yaml": """
            exceptions:
              - ticket: SEC-1
                subject: {key: AKIAIOSFODNN7EXAMPLE}
                tests: [key-rotation]
                kind: accepted-risk
                owner: platform@example.com
                approver: ciso@example.com
                reason: Migration to roles.
                created: 2026-11-01
                expires: 2026-12-01
            """
        ]
        let arguments = ["--exceptions", "e.yaml", "--source", "report"]
        try await collect(files: files, arguments + ["--without-key-ids"]) { result, _, _ in
            #expect(result.status == 64)
            #expect(result.errors.contains("an exception is about a key by its id"))
        }
        try await collect(files: files, arguments) { result, _, _ in #expect(result.status != 64) }
    }

    // MARK: policy and controls

    @Test func `policy check says what a policy comes to, and what may not be meant`() async throws {
        let checked = try await keywitness.run(["policy", "check", "cis-aws"])
        #expect(
            checked.output
                == "cis-aws: 45 days unused, 90 days to rotation, one active key. Unused 45 days, rotation 90 days, overlap "
                + "0 days; 6 control tests, 0 overrides, exceptions of up to 365 days\n")
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "p.yaml")
        try "name: a\nowner_tags: [owner]\n".write(to: file, atomically: true, encoding: .utf8)
        #expect(
            try await keywitness.run(["policy", "check", file.path]).output.contains("note: it looks at users' tags"))
        try "name: a\nlimits:\n  rotation: 3\n".write(to: file, atomically: true, encoding: .utf8)
        let unlike = try await keywitness.run(["policy", "check", file.path])
        #expect(
            unlike.errors.contains("'rotation' is not a key of the limits; those are last_used, key_age, "),
            "\(unlike.errors)")
        try "name: a\nlimits:\n  key_ages: 3\n".write(to: file, atomically: true, encoding: .utf8)
        let wrong = try await keywitness.run(["policy", "check", file.path])
        #expect(wrong.status == 64 && wrong.output.isEmpty)
        #expect(
            wrong.errors.contains("p.yaml:3: limits: 'key_ages' is not a key of the limits; did you mean 'key_age'?"))
    }

    @Test func `controls prints the crosswalk, all of it or a framework's`() async throws {
        let all = try await keywitness.run(["controls"])
        for label in [
            "AC-2(3)  unused-key, direct (ac-2.3_obj.d, sets ac-02.03_odp.02", "CC6.1", "1.14", "A.5.17", "8.3.9",
        ] {
            #expect(all.output.contains(label), "\(label)")
        }
        let soc2 = try await keywitness.run(["controls", "--framework", "soc2-tsc-2017"])
        #expect(soc2.output.contains("CC6.1") && !soc2.output.contains("AC-2(3)"))
        let wrong = try await keywitness.run(["controls", "--framework", "soc2"])
        #expect(wrong.status == 64 && wrong.errors.contains("soc2-tsc-2017"))
    }

    @Test func `the examples of controls work one after the other`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let help = try await keywitness.run(["controls", "--help"]).output
        let examples = try #require(help.split(separator: "Examples:\n").last?.split(separator: "\n\n").first)
        #expect(examples.split(separator: "\n").count == 5)
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-ec", String(examples)]
        shell.environment = ["PATH": "\(Program.folder.path):/usr/bin:/bin"]
        shell.currentDirectoryURL = folder
        let output = folder.appending(path: "output")
        try Data().write(to: output)
        shell.standardOutput = try FileHandle(forWritingTo: output)
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 0)
        let printed = String(decoding: try Data(contentsOf: output), as: UTF8.self)
        #expect(printed.contains("\nacme-3.0: "))
    }

    // MARK: explain

    @Test func `explain follows a key from its facts to what to do`() async throws {
        try await collect { _, _, bundle in
            let result = try await keywitness.run(["explain", "AKIAZ4EKWCRPBEXAMPLE", "--bundle", bundle])
            #expect(result.status == 0 && result.errors.isEmpty)
            for said in [
                "User backup-agent\n", "by policy default\n", "  Last used         never (GetCredentialReport at ",
                "Access key AKIAZ4EKWCRPBEXAMPLE: CRITICAL\n",
                "CRITICAL  never used and 180 days old?       yes: never used, 200 days old\n",
                "unused-key            not-satisfied: never-used-age-days 200, limit 90 (GetCredentialReport, exchange ",
                "counts for NIST 800-53 AC-2(3) (ac-2.3_obj.d, direct): ",
                "counts for SOC 2 CC6.1 (cc6.1_smt, supporting)",
                "The scan was given none.", "used now and kept                  MEDIUM, not passing key-rotation",
                "replaced by a new key and deleted  COMPLIANT\n", "Overdue since 2026-08-04.",
                "aws iam update-access-key --user-name backup-agent --access-key-id AKIAZ4EKWCRPBEXAMPLE --status Inactive\n",
            ] {
                #expect(result.output.contains(said), "\(said)")
            }
            #expect(!result.output.contains("\u{1b}"))
        }
    }

    @Test func `explain says which exceptions were considered`() async throws {
        let files = ["e.yaml": Self.exceptions(expires: "2027-01-01")]
        try await collect(files: files, ["--exceptions", "e.yaml"]) { _, _, bundle in
            let result = try await keywitness.run(["explain", "backup-agent", "--bundle", bundle])
            #expect(
                result.output.contains(
                    "Exception SEC-1 (accepted-risk), approved by ciso@example.com, holds until 2027-01-01T00:00:00Z."))
        }
    }

    @Test func `explain of an incomplete bundle says what isn't known`() async throws {
        try await collect(fixture: "partial-account") { _, folder, _ in
            let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            let report = try #require(files.first { $0.hasSuffix("report.json") })
            let bundle = folder.appending(path: report).deletingLastPathComponent().path
            let keys = try String(contentsOfFile: "\(bundle)/keys.csv", encoding: .utf8)
            let row = try #require(keys.split(separator: "\r\n").first { $0.contains("UNDETERMINED") })
            let result = try await keywitness.run(["explain", String(row.split(separator: ",")[1]), "--bundle", bundle])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("Undetermined, "))
            #expect(result.output.contains("not known: whether and when it was used could not be read"))
        }
    }

    @Test func `a name that a report was given doesn't get to the terminal as it is`() async throws {
        try await collect { _, _, bundle in
            let report = URL(filePath: "\(bundle)/report.json")
            let text = try String(contentsOf: report, encoding: .utf8)
            let changed = text.replacing("backup-agent", with: #"backup\u001b[2J\u009b\u202e"#)
                .replacing(/"risk_level": ?"[A-Z]+"/, with: #""risk_level": "LOW""#)
            try changed.write(to: report, atomically: false, encoding: .utf8)
            let result = try await keywitness.run(["explain", "ci-deploy", "--bundle", bundle])
            #expect(result.status == 5 && result.errors.contains(#"backup\u{1b}[2J\u{9b}\u{202e}"#), "\(result.errors)")
            #expect(!(result.output + result.errors).contains { "\u{1b}\u{9b}\u{202e}".contains($0) })
        }
    }

    @Test func `policy show prints what it reads, out of a pipe, too`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let pipe = folder.appending(path: "policy.yaml").path
        try #require(unsafe mkfifo(pipe, 0o600) == 0)
        let text = "# Ours.\nname: ours\nextends: strict\n"
        async let shown = keywitness.run(["policy", "show", pipe])
        try await Task.detached { try text.write(toFile: pipe, atomically: false, encoding: .utf8) }.value
        let result = try await shown
        #expect(result.status == 0 && result.output == text, "\(result.errors)")
    }

    @Test func `what can't be explained is a clear error`() async throws {
        try await collect { _, folder, bundle in
            let typo = try await keywitness.run(["explain", "backup-agnet", "--bundle", bundle])
            #expect(typo.status == 1 && typo.errors.contains("Did you mean backup-agent?"))
            let none = try await keywitness.run(["explain", "x", "--bundle", folder.path])
            #expect(none.status == 1 && none.errors.contains("isn't the folder of an evidence bundle"))
            // A link may lead anywhere.
            let report = "\(bundle)/report.json"
            try FileManager.default.moveItem(atPath: report, toPath: "\(bundle)/other.json")
            try FileManager.default.createSymbolicLink(atPath: report, withDestinationPath: "other.json")
            let link = try await keywitness.run(["explain", "backup-agent", "--bundle", bundle])
            #expect(link.status == 1 && link.errors.contains("report.json isn't a plain file"))
        }
    }
}
