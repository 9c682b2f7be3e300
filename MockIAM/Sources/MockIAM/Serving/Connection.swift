import Logging
import NIOCore
import NIOHTTP1

/// One client's connection: reads requests and writes answers until either side has had enough.
struct Connection {
    typealias Channel = NIOAsyncChannel<HTTPServerRequestPart, ByteBuffer>

    let channel: Channel
    let responder: Responder

    /// Serves the connection to its end. Whatever goes wrong on it is its own affair and never the server's.
    func serve() async {
        do {
            try await channel.executeThenClose { inbound, outbound in
                do {
                    try await answer(inbound, outbound)
                } catch is HTTPParserError {
                    let answer = responder.refusal(.malformedHTTP)
                    try await outbound.write(answer.bytes(toHEAD: false, closing: true))
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
        var incoming: Incoming?
        for try await part in inbound {
            switch part {
            case .head(let head):
                incoming = Incoming(head)
                if head.headers[canonicalForm: "expect"].contains("100-continue") {
                    try await outbound.write(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"))
                }
            case .body(let bytes):
                incoming?.append(bytes)
                if let incoming, incoming.received > 16 * HTTPRequest.bodyLimit { return }
            case .end:
                guard let whole = incoming else { continue }
                incoming = nil
                let answer = whole.isTooLarge ? responder.refusal(.bodyTooLarge) : responder.answer(to: whole.request)
                let isLast = !whole.keepsAlive || whole.isTooLarge
                try await outbound.write(answer.bytes(toHEAD: whole.request.method == .HEAD, closing: isLast))
                if isLast { return }
            }
        }
    }
}

/// A request on its way in.
private struct Incoming {
    var request: HTTPRequest
    var keepsAlive: Bool
    /// Bytes of body so far. A body beyond the limit is read to its end but not kept: a client that is still writing
    /// wouldn't see an answer.
    var received = 0

    init(_ head: HTTPRequestHead) {
        request = HTTPRequest(method: head.method, target: head.uri)
        keepsAlive = head.isKeepAlive && head.version.minor > 0
    }

    var isTooLarge: Bool {
        received > HTTPRequest.bodyLimit
    }

    mutating func append(_ bytes: ByteBuffer) {
        received += bytes.readableBytes
        if isTooLarge { request.body.clear() } else { request.body.writeImmutableBuffer(bytes) }
    }
}
