import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that a script waits for or reads while the server runs: where it can be asked, what certificate to trust.
struct PlacedFile {
    let path: String

    /// - Throws: ``PlacedFileError`` with what to do.
    func write(_ text: String) throws {
        do {
            // Atomically: who sees the file sees all of it.
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw PlacedFileError(path: path, reason: error.inPlainWords)
        }
    }

    /// What it tells is no longer so.
    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}

extension Error {
    /// What the system said, without the wrapping that is meant for programmers.
    fileprivate var inPlainWords: String {
        switch self {
        case let error as POSIXError: return unsafe String(cString: strerror(error.code.rawValue))
        case let error as CocoaError:
            if let cause = error.underlying { return cause.inPlainWords }
            switch error.code {
            case .fileNoSuchFile, .fileReadNoSuchFile: return "no such folder"
            case .fileWriteNoPermission: return "no permission"
            case .fileWriteOutOfSpace: return "the disk is full"
            case .fileWriteVolumeReadOnly: return "the file system is read-only"
            default: return "error \(error.code.rawValue)"
            }
        default: return "\(self)"
        }
    }
}

/// A file that can't be written.
struct PlacedFileError: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String {
        "can't write \(path): \(reason); is its folder there and writable?"
    }
}
