import CanonicalJSON
import Crypto
import Foundation
import SystemPackage
import Testing

@testable import Collector

struct DurableFileTests {
    /// Blocks are written from what is appended, or from what was kept: each change from one to the other.
    @Test(arguments: [
        [], [1], [-1, 1], [0], [0, 0, 5], [1, -1, 1], [-1, 2, 7], [5, 0, 0], [3, -5, 1, 1],
    ])
    func `what is appended stands in the file, whatever its sizes`(besidesBlocks sizes: [Int]) async throws {
        try await withTemporaryFolder { folder in
            let path = FilePath(folder).appending("file")
            var file = try DurableFile(creating: path)
            var expected: [UInt8] = []
            for (number, more) in sizes.enumerated() {
                // 0, 1 or 3 blocks, and a little more or less.
                let count = max(0, [1, 3, 0][number % 3] * OutputBuffer.piece + more)
                let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number) }
                try file.append(bytes)
                expected += bytes
            }
            let size = file.size
            let digest = try file.finish()
            let written = try Data(contentsOf: URL(filePath: path.string))
            #expect(written == Data(expected))
            #expect(size == expected.count)
            #expect(digest == SHA256.hash(data: expected))
        }
    }
}
