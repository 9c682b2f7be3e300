import Foundation
import NIOCore
import NIOPosix
import Testing

/// Measured at a process of its own: in a test's process everybody's memory is one.
@Suite("A server's resources under hostile clients", .timeLimit(.minutes(3)), .serialized)
struct HostileMemoryTests {
    /// What a flood may add to what an idle server takes. Everything that has no end would be far above.
    private static let allowance = 96 << 20

    @Test(
        "Memory stays bounded, whatever is sent without an end",
        .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status"), "needs /proc to measure a process"),
        arguments: Flood.all
    )
    private func memory(flood: Flood) async throws {
        try await serving { server async throws in
            try await expectAnswer(server)
            let before = try #require(server.peakMemory)
            try await flood.run(against: server)
            try await expectAnswer(server)
            let after = try #require(server.peakMemory)
            #expect(after - before < Self.allowance, "\((after - before) >> 20) MiB more than before")
            #expect(server.isRunning)
        }
    }

    @Test("A server that has no files left for more connections serves those that it has, and others later")
    func outOfFiles() async throws {
        try await serving(openFiles: 64) { server async throws in
            let pieces = [ByteBuffer(string: .listUsers)]
            let early = try await HostileClient.connect(port: server.port)
            try await early.executeThenClose { inbound, outbound in
                var answers = inbound.makeAsyncIterator()
                try await outbound.write(pieces[0])
                #expect(try await answers.next() != nil)
                var crowd: [any Channel] = []
                for _ in 0..<200 {
                    crowd.append(
                        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                            .connect(host: "127.0.0.1", port: server.port).get())
                }
                try await outbound.write(pieces[0])
                #expect(try await answers.next() != nil)
                for channel in crowd { try? await channel.close() }
            }
            #expect(try await HostileClient.talk(port: server.port, pieces, until: 1).statuses == [200])
            #expect(server.isRunning)
        }
    }

    private func serving(openFiles: Int? = nil, _ body: (ServerProcess) async throws -> Void) async throws {
        let account = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "MockIAM/Accounts/small.yaml")
        try await ServerProcess.run(["--account", account.path, "--auth", "off"], openFiles: openFiles, body)
    }

    private func expectAnswer(_ server: ServerProcess) async throws {
        let outcome = try await HostileClient.talk(port: server.port, [ByteBuffer(string: .listUsers)], until: 1)
        #expect(outcome.statuses == [200])
    }
}

/// Something without an end, or a lot of it.
private struct Flood: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var beginning = ""
    var piece: String
    /// How many bytes are sent, all connections together.
    var bytes = 300 << 20
    var connections = 1

    static let all = [
        Flood(
            testDescription: "what follows an upgrade",
            beginning:
                "GET /?Version=2010-05-08&Action=ListUsers HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
            piece: String(repeating: "a", count: 1 << 16)),
        Flood(
            testDescription: "requests whose answers aren't read",
            piece: String(repeating: .post("Version=2010-05-08&Action=GetAccountAuthorizationDetails"), count: 1000),
            connections: 20),
        Flood(
            testDescription: "a chunk's extensions", beginning: .chunked("1;"),
            piece: String(repeating: "a", count: 1 << 16)),
        Flood(
            testDescription: "chunks of one byte", beginning: .chunked(""),
            piece: String(repeating: "1\r\na\r\n", count: 1 << 12)),
        Flood(
            testDescription: "headers after the body", beginning: .chunked("0\r\n"),
            piece: String(repeating: "X: y\r\n", count: 1 << 12)),
        Flood(testDescription: "empty lines", piece: String(repeating: "\r\n", count: 1 << 15)),
        Flood(
            testDescription: "a body", beginning: "POST / HTTP/1.1\r\nContent-Length: 9999999999\r\n\r\n",
            piece: String(repeating: "a", count: 1 << 16)),
        Flood(
            testDescription: "a body for the control interface",
            beginning: "POST /_mock/verify HTTP/1.1\r\nContent-Length: 9999999999\r\n\r\n",
            piece: String(repeating: "a", count: 1 << 16)),
        Flood(
            testDescription: "halves of requests on many connections",
            beginning: "POST / HTTP/1.1\r\nContent-Length: 131072\r\n\r\n",
            piece: String(repeating: "a", count: 1 << 16),
            bytes: 200 << 16, connections: 200),
    ]

    /// Sends it until it is all sent, the server hangs up, or it takes no more for a while; and closes only then.
    func run(against server: ServerProcess) async throws {
        try await withThrowingTaskGroup { group in
            for _ in 0..<connections {
                group.addTask {
                    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                        .channelOption(.autoRead, value: false)
                        .connect(host: "127.0.0.1", port: server.port).get()
                    // A server that holds back is what is wanted; it is told by a write that doesn't end.
                    let patience = channel.eventLoop.scheduleTask(in: .seconds(5)) { channel.close(promise: nil) }
                    defer { patience.cancel() }
                    do {
                        try await channel.writeAndFlush(ByteBuffer(string: beginning))
                        let buffer = ByteBuffer(string: piece)
                        for _ in 0..<max(1, bytes / connections / piece.utf8.count) {
                            try await channel.writeAndFlush(buffer)
                        }
                        try await channel.close()
                    } catch is IOError {} catch is ChannelError {}
                }
            }
            try await group.waitForAll()
        }
    }
}
