import ArgumentParser
import Collector

/// `keywitness permissions`
struct Permissions: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "permissions",
        abstract: "Print the IAM policy that a scan needs, and nothing more.",
        discussion: """
            Attach it to the role that the scan runs with. sts:GetCallerIdentity needs no permission. What a scan needs \
            depends on its options: give those that 'keywitness collect' will have.

            Examples:
              keywitness permissions > iam-policy.json
              keywitness permissions --include all
              keywitness permissions --policy policy.yaml --exceptions exceptions.yaml
              aws iam put-role-policy --role-name audit --policy-name keywitness \\
                --policy-document "$(keywitness permissions)"
            """
    )

    @OptionGroup(title: "The scan that is to be made") var scan: ScanOptions

    func run() throws {
        try StandardOutput.write(Permission.needed(for: try scan.plan()).policyDocument)
    }
}

/// Which optional sources are meant.
struct IncludeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "An optional source, or 'all'; may be given more than once: "
                + OptionalSource.allCases.map(\.rawValue).joined(separator: ", ") + ".", valueName: "source"))
    var include: [String] = []

    var sources: Set<OptionalSource> {
        include.contains("all")
            ? Set(OptionalSource.allCases) : Set(include.compactMap { OptionalSource(rawValue: $0) })
    }

    func validate() throws {
        for name in include where name != "all" && OptionalSource(rawValue: name) == nil {
            throw ValidationError(
                "--include '\(name)' is none of all, "
                    + OptionalSource.allCases.map(\.rawValue).joined(separator: ", ") + ".")
        }
    }
}
