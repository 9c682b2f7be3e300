import Crypto
import SystemPackage

/// A file that something writes itself to which knows nothing of files: what goes wrong is told at the end.
final class FileBeingWritten {
    private var file: DurableFile?
    private var failure: (any Error)?
    /// Whether something of it could not be written.
    var hasFailed: Bool { failure != nil }

    init(creating path: FilePath) throws {
        file = try DurableFile(creating: path)
    }

    func append(_ bytes: Span<UInt8>) {
        guard failure == nil else { return }
        do { try file?.append(bytes) } catch { failure = error }
    }

    deinit {
        file.take()?.abandon()
    }

    func finish() throws -> (size: Int, digest: SHA256Digest) {
        if let failure { throw failure }
        guard let file = file.take() else { throw Errno.badFileDescriptor }
        let size = file.size
        return (size, try file.finish())
    }
}
