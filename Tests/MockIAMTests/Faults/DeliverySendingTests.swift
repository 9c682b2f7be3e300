import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import MockIAM

@Suite("A delivery over a socket, as a client sees it", .timeLimit(.minutes(1)))
struct DeliverySendingTests {
    private let answer = Answer.xml("<R><A>abc</A></R>")

    private func delivery(_ faults: WireFaults = WireFaults(), of answer: Answer? = nil) -> Delivery {
        Delivery(of: answer ?? self.answer, date: "D", faults: faults, toHEAD: false, closing: false)
    }

    @Test("One that leaves the connection open is followed by the next one")
    func open() async throws {
        let next = Delivery(of: answer, date: "D", toHEAD: false, closing: true)
        let view = try await seen([delivery(), next])
        #expect(view == WireView(delivery().wholeText + next.wholeText))
    }

    @Test("The connection closes after an answer of the wrong length", arguments: [100, -7])
    func contentLength(difference: Int) async throws {
        let delivery = delivery(WireFaults(contentLength: difference))
        #expect(try await seen([delivery, self.delivery()]) == WireView(delivery.wholeText))
        #expect(delivery.wholeText.contains("Content-Length: \(17 + difference)\r\n"))
    }

    @Test(
        "A reset is one, and what was sent before it arrives",
        arguments: [(.before, nil), (.within, "<R><A>ab"), (.after(bytes: 3), "<R>"), (.after(bytes: 0), "")]
            as [(MockIAM.FaultPlan.Reset, String?)]
    )
    func reset(reset: MockIAM.FaultPlan.Reset, body: String?) async throws {
        let delivery = delivery(WireFaults(reset: reset))
        let view = try await seen([delivery, self.delivery()])
        #expect(view == WireView(delivery.wholeText, end: .reset))
        #expect(view.text.isEmpty == (body == nil))
        #expect(view.body == body ?? "")
    }

    @Test("A body that is cut comes with the length of what is left")
    func truncate() async throws {
        let view = try await seen([delivery(WireFaults(truncate: .half)), delivery(WireFaults(reset: .before))])
        #expect(view.body == "<R><A>ab")
        #expect(view.text.contains("Content-Length: 8\r\n"))
    }

    @Test("A drip comes in parts, with the pauses between them, and whole in the end")
    func drip() async throws {
        let arrivals = Mutex<[Int]>([])
        let start = ContinuousClock.now
        let faults = WireFaults(drip: .init(bytes: 4, every: .milliseconds(200)))
        let last = Delivery(of: answer, date: "D", faults: faults, toHEAD: false, closing: true)
        let view = try await seen([last]) { count in
            arrivals.withLock { $0.append(count) }
        }
        #expect(view.body == "<R><A>abc</A></R>")
        // A busy machine may see two parts at once, but never before their time.
        #expect(arrivals.withLock(\.count) >= 2)
        #expect(arrivals.withLock(\.first) ?? 0 < view.byteCount - 4)
        #expect(ContinuousClock.now - start >= .milliseconds(800))
    }

    @Test("The answer comes when the latency is over, not before")
    func latency() async throws {
        let start = ContinuousClock.now
        let faults = WireFaults(latency: .milliseconds(120))
        _ = try await seen([Delivery(of: answer, date: "D", faults: faults, toHEAD: false, closing: true)])
        #expect(ContinuousClock.now - start >= .milliseconds(120))
    }

    @Test("A huge body arrives to the byte, though the connection closes after it")
    func oversize() async throws {
        let faults = WireFaults(oversize: .init(size: 20_000_001))
        let last = Delivery(of: answer, date: "D", faults: faults, toHEAD: false, closing: true)
        let view = try await seen([last])
        #expect(view.byteCount == last.head.readableBytes + 20_000_001)
        #expect(view.text.hasSuffix("-->" + String(repeating: " ", count: (20_000_001 - 17) % 64) + "</R>"))
    }

    @Test("A client that leaves in the middle of a huge body ends its delivery")
    func leftWithin() async throws {
        // Endless in practice.
        let faults = WireFaults(oversize: .init(size: 1 << 38))
        struct Enough: Error {}
        await #expect(throws: Enough.self) {
            _ = try await seen([delivery(faults)]) { count in
                if count > 1 << 20 { throw Enough() }
            }
        }
    }

    @Test(
        "A server that is to stop doesn't wait for the time, nor for a client that doesn't read",
        arguments: [
            WireFaults(latency: .seconds(3600)), WireFaults(oversize: .init(size: 1 << 38)),
            WireFaults(drip: .init(bytes: 1, every: .seconds(3600))),
        ]
    )
    func cancelled(faults: WireFaults) async throws {
        let start = ContinuousClock.now
        let server = try await WireServer.listening(for: [delivery(faults)])
        let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: false)
            .connect(host: "127.0.0.1", port: server.port).get()
        try await client.writeAndFlush(ByteBuffer(string: "x\n")).get()
        await withTaskGroup { group in
            group.addTask { try? await server.serve() }
            for await _ in server.began { break }
            group.cancelAll()
        }
        #expect(ContinuousClock.now - start < .seconds(20))
        try? await client.close().get()
    }

    @Test("A client that leaves isn't waited for")
    func abandoned() async throws {
        struct Enough: Error {}
        let start = ContinuousClock.now
        let faults = WireFaults(drip: .init(bytes: 1, every: .seconds(3600)))
        await #expect(throws: Enough.self) { _ = try await seen([delivery(faults)]) { _ in throw Enough() } }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    /// What a client sees of these answers on one connection. Returns when the server has done its part, too.
    private func seen(
        _ deliveries: [Delivery], arrival: @escaping @Sendable (Int) async throws -> Void = { _ in }
    ) async throws -> WireView {
        let server = try await WireServer.listening(for: deliveries)
        return try await withThrowingTaskGroup { group in
            group.addTask { try await server.serve() }
            let result = await Result { try await WireClient.view(port: server.port, sending: "x\n", arrival: arrival) }
            try? await group.waitForAll()
            return try result.get()
        }
    }
}

extension WireView {
    fileprivate init(_ text: String, end: End = .closed) {
        self.init(text: text, byteCount: text.utf8.count, end: end)
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

/// Serves one connection: waits for a first byte and then sends what it was given.
private struct WireServer {
    let port: Int
    /// Says when the request is there.
    let began: AsyncStream<Void>
    private let beginning: AsyncStream<Void>.Continuation
    private let deliveries: [Delivery]
    private let listener: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>

    static func listening(for deliveries: [Delivery]) async throws -> WireServer {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        return WireServer(
            port: listener.channel.localAddress?.port ?? 0, began: began, beginning: beginning,
            deliveries: deliveries, listener: listener)
    }

    func serve() async throws {
        try await listener.executeThenClose { connections in
            for try await channel in connections {
                try await channel.executeThenClose { inbound, _ in
                    var requests = inbound.makeAsyncIterator()
                    _ = try await requests.next()
                    beginning.yield()
                    for delivery in deliveries {
                        guard try await delivery.carryOut(on: channel.channel) else { break }
                    }
                    // Without an iterator nothing would be read, and a client that left wouldn't show.
                    withExtendedLifetime(requests) {}
                }
                return
            }
        }
    }
}
