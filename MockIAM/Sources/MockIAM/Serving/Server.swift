public import FoundationEssentials
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

extension MockIAM {
    /// A running emulator, as ``MockIAM/run(fixture:options:isolation:_:)`` hands it out.
    public struct Server: Sendable {
        /// The address that it listens on.
        public let host: String
        /// The port that it listens on.
        public let port: Int
        /// Every request that it served.
        public let journal: Journal
        /// The recording that it replays.
        package let fixture: Fixture

        private let responder: Responder
        private let listener: NIOAsyncChannel<Connection.Channel, Never>

        /// `http://127.0.0.1:41123`, as `AWS_ENDPOINT_URL` and `--endpoint-url` take it.
        public var endpointURL: String {
            host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
        }

        /// The instant at which the recorded answers are to be judged. It stands still.
        public var clock: Date {
            fixture.clock
        }
    }
}

extension MockIAM.Server {
    static func listening(to options: MockIAM.Options, replaying fixture: MockIAM.Fixture) async throws -> Self {
        let journal = MockIAM.Journal()
        let responder = Responder(
            replay: try Replay(fixture, policy: options.repeatPolicy), clock: fixture.clock, journal: journal,
            logger: options.logger
        )
        let listener = try await listen(host: options.host, port: options.port)
        return Self(
            host: listener.channel.localAddress?.ipAddress ?? options.host,
            port: listener.channel.localAddress?.port ?? options.port,
            journal: journal, fixture: fixture, responder: responder, listener: listener
        )
    }

    /// Serves until the task is cancelled, a child task to each connection.
    func serve() async throws {
        let responder = responder
        do {
            try await withThrowingDiscardingTaskGroup { group in
                try await listener.executeThenClose { connections in
                    for try await channel in connections {
                        group.addTask { await Connection(channel: channel, responder: responder).serve() }
                    }
                }
            }
        } catch is CancellationError {
            // The way in which a server is meant to end.
        } catch {
            responder.logger.error("no more connections are accepted: \(error)")
            throw error
        }
    }

    private static func listen(host: String, port: Int) async throws -> NIOAsyncChannel<Connection.Channel, Never> {
        do {
            return try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.backlog, value: 256)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .bind(host: host, port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        // Only a decoder: answers are bytes already, see `Answer`.
                        try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                        return try Connection.Channel(wrappingChannelSynchronously: channel)
                    }
                }
        } catch {
            throw MockIAM.ListenError(host: host, port: port, cause: error)
        }
    }
}
