import FoundationEssentials
import Logging
import NIOCore
import NIOHTTP1

/// A caller's connection to the recorder: one request after the other.
struct ProxyConnection {
    let channel: Connection.Channel
    let responder: ProxyResponder
    let lifecycle: Lifecycle

    /// Serves the connection to its end. Whatever goes wrong on it is its own affair and never the recorder's.
    func serve() async {
        do {
            try await channel.executeThenClose { inbound, outbound in
                guard lifecycle.open(channel.channel) else { return }
                defer { lifecycle.close(channel.channel) }
                do {
                    try await answer(inbound, outbound)
                } catch let error as HTTPParserError {
                    let refusal = error == .headerOverflow ? AWSError.headersTooLarge : .malformedHTTP
                    try await outbound.write(bytes(of: responder.refusal(refusal), closing: true))
                    try await channel.channel.sent()
                }
            }
        } catch {
            responder.options.logger.debug("a connection ended early: \(error)")
        }
    }

    private func answer(
        _ inbound: NIOAsyncChannelInboundStream<HTTPServerRequestPart>,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws {
        var incoming: IncomingRequest?
        for try await part in inbound {
            switch part {
            case .head(let head):
                lifecycle.begin(on: channel.channel)
                let next = IncomingRequest(head)
                incoming = next
                if next.awaitsContinue {
                    try await outbound.write(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"))
                }
            case .body(let bytes):
                incoming?.append(bytes)
                if let incoming, incoming.isHopeless { return }
            case .end:
                guard let whole = incoming else { continue }
                incoming = nil
                // The upstream takes its time, which has a limit of its own.
                channel.channel.pipeline.fireUserInboundEventTriggered(Deadline.RequestIsWhole())
                let answer =
                    whole.isTooLarge
                    ? responder.refusal(.bodyTooLarge) : await responder.answer(to: whole.request)
                let isLast = !whole.keepsAlive || whole.isTooLarge || lifecycle.isStopping
                try await outbound.write(bytes(of: answer, toHEAD: whole.request.method == .HEAD, closing: isLast))
                if lifecycle.end(on: channel.channel) || isLast {
                    try await channel.channel.sent()
                    return
                }
            }
        }
    }

    private func bytes(of answer: Answer, toHEAD: Bool = false, closing: Bool) -> ByteBuffer {
        answer.bytes(date: Date.now.httpDate, toHEAD: toHEAD, closing: closing)
    }
}
