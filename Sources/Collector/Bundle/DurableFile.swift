#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import CanonicalJSON
import Crypto
import SystemPackage

/// A new file that is written from front to back, digested on the way, and forced to disk at its end.
struct DurableFile: ~Copyable {
    /// The file is written in whole blocks of this size, but for its end: the kernel takes a large piece that is aligned
    /// for half of what the same bytes cost it in pieces that are not.
    private static let blockSize = OutputBuffer.piece

    let path: FilePath
    private let descriptor: FileDescriptor
    private var buffer: [UInt8] = []
    private var hash = SHA256()
    private(set) var size = 0

    /// - Throws: `Errno`; it is an error if the file exists.
    init(creating path: FilePath) throws {
        self.path = path
        descriptor = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
        buffer.reserveCapacity(Self.blockSize)
    }

    mutating func append(_ bytes: [UInt8]) throws {
        try append(bytes.span)
    }

    mutating func append(_ bytes: Span<UInt8>) throws {
        unsafe try bytes.withUnsafeBytes { bytes in
            unsafe hash.update(bufferPointer: bytes)
            size += bytes.count
            var rest = unsafe bytes[...]
            while unsafe !rest.isEmpty {
                // Whole blocks needn't be copied.
                let blocks = unsafe buffer.isEmpty ? rest.count - rest.count % Self.blockSize : 0
                if blocks > 0 {
                    unsafe try descriptor.writeAll(UnsafeRawBufferPointer(rebasing: rest.prefix(blocks)))
                    unsafe rest = rest.dropFirst(blocks)
                } else {
                    let part = unsafe rest.prefix(Self.blockSize - buffer.count)
                    unsafe buffer += part
                    unsafe rest = rest.dropFirst(part.count)
                    if buffer.count == Self.blockSize { try flush() }
                }
            }
        }
    }

    /// Ends the file and gives the SHA-256 of what is in it.
    consuming func finish() throws -> SHA256Digest {
        // Closed whatever happens, and once: closing releases the descriptor even where it reports an error.
        let descriptor = descriptor
        let written = Result { try flush() }.flatMap { _ in Result { try synchronize(descriptor) } }
        try descriptor.closeAfter { try written.get() }
        return hash.finalize()
    }

    /// Closes a file that isn't wanted any more, as it is.
    consuming func abandon() {
        try? descriptor.close()
    }

    private mutating func flush() throws {
        try descriptor.writeAll(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}

/// Forces what was written to disk.
func synchronize(_ descriptor: FileDescriptor) throws {
    while fsync(descriptor.rawValue) != 0 {
        let error = Errno(rawValue: errno)
        guard error == .interrupted else { throw error }
    }
}

/// Forces a folder's entries to disk, so that a rename in it survives a crash.
func synchronizeFolder(_ path: FilePath) throws {
    let descriptor = try FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
    try descriptor.closeAfter { try synchronize(descriptor) }
}
