#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import Dispatch
import Synchronization

/// Ctrl-C, and the signal with which schedulers end a job: the first ends the work cleanly, another one at once.
struct Interruption {
    private final class State: Sendable {
        let first = Mutex<ContinuousClock.Instant?>(nil)

        /// Notes a signal, and says what it asks for.
        func take() -> Request {
            first.withLock { first in
                guard let began = first else {
                    first = .now
                    return .end
                }
                return .now - began < Interruption.pause ? .nothing : .endAtOnce
            }
        }
    }

    private enum Request {
        case end, nothing, endAtOnce
    }

    private static let signals = [SIGINT, SIGTERM]

    /// What comes so soon after the first signal is the same request: `timeout` signals the program, and then its whole
    /// process group, and a wrapper hands on what the terminal has sent already.
    private static let pause = Duration.seconds(1)

    private let sources: [any DispatchSourceSignal]
    private let state = State()

    /// - Parameter end: ends the work; called once.
    init(_ end: @escaping @Sendable () -> Void) {
        sources = Self.signals.map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for (source, number) in zip(sources, Self.signals) {
            source.setEventHandler { [state] in
                switch state.take() {
                case .end: end()
                case .nothing: break
                case .endAtOnce: Self.endProcess(by: number)
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
    var hasHappened: Bool { state.first.withLock { $0 != nil } }

    /// From here on signals end the process by themselves again.
    func stop() {
        for source in sources { source.cancel() }
        for number in Self.signals { signal(number, SIG_DFL) }
    }
}
