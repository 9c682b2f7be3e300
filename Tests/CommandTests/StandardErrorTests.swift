import Foundation
@testable import keywitness
import SystemPackage
import Testing

/// A pipe in which there is no room for anything more, until somebody reads.
final class FullPipe {
    private let pipe = Pipe()

    var writing: FileHandle { pipe.fileHandleForWriting }
    var descriptor: FileDescriptor { FileDescriptor(rawValue: writing.fileDescriptor) }

    init(blocks: Bool = true) throws {
        let number = writing.fileDescriptor
        let flags = fcntl(number, F_GETFL)
        #expect(fcntl(number, F_SETFL, flags | O_NONBLOCK) == 0)
        let piece = [UInt8](repeating: UInt8(ascii: "."), count: 512)
        while (try? descriptor.writeAll(piece)) != nil {}
        if blocks { #expect(fcntl(number, F_SETFL, flags) == 0) }
    }

    /// All that was written, once nobody writes any more.
    func read() throws -> Data {
        try writing.close()
        return try pipe.fileHandleForReading.readToEnd() ?? Data()
    }

    func readSome() { _ = pipe.fileHandleForReading.availableData }
}

@Suite struct StandardErrorTests {
    @Test func `where a descriptor doesn't block, all of a text gets there as soon as somebody reads`() async throws {
        let pipe = try FullPipe(blocks: false)
        #expect(!pipe.descriptor.isReady())
        let text = Array("warning: no timestamp could be had\n".utf8)
        let descriptor = pipe.descriptor
        let writing = Task.detached { try descriptor.writeAll(text[...], patience: .seconds(60)) }
        pipe.readSome()
        try await writing.value
        #expect(try pipe.read().suffix(text.count) == Data(text))
    }

    @Test func `what nobody reads is given up after a while`() throws {
        let pipe = try FullPipe(blocks: false)
        #expect(throws: Errno.wouldBlock) { try pipe.descriptor.writeAll([1, 2, 3], patience: .zero) }
        pipe.readSome()
        #expect(pipe.descriptor.isReady())
        try pipe.descriptor.writeAll([1, 2, 3], patience: .zero)
    }
}
