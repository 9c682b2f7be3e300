import Foundation
import Testing

/// `mock-iam record`, `convert` and `show` as processes.
@Suite("mock-iam's recording commands")
struct MockIAMRecordingCommandTests {
    private let mockIAM = Program(name: "mock-iam")

    // MARK: convert and show

    @Test("A recording goes to HAR and back to the same bytes; what is there isn't replaced unless it is forced")
    func convert() async throws {
        try await withFolder { folder in
            let (har, lines) = ("\(folder)/a.har", "\(folder)/b.jsonl")
            let there = try await mockIAM.run(["convert", fixture("demo-account"), har])
            #expect(there.status == 0 && there.output.isEmpty)
            #expect(there.errors.hasSuffix("a.har: 83 exchanges\n"))
            #expect(try await mockIAM.run(["convert", har, lines]).status == 0)
            let original = try Data(contentsOf: URL(filePath: fixture("demo-account") + "/exchanges.jsonl"))
            #expect(try Data(contentsOf: URL(filePath: lines)) == original)
            let again = try await mockIAM.run(["convert", fixture("clean-account"), lines])
            #expect(again.status == 1 && again.errors.contains("exists and is left as it is") && again.output.isEmpty)
            #expect(try Data(contentsOf: URL(filePath: lines)) == original)
            #expect(try await mockIAM.run(["convert", fixture("clean-account"), lines, "--force"]).status == 0)
            #expect(try Data(contentsOf: URL(filePath: lines)) != original)
        }
    }

    @Test("An anonymised recording has other names; the same key makes the same ones")
    func anonymize() async throws {
        try await withFolder { folder in
            for name in ["1", "2"] {
                let result = try await mockIAM.run(
                    ["convert", "--anonymize", "--anonymize-key", "k", fixture("clean-account"), "\(folder)/\(name)"])
                #expect(result.status == 0)
            }
            let first = try Data(contentsOf: URL(filePath: "\(folder)/1/exchanges.jsonl"))
            #expect(try Data(contentsOf: URL(filePath: "\(folder)/2/exchanges.jsonl")) == first)
            #expect(!String(decoding: first, as: UTF8.self).contains("ci-deploy"))
        }
    }

    @Test("Entries of a HAR file that are none of ours are named")
    func leftOut() async throws {
        try await withFolder { folder in
            _ = try await mockIAM.run(["convert", fixture("clean-account"), "\(folder)/a.har"])
            let har = try String(contentsOfFile: "\(folder)/a.har", encoding: .utf8)
                .replacing("\"entries\": [", with: "\"entries\": [{}, ", maxReplacements: 1)
            try Data(har.utf8).write(to: URL(filePath: "\(folder)/a.har"))
            let result = try await mockIAM.run(["convert", "\(folder)/a.har", "\(folder)/b.jsonl"])
            #expect(result.errors.hasPrefix("left out: 1 entry, not a HAR entry (request is missing): 1\n"))
        }
    }

    @Test("What is written without its bodies is named")
    func takenOut() async throws {
        try await withFolder { folder in
            let lines = try String(contentsOfFile: fixture("clean-account") + "/exchanges.jsonl", encoding: .utf8)
                .replacing("Action=GetAccountSummary", with: "Action=AssumeRole")
            try Data(lines.utf8).write(to: URL(filePath: "\(folder)/a.jsonl"))
            let result = try await mockIAM.run(["convert", "\(folder)/a.jsonl", "\(folder)/b.jsonl"])
            #expect(
                result.errors.hasPrefix(
                    "taken out, question and answer, which may hold secrets: AssumeRole, exchange "),
                "\(result.errors)")
        }
    }

    @Test("What is taken out of a HAR file is named as well")
    func takenOutOfHAR() async throws {
        try await withFolder { folder in
            _ = try await mockIAM.run(["convert", fixture("clean-account"), "\(folder)/a.har"])
            let har = try String(contentsOfFile: "\(folder)/a.har", encoding: .utf8)
                .replacing("Action=GetAccountSummary", with: "Action=AssumeRole")
            try Data(har.utf8).write(to: URL(filePath: "\(folder)/a.har"))
            let result = try await mockIAM.run(["convert", "\(folder)/a.har", "\(folder)/b.jsonl"])
            #expect(
                result.errors.hasPrefix(
                    "taken out, question and answer, which may hold secrets: AssumeRole, exchange "),
                "\(result.errors)")
        }
    }

    @Test("show prints a recording; one that isn't there, or has nothing of the kind, is an error")
    func show() async throws {
        let all = try await mockIAM.run(["show", fixture("partial-account")])
        #expect(all.status == 0 && all.errors.isEmpty)
        #expect(all.output.contains("400 Throttling") && all.output.contains("27 exchanges"))
        let one = try await mockIAM.run(["show", fixture("partial-account"), "--seq", "3", "--bodies"])
        #expect(
            one.output.contains("<       <Code>Throttling</Code>") || one.output.contains("<Code>Throttling</Code>"))
        let json = try await mockIAM.run(["show", fixture("partial-account"), "--json", "--action", "ListUsers"])
        let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect((document?["exchanges"] as? [Any])?.count == 2)
        let none = try await mockIAM.run(["show", fixture("partial-account"), "--action", "Nothing"])
        #expect(none.status == 1 && none.errors.contains("has no exchange with operation Nothing"))
        #expect(try await mockIAM.run(["show", "/nowhere"]).status == 1)
    }

    @Test(
        "Wrong usage is 64, and nothing is done",
        arguments: [
            ["convert"], ["convert", "in"], ["convert", "in", "out", "--anonymize-key", "k"], ["show"],
            ["show", "x", "--seq", "one"], ["record"], ["record", "--out", "x"],
            ["record", "--upstream", "http://example.com", "--out", "x"],
            ["record", "--upstream", "aws", "--out", "x", "--port", "70000"],
            ["record", "--upstream", "aws", "--out", "x", "--region", "EU West"],
        ]
    )
    func usage(arguments: [String]) async throws {
        let result = try await mockIAM.run(arguments)
        #expect(result.status == 64)
        #expect(result.errors.contains("Usage: mock-iam \(arguments[0])"))
    }

    // MARK: record

    @Test("Without credentials, record says so and makes nothing")
    func noCredentials() async throws {
        try await withFolder { folder in
            let result = try await mockIAM.run(["record", "--upstream", "aws", "--out", "\(folder)/out"])
            #expect(result.status == 1)
            #expect(result.errors.contains("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY aren't set"))
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/out"))
        }
    }

    @Test("keywitness through the recorder, and again from the recording: the same report")
    func recordAndReplay() async throws {
        try await withFolder { folder in
            let recorded = "\(folder)/recorded"
            let key = ["AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SESSION_TOKEN": "hush-token-0123456789"]
            let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
            let environment = key.merging(["AWS_SECRET_ACCESS_KEY": secret]) { $1 }
            let first = try await running(["serve", "--fixtures", fixture("demo-account")]) { upstream in
                try await running(
                    [
                        "record", "--upstream", upstream, "--out", recorded, "--ready-file", "\(folder)/ready",
                        "--verbose",
                    ],
                    environment: environment
                ) { url in
                    #expect(try String(contentsOfFile: "\(folder)/ready", encoding: .utf8) == url + "\n")
                    return try await collect(from: url, to: "\(folder)/1")
                }
            }
            #expect(first.result.status == 0)
            #expect(first.result.errors.contains("83 exchanges recorded in \(recorded)"))
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/ready"))
            let text = try String(contentsOfFile: "\(recorded)/exchanges.jsonl", encoding: .utf8)
            for hush in [secret, "hush-token", "Authorization"] {
                #expect(!text.contains(hush) && !first.result.errors.contains(hush))
            }
            let again = try await running(["serve", "--fixtures", recorded]) { url in
                try await collect(from: url, to: "\(folder)/2")
            }
            #expect(first.result.result == again.result)
            #expect(first.result.result.contains("AKIA7BTTBW5KIEXAMPLE"))
        }
    }

    /// The table of keys that keywitness makes, without when AWS was asked.
    private func collect(from url: String, to folder: String) async throws -> String {
        let result = try await Program(name: "keywitness").run(
            [
                "collect", "--source", "live", "--endpoint-url", url, "--as-of", "2026-11-22T20:45:00Z", "--output-dir",
                folder, "--quiet",
            ],
            environment: ["AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "HOME": folder])
        #expect(result.status == 3, "\(result.errors)")
        let table = try String(contentsOfFile: "\(folder)/111122223333/20261122T204500Z/keys.csv", encoding: .utf8)
        // last_used_as_of comes before the tests' columns.
        return table.replacing(/,[-0-9T:]+Z,((?:not-)?(?:applicable|satisfied)|undetermined),/) { ",,\($0.1)," }
    }

    /// Starts `mock-iam`, waits for its line on standard output, and ends it with a signal after `body`.
    private func running<Result>(
        _ arguments: [String], environment: [String: String] = [:], _ body: (_ url: String) async throws -> Result
    ) async throws -> (result: Result, status: Int32, errors: String) {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let errors = folder.appending(path: "err")
        let pipe = Pipe()
        let process = try mockIAM.process(
            arguments, environment: environment, output: folder.appending(path: "out"), errors: errors)
        process.standardOutput = pipe
        try process.run()
        // The line is flushed at once, so reading it is all the waiting there is.
        let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        let result: Result
        do {
            try #require(line.hasPrefix("listening on http://127.0.0.1:") && line.hasSuffix("\n"))
            result = try await body(String(line.dropFirst("listening on ".count).dropLast()))
        } catch {
            process.terminate()
            throw error
        }
        process.terminate()
        process.waitUntilExit()
        return (result, process.terminationStatus, String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.path)
    }
}
