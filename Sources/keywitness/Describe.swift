import ArgumentParser
import Evidence

/// `keywitness describe`
struct Describe: ParsableCommand {
    static let configuration = CommandConfiguration(
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
        case .json: print(String(decoding: try DocumentEncoder.json(description), as: UTF8.self), terminator: "")
        case .text: print(description.text, terminator: "")
        }
    }
}
