#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import ArgumentParser
import Evidence
import FoundationEssentials
import NIOCore

/// The `keywitness` command.
@main
struct KeyWitness: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: KeyWitnessTool.name,
        abstract: "Evidence about AWS IAM access keys that an auditor can check.",
        discussion: """
            Reads every IAM user's access keys with read-only calls, judges each one, and leaves a bundle: OSCAL \
            assessment results, JSON and CSV reports, and the recorded AWS answers that all of it rests on.

            Examples:
              keywitness collect --profile audit
              keywitness collect --format json --fail-on high > report.json
              keywitness verify keywitness-evidence/111122223333/20261122T204500Z
              keywitness explain ci-deploy \\
                --bundle keywitness-evidence/111122223333/20261122T204500Z
              keywitness policy show cis-aws
              keywitness whoami --profile audit
              keywitness doctor --profile audit
              keywitness describe --format json
            """,
        version: KeyWitnessTool.version,
        subcommands: [
            Collect.self, Verify.self, Explain.self, PolicyCommand.self, Controls.self, Whoami.self, Doctor.self,
            Permissions.self,
            Describe.self,
        ]
    )

    static func main() async {
        StandardDescriptors.fill()
        // Who reads no further (`| head`) ends nothing: exit codes are what was found. Programs that are started get the
        // signal back.
        signal(SIGPIPE, SIG_IGN)
        // All connections live on one loop; by itself the group would start a thread for each processor.
        NIOSingletons.groupLoopCountSuggestion = 1
        let environment = ProcessInfo.processInfo.environment
        CrashOutput.silence(environment: environment)
        do {
            var command = try await asyncParseAsRoot()
            do {
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
            } catch let error as ValidationError {
                // The library would show how the program as a whole is used.
                Console.sayUsage("Error: \(error.message)\n" + usage(of: type(of: command)))
                throw ExitCode.validationFailure
            } catch let mistake as MistakeInFile {
                Console.sayUsage("Error: \(mistake.text)\n")
                throw ExitCode.validationFailure
            } catch let failure as Failure {
                let noColor = CommandLine.arguments.contains("--no-color")
                Console(quiet: false, noColor: noColor, environment: environment).fail(failure.text)
                throw ExitStatus.couldNotRun.exitCode
            }
        } catch let code as ExitCode {
            // The library would make the help text first, and show none of it.
            end(code.rawValue)
        } catch {
            exit(withError: error)
        }
    }

    /// As the library has it below a mistake that it finds itself.
    private static func usage(of command: any ParsableCommand.Type) -> String {
        let name = path(to: command, from: self).map { " \($0)" }.joined()
        return
            "Usage: \(usageString(for: command))\n  See '\(KeyWitnessTool.name)\(name) --help' for more information.\n"
    }

    /// The names on the way from a command to one below it.
    private static func path(to wanted: any ParsableCommand.Type, from command: any ParsableCommand.Type) -> [String] {
        for next in command.configuration.subcommands {
            let names = [next.configuration.commandName ?? ""]
            if next == wanted { return names }
            let rest = path(to: wanted, from: next)
            if !rest.isEmpty { return names + rest }
        }
        return []
    }
}

/// Outside of the command, where `exit` is the library's.
private func end(_ code: Int32) -> Never { exit(code) }
