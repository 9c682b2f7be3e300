import NIOCore

/// Closes a connection whose client takes too long: over a request that it has begun, or over beginning one.
///
/// A client that sends a byte now and then costs next to nothing, but thousands of them would keep everybody else out.
/// It stands before the decoder, so that it sees a request's first byte and the first byte of its answer.
final class Deadline: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    /// The request is whole; what takes time from here on is the server's doing.
    struct RequestIsWhole {}

    private let forRequest: TimeAmount
    private let betweenRequests: TimeAmount
    private var isReceiving = false
    private var timer: Scheduled<Void>?

    init(forRequest: TimeAmount = .seconds(60), betweenRequests: TimeAmount = .seconds(300)) {
        self.forRequest = forRequest
        self.betweenRequests = betweenRequests
    }

    func channelActive(context: ChannelHandlerContext) {
        start(betweenRequests, context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !isReceiving {
            isReceiving = true
            start(forRequest, context)
        }
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is RequestIsWhole { timer?.cancel() }
        context.fireUserInboundEventTriggered(event)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        isReceiving = false
        // With every write: an answer that is dripped may take as long as it likes.
        start(betweenRequests, context)
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    private func start(_ limit: TimeAmount, _ context: ChannelHandlerContext) {
        timer?.cancel()
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
    }
}
