import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Kept-alive connections to the places that are asked, so many to each. Lives on one event loop.
///
/// It is written for exactly what a scan does: thousands of small requests, whole in memory, over few connections, all on
/// one thread. A general HTTP client costs three times the CPU time for that.
final class ConnectionPool {
    private struct Place: Hashable {
        var isSecure: Bool
        var host: String
        var port: Int
        /// By way of the proxy.
        var isProxied: Bool
    }

    private final class Line {
        var idle: [PooledConnection] = []
        var busy: [ObjectIdentifier: PooledConnection] = [:]
        var connecting = 0
        var waiting: CircularBuffer<PendingExchange> = []
        /// How many connections there may be: fewer than asked for, where whoever is at the other end takes no more.
        private(set) var size: Int
        private let largest: Int

        init(size: Int) {
            self.size = size
            largest = size
        }

        var open: Int { idle.count + busy.count + connecting }

        var mayConnect: Bool { connecting < waiting.count && open < size }

        /// One more connection didn't come about, or was dropped at once.
        ///
        /// - Returns: false where there are no others: whoever has none may try for all again.
        func shrinkToOpen() -> Bool {
            let isUsed = idle.count + busy.count > 0
            size = isUsed ? open : largest
            return isUsed
        }
    }

    /// How many connections a request may have that are dropped while others are there.
    private static let mostDrops = 3

    private let eventLoop: any EventLoop
    private let size: Int
    private let limits: HTTPTransport.Limits
    private let trusted: TrustedCertificates?
    private let proxy: ProxySettings?
    private let names: [String: [String]]
    /// Made with the first secure connection: it takes ten milliseconds to read the system's authorities.
    private lazy var tls = tlsContext(.fullVerification)
    /// For whose certificate a ``CertificateAddressCheck`` looks at.
    private lazy var tlsWithoutNames = tlsContext(.noHostnameVerification)
    private var lines: [Place: Line] = [:]
    private var timer: (due: NIODeadline, task: Scheduled<Void>)?
    private var isShutDown = false

    /// - Parameters:
    ///   - size: how many connections to one place there may be.
    ///   - proxy: for https.
    ///   - names: hosts whose addresses these are, whatever the system says.
    init(
        eventLoop: any EventLoop, size: Int, limits: HTTPTransport.Limits, trusted: TrustedCertificates?,
        proxy: ProxySettings?, names: [String: [String]]
    ) {
        self.eventLoop = eventLoop
        self.size = size
        self.limits = limits
        self.trusted = trusted
        self.proxy = proxy
        self.names = names
    }

    private func tlsContext(_ verification: CertificateVerification) -> Result<NIOSSLContext, any Error> {
        Result {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            configuration.certificateVerification = verification
            if let trusted { configuration.trustRoots = .certificates(trusted.certificates) }
            return try NIOSSLContext(configuration: configuration)
        }
    }

    /// Sends a request as soon as there is a connection for it.
    func submit(_ exchange: PendingExchange, to url: EndpointURL) {
        // Somebody who fetches credentials may go on for longer than the run.
        guard !isShutDown else {
            return exchange.finish(.failure(TransportError(.cancelled, reason: "the transport was shut down")))
        }
        let isSecure = url.scheme == .https
        let host = url.host.withoutBrackets
        let port = url.port ?? (isSecure ? 443 : 80)
        let place = Place(
            isSecure: isSecure, host: host, port: port,
            isProxied: isSecure && proxy?.serves(url.host, port: port) ?? false)
        let line = lines[place] ?? Line(size: size)
        lines[place] = line
        if startOnIdle(exchange, line) { return }
        line.waiting.append(exchange)
        if line.mayConnect { connect(to: place, line) }
        setTimer(exchange.deadline)
    }

    /// Takes an exchange back.
    func cancel(_ ticket: ExchangeTicket) {
        for line in lines.values {
            if let index = line.waiting.firstIndex(where: { $0.ticket === ticket }) {
                line.waiting.remove(at: index).finish(.failure(.cancelled))
                return
            }
            if let connection = line.busy.values.first(where: { $0.ticket === ticket }) {
                connection.fail(.cancelled)
                return
            }
        }
    }

    /// Closes all connections, and those that come about later.
    func close() {
        isShutDown = true
        timer?.task.cancel()
        for line in lines.values {
            for exchange in line.waiting { exchange.finish(.failure(.cancelled)) }
            line.waiting.removeAll()
            for connection in line.idle { connection.close() }
            for connection in line.busy.values { connection.close() }
        }
        lines = [:]
    }

    // MARK: Connecting

    private func connect(to place: Place, _ line: Line) {
        line.connecting += 1
        let attempt = Attempt()
        let loop = eventLoop.assumeIsolated()
        let proxy = place.isProxied ? proxy : nil
        // TCP, the proxy and TLS together.
        attempt.timeout = loop.scheduleTask(in: TimeAmount(limits.connect)) {
            self.give(up: attempt, self.tooSlow(proxy), place, line)
        }
        let connecting = if let proxy { tunnel(by: proxy, to: place, attempt) } else { directly(to: place) }
        connecting.whenComplete { result in
            do {
                try self.connected(result.get(), attempt, place, line)
            } catch {
                self.give(up: attempt, self.unconnected(error, place), place, line)
            }
        }
    }

    private func give(up attempt: Attempt, _ error: TransportError, _ place: Place, _ line: Line) {
        let channel = attempt.channel
        // First: the channel's end would be another reason.
        attempt.end { failed(error, place, line) }
        channel?.close(promise: nil)
    }

    private var bootstrap: ClientBootstrap {
        ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(limits.connect))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
    }

    private func directly(to place: Place) -> EventLoopFuture<any Channel>.Isolated {
        // Called for each address that is tried; all but one of these channels are closed again.
        let handlers = handlers(of: place)
        var bootstrap = bootstrap.channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try handlers(channel.pipeline.syncOperations) }
        }
        if let addresses = names[place.host] {
            bootstrap = bootstrap.resolver(GivenAddresses(addresses, eventLoop: eventLoop))
        }
        return bootstrap.connect(host: place.host, port: place.port).assumeIsolated()
    }

    private func tunnel(
        by proxy: ProxySettings, to place: Place, _ attempt: Attempt
    ) -> EventLoopFuture<any Channel>.Isolated {
        let handlers = handlers(of: place)
        return bootstrap.connect(host: proxy.host, port: proxy.port).assumeIsolated().flatMap { channel in
            // Nobody waits any more, and a proxy that says nothing would keep it open.
            guard !attempt.hasEnded else {
                channel.close(promise: nil)
                return channel.eventLoop.makeFailedFuture(ClosedWhileConnecting())
            }
            attempt.channel = channel
            return ProxyTunnel(proxy: proxy, host: place.host, port: place.port).open(in: channel)
                .flatMapThrowing {
                    try handlers(channel.pipeline.syncOperations)
                    return channel
                }.nonisolated()
        }
    }

    /// What a channel to a place has in its pipeline.
    private func handlers(of place: Place) -> @Sendable (ChannelPipeline.SynchronousOperations) throws -> Void {
        let (readTimeout, bodyLimit) = (TimeAmount(limits.read), limits.body)
        let host = place.host
        let address = try? SocketAddress(ipAddress: host, port: 0)
        // NIOSSL compares a certificate with a name, or else with the address that the socket is connected to, which in a
        // tunnel is the proxy's.
        let addressInTunnel = place.isProxied ? address : nil
        let tls = place.isSecure ? (addressInTunnel == nil ? tls : tlsWithoutNames) : nil
        // A request's head has its length already; looked for once more, all its headers would be copied.
        var encoding = HTTPRequestEncoder.Configuration()
        encoding.automaticallySetFramingHeaders = false
        return { [encoding] pipeline in
            if let tls {
                let name = address == nil ? host : nil
                try pipeline.addHandler(NIOSSLClientHandler(context: try tls.get(), serverHostname: name))
                if let addressInTunnel { try pipeline.addHandler(CertificateAddressCheck(address: addressInTunnel)) }
            }
            try pipeline.addHandler(HTTPRequestEncoder(configuration: encoding))
            try pipeline.addHandler(ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes)))
            try pipeline.addHandler(
                PooledConnection(host: host, waitsForTLS: tls != nil, readTimeout: readTimeout, bodyLimit: bodyLimit))
        }
    }

    /// TCP is there, and the host at its other end.
    private func connected(_ channel: any Channel, _ attempt: Attempt, _ place: Place, _ line: Line) throws {
        guard !attempt.hasEnded else {
            channel.close(promise: nil)
            return
        }
        attempt.channel = channel
        let connection = try channel.pipeline.syncOperations.handler(type: PooledConnection.self)
        connection.join(
            PooledConnection.Events(
                isReady: { self.isReady($0, attempt, line) }, isIdle: { self.isIdle($0, line) },
                isClosed: { self.isClosed($0, $1, attempt, place, line) }))
    }

    private func tooSlow(_ proxy: ProxySettings?) -> TransportError {
        let reason = "no connection within \(limits.connect.components.seconds) seconds"
        return TransportError(.unreachable, reason: proxy.map { "the proxy \($0): \(reason)" } ?? reason)
    }

    private func unconnected(_ error: any Error, _ place: Place) -> TransportError {
        TransportError(error, host: place.host, isConnected: false, proxy: place.isProxied ? proxy : nil)
    }

    private func isReady(_ connection: PooledConnection, _ attempt: Attempt, _ line: Line) {
        attempt.end {
            line.connecting -= 1
            use(connection, line)
        }
    }

    private func isIdle(_ connection: PooledConnection, _ line: Line) {
        line.busy[ObjectIdentifier(connection)] = nil
        use(connection, line)
    }

    private func use(_ connection: PooledConnection, _ line: Line) {
        if isShutDown {
            connection.close()
        } else if let next = line.waiting.popFirst() {
            // One that can't be used any more tells that it is closed, and another takes its place then.
            if !start(next, on: connection, line) { line.waiting.prepend(next) }
        } else {
            line.idle.append(connection)
        }
    }

    /// - Returns: false where no connection is idle.
    private func startOnIdle(_ exchange: PendingExchange, _ line: Line) -> Bool {
        // The one that was used last: those that aren't needed fall silent.
        while let connection = line.idle.popLast() {
            if start(exchange, on: connection, line) { return true }
        }
        return false
    }

    /// - Returns: false where the connection can't be used any more; it is in no list then.
    private func start(_ exchange: PendingExchange, on connection: PooledConnection, _ line: Line) -> Bool {
        // Before it starts: it may end at once.
        line.busy[ObjectIdentifier(connection)] = connection
        if connection.start(exchange) { return true }
        line.busy[ObjectIdentifier(connection)] = nil
        return false
    }

    private func isClosed(
        _ connection: PooledConnection, _ end: PooledConnection.End, _ attempt: Attempt, _ place: Place, _ line: Line
    ) {
        line.busy[ObjectIdentifier(connection)] = nil
        line.idle.removeAll { $0 === connection }
        switch end {
        case .neverReady(let error) where !attempt.hasEnded:
            return attempt.end { failed(unconnected(error, place), place, line) }
        case .withoutAnswer(let exchange, let error): dropped(exchange, error, line)
        case .neverReady, .used: break
        }
        if line.mayConnect { connect(to: place, line) }
    }

    /// A connection that didn't come about is the failure of one request: whether to try again is the client's to say. Not
    /// where others are there: a gateway may take so many and no more, and then the request waits for one of them.
    private func failed(_ error: TransportError, _ place: Place, _ line: Line) {
        line.connecting -= 1
        if !line.shrinkToOpen() { line.waiting.popFirst()?.finish(.failure(error)) }
        if line.mayConnect { connect(to: place, line) }
    }

    /// As where a connection didn't come about. What is asked here may be asked twice; not for ever, as the request may be
    /// what the other end takes amiss.
    private func dropped(_ exchange: PendingExchange, _ error: TransportError, _ line: Line) {
        guard !isShutDown, exchange.droppedTimes < Self.mostDrops, line.shrinkToOpen() else {
            return exchange.finish(.failure(error))
        }
        exchange.droppedTimes += 1
        // Those that have become idle meanwhile wouldn't look for it any more.
        if startOnIdle(exchange, line) { return }
        line.waiting.prepend(exchange)
        setTimer(exchange.deadline)
    }

    // MARK: Waiting

    /// Requests that wait for a connection have an end, too.
    private func setTimer(_ deadline: NIODeadline) {
        if let timer {
            guard timer.due > deadline else { return }
            timer.task.cancel()
        }
        timer = (deadline, eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.timerRang() })
    }

    private func timerRang() {
        timer = nil
        let now = NIODeadline.now()
        var next: NIODeadline?
        for line in lines.values {
            let late = line.waiting.filter { $0.deadline <= now }
            line.waiting.removeAll { $0.deadline <= now }
            for exchange in late {
                exchange.finish(.failure(.silence))
            }
            for exchange in line.waiting { next = min(next ?? exchange.deadline, exchange.deadline) }
        }
        if let next { setTimer(next) }
    }
}

/// Resolves names to addresses that are known beforehand.
private struct GivenAddresses: Resolver {
    private let addresses: [String]
    private let eventLoop: any EventLoop

    init(_ addresses: [String], eventLoop: any EventLoop) {
        self.addresses = addresses
        self.eventLoop = eventLoop
    }

    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> { query(.inet, port) }

    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> { query(.inet6, port) }

    func cancelQueries() {}

    private func query(_ family: NIOBSDSocket.ProtocolFamily, _ port: Int) -> EventLoopFuture<[SocketAddress]> {
        let all = addresses.compactMap { try? SocketAddress(ipAddress: $0, port: port) }
        return eventLoop.makeSucceededFuture(all.filter { $0.protocol == family })
    }
}
