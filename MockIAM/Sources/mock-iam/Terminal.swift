#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The terminal that the program was started on, if it was.
struct Terminal: Sendable {
    private let descriptors: [Int32]

    init() {
        descriptors = [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO].filter { isatty($0) == 1 }
    }

    /// Whether it was there and is there no more: a SIGHUP is of that then, and not of somebody who wants files read again.
    var isClosed: Bool { !descriptors.isEmpty && descriptors.allSatisfy { isatty($0) == 0 } }
}
