import AWSClient
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A gateway that takes fewer connections than there could be.
@Suite struct FewConnectionsTests {
    private static let answer = ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    /// Sends many requests at once, and gives what came of each.
    ///
    /// - Parameter answered: called after each answer.
    private func statuses(
        of transport: HTTPTransport, _ port: Int, count: Int, answered: () -> Void = {}
    ) async throws -> [Int] {
        let url = try #require(EndpointURL("http://127.0.0.1:\(port)/"))
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<count {
                group.addTask {
                    let call = Call(operation: "ListUsers", attempt: 1)
                    return try await transport.send(HTTPRequest(method: "GET", url: url), for: call).status
                }
            }
            return try await group.reduce(into: []) {
                $0.append($1)
                answered()
            }
        }
    }

    /// Counts the connections that a server serves.
    private final class Served: Sendable {
        private let number = Mutex(0)

        var count: Int { number.withLock(\.self) }

        /// - Returns: the number of this one, from 1.
        func another() -> Int {
            number.withLock {
                $0 += 1
                return $0
            }
        }

        func untilTwo() async throws {
            while count < 2 { try await Task.sleep(for: .milliseconds(1)) }
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func `requests whose connection is dropped wait for one of those that are there`(byReset: Bool) async throws {
        let served = Served()
        try await Loopback.serving(
            resets: byReset,
            { inbound, outbound in
                guard served.another() <= 2 else { return }
                for try await _ in inbound {
                    // Which two are taken is settled by the first two requests.
                    try await served.untilTwo()
                    try await Task.sleep(for: .milliseconds(20))
                    try await outbound.write(Self.answer)
                }
            }
        ) { server async throws in
            let transport = HTTPTransport(connections: 4)
            let result = await Result.catching {
                // Two connections are there before others are tried for.
                let first = try await statuses(of: transport, server.port, count: 2)
                return first + (try await statuses(of: transport, server.port, count: 20))
            }
            await transport.shutdown()
            #expect(try result.get() == Array(repeating: 200, count: 22))
            // Each that is dropped is one less to be tried for.
            #expect(served.count == 4)
        }
    }

    /// Nothing would ever look for it again: the others have no more to do.
    @Test(.timeLimit(.minutes(1)))
    func `a request that is dropped when the others are idle is made by one of them`() async throws {
        let served = Served()
        let (othersAreIdle, tellIdle) = AsyncStream.makeStream(of: Void.self)
        try await Loopback.serving({ inbound, outbound in
            let isDropped = served.another() == 2
            for try await _ in inbound {
                if isDropped {
                    for await _ in othersAreIdle {}
                    return
                }
                // When the other connection has a request, too.
                try await served.untilTwo()
                try await outbound.write(Self.answer)
            }
        }) { server async throws in
            let transport = HTTPTransport(connections: 2)
            let result = await Result.catching {
                try await statuses(of: transport, server.port, count: 2) { tellIdle.finish() }
            }
            await transport.shutdown()
            #expect(try result.get() == [200, 200])
            #expect(served.count == 2)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `requests for which no connection comes about wait for one of those that are there`() async throws {
        try await Loopback.serving(
            connections: 2,
            { inbound, outbound in
                for try await _ in inbound {
                    try await Task.sleep(for: .milliseconds(20))
                    try await outbound.write(Self.answer)
                }
            }
        ) { server async throws in
            let transport = HTTPTransport(connections: 8)
            let result = await Result.catching {
                let first = try await statuses(of: transport, server.port, count: 2)
                try await server.untilClosed()
                return first + (try await statuses(of: transport, server.port, count: 20))
            }
            await transport.shutdown()
            #expect(try result.get() == Array(repeating: 200, count: 22))
        }
    }

    /// A request that no connection survives isn't made for ever.
    @Test(.timeLimit(.minutes(1)))
    func `a request that ends every connection fails, and the others are answered`() async throws {
        try await Loopback.serving({ inbound, outbound in
            for try await request in inbound {
                guard !String(buffer: request).contains("GET /deadly") else { return }
                try await Task.sleep(for: .milliseconds(20))
                try await outbound.write(Self.answer)
            }
        }) { server async throws in
            let transport = HTTPTransport(connections: 8)
            let deadly = try #require(EndpointURL("http://127.0.0.1:\(server.port)/deadly"))
            let others = Task { try await statuses(of: transport, server.port, count: 40) }
            let error = await #expect(throws: TransportError.self) {
                try await transport.send(
                    HTTPRequest(method: "GET", url: deadly), for: Call(operation: "ListUsers", attempt: 1))
            }
            #expect(error?.kind == .interrupted)
            let answered = await others.result
            await transport.shutdown()
            #expect(try answered.get() == Array(repeating: 200, count: 40))
        }
    }

    /// Something came: whoever sent it has had the request.
    @Test(.timeLimit(.minutes(1)))
    func `a request that is answered with what isn't HTTP isn't made on another connection`() async throws {
        let (ends, tellEnd) = AsyncStream.makeStream(of: Void.self)
        let served = Served()
        try await Loopback.serving({ inbound, outbound in
            for try await request in inbound {
                if String(buffer: request).contains("GET /nonsense") {
                    try await outbound.write(ByteBuffer(string: "220 ready\r\n"))
                } else {
                    _ = served.another()
                    for await _ in ends {}
                    try await outbound.write(Self.answer)
                }
            }
        }) { server async throws in
            let transport = HTTPTransport(connections: 2)
            let nonsense = try #require(EndpointURL("http://127.0.0.1:\(server.port)/nonsense"))
            let other = Task { try await statuses(of: transport, server.port, count: 1) }
            while served.count == 0 { try await Task.sleep(for: .milliseconds(1)) }
            let error = await #expect(throws: TransportError.self) {
                try await transport.send(
                    HTTPRequest(method: "GET", url: nonsense, timeout: .seconds(5)),
                    for: Call(operation: "ListUsers", attempt: 1))
            }
            #expect(error?.kind == .interrupted)
            tellEnd.finish()
            let answered = await other.result
            await transport.shutdown()
            #expect(try answered.get() == [200])
        }
    }
}
