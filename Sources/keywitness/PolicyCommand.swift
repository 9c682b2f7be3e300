import ArgumentParser
import Evidence
import FoundationEssentials
import StrictYAML

/// `keywitness policy`
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Show and check what keys are held to.",
        discussion: """
            A policy says where risk levels begin, where control tests fail, which tests run, what holds for service \
            accounts, and how long exceptions may last. Built in are:
              default   the known levels; 90 days unused, 90 days to rotation
              cis-aws   the limits of the CIS AWS Foundations Benchmark: 45 days unused, one Active key a user
              strict    30 days unused, 30 days to rotation

            Examples:
              keywitness policy show cis-aws
              keywitness policy show default > policy.yaml
              keywitness policy check policy.yaml --exceptions exceptions.yaml
              keywitness collect --policy policy.yaml
            """,
        subcommands: [Show.self, Check.self]
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case yaml, json
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Print a policy.",
            discussion: """
                A built-in policy is printed as its file, with comments, to start one's own from. JSON has every value, \
                also those that come from an extended policy: it is what a bundle holds as policy.json.

                Examples:
                  keywitness policy show strict
                  keywitness policy show policy.yaml --format json
                """
        )

        @Argument(help: ArgumentHelp("A built-in policy, or a file.", valueName: "name|file"))
        var policy = Policy.BuiltIn.default.rawValue

        @Option(help: "yaml prints the file, json every value.")
        var format = Format.yaml

        func run() throws {
            try CommandLineFile.reading {
                let (policy, text) = try Policy.read(named: policy)
                try StandardOutput.write(format == .yaml ? text : String(decoding: policy.file, as: UTF8.self))
            }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Say what is wrong in a policy, and in exceptions and mappings that go with it.",
            discussion: """
                Without AWS. Whether an exception is about anything only a scan can tell.

                Examples:
                  keywitness policy check policy.yaml
                  keywitness policy check default --exceptions exceptions.yaml
                  keywitness policy check default --controls our-framework.json

                Exit codes:
                  0   nothing is wrong
                  64  something is: the message names file, line and what was expected
                """
        )

        @Argument(help: ArgumentHelp("A file, or a built-in policy.", valueName: "file|name"))
        var policy: String

        @Option(help: ArgumentHelp("A file of exceptions, held to the policy's terms.", valueName: "file"))
        var exceptions: String?

        @Option(
            name: .customLong("controls"),
            help: ArgumentHelp("A file of mappings; may be given more than once.", valueName: "file"))
        var controlFiles: [String] = []

        func run() throws {
            try CommandLineFile.reading {
                let policy = try Policy(named: policy)
                var lines = [policy.described] + policy.remarks.map { "note: \($0)" }
                if let exceptions {
                    let list = try ExceptionList(
                        reading: YAMLValue(contentsOf: exceptions), terms: policy.exceptions)
                    let count = list.exceptions.count
                    lines.append("\(exceptions): \(count) \(count == 1 ? "exception" : "exceptions")")
                    lines += list.remarks(on: policy, at: Date()).map { "note: \($0)" }
                }
                var crosswalk = try Crosswalk.builtIn()
                for file in controlFiles {
                    let added = try Crosswalk(reading: YAMLValue(contentsOf: file), besides: crosswalk)
                    crosswalk = crosswalk.adding(added)
                    let mappings = added.tests.reduce(0) { $0 + $1.mappings.count }
                    lines.append(
                        "\(file): \(mappings) \(mappings == 1 ? "mapping" : "mappings") to \(added.frameworks.map(\.title).joined(separator: ", "))"
                    )
                }
                try StandardOutput.write(lines.map { $0.escapedForTerminal + "\n" }.joined())
            }
        }
    }
}
