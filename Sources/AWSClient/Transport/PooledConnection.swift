import NIOCore
import NIOHTTP1
import NIOTLS

/// One exchange on its way: what is sent, until when an answer is waited for, and who waits. Lives on its event loop.
///
/// A class because it is looked at with every piece of an answer, and a value of six references would be copied each time.
final class PendingExchange {
    let ticket: ExchangeTicket
    let head: HTTPRequestHead
    let body: ByteBuffer
    let deadline: NIODeadline
    let finish: @Sendable (Result<HTTPResponse, TransportError>) -> Void
    /// How many connections took it and ended without having answered anything.
    var droppedTimes = 0

    init(
        ticket: ExchangeTicket, head: HTTPRequestHead, body: ByteBuffer, deadline: NIODeadline,
        finish: @escaping @Sendable (Result<HTTPResponse, TransportError>) -> Void
    ) {
        self.ticket = ticket
        self.head = head
        self.body = body
        self.deadline = deadline
        self.finish = finish
    }
}

/// Tells an exchange from all others, so that it can be taken back.
final class ExchangeTicket: Sendable {}

/// A kept-alive connection: one exchange at a time. Lives on its event loop.
///
/// It is the last handler of one channel, and of no other. Of a host with several addresses several channels are tried, and
/// only the one that is connected gets into a pool (``join(_:)``); the others' end is nobody's business.
final class PooledConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// What becomes of the connection, told to its pool.
    struct Events {
        /// It can be used: TCP and TLS are there.
        var isReady: (PooledConnection) -> Void
        /// It answered whole, and can be used again.
        var isIdle: (PooledConnection) -> Void
        /// It is gone. Told once.
        var isClosed: (PooledConnection, End) -> Void
    }

    /// How a connection ended.
    enum End {
        /// It couldn't be used at all.
        case neverReady(any Error)
        /// It broke before it had answered anything. The request that was on its way, and why it fails unless it is made on
        /// another connection.
        case withoutAnswer(PendingExchange, TransportError)
        /// What was on its way has been told.
        case used
    }

    private enum State {
        case connecting
        case idle
        case busy(PendingExchange)
        /// The answer is whole. What else the same read brings would be the next one's, and so it isn't idle before that is
        /// over.
        case answered
        /// The error where it never was ready.
        case closed(neverReady: (any Error)?)
    }

    /// Nil until it is in a pool, and after its end has been told.
    private var events: Events?
    private let host: String
    private let waitsForTLS: Bool
    private let readTimeout: TimeAmount
    private let bodyLimit: Int
    private var context: ChannelHandlerContext?
    private var state = State.connecting
    /// Whether anything was ever read of an answer.
    private var hasAnswered = false

    // The answer that is being read.
    private var responseHead: HTTPResponseHead?
    private var responseBody: ByteBuffer?

    // One timer for the connection rather than two for each exchange: it is set when an exchange begins and none is, and
    // when it rings it looks whether the time has really come.
    private var lastRead = NIODeadline.uptimeNanoseconds(0)
    private var timer: (due: NIODeadline, task: Scheduled<Void>)?

    init(host: String, waitsForTLS: Bool, readTimeout: TimeAmount, bodyLimit: Int) {
        self.host = host
        self.waitsForTLS = waitsForTLS
        self.readTimeout = readTimeout
        self.bodyLimit = bodyLimit
    }

    /// Puts it into a pool, which is told at once what has become of it so far.
    func join(_ events: Events) {
        self.events = events
        switch state {
        case .connecting, .busy, .answered: break
        case .idle: events.isReady(self)
        case .closed(let error): tellClosed(.neverReady(error ?? ClosedWhileConnecting()))
        }
    }

    /// The exchange that is under way.
    var ticket: ExchangeTicket? { if case .busy(let exchange) = state { exchange.ticket } else { nil } }

    /// Sends a request.
    ///
    /// - Returns: false where the connection isn't idle or is gone: the exchange is still to be made.
    func start(_ exchange: PendingExchange) -> Bool {
        guard case .idle = state, let context, context.channel.isActive else { return false }
        state = .busy(exchange)
        lastRead = .now()
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(exchange.body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        setTimer(for: exchange)
        return true
    }

    /// Ends the exchange that is under way, and the connection with it: what would still arrive belongs to nobody.
    func fail(_ error: TransportError) {
        guard case .busy(let exchange) = state else { return }
        state = .closed(neverReady: nil)
        context?.close(promise: nil)
        exchange.finish(.failure(error))
    }

    func close() {
        context?.close(promise: nil)
    }

    /// Takes a connection out of use on which nothing is under way. Closing it may take a while, with TLS.
    private func retire() {
        state = .closed(neverReady: nil)
        tellClosed(.used)
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
        guard let context else { return }
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: due) { self.timerRang() }
        timer = (due, task)
    }

    private func timerRang() {
        timer = nil
        guard case .busy(let exchange) = state else { return }
        if due(exchange) <= .now() {
            fail(.silence)
        } else {
            setTimer(for: exchange)
        }
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        guard self.context == nil else { return }
        self.context = context
        if context.channel.isActive, !waitsForTLS { becomeReady() }
    }

    /// Comes a turn of the loop after the channel's end.
    func handlerRemoved(context: ChannelHandlerContext) {
        guard self.context === context else { return }
        self.context = nil
        timer?.task.cancel()
        timer = nil
        end()
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
        events?.isReady(self)
    }

    private func tellClosed(_ end: End) {
        guard let events else { return }
        self.events = nil
        events.isClosed(self, end)
    }

    /// The connection broke with an exchange on its way.
    private func broke(_ exchange: PendingExchange, _ error: TransportError) {
        state = .closed(neverReady: nil)
        if hasAnswered {
            tellClosed(.used)
            exchange.finish(.failure(error))
        } else {
            tellClosed(.withoutAnswer(exchange, error))
        }
    }

    /// The channel is gone, and with it what was under way.
    private func end() {
        switch state {
        case .connecting: neverReady(ClosedWhileConnecting())
        case .busy(let exchange): broke(exchange, .closedEarly)
        case .idle, .answered:
            state = .closed(neverReady: nil)
            tellClosed(.used)
        case .closed: tellClosed(.used)
        }
    }

    private func neverReady(_ error: any Error) {
        state = .closed(neverReady: error)
        tellClosed(.neverReady(error))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .busy(let exchange) = state else { return receivedUnasked(context) }
        lastRead = .now()
        hasAnswered = true
        switch unwrapInboundIn(data) {
        case .head(let head):
            responseHead = head
            responseBody = nil
            // A recording has 0 where no answer came.
            guard head.status.code >= 100 else { return fail(.noStatus) }
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
            // After 101 the bytes would be of another protocol.
            if head.isKeepAlive, head.status != .switchingProtocols {
                state = .answered
            } else {
                state = .closed(neverReady: nil)
                context.close(promise: nil)
            }
            exchange.finish(.success(response))
        }
    }

    private func receivedUnasked(_ context: ChannelHandlerContext) {
        switch state {
        case .idle, .answered: retire()
        case .connecting, .busy, .closed: context.close(promise: nil)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if case .answered = state {
            state = .idle
            events?.isIdle(self)
        }
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch state {
        case .connecting: neverReady(error)
        case .busy(let exchange):
            // An answer of a kind: something came, and it isn't HTTP.
            if let error = error as? HTTPParserError, error != .invalidEOFState { hasAnswered = true }
            broke(exchange, TransportError(error, host: host, isConnected: true))
        case .idle, .answered: return retire()
        case .closed: break
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }
}
