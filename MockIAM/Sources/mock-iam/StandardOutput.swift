import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where the product goes.
enum StandardOutput {
    /// At once: into a pipe, `print` writes nothing until a buffer is full, and tells nobody when it can't.
    ///
    /// - Throws: ``StandardOutputError``. A reader that went away (`| head`) is no reason to fail.
    static func put(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
                continue
            }
            switch errno {
            case EINTR: continue
            case EPIPE: return
            case EAGAIN:
                // Whoever shares it with us wants it so.
                var output = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&output, 1, -1)
            default: throw StandardOutputError(reason: unsafe String(cString: strerror(errno)))
            }
        }
    }
}

/// Standard output that can't be written.
struct StandardOutputError: Error, CustomStringConvertible {
    let reason: String

    var description: String { "can't write to standard output: \(reason)" }
}
