#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import SystemPackage

/// A lock that a process has for as long as it lives at most: the system takes it back when the process ends, however it
/// does (`flock(2)`).
struct FolderLock: ~Copyable {
    private let descriptor: FileDescriptor

    /// - Parameter path: a file, which is made if it's missing, or a folder.
    /// - Returns: nil where another process, or this one elsewhere, has the lock.
    /// - Throws: `Errno`.
    static func acquire(_ path: FilePath, isFolder: Bool) throws -> FolderLock? {
        let descriptor =
            isFolder
            ? try FileDescriptor.open(path, .readOnly, options: [.directory, .noFollow, .closeOnExec])
            : try FileDescriptor.open(
                path, .readWrite, options: [.create, .noFollow, .closeOnExec], permissions: .ownerReadWrite)
        while flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0 {
            let error = Errno(rawValue: errno)
            if error == .interrupted { continue }
            try? descriptor.close()
            if error == .wouldBlock { return nil }
            throw error
        }
        return FolderLock(descriptor: descriptor)
    }

    private init(descriptor: FileDescriptor) {
        self.descriptor = descriptor
    }

    deinit {
        // It also releases the lock, and there is nobody to tell.
        try? descriptor.close()
    }
}
