import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// SIGINT and SIGTERM as something to wait for instead of the end of the process.
struct TerminationSignals {
    private let sources: [any DispatchSourceSignal]
    private let names: AsyncStream<String>

    /// From here on the signals no longer end the process by themselves.
    init() {
        let (names, continuation) = AsyncStream.makeStream(of: String.self)
        self.names = names
        sources = [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM")].map { number, name in
            #if canImport(Darwin)
                signal(number, SIG_IGN)
            #endif
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(name) }
            source.activate()
            return source
        }
    }

    /// Waits for the first of them and gives its name.
    func first() async -> String {
        for await name in names { return name }
        return "cancelled"
    }
}
