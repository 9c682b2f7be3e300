import AWSClient
import FoundationEssentials
import MockIAM
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// What the transport does with servers that aren't as they should be.
@Suite struct TransportTests {
    private func limits(
        read: Duration = .seconds(20), total: Duration = .seconds(60), body: Int = 64 << 20
    ) -> HTTPTransport.Limits {
        var limits = HTTPTransport.Limits()
        limits.read = read
        limits.total = total
        limits.body = body
        return limits
    }

    private func send(
        _ url: String, limits: HTTPTransport.Limits = HTTPTransport.Limits(), trusting pem: String? = nil,
        allowsPlainHTTP: Bool = false
    ) async throws -> HTTPResponse {
        let transport = HTTPTransport(
            connections: 2, limits: limits, trusted: try pem.map { try TrustedCertificates(pem: Array($0.utf8)) },
            allowsPlainHTTP: allowsPlainHTTP)
        let form = Array("Action=ListUsers&Version=2010-05-08".utf8)
        let request = HTTPRequest(
            url: try #require(EndpointURL(url)),
            headers: [HTTPHeader(name: "Content-Type", value: "application/x-www-form-urlencoded")], body: form)
        let result = await Result.catching {
            try await transport.send(request, for: Call(operation: "ListUsers", attempt: 1))
        }
        await transport.shutdown()
        return try result.get()
    }

    private func failure(_ send: () async throws -> HTTPResponse) async -> TransportError? {
        do {
            _ = try await send()
            return nil
        } catch {
            return error as? TransportError
        }
    }

    private func serving<Value>(
        _ rule: MockIAM.FaultPlan.Rule, _ body: (MockIAM.Server) async throws -> Value
    ) async throws -> Value {
        let options = MockIAM.Options(authentication: .off, faults: MockIAM.FaultPlan(rules: [rule]))
        return try await MockIAM.run(account: MockIAM.Account(), options: options, body)
    }

    // MARK: TLS

    @Test func `who trusts the authority by a file of certificates connects; who doesn't, doesn't`() async throws {
        let options = MockIAM.Options(tls: .trusted, authentication: .off)
        try await MockIAM.run(account: MockIAM.Account(), options: options) { server async throws in
            #expect(try await send(server.endpointURL, trusting: server.caCertificatePEM).status == 200)
            let error = await failure { try await send(server.endpointURL) }
            #expect(error?.kind == .unreachable)
            #expect(error?.reason.hasPrefix("TLS failed: ") == true)
            #expect(server.journal.served == 1)
        }
    }

    @Test(arguments: [MockIAM.TLSMode.selfSigned, .expired, .notYetValid, .wrongHost, .untrustedCA, .brokenHandshake])
    func `a certificate with a fault is refused before anything is sent`(mode: MockIAM.TLSMode) async throws {
        let options = MockIAM.Options(tls: mode, authentication: .off)
        try await MockIAM.run(account: MockIAM.Account(), options: options) { server async throws in
            let error = await failure { try await send(server.endpointURL, trusting: server.caCertificatePEM) }
            #expect(error?.kind == .unreachable)
            #expect(server.journal.served == 0)
            guard mode != .brokenHandshake else { return }
            let reason = try #require(error?.reason)
            #expect(reason.contains(mode == .wrongHost ? "isn't one for '127.0.0.1'" : "isn't trusted"))
            #expect(reason.contains("--ca-bundle or AWS_CA_BUNDLE") == (mode != .wrongHost))
            #expect(!reason.contains("/") && !reason.contains("Error"), "\(reason)")
        }
    }

    @Test(arguments: [
        ("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "'127.0.0.1' doesn't speak TLS there", true),
        // The alert that the version isn't good enough, and one without a name of its own here.
        ("\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}\u{46}", "1.2 or later", true),
        ("\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}\u{28}", "alert handshake failure", false),
    ])
    func `what else goes wrong with TLS is said in words`(answer: String, words: String, isLasting: Bool) async throws {
        try await Loopback.answering(answer) { server async throws in
            let error = await failure { try await send("https://127.0.0.1:\(server.port)/") }
            #expect(error?.kind == .unreachable)
            #expect(error?.reason.hasPrefix("TLS failed: ") == true)
            #expect(error?.reason.contains(words) == true, "\(String(describing: error))")
            #expect(error?.reason.contains(".cc") == false)
            #expect(error?.isLasting == isLasting)
        }
    }

    /// Whether somebody closes a connection or resets it, nobody took the request.
    @Test(arguments: [false, true])
    func `a connection that ends during the handshake couldn't be made`(byReset: Bool) async throws {
        try await Loopback.serving(
            resets: byReset,
            { inbound, _ in
                var iterator = inbound.makeAsyncIterator()
                _ = try await iterator.next()
            }
        ) { server async throws in
            let error = await failure { try await send("https://127.0.0.1:\(server.port)/") }
            #expect(error?.kind == .unreachable)
            #expect(error?.reason.contains("errno") == false, "\(String(describing: error))")
            #expect(error?.isLasting == false)
            if byReset { #expect(error?.reason == "Connection reset by peer") }
        }
    }

    @Test func `who has a certificate that isn't trusted is asked once`() async throws {
        let options = MockIAM.Options(tls: .selfSigned, authentication: .off)
        try await MockIAM.run(account: MockIAM.Account(), options: options) { server async throws in
            try await withTransport { transport in
                let url = try #require(EndpointURL(server.endpointURL))
                let client = AWSClient(
                    credentials: CredentialProvider(
                        Credentials(accessKeyID: "test", secretAccessKey: Secret("test"), origin: "test")),
                    endpoints: try Endpoints(region: "us-east-1", urls: [.iam: url]), transport: transport,
                    userAgent: "test", clock: ClientClock(sleep: { _ in }))
                let error = await #expect(throws: AWSError.self) { try await client.send(ListUsers()) }
                #expect(error?.attempts == 1)
            }
        }
    }

    /// Hands bytes on to a server on this machine, until so many pieces have come back from it.
    private func cutting<Value: Sendable>(
        _ port: Int, after pieces: Int, _ body: (Loopback) async throws -> Value
    ) async throws -> Value {
        try await Loopback.serving(
            { inbound, outbound in
                let upstream = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .connect(host: "127.0.0.1", port: port) { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                        }
                    }
                try await upstream.executeThenClose { fromServer, toServer in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { for try await bytes in inbound { try await toServer.write(bytes) } }
                        var count = 0
                        for try await bytes in fromServer {
                            try await outbound.write(bytes)
                            count += 1
                            if count == pieces { break }
                        }
                        group.cancelAll()
                    }
                }
            }, body)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a connection with TLS that breaks in the middle of an answer is an interruption, as without`() async throws {
        let rule = MockIAM.FaultPlan.Rule(drip: .init(bytes: 1, every: .milliseconds(5)))
        let options = MockIAM.Options(
            tls: .trusted, authentication: .off, faults: MockIAM.FaultPlan(rules: [rule]))
        try await MockIAM.run(account: MockIAM.Account(), options: options) { server async throws in
            // More than a handshake has, and fewer than an answer that comes byte by byte.
            try await cutting(server.port, after: 12) { relay async throws in
                let error = await failure {
                    try await send("https://127.0.0.1:\(relay.port)/", trusting: server.caCertificatePEM)
                }
                #expect(
                    error == TransportError(.interrupted, reason: "the connection was closed in the middle"))
                #expect(server.journal.served == 1)
            }
        }
    }

    @Test(arguments: ["a\r\nX-Other: b", "a\n", "a\u{0}"])
    func `a header that would begin another isn't sent`(value: String) async throws {
        let transport = HTTPTransport(connections: 1)
        let request = HTTPRequest(
            url: try #require(EndpointURL("http://127.0.0.1:1/")), headers: [HTTPHeader(name: "X-Token", value: value)])
        let error = await #expect(throws: TransportError.self) {
            try await transport.send(request, for: Call(operation: "ListUsers", attempt: 1))
        }
        await transport.shutdown()
        #expect(error?.kind == .refused)
        #expect(error?.reason.contains("X-Token") == true)
    }

    @Test(arguments: ["", "no certificate", "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n"])
    func `what isn't certificates can't be trusted`(pem: String) {
        #expect(throws: TrustedCertificates.NotCertificates.self) { try TrustedCertificates(pem: Array(pem.utf8)) }
    }

    // MARK: Plain HTTP

    @Test(arguments: [
        "http://192.0.2.1/", "http://iam.example.com/", "http://127.0.0.1.example.com/", "http://[2001:db8::1]/",
        "http://169.254.evil.example/", "http://169.254.1.1/", "http://169.254.169.254.example.com/",
        "http://[fd00:ec2::1]/",
    ])
    func `plain HTTP goes to this machine only`(url: String) async {
        let error = await failure { try await send(url) }
        #expect(error?.kind == .refused)
        #expect(error?.reason.contains("--insecure-http") == true)
    }

    @Test func `unless it is allowed`() async throws {
        try await Loopback.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") { server async throws in
            // A name that isn't loopback by its spelling, but that leads here.
            let url = "http://0.0.0.0:\(server.port)/"
            #expect(await failure { try await send(url) }?.kind == .refused)
            #expect(try await send(url, allowsPlainHTTP: true).status == 200)
        }
    }

    @Test(arguments: [
        "169.254.169.254", "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "[fd00:ec2::254]",
    ])
    func `and to where containers and instances get their credentials`(host: String) async throws {
        try await Loopback.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") { server async throws in
            let transport = HTTPTransport(
                connections: 1, names: [host.filter { $0 != "[" && $0 != "]" }: ["127.0.0.1"]])
            let url = try #require(EndpointURL("http://\(host):\(server.port)/"))
            let result = await Result.catching {
                try await transport.send(HTTPRequest(url: url), for: Call(operation: "IMDS /", attempt: 1))
            }
            await transport.shutdown()
            #expect(try result.get().status == 200)
        }
    }

    // MARK: Secrets

    @Test func `a secret that an answer repeats isn't in it any more`() async throws {
        let secret = "IQoJb3JpZ2luX2VjEXAMPLE/token+with=signs"
        for (body, clean) in [
            (" <a>\(secret)\(secret)</a>", " <a>&lt;redacted&gt;&lt;redacted&gt;</a>"),
            (#"{"a": "\#(secret)"}"#, #"{"a": "<redacted>"}"#), ("nothing", "nothing"),
        ] {
            let head = "HTTP/1.1 403 Forbidden\r\nX-Signed: of \(secret)\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            try await Loopback.answering(head + body) { server async throws in
                try await withTransport { transport in
                    let url = try #require(EndpointURL("http://127.0.0.1:\(server.port)/"))
                    let answer = try await transport.send(
                        HTTPRequest(url: url),
                        for: Call(operation: "ListUsers", attempt: 1, secrets: [Secret(""), Secret(secret)]))
                    #expect(String(decoding: answer.body, as: UTF8.self) == clean)
                    #expect(answer.header("x-signed") == "of <redacted>")
                }
            }
        }
    }

    // MARK: Answers that aren't as they should be

    @Test(arguments: [301, 302, 303, 307, 308])
    func `no redirect is followed`(status: Int) async throws {
        try await serving(MockIAM.FaultPlan.Rule()) { elsewhere async throws in
            let answer =
                "HTTP/1.1 \(status) Moved\r\nLocation: \(elsewhere.endpointURL)/\r\nContent-Length: 0\r\n\r\n"
            try await Loopback.answering(answer) { server async throws in
                #expect(try await send("http://127.0.0.1:\(server.port)/").status == status)
                #expect(elsewhere.journal.served == 0)
            }
        }
    }

    @Test func `silence ends after the time for reading`() async throws {
        try await serving(.init(latency: .seconds(3600))) { server async throws in
            let error = await failure { try await send(server.endpointURL, limits: limits(read: .milliseconds(200))) }
            #expect(error?.kind == .timedOut)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a body that comes byte by byte ends after the whole time, though it is never silent for long`() async throws {
        try await serving(.init(drip: .init(bytes: 1, every: .milliseconds(50)))) { server async throws in
            let error = await failure {
                try await send(server.endpointURL, limits: limits(read: .seconds(10), total: .milliseconds(700)))
            }
            #expect(error?.kind == .timedOut)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `an answer that takes longer than silence may last is read to its end`() async throws {
        try await Loopback.serving({ inbound, outbound in
            for try await _ in inbound {
                try await outbound.write(.init(string: "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n"))
                // A machine under load may keep each waiting for some seconds.
                for _ in 0..<50 {
                    try await Task.sleep(for: .milliseconds(200))
                    try await outbound.write(.init(string: "."))
                }
            }
        }) { server async throws in
            let answer = try await send("http://127.0.0.1:\(server.port)/", limits: limits(read: .seconds(9)))
            #expect(answer.body.count == 50)
        }
    }

    /// Whoever has the only connection is silent for longer than the others want to wait for it.
    @Test(.timeLimit(.minutes(1)))
    func `each request that waits for a connection ends at a time of its own`() async throws {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        try await Loopback.serving({ inbound, _ in for try await _ in inbound { arrived.yield() } }) {
            server async throws in
            let transport = HTTPTransport(connections: 1)
            let url = try #require(EndpointURL("http://127.0.0.1:\(server.port)/"))
            @Sendable func failure(after timeout: Duration) async -> TransportError.Kind? {
                do throws(TransportError) {
                    let request = HTTPRequest(method: "GET", url: url, timeout: timeout)
                    _ = try await transport.send(request, for: Call(operation: "ListUsers", attempt: 1))
                    return nil
                } catch { return error.kind }
            }
            let first = Task { await failure(after: .seconds(50)) }
            for await _ in arrivals { break }
            async let second = failure(after: .milliseconds(50))
            async let third = failure(after: .milliseconds(200))
            #expect(await [second, third] == [.timedOut, .timedOut])
            first.cancel()
            #expect(await first.value == .cancelled)
            await transport.shutdown()
        }
    }

    @Test func `a body is read up to its bound, and not a byte further`() async throws {
        try await serving(.init(oversize: .init(size: 200_000))) { server async throws in
            let error = await failure { try await send(server.endpointURL, limits: limits(body: 199_999)) }
            #expect(error?.kind == .tooLarge)
            #expect(try await send(server.endpointURL, limits: limits(body: 200_000)).body.count == 200_000)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a body without end is given up at the bound, not at its end`() async throws {
        try await Loopback.serving({ _, outbound in
            try await outbound.write(.init(string: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))
            while true { try await outbound.write(.init(string: "1000\r\n\(String(repeating: " ", count: 4096))\r\n")) }
        }) { server async throws in
            let error = await failure {
                try await send("http://127.0.0.1:\(server.port)/", limits: limits(body: 1 << 20))
            }
            #expect(error?.kind == .tooLarge)
        }
    }

    @Test(arguments: [
        MockIAM.FaultPlan.Rule(reset: .before), .init(reset: .within), .init(contentLength: 10),
    ])
    func `a connection that breaks is an interruption, not an answer`(rule: MockIAM.FaultPlan.Rule) async throws {
        try await serving(rule) { server async throws in
            #expect(await failure { try await send(server.endpointURL) }?.kind == .interrupted)
        }
    }

    /// What would be blamed on the next request is there before that is sent.
    @Test(.timeLimit(.minutes(1)), arguments: [nil, MockIAM.TLSMode.trusted])
    func `bytes beyond an answer are no answer to another request, and end the connection`(
        tls: MockIAM.TLSMode?
    ) async throws {
        let rule = MockIAM.FaultPlan.Rule(when: .init(calls: [1]), contentLength: -10)
        let options = MockIAM.Options(
            tls: tls, authentication: .off, faults: MockIAM.FaultPlan(rules: [rule]))
        try await MockIAM.run(account: MockIAM.Account(), options: options) { server async throws in
            let trusted = try server.caCertificatePEM.map { try TrustedCertificates(pem: Array($0.utf8)) }
            let transport = HTTPTransport(connections: 1, trusted: trusted)
            let url = try #require(EndpointURL(server.endpointURL))
            let request = HTTPRequest(
                url: url, headers: [HTTPHeader(name: "Content-Type", value: "application/x-www-form-urlencoded")],
                body: Array("Action=ListUsers&Version=2010-05-08".utf8))
            @Sendable func send() async throws(TransportError) -> Int {
                try await transport.send(request, for: Call(operation: "ListUsers", attempt: 1)).status
            }
            let statuses = await Result.catching {
                // The second waits for the connection of the first, and the third finds it idle, or so it seems.
                async let first = send()
                async let second = send()
                return try await [first, second, send()]
            }
            await transport.shutdown()
            #expect(try statuses.get() == [200, 200, 200])
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `after an answer with which the protocol changes, there is another connection`() async throws {
        let answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n"
        try await Loopback.answering(answer) { server async throws in
            let transport = HTTPTransport(connections: 1, limits: limits(total: .seconds(5)))
            let url = try #require(EndpointURL("http://127.0.0.1:\(server.port)/"))
            let statuses = await Result.catching {
                var statuses: [Int] = []
                for _ in 0..<3 {
                    let call = Call(operation: "ListUsers", attempt: 1)
                    statuses.append(try await transport.send(HTTPRequest(url: url), for: call).status)
                }
                return statuses
            }
            await transport.shutdown()
            #expect(try statuses.get() == [101, 101, 101])
        }
    }

    /// The server closes it when it likes: a request that is sent meanwhile is lost.
    @Test(.timeLimit(.minutes(1)))
    func `after an answer that is to be the last, there is another connection`() async throws {
        let served = Mutex(0)
        try await Loopback.serving({ inbound, outbound in
            served.withLock { $0 += 1 }
            for try await _ in inbound {
                try await outbound.write(
                    .init(string: "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"))
            }
        }) { server async throws in
            try await withTransport { transport in
                let url = try #require(EndpointURL("http://127.0.0.1:\(server.port)/"))
                for _ in 0..<3 {
                    let call = Call(operation: "ListUsers", attempt: 1)
                    #expect(try await transport.send(HTTPRequest(url: url), for: call).status == 200)
                }
            }
        }
        #expect(served.withLock(\.self) == 3)
    }

    /// An instance's metadata service wants to know, and takes no body in pieces.
    @Test(arguments: [("PUT", true), ("POST", true), ("GET", false)])
    func `a request without a body says so, unless it can't have one`(method: String, says: Bool) async throws {
        let heads = Mutex<[String]>([])
        try await Loopback.serving({ inbound, outbound in
            var iterator = inbound.makeAsyncIterator()
            let (head, _) = try await inbound.head(&iterator)
            heads.withLock { $0.append(head.lowercased()) }
            try await outbound.write(.init(string: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
        }) { server async throws in
            try await withTransport { transport in
                let url = try #require(EndpointURL("http://127.0.0.1:\(server.port)/"))
                let request = HTTPRequest(method: method, url: url)
                _ = try await transport.send(request, for: Call(operation: "IMDS /", attempt: 1))
            }
        }
        let head = try #require(heads.withLock { $0.first })
        #expect(head.contains("content-length: 0\r\n") == says)
        #expect(!head.contains("transfer-encoding"))
    }

    /// A recording has 0 where no answer came.
    @Test func `a status that no answer has is an interruption`() async throws {
        for status in ["000", "099"] {
            try await Loopback.answering("HTTP/1.1 \(status) X\r\nContent-Length: 0\r\n\r\n") { server async throws in
                let error = await failure { try await send("http://127.0.0.1:\(server.port)/") }
                #expect(error == TransportError(.interrupted, reason: "the answer's status isn't one of HTTP"))
            }
        }
    }

    @Test(arguments: ["220 smtp.example.com ESMTP\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n"])
    func `what isn't HTTP is an interruption`(answer: String) async throws {
        try await Loopback.answering(answer) { server async throws in
            #expect(await failure { try await send("http://127.0.0.1:\(server.port)/") }?.kind == .interrupted)
        }
    }
}
