import Crypto
import Foundation
import Testing

/// Something that is done to a bundle of the demo account with exceptions, and must be found.
struct BundleDamage: Sendable, CustomTestStringConvertible {
    var name: String
    /// What must be said about it.
    var said: String
    /// Whether manifest and checksums are made to fit afterwards, as somebody would who knows what they do.
    var isResealed: Bool
    var apply: @Sendable (URL) throws -> Void

    var testDescription: String { name }

    static let files = [
        "SHA256SUMS", "VERIFY.md", "controls.json", "exceptions.json", "keys.csv", "manifest.json",
        "oscal/assessment-plan.json",
        "oscal/assessment-results.json", "oscal/index-catalog.json", "oscal/profile.json", "oscal/ssp.json",
        "policy.json", "raw/exchanges.jsonl", "report.json", "summary.csv",
    ]

    static func plain(_ name: String, _ said: String, _ apply: @escaping @Sendable (URL) throws -> Void)
        -> BundleDamage
    {
        BundleDamage(name: name, said: said, isResealed: false, apply: apply)
    }

    /// Replaces the first place where a pattern is found in a file.
    static func edit(
        _ path: String, _ pattern: String, _ replacement: String, _ said: String, sealed: Bool = true,
        part: String? = nil
    ) -> BundleDamage {
        BundleDamage(name: "\(path): \(pattern) -> \(replacement)", said: said, isResealed: sealed) { bundle in
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
    static func lines(
        _ name: String, of path: String, _ said: String, sealed: Bool = true,
        _ change: @escaping @Sendable (inout [String]) -> Void
    ) -> BundleDamage {
        BundleDamage(name: "\(path): \(name)", said: said, isResealed: sealed) { bundle in
            let file = bundle.appending(path: path)
            let end = path.hasSuffix(".csv") ? "\r\n" : "\n"
            var lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: end)
            change(&lines)
            try lines.joined(separator: end).write(to: file, atomically: false, encoding: .utf8)
        }
    }

    static let damages: [BundleDamage] =
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
            plain("a pipe in the place of a file", "files: report.json isn't a plain file") { bundle in
                let report = bundle.appending(path: "report.json")
                try FileManager.default.removeItem(at: report)
                guard unsafe mkfifo(report.path, 0o600) == 0 else { throw CocoaError(.fileWriteUnknown) }
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
            plain("a file that is too large", "VERIFY.md is larger than any file of a bundle") { bundle in
                try Data(repeating: 0x20, count: 2 << 20).write(to: bundle.appending(path: "VERIFY.md"))
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
            lines("no end of line", of: "SHA256SUMS", "checksums: SHA256SUMS: the last line doesn't end", sealed: false)
            {
                $0.removeLast()
            },
            lines("upper case", of: "SHA256SUMS", "checksums: SHA256SUMS: not a digest and a path", sealed: false) {
                $0[0] = $0[0].uppercased()
            },
            lines("binary mode", of: "SHA256SUMS", "checksums: SHA256SUMS: not a digest and a path", sealed: false) {
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
                "report.json", #""tool_version": "0.4.0""#, #""tool_version": "9.9.9""#,
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
            BundleDamage(
                name: "report.json: a key's list is another user's", said: "isn't about UserName ", isResealed: true
            ) { bundle in
                let file = bundle.appending(path: "report.json")
                var report = try String(contentsOf: file, encoding: .utf8)
                let lists = report.matches(of: /"exchange": ?(\d+), ?"source": ?"ListAccessKeys"/)
                let first = try #require(lists.first)
                let other = try #require(lists.map(\.output.1).first { $0 != first.output.1 })
                report.replaceSubrange(first.output.1.startIndex..<first.output.1.endIndex, with: String(other))
                try report.write(to: file, atomically: false, encoding: .utf8)
            },
            edit(
                "policy.json", #""last_used": ?\d+"#, "\"last_used\": 91",
                "content: policy.json isn't the built-in policy 'default'"),
            edit(
                "policy.json", #""name": ?"default""#, "\"name\": \"Default\"",
                "content: policy.json isn't the built-in policy 'Default'"),
            edit(
                "policy.json", #""name": ?"default""#, "\"name\": \"default-adjusted\"",
                "content: policy.json isn't the built-in policy 'default-adjusted'"),
            edit(
                "controls.json", #""rationale": ?"[^"]*""#, "\"rationale\": \"Proves it all.\"",
                "content: controls.json has the built-in framework 'nist-800-53-rev5' otherwise"),
            lines("line ends of Windows", of: "SHA256SUMS", "SHA256SUMS has the line ends of Windows", sealed: false) {
                lines in
                for place in lines.indices.dropLast() { lines[place] += "\r" }
            },
            edit("keys.csv", "risk_level", "risk", "counts: keys.csv: it has no column risk_level"),
            edit(
                "report.json", #""critical_keys": ?\d+,"#, "",
                "counts: report.json: its summary doesn't say how many CRITICAL"),
            edit(
                "report.json", #""account_partition": ?"aws","#, "",
                "content: report.json: metadata.account_partition is missing"),
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
            BundleDamage(
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

    static let results = "oscal/assessment-results.json"
    static let plan = "oscal/assessment-plan.json"
    static let keyFinding = #""value":"access-key"\}.*"#

    /// What documents say of one another, which would be found without our writing them again.
    static let contradictions: [BundleDamage] = [
        lines("an observation less", of: results, "oscal: \(results): observation-uuid") { lines in
            lines.remove(at: (lines.firstIndex { $0.contains("\"observations\"") } ?? 0) + 4)
        },
        lines("a finding about a key less", of: results, "has no finding for unused-key") { lines in
            lines.remove(at: lines.firstIndex { $0.contains("unused-key satisfied") } ?? 0)
        },
        lines("an observation twice", of: results, "two observations have the uuid") { lines in
            let place = lines.firstIndex { $0.contains("\"classification\"") && $0.contains("\"collected\"") } ?? 0
            lines.insert(lines[place], at: place)
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
            results, #""name":"subjects-tested","ns":"[^"]*","value":"\d+""#, "says subjects-tested 99",
            from: #"\d+"$"#, to: #"99""#),
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
        edit(
            "report.json", #""risk_level":"CRITICAL","risk_level_at"#, "counts: keys.csv has", from: "CRITICAL",
            to: "LOW"),
        edit("report.json", #""risk_level": ?"CRITICAL""#, "schemas: report.json: /", from: "CRITICAL", to: "FINE"),
        edit("report.json", #"^\{"#, "schemas: report.json: the whole has 'note'", from: "$", to: #""note": 1,"#),
        edit("manifest.json", #""sequence": 1"#, "content: manifest.json: run 2 names no run", from: "1", to: "2"),
        edit(
            "manifest.json", #"raw/exchanges.jsonl",[^}]*"size": ?\d+"#, "documents: manifest.json isn't",
            from: #"\d+$"#,
            to: "1"),
        recording(
            #"\n\{"_account""#, "'_account' stands twice", from: "_account", to: #"_account":"x","_account"#),
        recording(#""_outcome":"ok""#, "isn't written as recordings are", from: "ok", to: "http-403"),
        recording(#""params":\[\{"name":"Action""#, "isn't written as recordings are", from: "Action", to: "Faction"),
        recording(#""size":\d+"#, "isn't written as recordings are", from: #"\d+"#, to: "1"),
        recording(#"\n$"#, "isn't written as recordings are", from: #"\n"#, to: ""),
        recording(#"\n$"#, "something follows its last exchange", from: #"\n"#, to: "\n\n"),
        edit(
            "report.json", #""throttles": 0"#, "recomputed: the report counts 7 throttles, and 0", from: "0", to: "7"),
        edit(
            "report.json", #""errors": \{"#, "recomputed: the report counts GetUser Nonsense 7 times", from: "$",
            to: #""GetUser Nonsense": 7, "#),
        edit(
            "report.json", #""collection_ended": ?"\d{4}"#, "recording: the report says that the run ended",
            from: #"\d{4}"#, to: "2125"),
        edit(
            "report.json", #""collection_started": ?"\d{4}"#, "recording: the report says that the run began",
            from: #"\d{4}"#, to: "1925"),
        edit(
            "report.json", #""as_of_source": "option""#,
            "recording: the report says that ages are counted at 2026-11-22T20:45:00Z by the collector's clock",
            from: "option", to: "clock"),
        edit(
            "report.json", #""as_of_source": "option""#,
            "recording: the report says that ages are counted at 2026-11-22T20:45:00Z by AWS's clock", from: "option",
            to: "aws-clock"),
        edit(
            "report.json", #""complete": true"#, "recording: no recorded answer tells of a clock that is 86400 s off",
            from: "^", to: #""clock_skew_seconds": 86400, "#),
        recording(
            "Sun, 22 Nov 2026", "s ahead of the collector's, and the report says nothing of it", from: "Sun, 22",
            to: "Sun, 15"),
        recording(
            #""tool":"keywitness"#, "recording: it was made by other 0.4.0, not", from: "keywitness", to: "other"),
        recording(
            #""_account":"111122223333""#, "exchange 1 is of account 444455556666", from: "111122223333",
            to: "444455556666"),
        edit(
            "report.json", #""retries": 0"#, "recomputed: the report counts 7 retries, and 0 were recorded", from: "0",
            to: "7"),
        edit(
            results, #""test-conclusion","ns":"[^"]*","value":"unused-key: satisfied"#,
            "says satisfied, and its observation not-satisfied", from: "satisfied$", to: "not-satisfied"),
        edit("controls.json", #"^\{"#, "schemas: controls.json: the whole has 'note'", from: "$", to: #""note": 1,"#),
        recording(
            #""created":"2026"#, "recording: it was begun at 2020", from: "2026", to: "2020"),
        recording(
            #""text":"Action=ListAccessKeys&"#, "doesn't ask for ListAccessKeys", from: "Action=ListAccessKeys&", to: ""
        ),
        edit("manifest.json", #""sequence": 1"#, "schemas: manifest.json: /sequence", from: "1", to: "0"),
        edit("policy.json", #""key_age": 90"#, "schemas: policy.json: /", from: "90", to: "-90"),
        edit("controls.json", #""ia-5_obj.f""#, "has no 'ia-5_obj.z' in ia-5", from: "obj.f", to: "obj.z"),
        lines("a row less", of: "keys.csv", "counts: keys.csv has") { $0.remove(at: 3) },
        recorded(
            "(?s)<member>(?:(?!</member>).)*<UserName>backup-agent<.*?</member>", "ListUsers",
            "counts: user backup-agent is in report.json"),
        recorded(
            "(?s)<member>(?:(?!</member>).)*<AccessKeyId>AKIA.*?</member>", "ListAccessKeys", "and in no recorded list"),
        BundleDamage(
            name: "a user whom a list has and the report hasn't, and a note on something else of that name",
            said: "counts: user zz-hidden is in a recorded list, and not in report.json", isResealed: true
        ) { bundle in
            try recorded("<UserName>backup-agent<", "ListUsers", "", to: "<UserName>zz-hidden<").apply(bundle)
            let note = """
                {"exchanges":[1],"explained":true,"explanation":"x","kind":"ambiguous-keys","observed":"x",\
                "subject":"zz-hidden","subject_type":"user"}
                """
            try edit("report.json", #""population_notes": \[\]"#, #""population_notes": [\#(note)]"#, "").apply(bundle)
        },
        BundleDamage(name: "a level changed in every document", said: "documents: report.json isn't", isResealed: true)
        {
            bundle in
            for path in ["report.json", "keys.csv", results] {
                let file = bundle.appending(path: path)
                try String(contentsOf: file, encoding: .utf8).replacing("CRITICAL", with: "LOW")
                    .write(to: file, atomically: false, encoding: .utf8)
            }
        },
        BundleDamage(
            name: "another account's raw file", said: "recording: it is of account 444455556666", isResealed: true
        ) {
            bundle in
            let file = bundle.appending(path: "raw/exchanges.jsonl")
            try String(contentsOf: file, encoding: .utf8).replacing("111122223333", with: "444455556666")
                .write(to: file, atomically: false, encoding: .utf8)
        },
    ]

    /// Replaces a part of the first place where a pattern is found in a file.
    static func edit(
        _ path: String, _ pattern: String, _ said: String, from part: String, to replacement: String,
        also: String? = nil
    ) -> BundleDamage {
        edit(path, pattern, replacement, also ?? said, part: part)
    }

    /// Replaces a part of the first place where a pattern is found in the recording.
    static func recording(_ pattern: String, _ said: String, from part: String, to replacement: String) -> BundleDamage
    {
        edit("raw/exchanges.jsonl", pattern, replacement, said, part: part)
    }

    /// Takes something out of a recorded answer, or puts something else there, and puts its digest right.
    static func recorded(
        _ pattern: String, _ operation: String, _ said: String, to replacement: String = ""
    ) -> BundleDamage {
        BundleDamage(name: "\(operation): \(pattern)", said: said, isResealed: true) { bundle in
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
            let changed = body.replacingCharacters(in: range, with: replacement)
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
    static func reseal(_ bundle: URL) throws {
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

    private static func digest(_ bytes: Data) -> String {
        SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
