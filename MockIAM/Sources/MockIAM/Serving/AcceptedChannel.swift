import NIOCore
import NIOHTTP1
import Synchronization

/// A connection that was accepted and that nobody serves yet. It doesn't read before somebody does.
///
/// When the server stops, connections that were accepted just then are thrown away unserved. A `NIOAsyncChannel` mustn't
/// be, so it is made by whoever serves; and a plain channel would stay open, so this one closes it.
final class AcceptedChannel: Sendable {
    /// A channel that is served: it gives the parts of requests and takes the bytes of answers.
    typealias Served = NIOAsyncChannel<HTTPServerRequestPart, ByteBuffer>

    private let channel: any Channel
    /// The thread that its events come on.
    var eventLoop: any EventLoop { channel.eventLoop }
    private let isServed = Atomic(false)

    init(_ channel: any Channel) {
        self.channel = channel
    }

    deinit {
        if !isServed.load(ordering: .relaxed) { channel.close(promise: nil) }
    }

    /// What is read and written from now on. The caller has to close it.
    func serving() async throws -> Served {
        isServed.store(true, ordering: .relaxed)
        return try await channel.eventLoop.submit { [channel] in
            let served = try Served(wrappingChannelSynchronously: channel)
            try channel.syncOptions?.setOption(.autoRead, value: true)
            return served
        }.get()
    }
}
