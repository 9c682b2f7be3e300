#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The three descriptors that every program counts on.
enum StandardDescriptors {
    /// Fills the place of one that the program was started without (`>&-`). Else the next file that is opened gets its
    /// number, and a summary would be written into a bundle's file.
    ///
    /// They are opened the wrong way round: who counts on one is told that it can't be used.
    static func fill() {
        let modes = [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
        for (descriptor, mode) in modes where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest number that is free is the one.
            _ = unsafe open("/dev/null", mode)
        }
    }
}
