#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import Dispatch
import Synchronization

/// Ctrl-C, and the signal with which schedulers end a job: the first ends the work cleanly, the second at once.
struct Interruption {
    private final class Counter: Sendable {
        let value = Mutex(0)
    }

    private static let signals = [SIGINT, SIGTERM]

    private let sources: [any DispatchSourceSignal]
    private let counter = Counter()

    /// - Parameter end: ends the work; called once.
    init(_ end: @escaping @Sendable () -> Void) {
        sources = Self.signals.map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for (source, number) in zip(sources, Self.signals) {
            source.setEventHandler { [counter] in
                let count = counter.value.withLock { count in
                    count += 1
                    return count
                }
                if count == 1 {
                    end()
                } else {
                    Self.endProcess(by: number)
                }
            }
            source.resume()
        }
    }

    /// Whoever started the program sees which signal ended it.
    private static func endProcess(by number: Int32) {
        signal(number, SIG_DFL)
        // Dispatch's threads have signals blocked: one that is raised here would wait for ever.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, number)
        _ = unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        kill(getpid(), number)
    }

    /// Whether a signal has come.
    var hasHappened: Bool { counter.value.withLock { $0 > 0 } }

    /// From here on signals end the process by themselves again.
    func stop() {
        for source in sources { source.cancel() }
        for number in Self.signals { signal(number, SIG_DFL) }
    }
}
