import AWSClient
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A gateway that takes fewer connections than there could be.
@Suite struct FewConnectionsTests {
    private static let answer = ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    /// Sends many requests at once, and gives what came of each.
    private func statuses(of transport: HTTPTransport, _ port: Int, count: Int) async throws -> [Int] {
        let url = try #require(EndpointURL("http://127.0.0.1:\(port)/"))
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<count {
                group.addTask {
                    let call = Call(operation: "ListUsers", attempt: 1)
                    return try await transport.send(HTTPRequest(method: "GET", url: url), for: call).status
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func `requests whose connection is dropped wait for one of those that are there`(byReset: Bool) async throws {
        let taken = Mutex(0)
        let made = Mutex(0)
        try await Loopback.serving(
            resets: byReset,
            { inbound, outbound in
                made.withLock { $0 += 1 }
                let isTaken = taken.withLock { taken in
                    taken += 1
                    return taken <= 2
                }
                guard isTaken else { return }
                for try await _ in inbound {
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
            #expect(made.withLock(\.self) == 4)
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
}
