#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import FoundationEssentials
import SystemPackage

/// A file that only its owner may read, such as AWS CLI's token cache.
struct PrivateFile {
    let path: String

    /// Replaces what is in it, whole or not at all: written beside it, and renamed.
    ///
    /// - Throws: `Errno`.
    func replace(with bytes: [UInt8]) throws {
        let beside = "\(path).\(UUID().uuidString.lowercased()).tmp"
        let file = try FileDescriptor.open(
            FilePath(beside), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: .ownerReadWrite)
        do {
            try file.closeAfter {
                _ = try file.writeAll(bytes)
                guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
            guard unsafe rename(beside, path) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            try? FileManager.default.removeItem(atPath: beside)
            throw error
        }
    }
}
