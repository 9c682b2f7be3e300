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
    /// When the connection is closed; nil for never.
    private var end: NIODeadline?
    /// Goes off at ``end`` or before. A timer for each request and each answer would cost more than looking again.
    private var timer: (scheduled: Scheduled<Void>, at: NIODeadline)?

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
        if event is RequestIsWhole { end = nil }
        context.fireUserInboundEventTriggered(event)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        isReceiving = false
        // With every write: an answer that is dripped may take as long as it likes.
        start(betweenRequests, context)
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end = nil
        timer?.scheduled.cancel()
        timer = nil
        context.fireChannelInactive()
    }

    private func start(_ limit: TimeAmount, _ context: ChannelHandlerContext) {
        let end = context.eventLoop.now + limit
        self.end = end
        if let timer, timer.at <= end { return }
        timer?.scheduled.cancel()
        schedule(at: end, on: context.eventLoop, context.channel)
    }

    private func schedule(at instant: NIODeadline, on eventLoop: any EventLoop, _ channel: any Channel) {
        let scheduled = eventLoop.assumeIsolated().scheduleTask(deadline: instant) { [weak self] in
            guard let self else { return }
            self.timer = nil
            guard let end = self.end else { return }
            if end <= eventLoop.now {
                channel.close(promise: nil)
            } else {
                self.schedule(at: end, on: eventLoop, channel)
            }
        }
        timer = (scheduled, instant)
    }
}
