import AWSClient
import FoundationEssentials
import MockIAM
import NIOCore
import Testing

/// A host with several addresses, as `localhost` mostly is one. Here somebody listens at the last of them only.
@Suite struct SeveralAddressesTests {
    private func withTransport<Value>(
        connections: Int = 2, read: Duration = .seconds(20), trusting pem: String? = nil,
        _ body: (HTTPTransport) async throws -> Value
    ) async throws -> Value {
        var limits = HTTPTransport.Limits()
        limits.connect = .seconds(60)
        limits.read = read
        let transport = HTTPTransport(
            connections: connections, limits: limits,
            trusted: try pem.map { try TrustedCertificates(pem: Array($0.utf8)) },
            names: ["localhost": ["::1", "127.0.0.1"]])
        let result = await Result.catching { try await body(transport) }
        await transport.shutdown()
        return try result.get()
    }

    private func send(_ transport: HTTPTransport, _ url: String) async throws(TransportError) -> HTTPResponse {
        let url = EndpointURL(url) ?? EndpointURL(https: "localhost")
        return try await transport.send(
            HTTPRequest(method: "GET", url: url), for: Call(operation: "ListUsers", attempt: 1))
    }

    @Test(.timeLimit(.minutes(1)))
    func `all requests are answered from the second one`() async throws {
        try await Loopback.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") { server in
            try await withTransport { transport in
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<20 {
                        group.addTask { try await send(transport, "http://localhost:\(server.port)/").status }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(statuses == Array(repeating: 200, count: 20))
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `with TLS, too`() async throws {
        let options = MockIAM.Options(tls: .trusted, authentication: .off)
        try await MockIAM.run(account: MockIAM.Account(), options: options) { server async throws in
            try await withTransport(trusting: server.caCertificatePEM) { transport in
                for _ in 0..<5 { _ = try await send(transport, "https://localhost:\(server.port)/") }
            }
            #expect(server.journal.served == 5)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `who never answers is given up in time, and takes no connection with him`() async throws {
        try await Loopback.serving({ inbound, _ in for try await _ in inbound {} }) { server in
            try await withTransport(connections: 1, read: .milliseconds(200)) { transport in
                for _ in 0..<3 {
                    let error = await #expect(throws: TransportError.self) {
                        try await send(transport, "http://localhost:\(server.port)/")
                    }
                    #expect(error == TransportError(.timedOut, reason: "no whole answer in time"))
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `where nobody listens at any, that is said`() async throws {
        let port = try await MockIAM.run(MockIAM.Fixture(clock: .now, exchanges: [])) { $0.port }
        try await withTransport(connections: 1) { transport in
            for _ in 0..<3 {
                let error = await #expect(throws: TransportError.self) {
                    try await send(transport, "http://localhost:\(port)/")
                }
                #expect(error?.kind == .unreachable)
            }
        }
    }
}
