import AsyncHTTPClient
import EventLoopTasks
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The live transport: HTTP/1.1 with kept-alive connections, over TLS for https.
///
/// It follows no redirect (a signed request must not go elsewhere), bounds the answer and gives up after a time.
package struct HTTPTransport: Transport {
    private let direct: HTTPClient
    /// Nil where no proxy is used.
    private let proxied: HTTPClient?
    private let proxy: ProxySettings?
    private let eventLoop: any EventLoop
    private let executor: EventLoopExecutor
    private let limits: Limits
    private let allowsPlainHTTP: Bool

    /// How long an exchange may take, and how large an answer may be.
    package struct Limits: Sendable {
        package var connect: Duration = .seconds(10)
        /// Without a byte of the answer.
        package var read: Duration = .seconds(20)
        /// From the first byte sent to the last one read.
        package var total: Duration = .seconds(60)
        /// In bytes. IAM's largest pages are below 1 MB, the credential report of 5,000 users is about 2 MB.
        package var body = 64 << 20

        package init() {}
    }

    /// - Parameters:
    ///   - connections: how many connections to one host are kept open.
    ///   - trusted: the authorities that are trusted instead of the system's.
    ///   - proxy: for https.
    ///   - allowsPlainHTTP: also to hosts that aren't this machine.
    package init(
        connections: Int, limits: Limits = Limits(), trusted: TrustedCertificates? = nil, proxy: ProxySettings? = nil,
        allowsPlainHTTP: Bool = false
    ) {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        configuration.timeout = .init(connect: TimeAmount(limits.connect), read: TimeAmount(limits.read))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        // Retries are the client's to make and to count, not the pool's.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.http1_1ConnectionDebugInitializer = { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(FlushOnce(), position: .first)
            }
        }
        if let trusted {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .certificates(trusted.certificates)
            configuration.tlsConfiguration = tls
        }
        eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        direct = HTTPClient(eventLoopGroup: eventLoop, configuration: configuration)
        self.proxy = proxy
        if let proxy {
            configuration.proxy = .server(
                host: proxy.host, port: proxy.port,
                authorization: proxy.authorization.map {
                    .basic(username: $0.user, password: $0.password.exposed)
                })
            proxied = HTTPClient(eventLoopGroup: eventLoop, configuration: configuration)
        } else {
            proxied = nil
        }
        executor = EventLoopExecutor(eventLoop)
        self.limits = limits
        self.allowsPlainHTTP = allowsPlainHTTP
    }

    /// Runs work that makes many calls on the thread that the connections live on, child tasks included, so that a call
    /// needs no change of threads.
    package func run<Value>(_ work: () async throws -> Value) async rethrows -> Value {
        try await withTaskExecutorPreference(executor, operation: work)
    }

    /// Closes the connections. Call it once, when nothing is under way any more.
    package func shutdown() async {
        // It fails only where it was shut down before.
        try? await direct.shutdown()
        try? await proxied?.shutdown()
    }

    package func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
        guard request.url.scheme == .https || allowsPlainHTTP || request.url.answersPlainHTTP else {
            throw TransportError(
                .refused,
                reason: "plain http:// goes to this machine only, since anybody on the way could read and change "
                    + "answers; use https://, or allow it with --insecure-http")
        }
        let usesProxy = request.url.scheme == .https && proxy?.serves(request.url.host) == true
        let client = usesProxy ? proxied ?? direct : direct
        do {
            let wire = try HTTPClient.Request(
                url: request.target, method: HTTPMethod(rawValue: request.method),
                headers: HTTPHeaders(request.headers.map { ($0.name, $0.value) }),
                body: .byteBuffer(ByteBuffer(bytes: request.body)))
            // The client's futures rather than its async interface, which starts a task of its own, on other threads,
            // for every request: in a profile of a whole scan that was a tenth of the CPU time. For the same reason
            // `.delegate`: a request that insists on its channel's event loop gets a new connection each time.
            let task = client.execute(
                request: wire, delegate: ResponseAccumulator(request: wire, maxBodySize: limits.body),
                eventLoop: .delegate(on: eventLoop), deadline: .now() + TimeAmount(request.timeout ?? limits.total))
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

extension EndpointURL {
    /// Whether it is where credentials come from by plain HTTP: this machine, a container's agent, an instance's
    /// metadata.
    fileprivate var answersPlainHTTP: Bool {
        isLoopback || host.hasPrefix("169.254.") || host.hasPrefix("[fd00:ec2::")
    }
}
