import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A server of one's own on a free port of 127.0.0.1, for what the emulator doesn't do.
struct Loopback {
    let port: Int
    private let listener: any Channel

    /// Waits until nobody listens any more.
    func untilClosed() async throws {
        try await listener.closeFuture.get()
    }

    /// Serves while `body` runs; `serve` has one connection and is called for each.
    ///
    /// - Parameters:
    ///   - resets: whether connections end by a reset, in the place of an orderly end.
    ///   - connections: after so many nobody listens any more.
    static func serving<Value: Sendable>(
        resets: Bool = false, connections limit: Int = .max,
        _ serve:
            @escaping @Sendable (NIOAsyncChannelInboundStream<ByteBuffer>, NIOAsyncChannelOutboundWriter<ByteBuffer>)
            async throws -> Void, _ body: (Loopback) async throws -> Value
    ) async throws -> Value {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            // Until somebody serves it: one that nobody has served by the end isn't wrapped, as that would be a crash.
            .childChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0) { channel in
                // A linger time of zero makes close() reset the connection: socket(7).
                if resets {
                    _ = (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                }
                return channel.eventLoop.makeSucceededFuture(channel)
            }
        let port = listener.channel.localAddress?.port ?? 0
        return try await withThrowingDiscardingTaskGroup { group in
            group.addTask {
                try? await withThrowingDiscardingTaskGroup { connections in
                    try await listener.executeThenClose { inbound in
                        var count = 0
                        for try await connection in inbound {
                            count += 1
                            defer { if count == limit { listener.channel.close(promise: nil) } }
                            connections.addTask {
                                // A client that goes away is none of the server's business.
                                try? await serving(connection, serve)
                            }
                        }
                    }
                }
            }
            let value = try await body(Loopback(port: port, listener: listener.channel))
            group.cancelAll()
            return value
        }
    }

    private static func serving(
        _ channel: any Channel,
        _ serve:
            @Sendable (NIOAsyncChannelInboundStream<ByteBuffer>, NIOAsyncChannelOutboundWriter<ByteBuffer>)
            async throws -> Void
    ) async throws {
        let connection = try await channel.eventLoop.submit {
            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }.get()
        try await connection.executeThenClose { inbound, outbound in
            try await channel.setOption(.autoRead, value: true).get()
            try await serve(inbound, outbound)
        }
    }

    /// Answers every request with the same bytes.
    static func answering<Value: Sendable>(
        _ answer: String, _ body: (Loopback) async throws -> Value
    ) async throws -> Value {
        try await serving(
            { inbound, outbound in
                for try await _ in inbound { try await outbound.write(ByteBuffer(string: answer)) }
            }, body)
    }
}

extension NIOAsyncChannelInboundStream<ByteBuffer> {
    /// What comes up to an empty line, and what came with it after that.
    func head(_ iterator: inout AsyncIterator) async throws -> (head: String, rest: ByteBuffer) {
        var bytes = ByteBuffer()
        while var next = try await iterator.next() {
            bytes.writeBuffer(&next)
            let text = String(buffer: bytes)
            guard let end = text.firstRange(of: "\r\n\r\n") else { continue }
            let head = text[..<end.upperBound]
            bytes.moveReaderIndex(forwardBy: head.utf8.count)
            return (String(head), bytes)
        }
        return (String(buffer: bytes), ByteBuffer())
    }
}
