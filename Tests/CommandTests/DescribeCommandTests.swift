import Foundation
import Testing

@Suite struct DescribeCommandTests {
    private func description() async throws -> [String: Any] {
        let result = try await Program(name: "keywitness").run(["describe", "--format", "json"])
        #expect(result.status == 0 && result.errors.isEmpty)
        return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }

    @Test func `it names the options that collect has, and no others`() async throws {
        let described = try #require(try await description()["options"] as? [[String: Any]]).compactMap {
            $0["name"] as? String
        }
        let help = try await Program(name: "keywitness").run(["collect", "--help"]).output
        let pattern = /^  (?:-h, )?(--[a-z-]+)/.anchorsMatchLineEndings()
        let options = help.matches(of: pattern).map { String($0.1) }.filter { !["--version", "--help"].contains($0) }
        #expect(Set(described) == Set(options))
        #expect(described.count == 29)
    }

    @Test func `it says which permissions a scan can do without`() async throws {
        let permissions = try #require(try await description()["permissions"] as? [[String: Any]])
        let required = permissions.filter { $0["required"] as? Bool == true }.compactMap { $0["action"] as? String }
        #expect(Set(required) == ["iam:ListUsers", "iam:ListAccessKeys", "iam:GetAccessKeyLastUsed"])
    }

    @Test func `it carries the schemas whole, by the ids that the documents name`() async throws {
        let outputs = try #require(try await description()["outputs"] as? [[String: Any]])
        let ids = outputs.compactMap { ($0["jsonSchema"] as? [String: Any])?["$id"] as? String }
        #expect(
            Set(ids) == [
                "urn:keywitness:schema:report:2", "urn:keywitness:schema:manifest:1",
                "urn:keywitness:schema:recording-line:1", "urn:keywitness:schema:policy:1",
                "urn:keywitness:schema:exceptions:1", "urn:keywitness:schema:controls:1",
            ])
    }

    @Test func `help has examples and the exit codes`() async throws {
        let root = try await Program(name: "keywitness").run(["--help"])
        #expect(root.output.contains("Examples:\n  keywitness collect --profile audit"))
        let collect = try await Program(name: "keywitness").run(["collect", "--help"])
        #expect(collect.output.contains("  4   incomplete: something in scope could not be read"))
        // It may stand on two lines.
        let words = collect.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("--fail-on, other than keys all of whose failures exceptions answer for"))
        #expect(try await Program(name: "keywitness").run(["--version"]).output == "0.4.0\n")
    }

    @Test(arguments: [
        ("keywitness", [[], ["policy"]]),
        ("mock-iam", [[]]),
    ])
    func `examples stand in help as they can be copied, however narrow the terminal`(
        program: String, groups: [[String]]
    ) async throws {
        var commands = groups
        for group in groups {
            let help = try await Program(name: program).run(group + ["--help"]).output
            let subcommands = try #require(help.split(separator: "SUBCOMMANDS:\n").last).split(separator: "\n")
            commands += subcommands.compactMap { line in
                line.firstMatch(of: #/^  ([a-z]+) /#).map { group + [String($0.1)] }
            }
        }
        #expect(commands.count > 4)
        for command in commands {
            let help = try await Program(name: program).run(command + ["--help"], environment: ["COLUMNS": "80"]).output
            for examples in help.split(separator: /(?i:examples):?\n/).dropFirst() {
                let lines = examples.prefix(upTo: examples.firstRange(of: "\n\n")?.lowerBound ?? examples.endIndex)
                for line in lines.split(separator: "\n") {
                    #expect(line.hasPrefix("  "), "\(program) \(command): \(line)")
                }
            }
        }
    }
}
