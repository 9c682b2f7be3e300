import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension Channel {
    /// Ends the connection by RST: the client reads `ECONNRESET`, after what has arrived by then.
    func reset() async throws {
        try await eventLoop.submit {
            // Whatever was written before is with the socket now: writers hop to this loop in their order. A failure
            // means that the connection is closed already.
            try? self.pipeline.syncOperations.addHandler(ResetHandler(), position: .first)
        }.get()
    }
}

/// Closes its channel with nothing left to linger. It stands before every other handler, so that TLS can't say a proper
/// goodbye.
private final class ResetHandler: ChannelDuplexHandler {
    typealias InboundIn = Never
    typealias OutboundIn = Never

    func handlerAdded(context: ChannelHandlerContext) {
        // A linger time of zero makes close() reset the connection: socket(7).
        let linger = linger(l_onoff: 1, l_linger: 0)
        _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger)
        context.close(promise: nil)
    }
}
