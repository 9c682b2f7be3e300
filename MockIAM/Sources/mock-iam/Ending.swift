import Dispatch
import MockIAM

/// What a command runs until it is told to end.
protocol Service: Sendable {
    /// Takes no more requests, and lets those that are being answered come to their end.
    func stop()
    /// Returns when it is to stop, whoever said so.
    func stopped() async
    /// Returns when everybody has got the whole answer.
    func drained() async
}

extension MockIAM.Server: Service {}
extension MockIAM.Recorder: Service {}

/// How a service comes to its end: by a signal, or by itself, and with some time for answers in the making.
struct Ending {
    let service: any Service
    let signals: AsyncStream<String>
    /// What SIGHUP does; nil where it ends the service, as it ends any other program whose terminal was closed.
    var hangUp: (@Sendable () -> Void)?
    /// What goes on meanwhile, until it is cancelled.
    var meanwhile: (@Sendable () async -> Void)?

    /// How long answers in the making may take once the service is to stop. Those that a fault delays or drips, or whose
    /// upstream hangs, may take longer than anybody waits; and ten seconds after SIGTERM, containers are killed.
    private static let grace = Duration.seconds(5)

    /// One after the other.
    private static let hangUps = DispatchQueue(label: "SIGHUP")

    private enum Event: Sendable {
        case signal(String)
        /// The service takes no more connections.
        case stopped
        /// Everybody has got the whole answer, or has waited long enough.
        case over
        /// Somebody was told not to wait any longer.
        case none
    }

    /// Waits for a signal or for the service to stop by itself, then for answers in the making. A second signal ends the
    /// waiting.
    ///
    /// - Returns: why it ended.
    func wait() async -> String {
        let (service, signals, hangUp) = (service, signals, hangUp)
        let terminal = Terminal()
        return await withTaskGroup(of: Event.self) { group in
            let nextSignal: @Sendable () async -> Event = {
                for await signal in signals {
                    guard signal == "SIGHUP", let hangUp, !terminal.isClosed else { return .signal(signal) }
                    // A file that is read for it may be a pipe in which nothing comes.
                    Self.hangUps.async(execute: hangUp)
                }
                return .none
            }
            group.addTask(operation: nextSignal)
            group.addTask {
                await service.stopped()
                return .stopped
            }
            if let meanwhile {
                group.addTask {
                    await meanwhile()
                    return .none
                }
            }
            defer { group.cancelAll() }
            var reason: String?
            for await event in group {
                switch event {
                case .signal(let name) where reason == nil:
                    reason = name
                    service.stop()
                    group.addTask(operation: nextSignal)
                case .stopped:
                    reason = reason ?? "stopped"
                    group.addTask {
                        await service.drained()
                        return .over
                    }
                    group.addTask {
                        try? await Task.sleep(for: Self.grace)
                        return .over
                    }
                case .signal(let name): return reason.map { "\($0), then \(name)" } ?? name
                case .over: return reason ?? "stopped"
                case .none: break
                }
            }
            return reason ?? "cancelled"
        }
    }
}
