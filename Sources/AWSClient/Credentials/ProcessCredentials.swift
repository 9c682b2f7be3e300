import FoundationEssentials
import Subprocess
import SystemPackage

/// A profile with `credential_process`: a program that prints credentials as JSON.
///
/// It is started without a shell, and ended when it takes too long or prints too much.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
package struct ProcessCredentials: CredentialSource {
    /// Time enough for a person to touch a token or answer a dialog.
    package static let timeout: Duration = .seconds(60)
    /// In bytes; credentials have about a thousand.
    private static let outputLimit = 64 << 10

    private let surroundings: CredentialSurroundings
    private let profile: String
    private let timeout: Duration

    package init(_ surroundings: CredentialSurroundings, profile: String, timeout: Duration = timeout) {
        self.surroundings = surroundings
        self.profile = profile
        self.timeout = timeout
    }

    package var name: String { "credential_process of \(origin)" }

    private var origin: String { "profile '\(profile)'" }

    private struct Printed: Decodable {
        var Version: Int?
        var AccessKeyId: String?
        var SecretAccessKey: String?
        var SessionToken: String?
        var Expiration: String?
    }

    package func credentials() async throws(CredentialError) -> Credentials? {
        guard let command = surroundings.configuration.settings(of: profile)?["credential_process"] else { return nil }
        guard let words = ShellWords.split(command), let program = words.first else {
            throw .invalid(origin: origin, reason: "credential_process has a quote that isn't closed, or no program")
        }
        let output = try await output(of: program, Array(words.dropFirst()))
        guard let printed = try? JSONDecoder().decode(Printed.self, from: Data(output)) else {
            throw failure(
                "credential_process '\(program)' printed no JSON object of credentials, or one in which Version isn't a number "
                    + "and the rest texts")
        }
        guard printed.Version == 1 else {
            throw failure(
                "credential_process '\(program)' printed Version \(printed.Version.map { "\($0)" } ?? "none"), not 1")
        }
        guard let id = printed.AccessKeyId, let secret = printed.SecretAccessKey else {
            throw failure("credential_process '\(program)' printed no AccessKeyId or no SecretAccessKey")
        }
        let end = printed.Expiration.flatMap { Date(expiration: $0) }
        guard printed.Expiration == nil || end != nil else {
            throw failure(
                "credential_process '\(program)' printed an Expiration that is no ISO 8601 instant with a zone, such as "
                    + "2026-11-22T20:45:00Z")
        }
        return Credentials(
            accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: printed.SessionToken.map(Secret.init),
            expiration: end, method: .process, origin: "credential_process '\(program)' of \(origin)")
    }

    private func failure(_ reason: String) -> CredentialError {
        .failed(origin: origin, reason: reason, advice: "Run the program by hand to see what it prints.")
    }

    private func output(of program: String, _ arguments: [String]) async throws(CredentialError) -> [UInt8] {
        let environment = surroundings.configuration.environment
        do {
            let result = try await withThrowingTaskGroup(of: ProcessResult?.self) { group in
                group.addTask {
                    // What it complains of may quote a secret, and nothing of ours shows one. Whoever runs the program
                    // by hand, as the error advises, sees it.
                    let result = try await run(
                        program.contains("/") ? .path(FilePath(program)) : .name(program),
                        arguments: Arguments(arguments), environment: .custom(environment.asProcessEnvironment),
                        output: .bytes(limit: Self.outputLimit), error: .discarded)
                    return ProcessResult(status: result.terminationStatus, output: result.standardOutput)
                }
                group.addTask { [timeout] in
                    try await Task.sleep(for: timeout)
                    return nil
                }
                defer { group.cancelAll() }
                return try await group.next() ?? nil
            }
            guard let result else {
                throw failure("credential_process '\(program)' didn't end within \(timeout.components.seconds) s")
            }
            guard result.status.isSuccess else {
                throw failure(
                    "credential_process '\(program)' \(result.status.inWords); what it says on standard error isn't shown, as "
                        + "it may hold secrets")
            }
            return result.output
        } catch let error as CredentialError {
            throw error
        } catch let error as SubprocessError where error.code == .executableNotFound {
            // A shell would take it for a variable's value, which may be a secret.
            guard !program.contains("=") else {
                throw failure(
                    "credential_process begins with an assignment, and is started without a shell. Put the command "
                        + "into a script")
            }
            throw failure("credential_process '\(program)' isn't there, or isn't a program")
        } catch let error as SubprocessError where error.code == .outputLimitExceeded {
            throw failure("credential_process '\(program)' printed more than \(Self.outputLimit) bytes")
        } catch {
            throw failure("credential_process '\(program)' can't be run: \(error)")
        }
    }

    private struct ProcessResult: Sendable {
        var status: TerminationStatus
        var output: [UInt8]
    }
}

extension TerminationStatus {
    fileprivate var inWords: String {
        switch self {
        case .exited(let code): "ended with exit code \(code)"
        case .signaled(let signal): "was ended by signal \(signal)"
        }
    }
}

extension [String: String] {
    fileprivate var asProcessEnvironment: [Environment.Key: String] {
        reduce(into: [:]) { $0[Environment.Key(stringLiteral: $1.key)] = $1.value }
    }
}
