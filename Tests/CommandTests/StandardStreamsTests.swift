import Foundation
import Testing

@testable import keywitness

/// Standard output that isn't there, or that nobody reads; and a file that only its owner may read.
@Suite struct StandardStreamsTests {
    /// Runs a line of a shell that finds the program.
    private func shell(_ line: String) async throws -> (status: Int32, output: String) {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let output = folder.appending(path: "out")
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", line]
        process.environment = ["PATH": "\(Program.folder.path):/usr/bin:/bin", "HOME": folder.path]
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = FileHandle.nullDevice
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in done.resume() }
            do { try process.run() } catch { done.resume(throwing: error) }
        }
        return (process.terminationStatus, try String(contentsOf: output, encoding: .utf8))
    }

    @Test func `a reader that goes away is no error`() async throws {
        // More than a pipe holds.
        let result = try await shell("{ keywitness describe --format json; echo $? > status; } | head -c 1; cat status")
        #expect(result.output == "{0\n")
    }

    @Test func `without standard output the product can't be written, and goes into no other file`() async throws {
        #expect(try await shell("keywitness describe >&-").status == 1)
    }

    // MARK: A private file

    @Test func `a private file is replaced whole, and stays its owner's`() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "token.json").path
        for text in ["first", "second, and longer"] {
            try PrivateFile(path: path).replace(with: Array(text.utf8))
            #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["token.json"])
    }

    @Test func `one that can't be replaced leaves nothing beside it`() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let taken = folder.appending(path: "token.json")
        try FileManager.default.createDirectory(at: taken.appending(path: "x"), withIntermediateDirectories: true)
        #expect(throws: (any Error).self) { try PrivateFile(path: taken.path).replace(with: [1]) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["token.json"])
    }
}
