#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import SystemPackage

/// Where the product goes: unlike what is said about a run, it must get there.
enum StandardOutput {
    /// - Throws: ``Failure`` where it can't be written. A reader that went away (`| head`) is no reason to fail.
    static func write(_ text: String) throws(Failure) {
        try write(Array(text.utf8)[...])
    }

    /// As ``write(_:)``, what stands in a file.
    ///
    /// - Throws: ``Failure``, also where the file can't be read.
    static func write(contentsOf path: String) throws(Failure) {
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly)
            try file.closeAfter {
                var buffer = [UInt8](repeating: 0, count: 1 << 16)
                while true {
                    let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
                    guard count > 0 else { return }
                    try write(buffer[..<count])
                }
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure("can't read \(path): \(error).")
        }
    }

    private static func write(_ bytes: ArraySlice<UInt8>) throws(Failure) {
        var rest = bytes
        while !rest.isEmpty {
            do {
                rest = rest.dropFirst(
                    try unsafe rest.withUnsafeBytes { try unsafe FileDescriptor.standardOutput.write($0) })
            } catch Errno.brokenPipe {
                return
            } catch Errno.wouldBlock {
                // Whoever shares it with us wants it so.
                var output = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&output, 1, -1)
            } catch {
                throw Failure("can't write to standard output: \(error).")
            }
        }
    }
}
