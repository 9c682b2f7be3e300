import Foundation
@testable import MockIAM
import Recording
import Synchronization
import SystemPackage
import Testing

@Suite("The recording as it grows")
struct RecordingLogTests {
    @Test("A line that the disk doesn't take whole isn't there at all, and what comes later is")
    func fullDisk() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "MockIAMTests-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let isFull = Mutex(false)
        let log = try RecordingLog(directory: folder, manifest: .recorded, anonymizer: nil) { line, file in
            guard isFull.withLock({ $0 }) else {
                _ = try file.writeAll(line)
                return
            }
            _ = try file.writeAll(line.prefix(line.count / 2))
            throw Errno.noSpace
        }
        try await log.append(.recorded("ListUsers"))
        isFull.withLock { $0 = true }
        for _ in 1...2 {
            await #expect(throws: MockIAM.RecordingFailure.self) { try await log.append(.recorded("GetUser")) }
        }
        isFull.withLock { $0 = false }
        try await log.append(.recorded("ListAccessKeys"))
        // Else it would be taken for a whole one.
        let error = await #expect(throws: MockIAM.RecordingFailure.self) { try await log.finish() }
        #expect(
            try #require(error).description.hasSuffix(
                "/exchanges.jsonl has 2 exchanges, and 2 that were answered are missing: they could not be written"))
        let exchanges = try MockIAM.RecordedFile(reading: folder).recording.exchanges
        #expect(exchanges.map(\.operation) == ["ListUsers", "ListAccessKeys"])
        #expect(exchanges.map(\.sequence) == [1, 2])
    }
}
