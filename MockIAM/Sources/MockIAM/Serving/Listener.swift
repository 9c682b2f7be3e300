import NIOCore
import NIOHTTP1
import NIOPosix

/// A socket that accepts connections.
struct Listener: Sendable {
    let host: String
    let port: Int
    let channel: NIOAsyncChannel<AcceptedChannel, Never>

    /// - Throws: ``MockIAM/ListenError``.
    init(host: String, port: Int, tls: TLSServing?) async throws {
        // The system would take 65536 for 0.
        guard 0...65_535 ~= port else {
            throw MockIAM.ListenError(host: host, port: port, reason: "a port is from 0 to 65535")
        }
        do {
            channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.backlog, value: 1024)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelOption(.autoRead, value: false)
                .bind(host: host, port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try tls?.secure(channel)
                        try channel.pipeline.syncOperations.addHandler(Deadline())
                        // Only a decoder: answers are bytes already, see `Answer`.
                        let decoder = HTTPRequestDecoder(limitConfiguration: .ofRequests)
                        // What the decoder doesn't want, such as all that follows an upgrade, it would keep for ever.
                        let handler = ByteToMessageHandler(decoder, maximumBufferSize: 1 << 17)
                        try channel.pipeline.syncOperations.addHandler(handler)
                        return AcceptedChannel(channel)
                    }
                }
        } catch {
            throw MockIAM.ListenError(host: host, port: port, cause: error)
        }
        self.host = channel.channel.localAddress?.ipAddress ?? host
        self.port = channel.channel.localAddress?.port ?? port
    }
}

extension NIOHTTPDecoderLimitConfiguration {
    /// How large the head of a request may be, in bytes and in headers: it is held in memory for each client until it is
    /// whole.
    fileprivate static var ofRequests: Self {
        var limits = Self()
        limits.maxHeaderFieldSize = 80 << 10
        limits.maxHeaderListSize = 80 << 10
        limits.maxHeaderFieldCount = 256
        return limits
    }
}
