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
                } catch is HTTPParserError {
                    try await outbound.write(bytes(of: responder.refusal(.malformedHTTP), closing: true))
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
        var head: HTTPRequestHead?
        var body = ByteBuffer()
        for try await part in inbound {
            switch part {
            case .head(let next):
                lifecycle.begin(on: channel.channel)
                head = next
                body.clear()
                if next.headers[canonicalForm: "expect"].contains("100-continue") {
                    try await outbound.write(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"))
                }
            case .body(let bytes):
                guard body.readableBytes + bytes.readableBytes <= HTTPRequest.bodyLimit else {
                    try await outbound.write(self.bytes(of: responder.refusal(.bodyTooLarge), closing: true))
                    return
                }
                body.writeImmutableBuffer(bytes)
            case .end:
                guard let whole = head else { continue }
                head = nil
                let request = HTTPRequest(
                    method: whole.method, target: whole.uri, headers: whole.headers, body: body)
                // The upstream takes its time, which has a limit of its own.
                channel.channel.pipeline.fireUserInboundEventTriggered(Deadline.RequestIsWhole())
                let answer = await responder.answer(to: request)
                let isLast = !whole.isKeepAlive || whole.version.minor == 0 || lifecycle.isStopping
                try await outbound.write(bytes(of: answer, toHEAD: whole.method == .HEAD, closing: isLast))
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
