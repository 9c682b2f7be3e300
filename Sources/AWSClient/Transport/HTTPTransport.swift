import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// The live transport: HTTP/1.1 with kept-alive connections, over TLS with the system's roots for https.
///
/// It follows no redirect (a signed request must not go elsewhere), bounds the answer and gives up after a time.
package struct HTTPTransport: Transport {
    private let client: HTTPClient
    private let timeout: TimeAmount
    private let bodyLimit: Int

    /// - Parameters:
    ///   - connections: how many connections to one host are kept open.
    ///   - timeoutSeconds: for one whole exchange.
    ///   - bodyLimit: the largest answer taken, in bytes. IAM's largest pages are below 1 MB.
    package init(connections: Int, timeoutSeconds: Int64 = 60, bodyLimit: Int = 16 << 20) {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        configuration.timeout = .init(connect: .seconds(10), read: .seconds(30))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        // Retries are the client's to make and to count, not the pool's.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        timeout = .seconds(timeoutSeconds)
        self.bodyLimit = bodyLimit
    }

    /// Closes the connections. Call it once, when nothing is under way any more.
    package func shutdown() async {
        // It fails only where it was shut down before.
        try? await client.shutdown()
    }

    package func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
        var wire = HTTPClientRequest(url: request.url.description)
        wire.method = HTTPMethod(rawValue: request.method)
        for header in request.headers { wire.headers.add(name: header.name, value: header.value) }
        wire.body = .bytes(ByteBuffer(bytes: request.body))
        do {
            let answer = try await client.execute(wire, timeout: timeout)
            let body = try await answer.body.collect(upTo: bodyLimit)
            return HTTPResponse(
                status: Int(answer.status.code),
                headers: answer.headers.map { HTTPHeader(name: $0.name, value: $0.value) },
                body: Array(body.readableBytesView)
            )
        } catch {
            throw TransportError(error)
        }
    }
}
