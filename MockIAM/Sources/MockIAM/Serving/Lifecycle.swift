import NIOCore
import Synchronization

/// What a server is doing as a whole: which connections are open, and whether it is to stop.
final class Lifecycle: Sendable {
    private struct State {
        var isStopping = false
        var served = 0
        /// The listener that accepts connections at the moment.
        var listener: (any Channel)?
        /// For how long nothing is to be accepted, once the listener is closed.
        var refusal: Duration?
        var connections: [ObjectIdentifier: Connection] = [:]
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private struct Connection {
        let channel: any Channel
        /// Whether a request is being read or answered.
        var isBusy = false
    }

    /// Whether the server ends by itself when the last connection is closed after a request was served.
    let endsWhenLeft: Bool
    private let state = Mutex(State())

    init(endsWhenLeft: Bool) {
        self.endsWhenLeft = endsWhenLeft
    }

    var isStopping: Bool {
        state.withLock { $0.isStopping }
    }

    /// Takes no more connections, closes those that wait, and lets those that are being answered come to their end.
    func stop() {
        let (channels, waiting) = state.withLock { state in
            state.isStopping = true
            let idle = state.connections.values.filter { !$0.isBusy }.map(\.channel)
            defer { state.waiting = [] }
            return (idle + [state.listener].compactMap { $0 }, state.waiting)
        }
        for channel in channels { channel.close(promise: nil) }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when the server is to stop.
    func stopped() async {
        await withCheckedContinuation { continuation in
            let isStopping = state.withLock { state in
                if !state.isStopping { state.waiting.append(continuation) }
                return state.isStopping
            }
            if isStopping { continuation.resume() }
        }
    }

    // MARK: The listener

    /// - Returns: whether it may be used: not once the server is to stop.
    func begin(_ listener: any Channel) -> Bool {
        state.withLock { state in
            state.listener = listener
            return !state.isStopping
        }
    }

    /// Refuses connections for a while, and drops those that are open.
    func refuse(for duration: Duration) {
        let channels = state.withLock { state in
            state.refusal = duration
            return state.connections.values.map(\.channel) + [state.listener].compactMap { $0 }
        }
        for channel in channels { channel.close(promise: nil) }
    }

    /// For how long to refuse connections now that the listener is closed; nil for ever.
    func takeRefusal() -> Duration? {
        state.withLock { state in
            defer { state.refusal = nil }
            return state.isStopping ? nil : state.refusal
        }
    }

    // MARK: Connections

    /// - Returns: whether the connection may be served.
    func open(_ channel: any Channel) -> Bool {
        state.withLock { state in
            guard !state.isStopping else { return false }
            state.connections[ObjectIdentifier(channel)] = Connection(channel: channel)
            return true
        }
    }

    func close(_ channel: any Channel) {
        let isLast = state.withLock { state in
            state.connections[ObjectIdentifier(channel)] = nil
            return state.connections.isEmpty && state.served > 0
        }
        if isLast, endsWhenLeft { stop() }
    }

    /// A request begins on a connection.
    func begin(on channel: any Channel) {
        state.withLock { $0.connections[ObjectIdentifier(channel)]?.isBusy = true }
    }

    /// A request was answered.
    ///
    /// - Returns: whether the connection is to be closed.
    func end(on channel: any Channel) -> Bool {
        state.withLock { state in
            state.served += 1
            state.connections[ObjectIdentifier(channel)]?.isBusy = false
            return state.isStopping
        }
    }
}
