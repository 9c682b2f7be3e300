import ArgumentParser
import Evidence
import FoundationEssentials

/// `keywitness describe`
struct Describe: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Say what this collector collects, needs and writes, for platforms that run it.",
        discussion: """
            The JSON names the controls that the evidence speaks to, the AWS permissions needed, the options, the exit \
            codes and, in full, the JSON Schemas of the files written.

            Example:
              keywitness describe --format json | jq '.permissions[].action'
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(help: "How to say it.")
    var format = Format.text

    func run() throws {
        let description = try CollectorDescription()
        switch format {
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            try StandardOutput.write(String(decoding: encoder.encode(description), as: UTF8.self) + "\n")
        case .text: try StandardOutput.write(description.text)
        }
    }
}
