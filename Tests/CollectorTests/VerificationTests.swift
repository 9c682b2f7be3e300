import AWSClient
import CanonicalJSON
import Collector
import Crypto
import Evidence
import Foundation
import MockIAM
import Testing

/// Whatever is done to a bundle is found, and named.
@Suite struct VerificationTests {
    private func temporaryFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "keywitness-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    // MARK: A bundle to do something to

    /// Collects the demo account, with exceptions, and hands over the bundle's folder.
    private func withBundle(
        exceptions: [ControlException] = [VerificationTests.exception], _ body: (URL) async throws -> Void
    ) async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let asOf = Date(timeIntervalSince1970: 1_795_380_300)
        let bundle = try await MockIAM.run(fixture: fixturePath("demo-account")) { server in
            let endpoint = try #require(EndpointURL(server.endpointURL))
            let transport = HTTPTransport(connections: 4)
            let criteria = Criteria(
                policy: Policy(), exceptions: ExceptionList(exceptions), crosswalk: try Crosswalk.builtIn())
            let run = CollectRun(
                credentials: CredentialProvider(
                    Credentials(
                        accessKeyID: "AKIAIOSFODNN7EXAMPLE",
                        secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), sessionToken: nil,
                        origin: "test")),
                endpoints: try Endpoints(region: "us-east-1", urls: [.iam: endpoint, .sts: endpoint]),
                region: "us-east-1", profile: nil, criteria: criteria, asOf: asOf, outputFolder: folder.path,
                transport: transport, now: { Date(timeIntervalSince1970: asOf.timeIntervalSince1970 + 60.25) })
            let outcome = await Result.catching { try await run.execute { _ in } }
            await transport.shutdown()
            return try outcome.get().bundle
        }
        try await body(URL(filePath: bundle))
    }

    private static let exception = ControlException(
        ticket: "SEC-1", subject: .user("ci-deploy"), tests: [.keyRotation], kind: .acceptedRisk,
        owner: "a@example.com",
        approver: "b@example.com", reason: "Agreed.", created: Date(timeIntervalSince1970: 1_795_000_000),
        expires: Date(timeIntervalSince1970: 1_799_000_000))

    /// What a verification says is wrong, `CHECK: FLAW`.
    private func flaws(_ folder: URL) async -> [String] {
        await BundleVerification(folder: folder.path, .init(recomputes: true)).checks.flatMap { check -> [String] in
            switch check.result {
            case .passed, .noted: []
            case .failed(let flaws): flaws.map { "\(check.name): \($0)" }
            case .notDone(let why): ["\(check.name): not done: \(why)"]
            }
        }
    }

    // MARK: Sound ones

    @Test func `an untouched bundle passes every check`() async throws {
        try await withBundle { bundle in
            #expect(await flaws(bundle).isEmpty)
            let verification = await BundleVerification(folder: bundle.path, .init(recomputes: true))
            #expect(verification.isSound)
            #expect(
                verification.checks.map(\.name) == [
                    "files", "checksums", "signature", "schemas", "content", "recording", "references", "oscal",
                    "counts", "documents", "recomputed",
                ])
        }
        try await withBundle(exceptions: []) { bundle in #expect(await flaws(bundle).isEmpty) }
    }

    @Test func `a copy elsewhere passes too`() async throws {
        try await withBundle { bundle in
            let copy = try temporaryFolder().appending(path: "renamed")
            defer { try? FileManager.default.removeItem(at: copy.deletingLastPathComponent()) }
            try FileManager.default.copyItem(at: bundle, to: copy)
            #expect(await flaws(copy).isEmpty)
        }
    }

    // MARK: Damage

    private struct Damage: Sendable, CustomTestStringConvertible {
        var name: String
        /// What must be said about it.
        var said: String
        /// Whether manifest and checksums are made to fit afterwards, as somebody would who knows what they do.
        var isResealed: Bool
        var apply: @Sendable (URL) throws -> Void

        var testDescription: String { name }
    }

    private static let files = [
        "SHA256SUMS", "VERIFY.md", "controls.json", "exceptions.json", "keys.csv", "manifest.json",
        "oscal/assessment-plan.json",
        "oscal/assessment-results.json", "oscal/index-catalog.json", "oscal/profile.json", "oscal/ssp.json",
        "policy.json", "raw/exchanges.jsonl", "report.json", "summary.csv",
    ]

    private static func plain(_ name: String, _ said: String, _ apply: @escaping @Sendable (URL) throws -> Void)
        -> Damage
    {
        Damage(name: name, said: said, isResealed: false, apply: apply)
    }

    /// Replaces the first place where a pattern is found in a file.
    private static func edit(
        _ path: String, _ pattern: String, _ replacement: String, _ said: String, sealed: Bool = true,
        part: String? = nil
    ) -> Damage {
        Damage(name: "\(path): \(pattern) -> \(replacement)", said: said, isResealed: sealed) { bundle in
            let file = bundle.appending(path: path)
            let text = try String(contentsOf: file, encoding: .utf8)
            let range = try #require(
                text.range(of: pattern, options: .regularExpression), "\(pattern) isn't in \(path)")
            let found = String(text[range])
            try text.replacingCharacters(
                in: range,
                with: found.replacingOccurrences(of: part ?? pattern, with: replacement, options: .regularExpression)
            ).write(to: file, atomically: false, encoding: .utf8)
        }
    }

    /// Does something to the lines of a file.
    private static func lines(
        _ name: String, of path: String, _ said: String, sealed: Bool = true,
        _ change: @escaping @Sendable (inout [String]) -> Void
    ) -> Damage {
        Damage(name: "\(path): \(name)", said: said, isResealed: sealed) { bundle in
            let file = bundle.appending(path: path)
            let end = path.hasSuffix(".csv") ? "\r\n" : "\n"
            var lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: end)
            change(&lines)
            try lines.joined(separator: end).write(to: file, atomically: false, encoding: .utf8)
        }
    }

    private static let damages: [Damage] =
        files.map { path in
            plain(
                "a byte of \(path)",
                path == "SHA256SUMS"
                    ? "documents: SHA256SUMS isn't what facts and policy come to"
                    : "checksums: \(path) isn't what SHA256SUMS has"
            ) { bundle in
                let file = bundle.appending(path: path)
                var bytes = try Data(contentsOf: file)
                bytes[bytes.count / 2] ^= 1
                try bytes.write(to: file)
            }
        }
        + files.map { path in
            plain("\(path) removed", path == "SHA256SUMS" ? "no readable SHA256SUMS" : "files: \(path) is missing") {
                bundle in
                try FileManager.default.removeItem(at: bundle.appending(path: path))
            }
        }
        + [
            plain("keys.csv renamed", "files: keys-2.csv doesn't belong to a bundle") { bundle in
                try FileManager.default.moveItem(
                    at: bundle.appending(path: "keys.csv"), to: bundle.appending(path: "keys-2.csv"))
            },
            plain("a file added", "files: notes.txt doesn't belong to a bundle") { bundle in
                try Data("hello".utf8).write(to: bundle.appending(path: "notes.txt"))
            },
            plain("a hidden file added", "files: raw/.hidden doesn't belong to a bundle") { bundle in
                try Data("hello".utf8).write(to: bundle.appending(path: "raw/.hidden"))
            },
            plain("a link in the place of a file", "files: report.json isn't a plain file") { bundle in
                let report = bundle.appending(path: "report.json")
                let elsewhere = bundle.deletingLastPathComponent().appending(path: "elsewhere.json")
                try FileManager.default.moveItem(at: report, to: elsewhere)
                try FileManager.default.createSymbolicLink(at: report, withDestinationURL: elsewhere)
            },
            plain("a link to a folder", "files: more isn't a plain file") { bundle in
                try FileManager.default.createSymbolicLink(
                    at: bundle.appending(path: "more"), withDestinationURL: URL(filePath: "/"))
            },
            plain("a folder in the place of a file", "report.json") { bundle in
                let report = bundle.appending(path: "report.json")
                try FileManager.default.removeItem(at: report)
                try FileManager.default.createDirectory(at: report, withIntermediateDirectories: false)
            },
            plain("a file that is too large", "manifest.json is larger than any file of a bundle") { bundle in
                try Data(repeating: 0x20, count: 2 << 20).write(to: bundle.appending(path: "manifest.json"))
            },
            plain("nesting that is too deep", "nested deeper than") { bundle in
                try Data(repeating: UInt8(ascii: "["), count: 100_000).write(
                    to: bundle.appending(path: "oscal/assessment-results.json"))
            },
            plain("a link to the folder of a file", "raw isn't a folder") { bundle in
                let elsewhere = bundle.deletingLastPathComponent().appending(path: "elsewhere")
                try FileManager.default.moveItem(at: bundle.appending(path: "raw"), to: elsewhere)
                try FileManager.default.createSymbolicLink(
                    at: bundle.appending(path: "raw"), withDestinationURL: elsewhere)
            },
            plain("a file cut off", "checksums: raw/exchanges.jsonl isn't what SHA256SUMS has") { bundle in
                let file = bundle.appending(path: "raw/exchanges.jsonl")
                try Data(contentsOf: file).dropLast(100).write(to: file)
            },
            lines("a line less", of: "SHA256SUMS", "files: keys.csv isn't in SHA256SUMS", sealed: false) {
                $0.removeAll { $0.hasSuffix("keys.csv") }
            },
            lines("reordered", of: "SHA256SUMS", "isn't in order", sealed: false) { $0.swapAt(0, 1) },
            lines("a line twice", of: "SHA256SUMS", "is named twice", sealed: false) { $0.insert($0[0], at: 0) },
            lines("a way out of the folder", of: "SHA256SUMS", "../../etc/passwd is missing", sealed: false) {
                $0.insert(String(repeating: "0", count: 64) + "  ../../etc/passwd", at: 0)
            },
            lines("no end of line", of: "SHA256SUMS", "checksums: the last line doesn't end", sealed: false) {
                $0.removeLast()
            },
            lines("upper case", of: "SHA256SUMS", "checksums: not a digest and a path", sealed: false) {
                $0[0] = $0[0].uppercased()
            },
            lines("binary mode", of: "SHA256SUMS", "checksums: not a digest and a path", sealed: false) {
                $0[0] = $0[0].replacing("  ", with: " *")
            },
            // From here on everything is made to fit, digests and manifest.
            edit(
                "report.json", #""risk_level": ?"CRITICAL""#, #""risk_level": "LOW""#,
                "documents: report.json isn't what facts and policy come to"),
            edit(
                "report.json", #""conclusion": ?"not-satisfied""#, #""conclusion": "satisfied""#,
                "documents: report.json isn't"),
            edit("report.json", #""critical_keys": \d+"#, #""critical_keys": 0"#, "documents: report.json isn't"),
            edit(
                "report.json", #""overall_status": "NON_COMPLIANT""#, #""overall_status": "COMPLIANT""#,
                "documents: report.json isn't"),
            edit("report.json", #""complete": true"#, #""complete": false"#, "documents: report.json isn't"),
            edit("report.json", #"Deactivate the key now"#, "Leave the key alone", "documents: report.json isn't"),
            edit("report.json", #""created_date": ?"20"#, #""created_date": "19"#, "documents: "),
            edit("report.json", #""status": ?"Inactive""#, #""status": "Active""#, "documents: "),
            edit("report.json", #""never_used": ?true"#, #""never_used": false"#, "documents: "),
            edit("report.json", #""username": ?"backup-agent""#, #""username": "backup-agents""#, "documents: "),
            edit("report.json", #""assessment_date": "2026"#, #""assessment_date": "2025"#, "documents: "),
            edit(
                "report.json", #""account_id": "111122223333""#, #""account_id": "222233334444""#,
                "recording: it is of account 111122223333, not 222233334444"),
            edit("report.json", #""as_of_source": "option""#, #""as_of_source": "clock""#, "documents: "),
            edit("report.json", #""sampling": "none""#, #""sampling": "some""#, "documents: report.json isn't"),
            edit(
                "report.json", #""tool_version": "0.1.0""#, #""tool_version": "9.9.9""#,
                "documents: not done: made by version 9.9.9"),
            edit("report.json", #""tool": "keywitness""#, #""tool": "something""#, "documents: report.json isn't"),
            edit("report.json", #"^\{"#, "{\"metadata\": 1,", "report.json"),
            edit(
                "report.json", #""source": ?"ListAccessKeys""#, #""source": "ListUsers""#,
                "documents: report.json isn't"),
            edit("report.json", #""exchange": ?\d+"#, #""exchange": 4711"#, "documents: report.json isn't"),
            edit(
                "report.json", #"("status": ?\{"as_of": ?"[^"]+", ?"exchange": ?)\d+"#, "$1 4711",
                "there is no exchange 4711"),
            edit(
                "report.json", #"("status": ?\{"as_of": ?"[^"]+", ?"exchange": ?\d+, ?"source": ?")ListAccessKeys"#,
                "$1ListUsers", "references: "),
            edit("keys.csv", "CRITICAL", "LOW", "documents: keys.csv isn't what facts and policy come to (line "),
            lines("a row less", of: "keys.csv", "documents: keys.csv isn't") { $0.remove(at: 3) },
            lines("rows reordered", of: "keys.csv", "documents: keys.csv isn't") { $0.swapAt(2, 3) },
            edit("summary.csv", "NON_COMPLIANT", "COMPLIANT", "documents: summary.csv isn't"),
            edit(
                "oscal/assessment-results.json", #""state": ?"not-satisfied""#, #""state": "satisfied""#,
                "documents: oscal/assessment-results.json isn't"),
            edit(
                "oscal/assessment-results.json", #""status": ?"open""#, #""status": "closed""#,
                "documents: oscal/assessment-results.json isn't"),
            edit(
                "oscal/assessment-results.json", #""observation-uuid": ?"."#, #""observation-uuid": "0"#,
                "documents: oscal/assessment-results.json isn't"),
            edit(
                "oscal/assessment-results.json", #"ia-4_obj""#, #"ia-4_obj.e""#,
                "documents: oscal/assessment-results.json isn't"),
            lines(
                "an observation less", of: "oscal/assessment-results.json",
                "documents: oscal/assessment-results.json isn't"
            ) { lines in
                let first = lines.firstIndex { $0.contains("\"observations\"") } ?? 0
                lines.remove(at: first + 2)
            },
            edit("manifest.json", #""complete": true"#, #""complete": false"#, "documents: manifest.json isn't"),
            edit("manifest.json", #""name": "default""#, #""name": "strict""#, "documents: manifest.json isn't"),
            edit(
                "manifest.json", #""account": "111122223333""#, #""account": "222233334444""#,
                "documents: manifest.json isn't"),
            edit("manifest.json", #"\{"#, "{\"note\": 1, ", "documents: manifest.json isn't"),
            edit("policy.json", #""key_age": 90"#, #""key_age": 900"#, "documents: report.json isn't"),
            edit("policy.json", #""default""#, #""default" "#, "documents: policy.json isn't"),
            edit("policy.json", #""key_age": 90"#, #""key_age": -90"#, "content: "),
            edit("policy.json", #""root-key", "#, "", "documents: report.json isn't"),
            edit("exceptions.json", #""expires": "20"#, #""expires": "21"#, "content: "),
            edit("exceptions.json", #"Agreed\."#, "Agreed!", "documents: "),
            edit("exceptions.json", #""user": "ci-deploy""#, #""user": "queue-worker""#, "documents: "),
            Damage(
                name: "exceptions.json removed", said: "content: there is no readable exceptions.json", isResealed: true
            ) { bundle in
                try FileManager.default.removeItem(at: bundle.appending(path: "exceptions.json"))
            },
            edit(
                "controls.json", "should have been disabled", "may stay",
                "documents: oscal/assessment-results.json isn't"),
            edit("controls.json", #""relationship": "direct""#, #""relationship": "supporting""#, "documents: "),
            lines("an exchange less", of: "raw/exchanges.jsonl", "recording: exchange 5 is numbered 6") {
                $0.remove(at: 5)
            },
            lines("exchanges reordered", of: "raw/exchanges.jsonl", "recording: exchange 5 is numbered 6") {
                $0.swapAt(5, 6)
            },
            lines("an exchange twice", of: "raw/exchanges.jsonl", "recording: exchange 6 is numbered 5") {
                $0.insert($0[5], at: 5)
            },
            lines("the last exchanges cut off", of: "raw/exchanges.jsonl", "there is no exchange") { $0.removeLast(4) },
            edit(
                "raw/exchanges.jsonl", "<UserName>backup-agent<", "<UserName>backup-agenT<",
                "the answer isn't what its _sha256 says"),
            edit(
                "raw/exchanges.jsonl", #""account":"111122223333""#, #""account":"222233334444""#,
                "recording: it is of account 222233334444"),
            edit(
                "raw/exchanges.jsonl", #""clock":"2026"#, #""clock":"2025"#,
                "recording: it was made for another instant"),
            edit("raw/exchanges.jsonl", #"\n\{"#, "\n{{", "recording: raw/exchanges.jsonl: "),
        ]

    private static let results = "oscal/assessment-results.json"
    private static let plan = "oscal/assessment-plan.json"
    private static let keyFinding = #""value":"access-key"\}.*"#

    /// What documents say of one another, which would be found without our writing them again.
    private static let contradictions: [Damage] = [
        lines("an observation less", of: results, "oscal: \(results): observation-uuid") { lines in
            lines.remove(at: (lines.firstIndex { $0.contains("\"observations\"") } ?? 0) + 4)
        },
        lines("a finding about a key less", of: results, "has no finding for unused-key") { lines in
            lines.remove(at: lines.firstIndex { $0.contains("unused-key satisfied") } ?? 0)
        },
        lines("a finding twice", of: results, "stands for two things") { lines in
            let place = lines.firstIndex { $0.contains("unused-key satisfied") } ?? 0
            lines.insert(lines[place], at: place)
        },
        edit(
            results, keyFinding + #""reason":"fail","state":"not-satisfied""#,
            "oscal: finding '", from: #""reason":"fail","state":"not-satisfied""#,
            to: #""reason":"pass","state":"satisfied""#),
        edit(
            results, #""reason":"pass","state":"satisfied""#, "'", from: "satisfied", to: "partial",
            also: "oscal: finding '"),
        edit(results, #""name":"failed","ns":"[^"]*","value":"\d+""#, "says failed 99", from: #"\d+"$"#, to: #"99""#),
        edit(
            results, #""name":"population","ns":"[^"]*","value":"\d+""#, "says population 99", from: #"\d+"$"#,
            to: #"99""#),
        edit(
            results, #""related-risks":\[\{"risk-uuid":"[^"]*"\}\],"target":\{"status":\{"reason":"fail""#,
            "names no risk",
            from: #""related-risks":\[[^\]]*\],"#, to: ""),
        edit(
            results, #""classification","ns":"[^"]*","value":"CRITICAL""#, "counts: \(results) has", from: "CRITICAL",
            to: "LOW"),
        edit(results, #""target-id":"ia-5_obj.f""#, "ia-5_obj.z is no objective", from: "obj.f", to: "obj.z"),
        edit(results, #""control-id": ?"ia-4""#, "ia-44 isn't among the controls", from: "ia-4", to: "ia-44"),
        edit(results, #""risk-uuid":"."#, "oscal: \(results): risk-uuid", from: #".$"#, to: "z"),
        edit(results, #""subject-uuid":"."#, "oscal: \(results): subject-uuid", from: #".$"#, to: "z"),
        edit(results, #""actor-uuid":"."#, "oscal: \(results): actor-uuid", from: #".$"#, to: "z"),
        edit(results, #""component-uuid":"."#, "oscal: \(results): component-uuid", from: #".$"#, to: "z"),
        edit(results, ##""href":"#."##, "leads to nothing", from: #".$"#, to: "z"),
        edit(results, #"\./assessment-plan.json"#, "leads to no file of the bundle", from: "plan", to: "plans"),
        edit(results, #"\.\./policy.json"#, "leads to no file of the bundle", from: "policy", to: "../policy"),
        edit(results, #""SHA-256","value":"."#, "doesn't have the digest that is given", from: #".$"#, to: "z"),
        edit(
            results, #""uuid": "[0-9a-f]{8}-[0-9a-f]{4}-5"#, "isn't a UUID of version 4 or 5", from: #"5$"#, to: "1"),
        edit(results, #""role-id": ?"prepared-by""#, "oscal: \(results): role-id", from: "by", to: "for"),
        edit(
            results, #"\{"description":"AWS IAM access key.*?"uuid":"[^"]*"\},"#, "counts: the inventory",
            from: ".*", to: ""),
        edit(plan, #""activity-uuid": ?"."#, "oscal: \(plan): activity-uuid", from: #".$"#, to: "z"),
        edit(plan, #"\./ssp.json"#, "leads to no file of the bundle", from: "ssp", to: "../../../etc/passwd"),
        edit("oscal/profile.json", #""with-ids": \[""#, "xx-1 is no control of", from: #"\[""#, to: #"["xx-1",""#),
        edit(
            "report.json", #""critical_keys": \d+"#, "counts: report.json: its summary has 99 CRITICAL keys",
            from: #"\d+$"#,
            to: "99"),
        edit(
            "report.json", #""total_users": \d+"#, "counts: report.json: its summary has 99 users", from: #"\d+$"#,
            to: "99"),
        edit("report.json", #""risk_level":"CRITICAL""#, "counts: keys.csv has", from: "CRITICAL", to: "LOW"),
        edit("report.json", #""risk_level": ?"CRITICAL""#, "schemas: report.json: /", from: "CRITICAL", to: "FINE"),
        edit("report.json", #"^\{"#, "schemas: report.json: the whole has 'note'", from: "$", to: #""note": 1,"#),
        edit("manifest.json", #""sequence": 1"#, "schemas: manifest.json: /sequence", from: "1", to: "0"),
        edit("policy.json", #""key_age": 90"#, "schemas: policy.json: /", from: "90", to: "-90"),
        edit("controls.json", #""ia-5_obj.f""#, "has no 'ia-5_obj.z' in ia-5", from: "obj.f", to: "obj.z"),
        lines("a row less", of: "keys.csv", "counts: keys.csv has") { $0.remove(at: 3) },
        recorded(
            "(?s)<member>(?:(?!</member>).)*<UserName>backup-agent<.*?</member>", "ListUsers",
            "counts: user backup-agent is in report.json"),
        recorded(
            "(?s)<member>(?:(?!</member>).)*<AccessKeyId>AKIA.*?</member>", "ListAccessKeys", "and in no recorded list"),
        Damage(name: "a level changed in every document", said: "documents: report.json isn't", isResealed: true) {
            bundle in
            for path in ["report.json", "keys.csv", results] {
                let file = bundle.appending(path: path)
                try String(contentsOf: file, encoding: .utf8).replacing("CRITICAL", with: "LOW")
                    .write(to: file, atomically: false, encoding: .utf8)
            }
        },
        Damage(name: "another account's raw file", said: "recording: it is of account 444455556666", isResealed: true) {
            bundle in
            let file = bundle.appending(path: "raw/exchanges.jsonl")
            try String(contentsOf: file, encoding: .utf8).replacing("111122223333", with: "444455556666")
                .write(to: file, atomically: false, encoding: .utf8)
        },
    ]

    /// Replaces a part of the first place where a pattern is found in a file.
    private static func edit(
        _ path: String, _ pattern: String, _ said: String, from part: String, to replacement: String,
        also: String? = nil
    ) -> Damage {
        edit(path, pattern, replacement, also ?? said, part: part)
    }

    /// Takes something out of a recorded answer, and puts its digest right.
    private static func recorded(_ pattern: String, _ operation: String, _ said: String) -> Damage {
        Damage(name: "\(operation): \(pattern)", said: said, isResealed: true) { bundle in
            let file = bundle.appending(path: "raw/exchanges.jsonl")
            var lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
            let place = try #require(
                lines.firstIndex {
                    $0.contains("\"_op\":\"\(operation)\"") && $0.range(of: pattern, options: .regularExpression) != nil
                })
            var entry = try #require(try JSONSerialization.jsonObject(with: Data(lines[place].utf8)) as? [String: Any])
            var response = try #require(entry["response"] as? [String: Any])
            var content = try #require(response["content"] as? [String: Any])
            let body = try #require(content["text"] as? String)
            let range = try #require(body.range(of: pattern, options: .regularExpression))
            let changed = body.replacingCharacters(in: range, with: "")
            content["text"] = changed
            content["size"] = changed.utf8.count
            response["content"] = content
            entry["response"] = response
            entry["_sha256"] = digest(Data(changed.utf8))
            lines[place] = String(decoding: try JSONSerialization.data(withJSONObject: entry), as: UTF8.self)
            try lines.joined(separator: "\n").write(to: file, atomically: false, encoding: .utf8)
        }
    }

    /// As somebody would who knows how a bundle is made: every digest fits again.
    private static func reseal(_ bundle: URL) throws {
        func digest(_ path: String) throws -> String {
            let hash = SHA256.hash(data: try Data(contentsOf: bundle.appending(path: path)))
            return hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        let present = files.filter { FileManager.default.fileExists(atPath: bundle.appending(path: $0).path) }
        let manifest = bundle.appending(path: "manifest.json")
        var text = try String(contentsOf: manifest, encoding: .utf8)
        let sums = bundle.appending(path: "SHA256SUMS")
        for line in try String(contentsOf: sums, encoding: .utf8).split(separator: "\n") {
            let path = String(line.dropFirst(66))
            guard path != "manifest.json", present.contains(path) else { continue }
            text = text.replacing(String(line.prefix(64)), with: try digest(path))
        }
        try text.write(to: manifest, atomically: false, encoding: .utf8)
        try present.filter { $0 != "SHA256SUMS" }.sorted().map { "\(try digest($0))  \($0)\n" }.joined()
            .write(to: sums, atomically: false, encoding: .utf8)
    }

    @Test func `every kind of damage is found and named`() async throws {
        try await expectFound(Self.damages)
    }

    @Test func `documents that contradict one another are found without writing them again`() async throws {
        try await expectFound(Self.contradictions)
    }

    private func expectFound(_ damages: [Damage]) async throws {
        #expect(damages.count >= 30)
        try await withBundle { bundle in
            for damage in damages {
                let copy = try temporaryFolder().appending(path: "bundle")
                defer { try? FileManager.default.removeItem(at: copy.deletingLastPathComponent()) }
                try FileManager.default.copyItem(at: bundle, to: copy)
                try damage.apply(copy)
                if damage.isResealed { try Self.reseal(copy) }
                let found = await flaws(copy)
                #expect(
                    found.contains { $0.contains(damage.said) },
                    "\(damage.name): \(found.map { String($0.prefix(300)) })")
                #expect(await !BundleVerification(folder: copy.path).isSound, "\(damage.name)")
            }
        }
    }

    // MARK: Done once more

    /// Somebody changes a fact and lets our own code make everything else: only the recorded answers tell.
    @Test func `a fact that isn't what AWS answered is found by doing the collection again`() async throws {
        try await withBundle { bundle in
            let reading = try BundleReading(folder: bundle.path)
            var snapshot = reading.report.snapshot
            let place = try #require(snapshot.users.firstIndex { $0.name == "backup-agent" })
            var keys = snapshot.users[place].keys.known
            keys[0].lastUse = .used(
                at: reading.report.asOf.addingTimeInterval(-3600), service: "s3", region: "us-east-1")
            snapshot.users[place].keys = .listed(keys)
            let forged = Assessment(of: snapshot, by: reading.criteria, at: reading.report.asOf)
            let recording = try Data(contentsOf: bundle.appending(path: BundlePath.recording))
            let store = { (document: BundleDocument) throws -> BundleFile in
                var output = OutputBuffer()
                document.write(&output)
                let bytes = Data(output.bytes)
                try bytes.write(to: bundle.appending(path: document.path))
                return BundleFile(
                    path: document.path, size: bytes.count, sha256: Self.digest(bytes), mediaType: document.mediaType,
                    role: document.role)
            }
            let packaging = reading.manifest.packaging
            let files = try BundleDocuments.write(
                forged, packaging, recording: .recording(size: recording.count, sha256: Self.digest(recording)),
                store: store)
            _ = try BundleDocuments.seal(forged, packaging, reading.manifest.link, files: files, store: store)
            #expect(await BundleVerification(folder: bundle.path).isSound)
            let found = await flaws(bundle)
            #expect(!found.isEmpty && found.allSatisfy { $0.hasPrefix("recomputed: ") }, "\(found)")
            #expect(found.contains { $0.contains("report.json isn't what the recorded answers come to") })
        }
    }

    private static func digest(_ bytes: Data) -> String {
        SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Whatever AWS and the network did, a run can be done again from what was recorded of it.
    @Test(arguments: [
        "{throttle: {rate: 30, burst: 10}}", "{error: 500, when: {probability: 0.1}}",
        "{reset: within, when: {probability: 0.05}}",
        "{truncate: half, when: {probability: 0.05}}",
        "{match: {action: GetAccessKeyLastUsed}, error: AccessDenied, when: {probability: 0.3}}",
        "{match: {action: ListAccessKeys}, error: AccessDenied, when: {probability: 0.2}}",
        "{match: {action: GetAccountSummary}, error: AccessDenied}",
        "{match: {action: GenerateCredentialReport}, error: AccessDenied}",
        "{match: {action: ListUsers}, error: 500, when: {calls: [2]}}", "{clock_skew: 1h}",
    ])
    func `a run with faults can be done again`(fault: String) async throws {
        let plan = try MockIAM.FaultPlan(parsing: "{seed: 5, faults: [\(fault)]}")
        for (number, source) in [CollectionSource.auto, .live, .report].enumerated() {
            let account = MockIAM.Account.generated(
                users: 25, keys: 1.3, seed: UInt64(number), profile: .messy, clock: .now)
            try await withBundle(
                of: account, options: MockIAM.Options(pages: MockIAM.PageOptions(largest: 7), faults: plan),
                source: source
            ) { bundle in
                let found = await flaws(bundle)
                #expect(found.isEmpty, "\(source): \(found.map { String($0.prefix(400)) })")
            }
        }
    }

    /// Collects a generated account, without waiting between attempts.
    private func withBundle(
        of account: MockIAM.Account, options: MockIAM.Options, source: CollectionSource,
        _ body: (URL) async throws -> Void
    ) async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let bundle = try await MockIAM.run(account: account, options: options) { server in
            let endpoint = try #require(EndpointURL(server.endpointURL))
            let transport = HTTPTransport(connections: 4)
            var run = CollectRun(
                credentials: CredentialProvider(
                    Credentials(
                        accessKeyID: "test", secretAccessKey: Secret("test"), sessionToken: nil, origin: "test")),
                endpoints: try Endpoints(region: "us-east-1", urls: [.iam: endpoint, .sts: endpoint]),
                region: "us-east-1", profile: nil,
                criteria: Criteria(policy: Policy(), crosswalk: try Crosswalk.builtIn()), asOf: nil,
                outputFolder: folder.path, transport: transport, now: { Date() })
            run.clock.sleep = { _ in await Task.yield() }
            run.retry = RetryPolicy(attempts: 3, throttledAttempts: 8)
            run.plan = { criteria, asOf in
                var plan = CollectionPlan(criteria: criteria, asOf: asOf)
                plan.source = source
                plan.include = [.tags, .mfaDevices]
                return plan
            }
            let outcome = await Result.catching { try await run.execute { _ in } }
            await transport.shutdown()
            return try outcome.get().bundle
        }
        try await body(URL(filePath: bundle))
    }

    @Test func `what isn't a bundle is said not to be`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(await flaws(folder).first?.contains("no readable SHA256SUMS") == true)
        #expect(await flaws(folder.appending(path: "none")).first?.contains("there is no such folder") == true)
    }
}
