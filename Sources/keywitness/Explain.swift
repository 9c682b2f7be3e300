import ArgumentParser
import Collector
import Evidence
import FoundationEssentials
import StrictYAML

/// `keywitness explain`
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say why a key is judged as it is, and what would make it compliant.",
        discussion: """
            Reads a bundle, without AWS. The facts in its report are judged once more by the policy and the exceptions in \
            the bundle, so that every rule can be followed: where each fact comes from, how each rule was decided, the \
            controls that it counts for, the exceptions that were considered, and the commands to put it right.

            Examples:
              keywitness explain AKIAIOSFODNN7EXAMPLE \\
                --bundle keywitness-evidence/111122223333/20261122T204500Z
              keywitness explain ci-deploy \\
                --bundle keywitness-evidence/111122223333/20261122T204500Z
              keywitness explain '\(RootUser.name)' \\
                --bundle keywitness-evidence/111122223333/20261122T204500Z

            The root user is named as reports name it; 'root' will do, if no user has that name.

            Exit codes:
              0   explained
              1   the bundle can't be read, or has no such user or key
              5   the bundle doesn't say what its own facts and policy come to, or a file that it reads isn't what \
            SHA256SUMS has; verify looks at all of them
              64  wrong usage
            """
    )

    @Argument(
        help: ArgumentHelp(
            "An access key id, a user's name or ARN, or '\(RootUser.name)' for the root user.",
            valueName: "key id|user"))
    var subject: String

    @Option(help: ArgumentHelp("The folder of the bundle.", valueName: "folder"))
    var bundle: String

    @Flag(name: .customLong("no-color"), help: "Use no color. NO_COLOR does the same.")
    var noColor = false

    func run() throws {
        let console = Console(quiet: false, noColor: noColor, environment: ProcessInfo.processInfo.environment)
        let reading: BundleReading
        do { reading = try BundleReading(folder: bundle) } catch {
            console.fail(Failure(error, credentials: nil).text)
            throw ExitStatus.couldNotRun.exitCode
        }
        let assessment = reading.assessment
        guard let explanation = Explanation(of: subject, in: assessment, style: console.style) else {
            let known = assessment.users.map(\.user.name) + assessment.keys.compactMap(\.key.id)
            let near = known.count <= 20_000 ? subject.nearest(in: known).map { " Did you mean \($0)?" } ?? "" : ""
            console.fail("the bundle has neither a user nor an access key '\(subject)'.\(near)")
            throw ExitStatus.couldNotRun.exitCode
        }
        try console.write(explanation.text)
        var isSound = true
        if !reading.altered.isEmpty {
            isSound = false
            console.warn("\(reading.altered.joined(separator: ", ")): not what SHA256SUMS has. The bundle was changed.")
        }
        let differing = reading.report.differences(from: assessment)
        if !differing.isEmpty {
            isSound = false
            console.warn(
                "report.json says something else of \(differing.prefix(5).joined(separator: ", "))"
                    + "\(differing.count > 5 ? " and others" : "") than its own facts and policy.json come to.")
        }
        if !isSound { throw ExitStatus.contradiction.exitCode }
    }
}
