import NIOCore
import Synchronization

/// What a server is doing as a whole: which connections are open, and whether it is to stop.
final class Lifecycle: Sendable {
    fileprivate struct State {
        var isStopping = false
        var served = 0
        /// The listener that accepts connections at the moment.
        var listener: (any Channel)?
        /// For how long nothing is to be accepted, once the listener is closed.
        var refusal: Duration?
        var connections: [ObjectIdentifier: Connection] = [:]
        var waiting: [CheckedContinuation<Void, Never>] = []
        /// Ended when the last connection is closed after the server was told to stop.
        var waitingForLast: [AsyncStream<Never>.Continuation] = []

        var isOver: Bool {
            isStopping && connections.isEmpty
        }
    }

    fileprivate struct Connection {
        let channel: any Channel
        /// Whether a request is being read or answered.
        var isBusy = false
        /// Whether an answer was given, the end of which the client may not have read yet.
        var hasAnswered = false
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
        let (listener, idle, waiting, waitingForLast) = state.withLock { state in
            state.isStopping = true
            defer { state.waiting = [] }
            return (
                state.listener, state.connections.values.filter { !$0.isBusy }, state.waiting,
                state.takeWaitingForLast()
            )
        }
        listener?.close(promise: nil)
        for connection in idle {
            if connection.hasAnswered {
                connection.channel.closeWhenSent()
            } else {
                connection.channel.close(promise: nil)
            }
        }
        for continuation in waiting { continuation.resume() }
        for continuation in waitingForLast { continuation.finish() }
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

    /// Returns when the server is to stop and the last connection is closed, or when the task is cancelled.
    func drained() async {
        let (end, continuation) = AsyncStream.makeStream(of: Never.self)
        let isOver = state.withLock { state in
            if !state.isOver { state.waitingForLast.append(continuation) }
            return state.isOver
        }
        if isOver { continuation.finish() }
        for await _ in end {}
    }

    /// How many connections are being served.
    var connectionCount: Int {
        state.withLock(\.connections.count)
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
        let (isLast, waitingForLast) = state.withLock { state in
            state.connections[ObjectIdentifier(channel)] = nil
            return (state.connections.isEmpty && state.served > 0, state.takeWaitingForLast())
        }
        for continuation in waitingForLast { continuation.finish() }
        if isLast, endsWhenLeft { stop() }
    }

    /// A request begins on a connection.
    func begin(on channel: any Channel) {
        state.withLock { $0.connections[ObjectIdentifier(channel)]?.isBusy = true }
    }

    /// A request was answered.
    ///
    /// - Parameter isVisit: whether it was one that the server is there for. Who asks whether it is ready, or looks at it,
    ///   isn't what it waits for.
    /// - Returns: whether the connection is to be closed.
    func end(on channel: any Channel, isVisit: Bool) -> Bool {
        state.withLock { state in
            if isVisit { state.served += 1 }
            state.connections[ObjectIdentifier(channel)]?.isBusy = false
            state.connections[ObjectIdentifier(channel)]?.hasAnswered = true
            return state.isStopping
        }
    }
}

extension Lifecycle.State {
    /// Those who wait for the last connection, where there is none any more.
    fileprivate mutating func takeWaitingForLast() -> [AsyncStream<Never>.Continuation] {
        guard isOver else { return [] }
        defer { waitingForLast = [] }
        return waitingForLast
    }
}

extension Channel {
    /// Closes it when all that was written is with the socket. A channel that is closed drops what it still holds.
    fileprivate func closeWhenSent() {
        writeAndFlush(ByteBuffer()).whenComplete { _ in self.close(promise: nil) }
    }

    /// Returns when all that was written is with the socket.
    ///
    /// - Throws: where the client is gone, or the task is cancelled, which closes the channel: nothing else ends a write
    ///   to a client that doesn't read.
    func sent() async throws {
        try await withTaskCancellationHandler {
            try await writeAndFlush(ByteBuffer()).get()
        } onCancel: {
            close(promise: nil)
        }
    }
}
