import AWSClient
import FoundationEssentials
import MockIAM
import Recording
import Synchronization
import Testing

/// The client against the emulator, over a real socket.
@Suite struct ClientTests {
    private func client(_ url: String, retry: RetryPolicy = RetryPolicy(mode: .standard), delays: Delays = Delays())
        throws -> (
            AWSClient, HTTPTransport
        )
    {
        let endpoint = try #require(EndpointURL(url))
        let transport = HTTPTransport(connections: 4)
        let client = AWSClient(
            credentials: CredentialProvider(
                Credentials(accessKeyID: "test", secretAccessKey: Secret("test"), origin: "test")),
            endpoints: try Endpoints(region: "us-east-1", urls: [.iam: endpoint, .sts: endpoint]), transport: transport,
            retry: retry, userAgent: "test",
            clock: ClientClock(
                now: { Date(timeIntervalSince1970: 1_795_380_300) }, uptime: { .zero }, sleep: { delays.append($0) },
                random: { 1 }))
        return (client, transport)
    }

    final class Delays: Sendable {
        private let slept = Mutex<[Duration]>([])
        func append(_ duration: Duration) { slept.withLock { $0.append(duration) } }
        var all: [Duration] { slept.withLock { $0 } }
    }

    @discardableResult private func serving<Result>(
        _ exchanges: [Exchange], delays: Delays = Delays(),
        _ body: (AWSClient, MockIAM.Server) async throws -> Result
    ) async throws -> Result {
        let fixture = MockIAM.Fixture(clock: Date(timeIntervalSince1970: 1_795_380_300), exchanges: exchanges)
        return try await MockIAM.run(fixture) { server in
            let (client, transport) = try client(server.endpointURL, delays: delays)
            let result = await Swift.Result.catching { try await body(client, server) }
            await transport.shutdown()
            return try result.get()
        }
    }

    private func names(_ client: AWSClient) async throws(AWSError) -> [String] {
        var names: [String] = []
        for try await page in client.pages(ListUsers()) { names += page.output.items.map(\.userName) }
        return names
    }

    @Test func `pages are followed by IsTruncated and Marker alone, an empty page among them`() async throws {
        let found = try await serving([
            .listUsers([], marker: "m1"), .listUsers(["a"], at: "m1", marker: "m/2="), .listUsers(["b"], at: "m/2="),
        ]) { client, _ in try await names(client) }
        #expect(found == ["a", "b"])
    }

    @Test(.timeLimit(.minutes(1)))
    func `a Marker that comes again is an error, not an endless loop`() async throws {
        try await serving([.listUsers(["a"], marker: "m1"), .listUsers(["b"], at: "m1", marker: "m1")]) {
            client, server in
            let error = await #expect(throws: AWSError.self) { try await names(client) }
            #expect(error?.reason == .pagination("the Marker for the next page came a second time"))
            #expect(server.journal.counts == ["ListUsers": 2])
        }
    }

    @Test func `a Marker is followed where IsTruncated is missing, and an error where it is false`() async throws {
        let missing = try await serving([.page("<Marker>m1</Marker>"), .listUsers(["b"], at: "m1")]) { client, _ in
            try await names(client)
        }
        #expect(missing == ["b"])
        try await serving([.page("<IsTruncated>false</IsTruncated><Marker>m1</Marker>")]) { client, _ in
            let error = await #expect(throws: AWSError.self) { try await names(client) }
            #expect(error?.reason == .pagination("IsTruncated is false, and there is a Marker for a next page"))
        }
        let ended = try await serving([.page("<IsTruncated>false</IsTruncated><Marker></Marker>")]) { client, _ in
            try await names(client)
        }
        #expect(ended.isEmpty)
    }

    /// Gives a page after the other, each with a new marker.
    private final class Endless: Transport {
        let items: String
        let pages = Mutex(0)

        init(items: String) { self.items = items }

        func send(_: HTTPRequest, for _: Call) async throws(TransportError) -> HTTPResponse {
            let number = pages.withLock { pages in
                pages += 1
                return pages
            }
            let body = """
                <ListUsersResponse><ListUsersResult><Users>\(items)</Users><IsTruncated>true</IsTruncated>\
                <Marker>m\(number)</Marker></ListUsersResult></ListUsersResponse>
                """
            return HTTPResponse(status: 200, body: Array(body.utf8))
        }
    }

    @Test(arguments: [(false, 100, "100 empty"), (true, 10_000, "10000")])
    func `a list without an end is given up`(hasItems: Bool, pages: Int, said: String) async throws {
        let user = """
            <member><UserName>a</UserName><UserId>AIDA1</UserId><Arn>arn:aws:iam::111122223333:user/a</Arn><Path>/</Path>\
            <CreateDate>2026-01-01T00:00:00Z</CreateDate></member>
            """
        let transport = Endless(items: hasItems ? user : "")
        let client = AWSClient(
            credentials: CredentialProvider(
                Credentials(accessKeyID: "test", secretAccessKey: Secret("test"), origin: "test")),
            endpoints: try Endpoints(region: "us-east-1"), transport: transport, userAgent: "test")
        let error = await #expect(throws: AWSError.self) { try await names(client) }
        #expect(error?.reason == .pagination("the list had no end after \(said) pages"))
        #expect(transport.pages.withLock(\.self) == pages)
    }

    @Test func `IsTruncated without a Marker is an error, not an end`() async throws {
        try await serving([.listUsers(["a"], marker: "")]) { client, _ in
            await #expect(throws: AWSError.self) { try await names(client) }
        }
    }

    @Test func `throttling and 5xx are tried again, with growing waits`() async throws {
        let delays = Delays()
        let found = try await serving(
            [
                .error("ServiceUnavailable", status: 503), .text("oops", status: 502),
                .error("Throttling", status: 400), .error("Throttling", status: 400), .listUsers(["a"]),
            ], delays: delays
        ) { client, _ in try await names(client) }
        #expect(found == ["a"])
        #expect(delays.all == [.seconds(1), .seconds(2), .seconds(4), .seconds(8)])
    }

    @Test func `attempts end, and the last error says how many there were`() async throws {
        try await serving([.error("InternalFailure", status: 500)]) { client, server in
            let error = await #expect(throws: AWSError.self) { try await names(client) }
            #expect(error?.attempts == 3)
            #expect(error?.code?.rawValue == "InternalFailure")
            #expect(server.journal.served == 3)
        }
    }

    @Test func `retries have a quota: 100 of them, after which failures are final at once`() async throws {
        let retry = RetryPolicy(mode: .standard, attempts: 60, throttledAttempts: 60)
        let fixture = MockIAM.Fixture(
            clock: Date(timeIntervalSince1970: 1_795_380_300), exchanges: [.error("InternalFailure", status: 500)])
        try await MockIAM.run(fixture) { server in
            let (client, transport) = try client(server.endpointURL, retry: retry)
            var attempts: [Int] = []
            for _ in 0..<3 {
                let error = await #expect(throws: AWSError.self) { try await names(client) }
                attempts.append(error?.attempts ?? 0)
            }
            await transport.shutdown()
            #expect(attempts == [60, 42, 1])
        }
    }

    /// Is silent at the first attempt of each call, and answers the second.
    private struct Silence: Transport {
        var time: VirtualTime

        func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
            guard call.attempt > 1 else {
                await time.sleep(.seconds(20))
                throw TransportError(.timedOut, reason: "no whole answer in time")
            }
            await time.sleep(.milliseconds(60))
            return HTTPResponse(
                status: 200,
                body: Array(
                    """
                    <GetAccessKeyLastUsedResponse><GetAccessKeyLastUsedResult><AccessKeyLastUsed>\
                    <ServiceName>N/A</ServiceName><Region>N/A</Region></AccessKeyLastUsed>\
                    </GetAccessKeyLastUsedResult></GetAccessKeyLastUsedResponse>
                    """.utf8))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `the quota is enough for all calls that are under way when the network falls silent`() async throws {
        let time = VirtualTime()
        let client = AWSClient(
            credentials: CredentialProvider(
                Credentials(accessKeyID: "test", secretAccessKey: Secret("test"), origin: "test")),
            endpoints: try Endpoints(region: "us-east-1"), transport: Silence(time: time),
            retry: RetryPolicy(mode: .standard), userAgent: "test", clock: time.clock)
        try await time.run {
            try await withThrowingDiscardingTaskGroup { group in
                for number in 0..<64 {
                    group.addTask { _ = try await client.send(GetAccessKeyLastUsed(accessKeyID: "AKIA\(number)")) }
                }
            }
        }
    }

    @Test(arguments: [1e-25, 1e-300, .leastNonzeroMagnitude])
    func `a rate of next to nothing waits for as good as ever`(rate: Double) async throws {
        let delays = Delays()
        let client = AWSClient(
            credentials: nil, endpoints: try Endpoints(region: "us-east-1"), transport: NoNetwork(),
            retry: RetryPolicy(attempts: 1, throttledAttempts: 1, maximumRate: rate), userAgent: "test",
            clock: ClientClock(
                uptime: { .zero },
                sleep: { delay in
                    delays.append(delay)
                    throw CancellationError()
                }))
        for _ in 0..<3 {
            await #expect(throws: AWSError.self) { try await client.send(GetCallerIdentity()) }
        }
        #expect(delays.all == [.seconds(100_000_000), .seconds(100_000_000)])
    }

    @Test(arguments: [
        ("AccessDenied", 403), ("NoSuchEntity", 404), ("ValidationError", 400), ("LimitExceeded", 409),
    ])
    func `an error that won't pass is not tried again`(code: String, status: Int) async throws {
        try await serving([.error(code, status: status)]) { client, server in
            let error = await #expect(throws: AWSError.self) { try await names(client) }
            #expect(error?.reason == .service(code: code, message: "message of \(code)", status: status))
            #expect(server.journal.served == 1)
        }
    }

    @Test(arguments: [
        ("<html><body>Sign in</body></html>", XMLError.unexpectedElement("html", expected: "ListUsersResponse")),
        ("Service is down", .notXML), ("", .notXML),
        ("<ListUsersResponse><ListUsersResult><Users>", .truncated),
        ("<ListUsersResponse><ResponseMetadata/></ListUsersResponse>", .missing("ListUsersResult")),
    ])
    func `an answer that isn't AWS's is an error that says why`(body: String, expected: XMLError) async throws {
        try await serving([.text(body, status: 200)]) { client, _ in
            let error = await #expect(throws: AWSError.self) { try await names(client) }
            #expect(error?.reason == .unreadable(.xml(expected), status: 200))
        }
    }

    @Test func `a port where nothing listens is unreachable, after three attempts`() async throws {
        let port = try await MockIAM.run(MockIAM.Fixture(clock: .now, exchanges: [])) { $0.port }
        let (client, transport) = try client("http://127.0.0.1:\(port)")
        let error = await #expect(throws: AWSError.self) { try await client.send(GetCallerIdentity()) }
        await transport.shutdown()
        #expect(error?.attempts == 3)
        #expect(error?.reason == .transport(TransportError(.unreachable, reason: "connection refused")))
    }

    /// As somebody may who stands in for AWS.
    @Test func `a secret that an answer repeats is in no output and in no error`() async throws {
        let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
        let credentials = Credentials(accessKeyID: "test", secretAccessKey: Secret(secret), origin: "test")
        for (account, isRead) in [("111122223333", true), (secret, false)] {
            let body = """
                <GetCallerIdentityResponse><GetCallerIdentityResult><UserId>U</UserId><Account>\(account)</Account>\
                <Arn>arn:aws:sts::\(account):\(secret)</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>
                """
            let answer = "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            try await Loopback.answering(answer) { server async throws in
                try await withTransport { transport in
                    let url = try #require(EndpointURL("http://127.0.0.1:\(server.port)/"))
                    let client = AWSClient(
                        credentials: CredentialProvider(credentials),
                        endpoints: try Endpoints(region: "us-east-1", urls: [.sts: url]), transport: transport,
                        userAgent: "test")
                    let result = await Result.catching { try await client.send(GetCallerIdentity()).output }
                    switch result {
                    case .success(let identity): #expect(isRead && identity.arn == "arn:aws:sts::\(account):<redacted>")
                    case .failure(let error):
                        #expect(!isRead && "\(error)".contains("'<redacted>'") && !"\(error)".contains(secret))
                    }
                }
            }
        }
    }

    @Test func `the transport is told of the secret and of the token, which no answer may repeat`() async throws {
        let secrets = [Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), Secret("IQoJb3JpZ2luX2VjEXAMPLE")]
        let transport = Scripted([.identity])
        let client = AWSClient(
            credentials: CredentialProvider(
                Credentials(
                    accessKeyID: "test", secretAccessKey: secrets[0], sessionToken: secrets[1], origin: "test")),
            endpoints: try Endpoints(region: "us-east-1"), transport: transport, userAgent: "test")
        _ = try await client.send(GetCallerIdentity())
        #expect(transport.asked.first?.call.secrets == secrets)
    }

    @Test func `an account that isn't the one of its ARN is refused`() async throws {
        let body = """
            <GetCallerIdentityResponse><GetCallerIdentityResult><UserId>U</UserId><Account>111122223333</Account>\
            <Arn>arn:aws:iam::999988887777:user/a</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>
            """
        try await serving([.text(body, status: 200, form: "Action=GetCallerIdentity&Version=2011-06-15")]) {
            client, _ in
            let error = await #expect(throws: AWSError.self) { try await client.send(GetCallerIdentity()) }
            #expect("\(String(describing: error))".contains("an ARN of account 111122223333"))
        }
    }

    @Test func `an account id that isn't one is refused`() async throws {
        let body = """
            <GetCallerIdentityResponse><GetCallerIdentityResult><UserId>U</UserId><Account>../../etc</Account>\
            <Arn>arn</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>
            """
        try await serving([.text(body, status: 200, form: "Action=GetCallerIdentity&Version=2011-06-15")]) {
            client, _ in
            await #expect(throws: AWSError.self) { try await client.send(GetCallerIdentity()) }
        }
    }
}

extension Result where Failure == any Error {
    static func catching(_ body: () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}

extension Exchange {
    static func text(
        _ body: String, status: Int, form: String = "Action=ListUsers&Version=2010-05-08"
    ) -> Exchange {
        Exchange(
            sequence: 1, operation: "ListUsers", started: Date(timeIntervalSince1970: 0),
            request: Request(url: "https://iam.amazonaws.com/", body: Array(form.utf8)),
            outcome: .answer(Response(status: status, body: Array(body.utf8))))
    }

    static func error(_ code: String, status: Int) -> Exchange {
        .text(
            """
            <ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>\
            <Code>\(code)</Code><Message>message of \(code)</Message></Error></ErrorResponse>
            """, status: status)
    }

    /// A page without users.
    static func page(_ ending: String) -> Exchange {
        .text(
            "<ListUsersResponse><ListUsersResult><Users/>\(ending)</ListUsersResult></ListUsersResponse>", status: 200)
    }

    static func listUsers(_ names: [String], at: String? = nil, marker: String? = nil) -> Exchange {
        let users = names.map {
            """
            <member><UserName>\($0)</UserName><UserId>AIDA\($0)</UserId><Arn>arn:aws:iam::111122223333:user/\($0)</Arn>\
            <Path>/</Path><CreateDate>2026-01-02T03:04:05Z</CreateDate></member>
            """
        }
        let more = marker.map { "<IsTruncated>true</IsTruncated><Marker>\($0)</Marker>" }
        let form = "Action=ListUsers&Version=2010-05-08" + (at.map { "&Marker=\(PercentEncoding.encode($0))" } ?? "")
        return .text(
            """
            <ListUsersResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListUsersResult>\
            \(more ?? "<IsTruncated>false</IsTruncated>")<Users>\(users.joined())</Users></ListUsersResult>\
            </ListUsersResponse>
            """, status: 200, form: form)
    }
}
