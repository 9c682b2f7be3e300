import Foundation

/// `mock-iam serve` as a process of its own, which can be measured.
struct ServerProcess {
    let port: Int
    private let process: Process

    /// Runs it while `body` runs.
    ///
    /// - Parameter openFiles: how many files it may have open; nil leaves it as it is.
    static func run(
        _ arguments: [String], openFiles: Int? = nil, _ body: (ServerProcess) async throws -> Void
    ) async throws {
        let folder = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        let limit = openFiles.map { "ulimit -n \($0) && " } ?? ""
        process.arguments =
            ["-c", "\(limit)exec \"$@\"", "sh", folder.appending(path: "mock-iam").path, "serve"] + arguments
        process.environment = [:]
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        // The line is flushed at once, so reading it is all the waiting there is.
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = line.split(separator: ":").last.flatMap({ Int($0.filter(\.isNumber)) }) else {
            throw NotListening(line: line)
        }
        try await body(ServerProcess(port: port, process: process))
    }

    struct NotListening: Error {
        let line: String
    }

    var isRunning: Bool { process.isRunning }

    /// The most memory that it ever had, in bytes; nil where the system doesn't say.
    var peakMemory: Int? {
        guard let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kilobytes = Int(line.filter(\.isNumber))
        else { return nil }
        return kilobytes << 10
    }
}
