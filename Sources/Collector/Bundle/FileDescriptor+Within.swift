#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import SystemPackage

extension FileDescriptor {
    /// How a file is opened that isn't trusted: a link isn't followed, a pipe isn't waited for, and no terminal becomes the
    /// process's own.
    private static let distrustful = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC

    /// Opens a file in this folder for reading, whatever kind it is of.
    func file(_ name: String) throws(Errno) -> FileDescriptor {
        try open(name, Self.distrustful)
    }

    /// Opens a folder in this folder.
    func folder(_ name: String) throws(Errno) -> FileDescriptor {
        try open(name, Self.distrustful | O_DIRECTORY)
    }

    private func open(_ name: String, _ flags: CInt) throws(Errno) -> FileDescriptor {
        while true {
            let descriptor = unsafe openat(rawValue, name, flags)
            if descriptor >= 0 { return FileDescriptor(rawValue: descriptor) }
            let error = Errno(rawValue: errno)
            guard error == .interrupted else { throw error }
        }
    }

    /// So many bytes from here on, or fewer where the file ends before.
    func bytes(_ count: Int) throws -> [UInt8] {
        // The system takes no more at once than an integer of 32 bits counts.
        let most = 1 << 30
        return unsafe try [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
            while read < count {
                let piece = read..<min(count, read + most)
                let place = unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[piece])
                let added = unsafe try self.read(into: place)
                if added == 0 { break }
                read += added
            }
        }
    }
}
