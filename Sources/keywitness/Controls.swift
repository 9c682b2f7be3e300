import ArgumentParser
import CanonicalJSON
import Evidence
import StrictYAML

/// `keywitness controls`
struct Controls: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "controls",
        abstract: "Print which controls each control test speaks to, how closely, and why.",
        discussion: """
            'direct' is a test that decides the objective, 'supporting' one that is one input among several. Of SOC 2, \
            CIS, ISO 27001 and PCI DSS there are identifiers only: their texts belong to others.

            Another framework needs no code: write its mappings in the form that --format json prints, and give the file \
            to --controls, here and with collect. It needs ids of its own.

            Examples:
              keywitness controls
              keywitness controls --framework nist-800-53-rev5
              keywitness controls --framework cis-aws-3.0 --format json > cis.json
              sed s/cis-aws-/acme-/g cis.json > our-framework.json
              keywitness controls --controls our-framework.json
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(
        name: .customLong("controls"),
        help: ArgumentHelp("A file of further mappings; may be given more than once.", valueName: "file"))
    var controlFiles: [String] = []

    @Option(
        name: .customLong("framework"),
        help: ArgumentHelp("Of this framework only; may be given more than once.", valueName: "id"))
    var frameworks: [String] = []

    @Option(help: "How to print it.")
    var format = Format.text

    func run() throws {
        let shown = try CommandLineFile.reading { () throws -> Crosswalk in
            var options = CriteriaOptions()
            options.controlFiles = controlFiles
            let all = try options.crosswalk()
            try CriteriaOptions.check(frameworks, among: all)
            return frameworks.isEmpty ? all : all.limited(to: Set(frameworks))
        }
        switch format {
        case .json:
            try StandardOutput.write(
                String(decoding: CanonicalJSON.document(shown.withoutEmptyTests), as: UTF8.self))
        case .text: try StandardOutput.write(shown.table)
        }
    }
}

extension Crosswalk {
    fileprivate var withoutEmptyTests: Crosswalk {
        var part = self
        part.tests.removeAll { $0.mappings.isEmpty }
        return part
    }

    /// By framework, control and test.
    fileprivate var table: String {
        var lines: [String] = []
        for framework in frameworks {
            lines.append("\(framework.id): \(framework.title)")
            var order: [String] = []
            var found: [String: [(ControlTestID, Mapping)]] = [:]
            for entry in tests {
                for mapping in entry.mappings where mapping.framework == framework.id {
                    if found[mapping.control] == nil { order.append(mapping.control) }
                    found[mapping.control, default: []].append((entry.test, mapping))
                }
            }
            for control in order {
                for (test, mapping) in found[control] ?? [] {
                    let parameters = [mapping.parameter, mapping.dueParameter].compactMap { $0 }
                    let limit =
                        (parameters.isEmpty ? "" : ", sets \(parameters.joined(separator: " and "))")
                        + (mapping.limitDays.map { ", limit of its own: \(counted($0))" } ?? "")
                    lines.append(
                        "  \(mapping.label)  \(test.rawValue), \(mapping.relationship.rawValue) (\(mapping.target)\(limit))"
                    )
                    lines.append("      \(mapping.rationale)")
                }
            }
            lines.append("")
        }
        return lines.map { $0.escapedForTerminal + "\n" }.joined()
    }
}
