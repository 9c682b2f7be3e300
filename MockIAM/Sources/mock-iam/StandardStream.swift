#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where the product goes, and what is said about it.
enum StandardStream: String {
    case output, error

    private var descriptor: Int32 {
        switch self {
        case .output: STDOUT_FILENO
        case .error: STDERR_FILENO
        }
    }

    /// At once: into a pipe, `print` writes nothing until a buffer is full, and tells nobody when it can't.
    ///
    /// - Throws: ``StandardStreamError``. A reader that went away (`| head`) is no reason to fail.
    func put(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
                continue
            }
            switch errno {
            case EINTR: continue
            case EPIPE: return
            case EAGAIN:
                // Whoever shares it with us wants it so.
                var stream = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&stream, 1, -1)
            default: throw StandardStreamError(stream: self, reason: unsafe String(cString: strerror(errno)))
            }
        }
    }
}

/// A standard stream that can't be written.
struct StandardStreamError: Error, CustomStringConvertible {
    let stream: StandardStream
    let reason: String

    var description: String { "can't write to standard \(stream.rawValue): \(reason)" }
}
