#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import Dispatch
import Synchronization

/// Ctrl-C, the signal with which schedulers end a job, and that of a terminal that was closed: the first ends the work
/// cleanly, another one at once.
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

    /// What comes so soon after the first signal is the same request: `timeout` signals the program, and then its whole
    /// process group, and a wrapper hands on what the terminal has sent already.
    private static let pause = Duration.seconds(1)

    private let signals: [Int32]
    private let sources: [any DispatchSourceSignal]
    private let state = State()

    /// - Parameters:
    ///   - end: ends the work, and gives what to say about it; called once.
    ///   - say: says it, in its own time: a terminal that was stopped, or a pipe that nobody reads, may take for ever, and
    ///     another signal is to be heard meanwhile.
    init(_ end: @escaping @Sendable () -> String, say: @escaping @Sendable (String) -> Void) {
        var signals = [SIGINT, SIGTERM]
        // Under nohup the end of the terminal ends nothing.
        if Self.ignore(SIGHUP) { signals.append(SIGHUP) }
        self.signals = signals
        sources = signals.map { number in
            Self.ignore(number)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for (source, number) in zip(sources, signals) {
            source.setEventHandler { [state] in
                switch state.take() {
                case .end:
                    let text = end()
                    DispatchQueue.global().async { say(text) }
                case .nothing: break
                case .endAtOnce: Self.endProcess(by: number)
                }
            }
            source.resume()
        }
    }

    /// - Returns: whether it wasn't ignored before.
    @discardableResult
    private static func ignore(_ number: Int32) -> Bool {
        let before = signal(number, SIG_IGN)
        return unsafe unsafeBitCast(before, to: Int.self) != unsafeBitCast(SIG_IGN, to: Int.self)
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
        // The first process of a container isn't ended by it.
        _exit(128 + number)
    }

    /// Whether a signal has come.
    var hasHappened: Bool { state.first.withLock { $0 != nil } }

    /// From here on signals end the process by themselves again.
    func stop() {
        for source in sources { source.cancel() }
        for number in signals { signal(number, SIG_DFL) }
    }
}
