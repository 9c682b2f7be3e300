import Foundation
@testable import MockIAM
import NIOCore
import NIOPosix
import Testing

/// Clients that speak HTTP well, and treat their connections badly.
@Suite("Clients that treat connections badly", .timeLimit(.minutes(2)), .serialized)
struct HostileConnectionsTests {
    @Test("Ten thousand connections that are opened and dropped")
    func openedAndDropped() async throws {
        try await withHostility { server async throws in
            // Each takes two of the process's files, which other tests need as well.
            let wave = min(250, max(10, (openFileLimit() - 200) / 4))
            var left = 10_000
            while left > 0 {
                try await withThrowingTaskGroup { group in
                    for number in 0..<min(wave, left) {
                        group.addTask { try await Self.drop(number, at: server) }
                    }
                    try await group.waitForAll()
                }
                left -= wave
                // A client is answered when those before it have been accepted. Without that they would come faster than they
                // are, and the kernel let go of them.
                try await RawConnection.open(to: server) { try await $0.expectUsers() }
            }
        }
    }

    /// Opens a connection and drops it, at one point of a request or another.
    private static func drop(_ number: Int, at server: MockIAM.Server) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: server.host, port: server.port).get()
        do {
            switch number % 4 {
            case 0: break
            case 1: try await channel.writeAndFlush(ByteBuffer(string: "POST / HT"))
            case 2: try await channel.writeAndFlush(ByteBuffer(string: String(String.listUsers.dropLast())))
            default: try await channel.writeAndFlush(ByteBuffer(string: .listUsers))
            }
            if number % 3 == 0 { try await channel.reset() }
            try await channel.close()
        } catch is IOError {} catch is ChannelError {
            // The other side was quicker.
        }
    }

    @Test("Ten thousand requests whose answers nobody reads are held back, not stored up")
    func pipelining() async throws {
        let count = 10_000
        try await withHostility { server async throws in
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelOption(.autoRead, value: false)
                // Or the kernel would take megabytes of answers.
                .channelOption(.socketOption(.so_rcvbuf), value: 1 << 14)
                .connect(host: server.host, port: server.port).get()
            // A few at a time, so that a write that is held back holds back the rest.
            let sending = Task {
                for _ in 0..<count / 10 {
                    try await channel.writeAndFlush(ByteBuffer(string: String(repeating: .listUsers, count: 10)))
                }
            }
            // Until the server takes no more: every answer that it makes from here on, it would have to keep.
            var served = -1
            while served < server.journal.served {
                served = server.journal.served
                for _ in 0..<20 {
                    try await RawConnection.open(to: server) { try await $0.expectUsers() }
                }
                served += 20
            }
            #expect(served < count)
            try await channel.close()
            _ = await sending.result
        }
    }

    @Test("Ten thousand requests sent at once are answered one by one, in their order")
    func pipelinedAndRead() async throws {
        let count = 10_000
        let names = [
            "Action=GetUser&Version=2010-05-08&UserName=user-00", "Action=GetUser&Version=2010-05-08&UserName=user-01",
        ]
        try await withHostility { server async throws in
            let requests = (0..<count).map { ByteBuffer(string: .post(names[$0 % 2])) }
            let outcome = try await HostileClient.talk(to: server, requests, until: count)
            #expect(outcome.answers.count == count)
            let isInOrder = outcome.answers.enumerated().allSatisfy { index, answer in
                answer.values("UserName") == ["user-0\(index % 2)"]
            }
            #expect(isInOrder)
        }
    }

    @Test("Clients that hang up in the middle of an answer", arguments: [1, 100, 10_000])
    func leavesDuringAnswer(bytes: Int) async throws {
        let options = MockIAM.Options(
            authentication: .off,
            faults: try MockIAM.FaultPlan(
                parsing: """
                    faults:
                      - match: {action: GetUser}
                        oversize: 10MB
                    """))
        try await withHostility(options: options) { server async throws in
            try await withThrowingTaskGroup { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await withClient(of: server) { inbound, outbound in
                            try await outbound.write(
                                ByteBuffer(string: .post("Action=GetUser&Version=2010-05-08&UserName=user-00")))
                            var count = 0
                            for try await part in inbound {
                                count += part.readableBytes
                                if count >= bytes { break }
                            }
                            #expect(count >= bytes)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("A client that says it has no more to say while it waits")
    func halfClosed() async throws {
        try await withHostility { server async throws in
            for beginning in ["", "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nAc", .chunked("5\r\nActio")] {
                let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .channelOption(.allowRemoteHalfClosure, value: true)
                    .connect(host: server.host, port: server.port).get()
                try await channel.writeAndFlush(ByteBuffer(string: beginning))
                try await channel.close(mode: .output)
                // The server has no reason to keep it.
                try await channel.closeFuture.get()
            }
        }
    }

    @Test("Connections that say nothing keep nobody out")
    func silent() async throws {
        try await withHostility { server async throws in
            var silent: [any Channel] = []
            for number in 0..<100 {
                let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .connect(host: server.host, port: server.port).get()
                if number % 2 == 0 { try await channel.writeAndFlush(ByteBuffer(string: "POST / HTTP/1.1\r\nX: ")) }
                silent.append(channel)
            }
            for _ in 0..<10 { try await RawConnection.open(to: server) { try await $0.expectUsers() } }
            for channel in silent { try await channel.close() }
        }
    }

    @Test("Connections that are opened just when the server stops", arguments: 0..<20)
    func stopping(round: Int) async throws {
        let opened = try await MockIAM.run(account: .made(users: 1), options: MockIAM.Options(authentication: .off)) {
            server in
            await withTaskGroup { group in
                for number in 0..<40 {
                    group.addTask {
                        let channel = try? await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                            .connect(host: server.host, port: server.port).get()
                        if number == round { server.stop() }
                        return channel
                    }
                }
                return await group.reduce(into: [any Channel]()) { if let channel = $1 { $0.append(channel) } }
            }
        }
        // None is left open by a server that is gone. Of one whose handshake ended just as it went, the server's kernel
        // knows nothing and says so only to who sends something.
        for channel in opened {
            channel.writeAndFlush(ByteBuffer(string: "G"), promise: nil)
            try await channel.closeFuture.get()
        }
    }
}

/// A connection for one test's own use; that the server hangs up isn't an error.
private func withClient(
    of server: MockIAM.Server,
    _ body: (NIOAsyncChannelInboundStream<ByteBuffer>, NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws -> Void
) async throws {
    do {
        try await HostileClient.connect(port: server.port).executeThenClose(body)
    } catch is IOError {} catch is ChannelError {}
}

/// How many files this process may have open.
private func openFileLimit() -> Int {
    var limit = rlimit()
    #if canImport(Darwin)
        let result = unsafe getrlimit(RLIMIT_NOFILE, &limit)
    #else
        let result = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    #endif
    return result == 0 ? Int(clamping: limit.rlim_cur) : 256
}
