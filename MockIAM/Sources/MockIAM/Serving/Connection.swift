import Logging
import NIOCore
import NIOHTTP1

/// From this size on, in bytes, a body isn't copied to stand behind its head in one buffer.
private let separateBodySize = 256 << 10

/// One client's connection: reads requests and writes answers until either side has had enough.
struct Connection<Answering: RequestAnswering> {
    let channel: AcceptedChannel.Served
    let responder: Answering

    private var lifecycle: Lifecycle {
        responder.lifecycle
    }

    /// Serves the connection to its end. Whatever goes wrong on it is its own affair and never the server's.
    func serve() async {
        do {
            try await channel.executeThenClose { inbound, outbound in
                guard lifecycle.open(channel.channel) else { return }
                defer { lifecycle.close(channel.channel) }
                do {
                    try await answer(inbound, outbound)
                } catch HTTPParserError.invalidEOFState {
                    responder.logger.debug("a client gave up in the middle of its request")
                } catch let error as HTTPParserError {
                    let refusal = error == .headerOverflow ? AWSError.headersTooLarge : .malformedHTTP
                    let bytes = responder.refusal(refusal).bytes(date: responder.date, toHEAD: false, closing: true)
                    try await outbound.write(bytes)
                    try await channel.channel.sent()
                }
            }
        } catch {
            responder.logger.debug("a connection ended early: \(error)")
        }
    }

    private func answer(
        _ inbound: NIOAsyncChannelInboundStream<HTTPServerRequestPart>,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws {
        var parts = inbound.makeAsyncIterator()
        var incoming: IncomingRequest?
        while let part = try await parts.next() {
            switch part {
            case .head(let head):
                lifecycle.begin(on: channel.channel)
                let next = IncomingRequest(head, hasControl: responder.hasControl)
                incoming = next
                if next.awaitsContinue, !next.isTooLarge {
                    try await outbound.write(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"))
                }
            case .body(let bytes):
                incoming?.append(bytes)
            case .end:
                guard let whole = incoming else { continue }
                incoming = nil
                if responder.asksUpstream {
                    channel.channel.pipeline.fireUserInboundEventTriggered(Deadline.RequestIsWhole())
                }
                let reply = await responder.reply(to: whole.request)
                let isLast = !whole.keepsAlive || lifecycle.isStopping
                let goesOn = try await send(
                    reply, toHEAD: whole.request.method == .HEAD, closing: isLast, outbound)
                if lifecycle.end(on: channel.channel, isVisit: !whole.isOfControl) || isLast || !goesOn {
                    // What breaks off here has sent all that it is to send.
                    if goesOn { try await channel.channel.sent() }
                    return
                }
            }
            if let tooLarge = incoming, tooLarge.isTooLarge { return try await refuse(tooLarge, &parts, outbound) }
        }
    }

    /// Answers a request that is too large, as soon as that is known, and passes over what follows: a client that is still
    /// writing when it's hung up on may see a reset instead of the answer.
    private func refuse(
        _ request: IncomingRequest, _ parts: inout NIOAsyncChannelInboundStream<HTTPServerRequestPart>.AsyncIterator,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws {
        let answer = responder.refusal(.bodyTooLarge(limit: request.limit))
        let isHead = request.request.method == .HEAD
        try await outbound.write(answer.bytes(date: responder.date, toHEAD: isHead, closing: true))
        try await channel.channel.sent()
        // Whoever waits with the body sees that there is nothing more to wait for.
        guard !lifecycle.end(on: channel.channel, isVisit: !request.isOfControl),
            (try? await channel.channel.close(mode: .output).get()) != nil
        else { return }
        var rest = request
        // What isn't HTTP any more needs no second answer.
        while !rest.isHopeless, case .body(let bytes)? = try? await parts.next() { rest.append(bytes) }
    }
}

extension Connection {
    /// - Returns: whether the connection is still good for another answer.
    private func send(
        _ reply: Responder.Reply, toHEAD: Bool, closing: Bool, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws -> Bool {
        guard let faults = reply.faults else {
            let answer = reply.answer
            if toHEAD || answer.body.readableBytes < separateBodySize {
                try await outbound.write(answer.bytes(date: reply.date, toHEAD: toHEAD, closing: closing))
            } else {
                try await outbound.write(
                    contentsOf: [answer.headBytes(date: reply.date, closing: closing), answer.body])
            }
            return true
        }
        let delivery =
            faults.refusal != nil
            ? Delivery.dropped()
            : Delivery(of: reply.answer, date: reply.date, faults: faults.wire, toHEAD: toHEAD, closing: closing)
        if faults.wire.latency > .zero || faults.wire.drip != nil {
            channel.channel.pipeline.fireUserInboundEventTriggered(Deadline.RequestIsWhole())
        }
        return try await delivery.carryOut(on: channel.channel)
    }
}
