import EventLoopTasks
import NIOCore
import NIOHTTP1
import NIOPosix
import PlainText

/// The live transport: HTTP/1.1 with kept-alive connections, over TLS for https.
///
/// It follows no redirect (a signed request must not go elsewhere), bounds the answer and gives up after a time.
package struct HTTPTransport: Transport {
    private let pool: NIOLoopBoundBox<ConnectionPool>
    private let eventLoop: any EventLoop
    private let executor: EventLoopExecutor
    private let limits: Limits
    private let allowsPlainHTTP: Bool

    /// How long an exchange may take, and how large an answer may be.
    package struct Limits: Sendable {
        package var connect: Duration = .seconds(10)
        /// Without a byte of the answer.
        package var read: Duration = .seconds(20)
        /// From when it is asked for, waiting for a connection included, to the last byte read.
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
        pool = NIOLoopBoundBox.makeBoxSendingValue(
            ConnectionPool(
                eventLoop: loop, size: connections, limits: limits, trusted: trusted, proxy: proxy, names: names),
            eventLoop: loop)
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
        try? await eventLoop.submit { [pool] in pool.value.close() }.get()
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
        var answer = try await submit(request)
        // It may repeat the session token, as where AWS says what it would have signed. What AWS has to say is kept, the
        // token isn't: nobody behind here reads, shows or records it.
        answer.redact(call.secrets)
        return answer
    }

    private func submit(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let ticket = ExchangeTicket()
        let (loop, pool) = (eventLoop, pool)
        let deadline = NIODeadline.now() + TimeAmount(request.timeout ?? limits.total)
        if Task.isCancelled { throw .cancelled }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (waiting: CheckedContinuation<Result<HTTPResponse, TransportError>, Never>) in
                @Sendable func begin() {
                    let exchange = PendingExchange(
                        ticket: ticket, head: request.wireHead, body: ByteBuffer(bytes: request.body),
                        deadline: deadline, finish: { waiting.resume(returning: $0) })
                    pool.value.submit(exchange, to: request.url)
                }
                if loop.inEventLoop { begin() } else { loop.execute { begin() } }
                // Whoever cancelled before there was anything to take back.
                if Task.isCancelled { loop.execute { pool.value.cancel(ticket) } }
            }
        } onCancel: {
            loop.execute { pool.value.cancel(ticket) }
        }
        return try result.get()
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
            namesHost = namesHost || header.name.isSameIgnoringASCIICase(as: "host")
        }
        if !namesHost { head.headers.add(name: "Host", value: url.authority) }
        if !body.isEmpty || method != "GET" { head.headers.add(name: "Content-Length", value: String(body.count)) }
        return head
    }
}

extension EndpointURL {
    /// Whether it is where credentials come from by plain HTTP: this machine, a container's agent, an instance's
    /// metadata.
    fileprivate var answersPlainHTTP: Bool { isLoopback || isContainerAgent || isInstanceMetadata }
}
