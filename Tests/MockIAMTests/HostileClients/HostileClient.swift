@testable import MockIAM
import NIOCore
import NIOPosix
import Testing

/// A client that sends what it likes and takes what it gets: that the server hangs up is no error to it.
struct HostileClient {
    /// How a conversation went.
    struct Outcome: Sendable {
        var answers: [RawAnswer] = []
        /// Whether the server closed the connection, or reset it.
        var isOver = false

        var statuses: [Int] {
            answers.map(\.status)
        }
    }

    /// Sends all that it is given, reads along, and ends with the server's last word.
    ///
    /// - Parameters:
    ///   - pieces: what is sent, one after the other.
    ///   - count: how many answers are waited for; nil waits until the server closes the connection.
    static func talk(
        port: Int, _ pieces: some Sequence<ByteBuffer> & Sendable, until count: Int? = nil
    ) async throws -> Outcome {
        var outcome = Outcome()
        let channel = try await connect(port: port)
        do {
            try await channel.executeThenClose { inbound, outbound in
                outcome = await withTaskGroup { group in
                    group.addTask {
                        // Where the server has hung up the answers tell why.
                        do { for piece in pieces { try await outbound.write(piece) } } catch {}
                    }
                    defer { group.cancelAll() }
                    return await read(inbound, until: count)
                }
            }
        } catch is ChannelError {
            // The server was the first to close.
        } catch is IOError {}
        return outcome
    }

    static func talk(
        to server: MockIAM.Server, _ pieces: some Sequence<ByteBuffer> & Sendable, until count: Int? = nil
    ) async throws -> Outcome {
        try await talk(port: server.port, pieces, until: count)
    }

    static func talk(to server: MockIAM.Server, _ text: String, until count: Int? = nil) async throws -> Outcome {
        try await talk(port: server.port, [ByteBuffer(string: text)], until: count)
    }

    static func connect(port: Int) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
    }

    private static func read(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, until count: Int?
    ) async -> Outcome {
        var outcome = Outcome()
        var unread = ByteBuffer()
        do {
            for try await bytes in inbound {
                unread.writeImmutableBuffer(bytes)
                while let answer = RawAnswer(takingFrom: &unread, toHEAD: false) { outcome.answers.append(answer) }
                if let count, outcome.answers.count >= count { return outcome }
            }
        } catch {
            // A reset: whatever the server sent before it counts.
        }
        outcome.isOver = true
        return outcome
    }
}

/// Serves a small account to hostile clients, with somebody else who is served before, meanwhile and afterwards.
func withHostility(
    options: MockIAM.Options = MockIAM.Options(authentication: .off),
    _ body: @Sendable (MockIAM.Server) async throws -> Void
) async throws {
    try await MockIAM.run(account: .made(users: 3), options: options) { server async throws in
        try await RawConnection.open(to: server) { bystander in
            try await bystander.expectUsers()
            try await body(server)
            try await bystander.expectUsers()
        }
        try await RawConnection.open(to: server) { try await $0.expectUsers() }
    }
}

extension RawConnection {
    /// Lists the users, as anybody may.
    mutating func expectUsers(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await send(.listUsers)
        let answer = try await answer()
        #expect(answer?.status == 200, sourceLocation: sourceLocation)
        #expect(answer?.values("UserName").count == 3, sourceLocation: sourceLocation)
    }
}

extension String {
    /// An honest request.
    static let listUsers = post("Action=ListUsers&Version=2010-05-08")

    static func post(_ form: String, headers: String = "", version: String = "1.1") -> String {
        "POST / HTTP/\(version)\r\nHost: x\r\n\(String.formType)\(headers)Content-Length: \(form.utf8.count)\r\n\r\n\(form)"
    }

    /// The header that tells of a form.
    static let formType = "Content-Type: application/x-www-form-urlencoded\r\n"

    /// A request whose body comes in chunks, which are given as they are sent.
    static func chunked(_ chunks: String, target: String = "/") -> String {
        "POST \(target) HTTP/1.1\r\nHost: x\r\n\(String.formType)Transfer-Encoding: chunked\r\n\r\n\(chunks)"
    }
}
