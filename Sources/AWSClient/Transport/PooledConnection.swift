import NIOCore
import NIOHTTP1
import NIOTLS

/// One exchange on its way: what is sent, until when an answer is waited for, and who waits.
struct PendingExchange {
    let ticket: ExchangeTicket
    let head: HTTPRequestHead
    let body: ByteBuffer
    let deadline: NIODeadline
    let finish: @Sendable (Result<HTTPResponse, TransportError>) -> Void
}

/// Tells an exchange from all others, so that it can be taken back.
final class ExchangeTicket: Sendable {}

/// A kept-alive connection: one exchange at a time. Lives on its event loop.
final class PooledConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// What becomes of the connection, told to its pool.
    struct Events {
        /// It can be used: TCP and TLS are there.
        var isReady: (PooledConnection) -> Void
        /// It answered whole, and can be used again.
        var isIdle: (PooledConnection) -> Void
        /// It is gone; the error where it never was ready.
        var isClosed: (PooledConnection, (any Error)?) -> Void
    }

    private enum State {
        case connecting
        case idle
        case busy(PendingExchange)
        case closed
    }

    /// How it came about; the pool's.
    var attempt: Attempt?
    private let events: Events
    private let waitsForTLS: Bool
    private let readTimeout: TimeAmount
    private let bodyLimit: Int
    private var context: ChannelHandlerContext?
    private var state = State.connecting

    // The answer that is being read.
    private var responseHead: HTTPResponseHead?
    private var responseBody: ByteBuffer?

    // One timer for the connection rather than two for each exchange: it is set when an exchange begins and none is, and
    // when it rings it looks whether the time has really come.
    private var lastRead = NIODeadline.uptimeNanoseconds(0)
    private var timer: (due: NIODeadline, task: Scheduled<Void>)?

    init(waitsForTLS: Bool, readTimeout: TimeAmount, bodyLimit: Int, events: Events) {
        self.waitsForTLS = waitsForTLS
        self.readTimeout = readTimeout
        self.bodyLimit = bodyLimit
        self.events = events
    }

    /// The exchange that is under way.
    var ticket: ExchangeTicket? { if case .busy(let exchange) = state { exchange.ticket } else { nil } }

    /// Sends a request. The connection must be idle.
    func start(_ exchange: PendingExchange) {
        guard case .idle = state, let context else {
            exchange.finish(.failure(.closedEarly))
            return
        }
        state = .busy(exchange)
        lastRead = .now()
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(exchange.body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        setTimer(for: exchange)
    }

    /// Ends the exchange that is under way, and the connection with it: what would still arrive belongs to nobody.
    func fail(_ error: TransportError) {
        guard case .busy(let exchange) = state else { return }
        state = .closed
        context?.close(promise: nil)
        exchange.finish(.failure(error))
    }

    func close() {
        context?.close(promise: nil)
    }

    // MARK: Time

    private func due(_ exchange: PendingExchange) -> NIODeadline {
        min(exchange.deadline, lastRead + readTimeout)
    }

    private func setTimer(for exchange: PendingExchange) {
        let due = due(exchange)
        if let timer {
            // One that rings too early finds that out, and is set again.
            guard timer.due > due else { return }
            timer.task.cancel()
        }
        guard let loop = context?.eventLoop else { return }
        let task = loop.assumeIsolated().scheduleTask(deadline: due) { self.timerRang() }
        timer = (due, task)
    }

    private func timerRang() {
        timer = nil
        guard case .busy(let exchange) = state else { return }
        if due(exchange) <= .now() {
            fail(TransportError(.timedOut, reason: "no whole answer in time"))
        } else {
            setTimer(for: exchange)
        }
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive, !waitsForTLS { becomeReady() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        timer?.task.cancel()
        timer = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        if !waitsForTLS { becomeReady() }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent { becomeReady() }
        context.fireUserInboundEventTriggered(event)
    }

    private func becomeReady() {
        guard case .connecting = state else { return }
        state = .idle
        events.isReady(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .busy(let exchange) = state else {
            // Nobody asked.
            context.close(promise: nil)
            return
        }
        lastRead = .now()
        switch unwrapInboundIn(data) {
        case .head(let head):
            responseHead = head
            responseBody = nil
            if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), length > bodyLimit {
                fail(.tooLarge)
            }
        case .body(var part):
            if responseBody != nil { responseBody?.writeBuffer(&part) } else { responseBody = part }
            if (responseBody?.readableBytes ?? 0) > bodyLimit { fail(.tooLarge) }
        case .end:
            guard let head = responseHead else { return }
            let response = HTTPResponse(
                status: Int(head.status.code), headers: head.headers.map { HTTPHeader(name: $0.name, value: $0.value) },
                body: responseBody.map { Array($0.readableBytesView) } ?? [])
            responseHead = nil
            responseBody = nil
            if head.isKeepAlive {
                state = .idle
                events.isIdle(self)
            } else {
                state = .closed
                context.close(promise: nil)
            }
            exchange.finish(.success(response))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch state {
        case .connecting:
            state = .closed
            events.isClosed(self, error)
        case .busy(let exchange):
            state = .closed
            exchange.finish(.failure(TransportError(error)))
        case .idle, .closed: break
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        switch state {
        case .connecting: events.isClosed(self, ClosedWhileConnecting())
        case .busy(let exchange):
            events.isClosed(self, nil)
            exchange.finish(.failure(.closedEarly))
        case .idle, .closed: events.isClosed(self, nil)
        }
        state = .closed
        context.fireChannelInactive()
    }
}

/// The other side went away before the connection could be used.
struct ClosedWhileConnecting: Error {}

extension TransportError {
    fileprivate static let closedEarly = TransportError(
        .interrupted, reason: "the connection was closed in the middle")
    fileprivate static let tooLarge = TransportError(
        .tooLarge, reason: "the answer is larger than any that AWS sends")
}
