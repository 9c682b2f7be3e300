package import SystemPackage

/// Why the contents of a file can't be had.
package enum FileContentsError: Error, Equatable, CustomStringConvertible {
    case missing
    case folder
    /// It has more than so many bytes.
    case larger(than: Int)
    case system(Errno)

    package var description: String {
        switch self {
        case .missing: "there is no such file"
        case .folder: "it is a folder"
        case .larger(let limit): "it is larger than \(limit) bytes"
        case .system(let error): error.description
        }
    }
}

extension FilePath {
    /// The bytes of a file that somebody names: also of a pipe, such as a shell's `<(…)`, or of a device.
    ///
    /// A size that is asked for first says nothing of what is read then: a pipe has none, and a file may grow.
    ///
    /// - Parameter limit: the most bytes that it may have. No more are ever held, whatever there is to read.
    package func contents(atMost limit: Int) throws(FileContentsError) -> [UInt8] {
        do {
            let file = try FileDescriptor.open(self, .readOnly, options: .closeOnExec)
            return try file.closeAfter { try file.contents(atMost: limit) }
        } catch let error as FileContentsError {
            throw error
        } catch let error as Errno {
            switch error {
            case .noSuchFileOrDirectory: throw .missing
            case .isDirectory: throw .folder
            default: throw .system(error)
            }
        } catch {
            // Nothing else comes from the system.
            throw .system(.ioError)
        }
    }
}

extension FileDescriptor {
    fileprivate func contents(atMost limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        // Room for all of it at once; a pipe or a device says nothing of its size, and a file may grow meanwhile.
        if let size = try? stat().size, size > 0 { bytes.reserveCapacity(min(Int(size), limit)) }
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = try unsafe piece.withUnsafeMutableBytes { try unsafe read(into: $0) }
            guard count > 0 else { return bytes }
            guard bytes.count + count <= limit else { throw FileContentsError.larger(than: limit) }
            bytes += piece[..<count]
        }
    }
}
