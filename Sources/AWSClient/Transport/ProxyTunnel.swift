import FoundationEssentials
import NIOCore
import NIOExtras
import NIOHTTP1

/// Has a proxy connect a channel to a host (`CONNECT`, RFC 9110 §9.3.6). What is sent after that goes to the host, and the
/// proxy sees TLS only.
struct ProxyTunnel {
    let proxy: ProxySettings
    /// Without brackets.
    let host: String
    let port: Int

    /// However long it takes: whoever doesn't want to wait any more closes the channel.
    ///
    /// - Parameter channel: one that is connected to the proxy, with nothing in its pipeline. Afterwards it is closed by
    ///   errors, and no more is in there.
    /// - Returns: what fails with ``ProxyRefusal`` where the proxy doesn't do it, and with
    ///   `NIOHTTP1ProxyConnectHandler.Error` where it doesn't answer.
    func open(in channel: any Channel) -> EventLoopFuture<Void>.Isolated {
        let target = host.contains(":") ? "[\(host)]" : host
        var headers: HTTPHeaders = ["Host": "\(target):\(port)"]
        if let (user, password) = proxy.authorization {
            let credentials = Data("\(user):\(password.exposed)".utf8).base64EncodedString()
            headers.add(name: "Proxy-Authorization", value: "Basic \(credentials)")
        }
        let established = channel.eventLoop.makePromise(of: Void.self)
        let encoder = HTTPRequestEncoder()
        let watcher = StatusWatcher()
        let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
        let pipeline = channel.pipeline.syncOperations
        do {
            try pipeline.addHandlers(
                encoder, decoder, watcher,
                NIOHTTP1ProxyConnectHandler(
                    targetHost: target, targetPort: port, headers: headers, deadline: .distantFuture,
                    promise: established),
                // What isn't HTTP would be waited for to the end, else.
                NIOCloseOnErrorHandler())
        } catch {
            established.fail(error)
        }
        return established.futureResult.assumeIsolated().flatMapErrorThrowing { error in
            guard let status = watcher.status, status != .ok else { throw error }
            throw ProxyRefusal(status: Int(status.code))
        }.flatMap {
            pipeline.removeHandler(watcher).assumeIsolated().flatMap {
                pipeline.removeHandler(decoder).assumeIsolated().flatMap {
                    pipeline.removeHandler(encoder)
                }.nonisolated()
            }.nonisolated()
        }
    }
}

/// The proxy answered, and doesn't connect.
struct ProxyRefusal: Error {
    /// Of HTTP.
    var status: Int

    /// Whether it is a passing one: a name that isn't resolved at the moment, a line that is down, too many at once.
    var mayPass: Bool { status == 408 || status == 429 || status >= 500 }
}

/// Remembers what the proxy answered: the handler that asks it doesn't tell.
private final class StatusWatcher: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart

    private(set) var status: HTTPResponseStatus?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) { status = head.status }
        context.fireChannelRead(data)
    }
}
