import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a client sees of a connection on which it sends a request and then only reads.
struct WireView: Sendable, Equatable {
    enum End: Sendable, Equatable {
        case closed
        case reset
    }

    /// Of everything that came: the beginning and the end.
    var text: String
    var byteCount: Int
    var end: End

    /// What comes after the headers.
    var body: String {
        text.firstRange(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? ""
    }
}

enum WireClient {
    /// Sends a request and reads to the end of the connection.
    ///
    /// - Parameter arrival: hears the number of bytes after each read.
    static func view(
        host: String = "127.0.0.1", port: Int, sending request: String,
        arrival: @Sendable (Int) async throws -> Void = { _ in }
    ) async throws -> WireView {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        var view = WireView(text: "", byteCount: 0, end: .closed)
        do {
            try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(ByteBuffer(string: request))
                for try await bytes in inbound {
                    view.byteCount += bytes.readableBytes
                    view.text += String(buffer: bytes)
                    if view.text.utf8.count > 1 << 16 { view.text = String(view.text.suffix(1 << 10)) }
                    try await arrival(view.byteCount)
                }
            }
        } catch let error as IOError where error.errnoCode == ECONNRESET {
            view.end = .reset
        }
        return view
    }
}
