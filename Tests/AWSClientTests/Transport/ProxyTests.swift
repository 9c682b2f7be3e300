import AWSClient
import FoundationEssentials
import MockIAM
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// HTTPS by way of a proxy.
@Suite struct ProxyTests {
    private func settings(_ environment: [String: String]) throws -> ProxySettings? {
        try ProxySettings(try Machine(environment: environment).surroundings().configuration)
    }

    @Test(arguments: [
        ("http://proxy.example:3128", "proxy.example", 3128), ("proxy.example:3128", "proxy.example", 3128),
        ("http://proxy.example", "proxy.example", 80), ("http://proxy.example/", "proxy.example", 80),
        ("http://u:p%40ss@[2001:db8::1]:8080", "2001:db8::1", 8080),
    ])
    func `a proxy is told by HTTPS_PROXY`(text: String, host: String, port: Int) throws {
        let proxy = try #require(try settings(["HTTPS_PROXY": text]))
        #expect(proxy.host == host)
        #expect(proxy.port == port)
        #expect(try settings(["https_proxy": text, "HTTPS_PROXY": "http://other"])?.host == host)
    }

    @Test func `a scheme is one in any case, and an empty name in lower case turns the other off`() throws {
        #expect(try settings(["HTTPS_PROXY": "HTTP://proxy.example:3128"])?.port == 3128)
        #expect(try settings(["HTTPS_PROXY": "http://proxy.example:3128", "https_proxy": ""]) == nil)
        let all = ["HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "iam.amazonaws.com", "no_proxy": ""]
        #expect(try settings(all)?.serves("iam.amazonaws.com") == true)
    }

    @Test(arguments: ["https://proxy.example", "socks5://proxy.example", "http://u:geheim@", "http://a/b"])
    func `what isn't a proxy is an error that doesn't show a password`(text: String) throws {
        let error = #expect(throws: CredentialError.self) { try settings(["HTTPS_PROXY": text]) }
        #expect("\(try #require(error))".contains("http://[USER:PASSWORD@]HOST[:PORT]"))
        #expect(!"\(try #require(error))".contains("geheim"))
    }

    @Test(arguments: [
        ("", "iam.amazonaws.com", true), ("*", "iam.amazonaws.com", false),
        ("amazonaws.com", "iam.amazonaws.com", false), (".amazonaws.com", "iam.amazonaws.com", false),
        ("aws.com", "iam.amazonaws.com", true), ("localhost, IAM.amazonaws.com", "iam.amazonaws.com", false),
        ("127.0.0.1,::1", "127.0.0.1", false), ("iam.amazonaws.com.example", "iam.amazonaws.com", true),
        ("::1", "[::1]", false), ("[::1]", "[::1]", false), ("[::1]:443", "[::1]", false),
        ("[::1]:8443", "[::1]", true),
        ("fd00:ec2::2", "[fd00:ec2::23]", true), ("amazonaws.com:443", "iam.amazonaws.com", false),
        ("amazonaws.com:8443", "iam.amazonaws.com", true), (".amazonaws.com:443", "iam.amazonaws.com", false),
    ])
    func `NO_PROXY keeps hosts and their subdomains from it`(exceptions: String, host: String, isServed: Bool) throws {
        let proxy = try #require(try settings(["HTTPS_PROXY": "http://p:1", "NO_PROXY": exceptions]))
        #expect(proxy.serves(host) == isServed)
    }

    // MARK: On the wire

    /// A proxy that connects whoever asks with CONNECT, and remembers what it was asked.
    ///
    /// - Parameter destination: the port on this machine to which everybody gets, whatever was asked for.
    private func proxying<Value: Sendable>(
        to destination: Int? = nil,
        _ body: (_ port: Int, _ heads: @Sendable () -> [String]) async throws -> Value
    ) async throws -> Value {
        let heads = Mutex<[String]>([])
        return try await Loopback.serving({ inbound, outbound in
            var iterator = inbound.makeAsyncIterator()
            let (head, rest) = try await inbound.head(&iterator)
            heads.withLock { $0.append(head) }
            let target = head.split(separator: " ")[1].split(separator: ":")
            let upstream = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(
                    host: destination == nil ? String(target[0]) : "127.0.0.1",
                    port: destination ?? Int(target[1]) ?? 0
                ) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            try await upstream.executeThenClose { fromServer, toServer in
                try await outbound.write(ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n"))
                if rest.readableBytes > 0 { try await toServer.write(rest) }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { for try await bytes in fromServer { try await outbound.write(bytes) } }
                    while let bytes = try await iterator.next() { try await toServer.write(bytes) }
                    group.cancelAll()
                }
            }
        }) { proxy in try await body(proxy.port) { heads.withLock { $0 } } }
    }

    private func listUsers(
        _ server: MockIAM.Server, at url: String? = nil, proxy: ProxySettings?, times: Int = 1,
        connect: Duration = .seconds(60)
    ) async throws -> Int {
        let trusted = try TrustedCertificates(pem: Array((server.caCertificatePEM ?? "").utf8))
        // Proxy and server run on the threads that all tests share: on a busy machine they may answer late.
        var limits = HTTPTransport.Limits()
        limits.connect = connect
        let transport = HTTPTransport(connections: 2, limits: limits, trusted: trusted, proxy: proxy)
        let request = HTTPRequest(
            url: try #require(EndpointURL(url ?? server.endpointURL)),
            headers: [HTTPHeader(name: "Content-Type", value: "application/x-www-form-urlencoded")],
            body: Array("Action=ListUsers&Version=2010-05-08".utf8))
        let result = await Result.catching {
            for _ in 1..<times { _ = try await transport.send(request, for: Call(operation: "ListUsers", attempt: 1)) }
            return try await transport.send(request, for: Call(operation: "ListUsers", attempt: 1))
        }
        await transport.shutdown()
        return try result.get().status
    }

    @Test func `TLS goes through the proxy end to end, and the password goes to the proxy alone`() async throws {
        let options = MockIAM.Options(tls: .trusted, authentication: .off)
        try await MockIAM.run(account: MockIAM.Account(), options: options) { server async throws in
            try await proxying { port, heads async throws in
                let proxy = try settings(["HTTPS_PROXY": "http://audit:geheim@127.0.0.1:\(port)"])
                #expect(try await listUsers(server, proxy: proxy) == 200)
                #expect(heads().count == 1)
                #expect(heads().first?.hasPrefix("CONNECT 127.0.0.1:\(server.port) HTTP/1.1\r\n") == true)
                let basic = Data("audit:geheim".utf8).base64EncodedString()
                #expect(
                    heads().first?.lowercased().contains("proxy-authorization: basic \(basic.lowercased())") == true)
            }
        }
    }

    /// Credentials come by plain HTTP, and from this machine or its own network: no proxy is to see them.
    @Test func `plain HTTP doesn't go through the proxy`() async throws {
        try await Loopback.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") { server async throws in
            try await proxying { port, heads async throws in
                let proxy = try settings(["HTTPS_PROXY": "http://127.0.0.1:\(port)"])
                let transport = HTTPTransport(connections: 1, proxy: proxy)
                let request = HTTPRequest(url: try #require(EndpointURL("http://127.0.0.1:\(server.port)/")))
                let answer = await Result.catching {
                    try await transport.send(request, for: Call(operation: "IMDS /", attempt: 1))
                }
                await transport.shutdown()
                #expect(try answer.get().status == 200)
                #expect(heads().isEmpty)
            }
        }
    }

    /// The socket is connected to the proxy, whose certificate would be one for the host as well, if its address counted.
    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false), ("192.0.2.7", "name.example.com", false),
        ("[2001:db8::7]", "2001:db8::7", true), ("[2001:db8::7]", "2001:db8::8", false),
    ])
    func `a host that is asked by its address has to have a certificate for that address, and not for the proxy's`(
        host: String, certified: String, isRight: Bool
    ) async throws {
        let options = MockIAM.Options(tls: .trusted, certificateHosts: [certified], authentication: .off)
        try await MockIAM.run(account: MockIAM.Account(), options: options) { server async throws in
            try await proxying(to: server.port) { port, heads async throws in
                let proxy = try settings(["HTTPS_PROXY": "http://127.0.0.1:\(port)"])
                let url = "https://\(host):8443/"
                guard !isRight else {
                    #expect(try await listUsers(server, at: url, proxy: proxy) == 200)
                    return
                }
                let error = await #expect(throws: TransportError.self) {
                    try await listUsers(server, at: url, proxy: proxy)
                }
                #expect(error?.kind == .unreachable)
                #expect(error?.reason.contains("the certificate isn't one for") == true)
                #expect(error?.isLasting == true)
                #expect(heads().first?.hasPrefix("CONNECT \(host):8443 ") == true)
                #expect(server.journal.served == 0)
            }
        }
    }

    @Test func `requests share a way through the proxy, as they share connections`() async throws {
        let options = MockIAM.Options(tls: .trusted, authentication: .off)
        try await MockIAM.run(account: MockIAM.Account(), options: options) { server async throws in
            try await proxying { port, heads async throws in
                let proxy = try settings(["HTTPS_PROXY": "http://127.0.0.1:\(port)"])
                #expect(try await listUsers(server, proxy: proxy, times: 5) == 200)
                #expect(heads().count == 1)
                #expect(server.journal.counts["ListUsers"] == 5)
            }
        }
    }

    @Test func `a proxy that says nothing is given up on, and one that hangs up is named`() async throws {
        let options = MockIAM.Options(tls: .trusted, authentication: .off)
        try await MockIAM.run(account: MockIAM.Account(), options: options) { server async throws in
            try await Loopback.serving({ inbound, _ in for try await _ in inbound {} }) { silent async throws in
                let proxy = try settings(["HTTPS_PROXY": "http://127.0.0.1:\(silent.port)"])
                let error = await #expect(throws: TransportError.self) {
                    try await listUsers(server, proxy: proxy, connect: .seconds(1))
                }
                #expect(error?.kind == .unreachable)
                #expect(error?.reason == "the proxy 127.0.0.1:\(silent.port): no connection within 1 seconds")
            }
            for answer in ["", "SSH-2.0-OpenSSH_9.9\r\n\r\n", "HTTP/1.1 2"] {
                // The first bytes, and the end.
                try await Loopback.serving({ inbound, outbound in
                    var iterator = inbound.makeAsyncIterator()
                    _ = try await iterator.next()
                    if !answer.isEmpty { try await outbound.write(ByteBuffer(string: answer)) }
                }) { closing async throws in
                    let proxy = try settings(["HTTPS_PROXY": "http://127.0.0.1:\(closing.port)"])
                    let error = await #expect(throws: TransportError.self) { try await listUsers(server, proxy: proxy) }
                    #expect(error?.kind == .unreachable)
                    let reason = "the proxy 127.0.0.1:\(closing.port) closed the connection, or doesn't speak HTTP"
                    #expect(error?.reason == reason)
                }
            }
            #expect(server.journal.served == 0)
        }
    }

    @Test func `a host of NO_PROXY is asked directly`() async throws {
        let options = MockIAM.Options(tls: .trusted, authentication: .off)
        try await MockIAM.run(account: MockIAM.Account(), options: options) { server async throws in
            try await proxying { port, heads async throws in
                let proxy = try settings(["HTTPS_PROXY": "http://127.0.0.1:\(port)", "NO_PROXY": "127.0.0.1"])
                #expect(try await listUsers(server, proxy: proxy) == 200)
                #expect(heads().isEmpty)
            }
        }
    }

    @Test func `a proxy that refuses is an error, and nothing goes around it`() async throws {
        let options = MockIAM.Options(tls: .trusted, authentication: .off)
        try await MockIAM.run(account: MockIAM.Account(), options: options) { server async throws in
            let answer = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
            try await Loopback.answering(answer) { refusing async throws in
                let proxy = try settings(["HTTPS_PROXY": "http://127.0.0.1:\(refusing.port)"])
                let error = await #expect(throws: TransportError.self) { try await listUsers(server, proxy: proxy) }
                #expect(
                    error?.reason
                        == "the proxy 127.0.0.1:\(refusing.port) wants a user and a password (HTTP 407): "
                        + "HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT")
                #expect(error?.isLasting == true)
                #expect(server.journal.served == 0)
            }
        }
    }

    @Test func `a proxy that forbids the host is named, and isn't asked again`() async throws {
        let options = MockIAM.Options(tls: .trusted, authentication: .off)
        try await MockIAM.run(account: MockIAM.Account(), options: options) { server async throws in
            try await Loopback.answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n") {
                refusing async throws in
                let proxy = try settings(["HTTPS_PROXY": "http://audit:geheim@127.0.0.1:\(refusing.port)"])
                let error = await #expect(throws: TransportError.self) { try await listUsers(server, proxy: proxy) }
                #expect(
                    error?.reason == "the proxy 127.0.0.1:\(refusing.port) refuses to connect to the host (HTTP 403)")
                #expect(error?.isLasting == true)
            }
        }
    }

    /// A proxy says so of a name that isn't resolved at the moment, or of a line that is down.
    @Test(arguments: ["429 Too Many Requests", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"])
    func `a proxy that can't connect at the moment is asked again`(status: String) async throws {
        let options = MockIAM.Options(tls: .trusted, authentication: .off)
        try await MockIAM.run(account: MockIAM.Account(), options: options) { server async throws in
            try await Loopback.answering("HTTP/1.1 \(status)\r\nContent-Length: 0\r\n\r\n") { busy async throws in
                let proxy = try settings(["HTTPS_PROXY": "http://127.0.0.1:\(busy.port)"])
                let error = await #expect(throws: TransportError.self) { try await listUsers(server, proxy: proxy) }
                #expect(
                    error?.reason
                        == "the proxy 127.0.0.1:\(busy.port) can't connect to the host at the moment (HTTP \(status.prefix(3)))"
                )
                #expect(error?.isLasting == false)
            }
        }
    }

    @Test func `a proxy that isn't there is named, without its password`() async throws {
        let port = try await MockIAM.run(MockIAM.Fixture(clock: .now, exchanges: [])) { $0.port }
        let options = MockIAM.Options(tls: .trusted, authentication: .off)
        try await MockIAM.run(account: MockIAM.Account(), options: options) { server async throws in
            let proxy = try settings(["HTTPS_PROXY": "http://audit:geheim@127.0.0.1:\(port)"])
            let error = await #expect(throws: TransportError.self) { try await listUsers(server, proxy: proxy) }
            #expect(
                error == TransportError(.unreachable, reason: "the proxy 127.0.0.1:\(port): connection refused"))
        }
    }
}
