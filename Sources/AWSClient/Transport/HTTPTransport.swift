import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix

/// The live transport: HTTP/1.1 with kept-alive connections, over TLS with the system's roots for https.
///
/// It follows no redirect (a signed request must not go elsewhere), bounds the answer and gives up after a time.
package struct HTTPTransport: Transport {
    private let client: HTTPClient
    private let eventLoop: any EventLoop
    private let executor: EventLoopExecutor
    private let timeout: TimeAmount
    private let bodyLimit: Int

    /// - Parameters:
    ///   - connections: how many connections to one host are kept open.
    ///   - timeoutSeconds: for one whole exchange.
    ///   - bodyLimit: the largest answer taken, in bytes. IAM's largest pages are below 1 MB.
    package init(connections: Int, timeoutSeconds: Int64 = 30, bodyLimit: Int = 16 << 20) {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        // No read timeout: the deadline of the whole exchange ends a stalled one as well.
        configuration.timeout = .init(connect: .seconds(10))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        // Retries are the client's to make and to count, not the pool's.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.http1_1ConnectionDebugInitializer = { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(FlushOnce(), position: .first)
            }
        }
        eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        client = HTTPClient(eventLoopGroup: eventLoop, configuration: configuration)
        executor = EventLoopExecutor(eventLoop)
        timeout = .seconds(timeoutSeconds)
        self.bodyLimit = bodyLimit
    }

    /// Runs work that makes many calls on the thread that the connections live on, child tasks included, so that a call
    /// needs no change of threads.
    package func run<Value>(_ work: () async throws -> Value) async rethrows -> Value {
        try await withTaskExecutorPreference(executor, operation: work)
    }

    /// Closes the connections. Call it once, when nothing is under way any more.
    package func shutdown() async {
        // It fails only where it was shut down before.
        try? await client.shutdown()
    }

    package func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
        do {
            let wire = try HTTPClient.Request(
                url: request.url.description, method: HTTPMethod(rawValue: request.method),
                headers: HTTPHeaders(request.headers.map { ($0.name, $0.value) }),
                body: .byteBuffer(ByteBuffer(bytes: request.body)))
            // The client's futures rather than its async interface, which starts a task of its own, on other threads,
            // for every request: in a profile of a whole scan that was a tenth of the CPU time. For the same reason
            // `.delegate`: a request that insists on its channel's event loop gets a new connection each time.
            let task = client.execute(
                request: wire, delegate: ResponseAccumulator(request: wire, maxBodySize: bodyLimit),
                eventLoop: .delegate(on: eventLoop), deadline: .now() + timeout)
            let answer = try await withTaskCancellationHandler {
                try await task.get()
            } onCancel: {
                task.cancel()
            }
            return HTTPResponse(
                status: Int(answer.status.code),
                headers: answer.headers.map { HTTPHeader(name: $0.name, value: $0.value) },
                body: answer.body.map { Array($0.readableBytesView) } ?? []
            )
        } catch {
            throw TransportError(error)
        }
    }
}
