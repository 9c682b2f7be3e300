import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import Collector

/// Agents that don't answer as agents do, and key files that are somebody else's.
@Suite struct SigningAgentTests {
    /// Sends an answer to whatever it is asked, and closes the connection if that is all.
    private final class Answer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let bytes: [UInt8]
        private let closes: Bool

        init(_ bytes: [UInt8], closes: Bool) {
            self.bytes = bytes
            self.closes = closes
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            if closes { context.close(promise: nil) }
        }
    }

    /// What is said of an agent that answers so.
    private func error(answering bytes: [UInt8], closes: Bool = false) async throws -> String? {
        try await withTemporaryFolder { folder in
            let socket = "\(folder)/agent"
            let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Answer(bytes, closes: closes))
                    }
                }
                .bind(unixDomainSocketPath: socket).get()
            var said: String?
            do { _ = try await SSHAgent(socket: socket).publicKeys() } catch { said = "\(error)" }
            try await server.close()
            return said?.replacing(socket, with: "SOCKET")
        }
    }

    private func length(_ count: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } }

    @Test func `an answer that is too large is none, before it is there`() async throws {
        #expect(
            try await error(answering: length(256 << 10 + 1))
                == "ssh-agent at SOCKET can't be asked: its answer is too large")
        // As large as it may be; it has no key.
        let largest = [12, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 256 << 10 - 5)
        #expect(try await error(answering: length(256 << 10) + largest) == nil)
    }

    @Test func `an agent that refuses, or goes away, is said to`() async throws {
        #expect(try await error(answering: length(1) + [5]) == "ssh-agent at SOCKET refuses")
        #expect(
            try await error(answering: length(9) + [12], closes: true)
                == "ssh-agent at SOCKET can't be asked: it closed the connection")
    }

    /// As ssh has it: whoever else may read somebody else's file is that one's business.
    @Test(.enabled(if: getuid() == 0)) func `only of one's own key file it matters who else may read it`() async throws
    {
        try await withTemporaryFolder { folder in
            let file = "\(folder)/key"
            try Data("-----BEGIN OPENSSH PRIVATE KEY-----\nx\n".utf8).write(to: URL(filePath: file))
            #expect(unsafe chmod(file, 0o644) == 0)
            func refusal() -> String {
                do {
                    _ = try SigningKeyFile(path: file)
                    return ""
                } catch { return "\(error)" }
            }
            #expect(refusal().hasPrefix("others may read or write the signing key"))
            #expect(unsafe chown(file, 65_534, 65_534) == 0)
            #expect(refusal().hasSuffix("can't be used as a signing key: it isn't whole"))
        }
    }
}
