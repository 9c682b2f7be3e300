#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How many files and connections the program may have open.
enum OpenFiles {
    /// More than a scan ever has, and not more than programs that are started with it get along with.
    private static let wanted: rlim_t = 1024

    /// How many connections there may be to each endpoint, of so many: half of what may be open is left for files. The limit
    /// that a shell or a service manager has set is raised before, as far as it may be.
    static func connections(of most: Int) -> Int {
        max(1, min(most, raiseLimit() / 2))
    }

    /// - Returns: how many there may be.
    private static func raiseLimit() -> Int {
        var limit = rlimit()
        #if canImport(Darwin)
            let files = RLIMIT_NOFILE
        #else
            let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #endif
        guard unsafe getrlimit(files, &limit) == 0 else { return Int(wanted) }
        let before = limit.rlim_cur
        limit.rlim_cur = max(before, min(wanted, limit.rlim_max))
        if unsafe setrlimit(files, &limit) != 0 { limit.rlim_cur = before }
        return Int(min(wanted, limit.rlim_cur))
    }
}
