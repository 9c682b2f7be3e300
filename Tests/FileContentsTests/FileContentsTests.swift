import FileContents
import Foundation
import SystemPackage
import Testing

struct FileContentsTests {
    /// Each test has a folder of its own.
    private func inFolder(_ body: (FilePath) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(FilePath(folder.path))
    }

    @Test(arguments: [0, 1, 65_536, 65_537, 200_000])
    func `a file is read whole, up to its limit`(count: Int) async throws {
        try await inFolder { folder in
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try Data(bytes).write(to: URL(filePath: folder.appending("file").string))
            #expect(try folder.appending("file").contents(atMost: count) == bytes)
            guard count > 0 else { return }
            #expect(throws: FileContentsError.larger(than: count - 1)) {
                try folder.appending("file").contents(atMost: count - 1)
            }
        }
    }

    @Test func `a pipe is read to its end`() async throws {
        try await inFolder { folder in
            let pipe = folder.appending("pipe")
            try #require(unsafe mkfifo(pipe.string, 0o600) == 0)
            let text = [UInt8](repeating: 7, count: 100_000)
            // Each waits for the other to open it, and the pipe holds less than all.
            let writer = Thread {
                let file = try? FileDescriptor.open(pipe, .writeOnly)
                _ = try? file?.closeAfter { try file?.writeAll(text) }
            }
            writer.start()
            #expect(try pipe.contents(atMost: 100_000) == text)
        }
    }

    @Test func `what never ends is given up at the limit`() {
        #expect(throws: FileContentsError.larger(than: 1 << 20)) { try FilePath("/dev/zero").contents(atMost: 1 << 20) }
        #expect(throws: Never.self) { try FilePath("/dev/null").contents(atMost: 0) }
    }

    @Test func `what can't be read says why`() async throws {
        try await inFolder { folder in
            #expect(throws: FileContentsError.folder) { try folder.contents(atMost: 9) }
            #expect(throws: FileContentsError.missing) { try folder.appending("none").contents(atMost: 9) }
            #expect(throws: FileContentsError.system(.notDirectory)) { try FilePath("/dev/null/x").contents(atMost: 9) }
        }
        #expect("\(FileContentsError.system(.permissionDenied))" == "Permission denied")
    }
}
