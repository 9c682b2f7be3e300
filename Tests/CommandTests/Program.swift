import Foundation
import Testing

/// One of the built binaries, or another program, run as a process.
struct Program {
    let path: String

    init(name: String) { path = Self.folder.appending(path: name).path }

    init(path: String) { self.path = path }

    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Where the build put the binaries: beside the test runner.
    static var folder: URL {
        URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    }

    /// Runs to the end. The environment is what is given and nothing else; standard input is empty.
    ///
    /// - Parameters:
    ///   - device: where standard output goes instead of into the result.
    ///   - current: the folder that it is run in; the tests' own without it.
    func run(
        _ arguments: [String], environment: [String: String] = [:], to device: String? = nil, in current: URL? = nil
    ) async throws -> Result {
        // Files rather than pipes: a pipe that nobody reads in time stops the program.
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let output = folder.appending(path: "out")
        let errors = folder.appending(path: "err")
        let process = try process(arguments, environment: environment, output: output, errors: errors)
        if let current { process.currentDirectoryURL = current }
        if let device { process.standardOutput = try FileHandle(forWritingTo: URL(filePath: device)) }
        try await process.runToEnd()
        return Result(
            status: process.terminationStatus,
            output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }

    func process(
        _ arguments: [String], environment: [String: String], output: URL, errors: URL
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        for file in [output, errors] { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        return process
    }
}

extension Process {
    fileprivate func runToEnd() async throws {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            terminationHandler = { _ in done.resume() }
            do { try run() } catch { done.resume(throwing: error) }
        }
    }
}

func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "keywitness-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
}

/// A bundled fixture.
func fixture(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "MockIAM/Fixtures/\(name)").path
}
