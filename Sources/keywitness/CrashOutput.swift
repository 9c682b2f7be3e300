#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a crash would write: memory, and with it secrets.
enum CrashOutput {
    /// Lets a crash end the process, and write nothing of what was in its memory: neither a core file nor the registers
    /// and the memory around them, as Swift's own crash handler prints them where it is installed.
    ///
    /// Whoever sets SWIFT_BACKTRACE has asked for the latter and gets it.
    static func silence(environment: [String: String]) {
        // To Linux 1 means that a core must not go to a program such as systemd-coredump either, and it is too little
        // for a file; 0 would keep it from files only (https://man7.org/linux/man-pages/man5/core.5.html,
        // fs/coredump.c).
        var limit = rlimit(rlim_cur: 1, rlim_max: 1)
        #if canImport(Darwin)
            unsafe setrlimit(RLIMIT_CORE, &limit)
        #else
            _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        #endif
        guard environment["SWIFT_BACKTRACE"] == nil else { return }
        for number in [SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGBUS, SIGSEGV] {
            signal(number, SIG_DFL)
        }
    }
}
