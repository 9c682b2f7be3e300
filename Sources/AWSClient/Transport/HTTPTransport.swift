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
    private let direct: NIOLoopBoundBox<ConnectionPool>
    /// For what goes by way of a proxy; nil where none is used.
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
    ///   - names: hosts whose addresses these are, whatever the system says: for tests.
    package init(
        connections: Int, limits: Limits = Limits(), trusted: TrustedCertificates? = nil, proxy: ProxySettings? = nil,
        allowsPlainHTTP: Bool = false, names: [String: [String]] = [:]
    ) {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        eventLoop = loop
        direct = NIOLoopBoundBox.makeBoxSendingValue(
            ConnectionPool(eventLoop: loop, size: connections, limits: limits, trusted: trusted, names: names),
            eventLoop: loop)
        self.proxy = proxy
        proxied = proxy.map { Self.client(by: $0, loop, connections, limits, trusted) }
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
        try? await eventLoop.submit { [direct] in direct.value.close() }.get()
        // It fails only where it was shut down before.
        try? await proxied?.shutdown()
    }

    package func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
        guard request.url.scheme == .https || allowsPlainHTTP || request.url.answersPlainHTTP else {
            throw TransportError(
                .refused,
                reason: "plain http:// goes to this machine only, since anybody on the way could read and change "
                    + "answers; use https://, or allow it with --insecure-http")
        }
        if let header = request.headers.first(where: { $0.value.hasControlCharacter }) {
            throw TransportError(.refused, reason: "the header \(header.name) has a character that no header can hold")
        }
        if request.url.scheme == .https, let proxied,
            proxy?.serves(request.url.host, port: request.url.port ?? 443) == true
        {
            return try await send(request, by: proxied)
        }
        return try await sendDirectly(request)
    }

    private func sendDirectly(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let ticket = ExchangeTicket()
        let loop = eventLoop
        let pool = direct
        let deadline = NIODeadline.now() + TimeAmount(request.timeout ?? limits.total)
        if Task.isCancelled { throw TransportError(.cancelled, reason: "cancelled") }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (waiting: CheckedContinuation<Result<HTTPResponse, TransportError>, Never>) in
                let exchange = PendingExchange(
                    ticket: ticket, head: request.wireHead, body: ByteBuffer(bytes: request.body), deadline: deadline,
                    finish: { waiting.resume(returning: $0) })
                if loop.inEventLoop {
                    pool.value.submit(exchange, to: request.url)
                } else {
                    loop.execute { pool.value.submit(exchange, to: request.url) }
                }
                // Whoever cancelled before there was anything to take back.
                if Task.isCancelled { loop.execute { pool.value.cancel(ticket) } }
            }
        } onCancel: {
            loop.execute { pool.value.cancel(ticket) }
        }
        return try result.get()
    }

    // MARK: By way of a proxy

    private static func client(
        by proxy: ProxySettings, _ loop: any EventLoop, _ connections: Int, _ limits: Limits,
        _ trusted: TrustedCertificates?
    ) -> HTTPClient {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        configuration.timeout = .init(connect: TimeAmount(limits.connect), read: TimeAmount(limits.read))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        // Retries are the client's to make and to count, not the pool's.
        configuration.connectionPool.retryConnectionEstablishment = false
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let trusted { tls.trustRoots = .certificates(trusted.certificates) }
        configuration.tlsConfiguration = tls
        configuration.proxy = .server(
            host: proxy.host, port: proxy.port,
            authorization: proxy.authorization.map { .basic(username: $0.user, password: $0.password.exposed) })
        return HTTPClient(eventLoopGroup: loop, configuration: configuration)
    }

    private func send(_ request: HTTPRequest, by client: HTTPClient) async throws(TransportError) -> HTTPResponse {
        do {
            let wire = try HTTPClient.Request(
                url: request.target, method: HTTPMethod(rawValue: request.method),
                headers: HTTPHeaders(request.headers.map { ($0.name, $0.value) }),
                body: .byteBuffer(ByteBuffer(bytes: request.body)))
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
            throw TransportError(error, host: request.url.host, proxy: proxy)
        }
    }
}

extension HTTPRequest {
    /// The request's head as NIO has it.
    fileprivate var wireHead: HTTPRequestHead {
        let path = query.isEmpty ? url.path : "\(url.path)?\(query)"
        var head = HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: path)
        head.headers.reserveCapacity(headers.count + 2)
        var namesHost = false
        for header in headers {
            head.headers.add(name: header.name, value: header.value)
            namesHost = namesHost || header.name.lowercased() == "host"
        }
        if !namesHost { head.headers.add(name: "Host", value: url.authority) }
        if !body.isEmpty || method != "GET" { head.headers.add(name: "Content-Length", value: String(body.count)) }
        return head
    }
}

extension EndpointURL {
    /// Whether it is where credentials come from by plain HTTP: this machine, a container's agent, an instance's
    /// metadata.
    fileprivate var answersPlainHTTP: Bool {
        isLoopback || host.hasPrefix("169.254.") || host.hasPrefix("[fd00:ec2::")
    }
}
