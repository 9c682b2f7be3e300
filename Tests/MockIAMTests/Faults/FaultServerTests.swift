import FoundationEssentials
import MockIAM
import NIOCore
import NIOPosix
import Recording
import Testing

@Suite("Faults over a socket, as a client of the server sees them", .timeLimit(.minutes(1)))
struct FaultServerTests {
    private static let page = """
        <ListUsersResponse><ListUsersResult><IsTruncated>false</IsTruncated><Users>\
        <member><UserName>alice</UserName></member><member><UserName>ci-deploy</UserName></member>\
        </Users></ListUsersResult></ListUsersResponse>
        """

    private let fixture = MockIAM.Fixture.made([
        .made("Action=ListUsers", answer: page, headers: [Exchange.Header(name: "Date", value: "then")]),
        .made("Action=ListAccessKeys&UserName=ci-deploy", answer: "<keys/>", sequence: 2),
    ])

    /// Runs a server with one fault.
    private func run<Value>(
        _ rule: FaultRule, isolation: isolated (any Actor)? = #isolation,
        _ body: (MockIAM.Server) async throws -> Value
    ) async throws -> Value {
        let options = MockIAM.Options(
            authentication: .off, faults: MockIAM.FaultPlan(rules: [rule]))
        return try await MockIAM.run(fixture, options: options, body)
    }

    // MARK: Answers

    @Test("An error takes the answer's place, in AWS's form, and the journal says whose work it was")
    func error() async throws {
        try await run(FaultRule(name: "outage", when: .calls(2), error: .status(503))) { server in
            let first = try await server.post("Action=ListUsers")
            #expect(first?.status == 200)
            let answer = try #require(try await server.post("Action=ListUsers"))
            #expect(answer.status == 503)
            #expect(answer.body.contains("<Type>Receiver</Type>"))
            #expect(answer.body.contains("<Code>ServiceUnavailable</Code>"))
            #expect(try await server.post("Action=ListUsers")?.body == Self.page)
            #expect(server.journal.entries.map(\.faults) == [[], ["outage"], []])
            #expect(server.journal.entries.map(\.status) == [200, 503, 200])
        }
    }

    @Test(
        "Statuses that have no body come without one and without a length, and the next answer is read",
        arguments: [204, 304])
    func withoutBody(status: Int) async throws {
        let oversize = MockIAM.FaultPlan.Oversize(size: 1000)
        for rule in [
            FaultRule(when: .calls(1), error: .status(status)), FaultRule(when: .calls(1), html: .init(status: status)),
            FaultRule(when: .calls(1), error: .status(status), oversize: oversize),
        ] {
            try await run(rule) { server in
                try await RawConnection.open(to: server) { connection in
                    try await connection.post("Action=ListUsers")
                    let answer = try #require(try await connection.answer())
                    #expect(answer.status == status && answer.headers["content-length"] == nil)
                    try await connection.post("Action=ListUsers")
                    let next = try #require(try await connection.answer())
                    #expect(next.status == 200 && next.body == Self.page)
                }
            }
        }
        let recorded = MockIAM.Fixture.made([.made("Action=A", answer: "<a/>", status: status)])
        try await MockIAM.run(recorded) { server in
            let view = try await WireClient.view(
                port: server.port,
                sending: try Self.signed("Action=A", headers: "Connection: close\r\n"))
            #expect(view.text.hasPrefix("HTTP/1.1 \(status) ") && view.body == "")
            #expect(!view.text.contains("Content-Length"))
        }
    }

    private static func signed(_ form: String, headers: String) throws -> String {
        let lines = try SigningKey.test.signedHeaders(of: form).map { "\($0.name): \($0.value)\r\n" }.joined()
        return "POST / HTTP/1.1\r\n\(lines)\(headers)Content-Length: \(form.utf8.count)\r\n\r\n\(form)"
    }

    @Test("A throttle lets a burst through")
    func throttle() async throws {
        try await run(FaultRule(throttle: .init(rate: 0.0001, burst: 2))) { server in
            for _ in 1...2 {
                let answer = try await server.post("Action=ListUsers")
                #expect(answer?.status == 200)
            }
            let answer = try #require(try await server.post("Action=ListUsers"))
            #expect(answer.status == 400)
            #expect(answer.body.contains("<Code>Throttling</Code>"))
            #expect(answer.body.contains("<Message>Rate exceeded</Message>"))
            #expect(server.journal.entries.map(\.faults) == [[], [], ["faults[0]"]])
        }
    }

    @Test("Credentials expire, and others don't")
    func expiry() async throws {
        try await run(FaultRule(when: .calls(2), expireToken: true)) { server in
            func status(_ accessKeyID: String) async throws -> Int? {
                try await RawConnection.open(to: server) { connection in
                    try await connection.post(
                        "Action=ListUsers", as: SigningKey(id: accessKeyID, secret: "secret"))
                    let answer = try await connection.answer()
                    #expect(answer?.status == 200 || answer?.body.contains("<Code>ExpiredToken</Code>") == true)
                    return answer?.status
                }
            }
            var statuses: [Int?] = []
            for id in ["AKIA1", "AKIA1", "AKIA1", "AKIA2"] { statuses.append(try await status(id)) }
            #expect(statuses == [200, 403, 403, 200])
        }
    }

    @Test("Who vanished is listed, unless told otherwise, but unknown")
    func vanish() async throws {
        try await run(FaultRule(vanish: .init(user: "ci-*"))) { server in
            #expect(try await server.post("Action=ListUsers")?.body == Self.page)
            let answer = try await server.post("Action=ListAccessKeys&UserName=ci-deploy")
            #expect(answer?.status == 404)
            #expect(answer?.body.contains("<Message>The user with name ci-deploy cannot be found.</Message>") == true)
        }
        try await run(FaultRule(vanish: .init(user: "ci-*", fromLists: true))) { server in
            let body = try await server.post("Action=ListUsers")?.body
            #expect(body?.contains("alice") == true)
            #expect(body?.contains("ci-deploy") == false)
        }
    }

    @Test("A clock that is off shows in the Date header, even of a recorded answer")
    func clockSkew() async throws {
        let dates = try await run(FaultRule(when: .calls(2), clockSkew: .seconds(-600))) { server in
            [
                try await server.post("Action=ListUsers")?.headers["date"],
                try await server.post("Action=ListUsers")?.headers["date"],
            ]
        }
        #expect(dates == ["then", "Sun, 22 Nov 2026 20:35:00 GMT"])
    }

    @Test(
        "A clock that is off by less than a quarter of an hour accepts the emulator's time and the machine's",
        arguments: [(10, 200), (-10, 200), (20, 403), (-20, 403)])
    func clockSkewOfEitherClock(minutes: Int, status: Int) async throws {
        let plan = MockIAM.FaultPlan(rules: [FaultRule(clockSkew: .seconds(minutes * 60))])
        let options = MockIAM.Options(authentication: .strict, faults: plan)
        try await MockIAM.run(account: .made(users: 1), options: options) { server async throws in
            for date in [Date.madeClock, .now] {
                let key = SigningKey(id: "test", secret: "test", date: date)
                #expect(try await server.ask("ListUsers", as: key).status == status, "\(date)")
            }
        }
    }

    @Test("A clock that is off doesn't accept signatures of the right time")
    func clockSkewOfSignatures() async throws {
        let plan = MockIAM.FaultPlan(rules: [
            FaultRule(when: .calls(1), clockSkew: .seconds(3600)),
            FaultRule(when: .calls(2), clockSkew: .seconds(-3600)),
            FaultRule(when: .calls(3), clockSkew: .seconds(60)),
        ])
        let options = MockIAM.Options(authentication: .strict, isClockMoving: true, faults: plan)
        try await MockIAM.run(fixture, options: options) { server in
            let now = SigningKey(id: "test", secret: "test", date: .madeClock)
            var statuses: [Int?] = []
            for _ in 1...3 {
                statuses.append(
                    try await RawConnection.open(to: server) { connection in
                        try await connection.post("Action=ListUsers", as: now)
                        return try await connection.answer()?.status
                    })
            }
            #expect(statuses == [403, 403, 200])
        }
    }

    // MARK: Texts

    @Test("A page of HTML instead of XML")
    func html() async throws {
        try await run(FaultRule(html: .init(status: 407))) { server in
            let answer = try #require(try await server.post("Action=ListUsers"))
            #expect(answer.status == 407)
            #expect(answer.headers["content-type"] == "text/html; charset=utf-8")
            #expect(answer.headers["x-amzn-requestid"] == nil)
            #expect(answer.body.contains("<html"))
        }
    }

    @Test("A document type declaration")
    func doctype() async throws {
        try await run(FaultRule(doctype: .plain)) { server in
            let body = try await server.post("Action=ListUsers")?.body
            #expect(body == "<!DOCTYPE ListUsersResponse>\n" + Self.page)
        }
    }

    @Test("A page that leads to itself, which the recording knows nothing of")
    func marker() async throws {
        try await run(FaultRule(when: .from(1, to: 3), marker: .loop)) { server in
            var bodies: [String?] = []
            for form in ["", "&Marker=MockIAM-page-1", "&Marker=MockIAM-page-1", "&Marker=MockIAM-page-1"] {
                bodies.append(try await server.post("Action=ListUsers" + form)?.body)
            }
            #expect(bodies[0]?.contains("<IsTruncated>true</IsTruncated><Marker>MockIAM-page-1</Marker>") == true)
            #expect(bodies[1] == bodies[0] && bodies[2] == bodies[0])
            #expect(bodies[3] == Self.page)
            #expect(server.journal.unmatched.isEmpty)
        }
    }

    // MARK: The wire

    @Test("A page that was given before is for whoever may ask for its list, and for no other list")
    func keptPages() async throws {
        let rule = FaultRule(match: .init(action: "ListUsers"), when: .calls(1), marker: .duplicate)
        var account = MockIAM.Account.made(users: 2)
        account.callers = [
            MockIAM.Caller(accessKeyID: "AKIADENIED0000000001", secretAccessKey: "s", denied: ["iam:ListUsers"])
        ]
        let options = MockIAM.Options(faults: MockIAM.FaultPlan(rules: [rule]))
        try await MockIAM.run(accounts: [account, .made(users: 1, id: "444455556666")], options: options) {
            server async throws in
            let marker = try await server.ask("ListUsers").values("Marker").first ?? ""
            #expect(marker.hasPrefix("MockIAM-page-"))
            let next = ["Marker": marker]
            for (key, code) in [
                (SigningKey(id: "test", secret: "wrong"), "SignatureDoesNotMatch"),
                (SigningKey(id: "AKIADENIED0000000001", secret: "s"), "AccessDenied"),
                (SigningKey(id: "444455556666", secret: "test"), "ValidationError"),
            ] {
                #expect(try await server.ask("ListUsers", next, as: key).code == code, "\(key.id)")
            }
            #expect(try await server.ask("ListUsers", next.merging(["PathPrefix": "/odd/"]) { $1 }).status == 400)
            #expect(try await server.ask("ListAccountAliases", next).status == 400)
            let page = try await server.ask("ListUsers", next.merging(["MaxItems": "5"]) { $1 })
            #expect(page.values("UserName") == ["user-00", "user-01"])
            #expect(server.journal.entries.last?.outcome == .faulted)
            #expect(server.journal.entries.last?.accessKeyID == "test")
        }
    }

    @Test("An answer that comes late")
    func latency() async throws {
        try await run(FaultRule(latency: .milliseconds(100))) { server in
            let start = ContinuousClock.now
            let answer = try await server.post("Action=ListUsers")
            #expect(answer?.status == 200)
            #expect(ContinuousClock.now - start >= .milliseconds(100))
        }
    }

    @Test("A reset before the answer, and one within it")
    func reset() async throws {
        try await run(FaultRule(reset: .before)) { server in
            let view = try await server.view()
            #expect(view == WireView(text: "", byteCount: 0, end: .reset))
        }
        try await run(FaultRule(reset: .after(bytes: 10))) { server in
            let view = try await server.view()
            #expect(view.end == .reset)
            #expect(view.body == "<ListUsers")
            #expect(view.text.contains("Content-Length: \(Self.page.utf8.count)\r\n"))
        }
    }

    @Test("A body that is cut, with the length of what is left; the connection goes on")
    func truncate() async throws {
        try await run(FaultRule(when: .calls(1), truncate: .after(bytes: 20))) { server in
            try await RawConnection.open(to: server) { connection in
                try await connection.post("Action=ListUsers")
                #expect(try await connection.answer()?.body == "<ListUsersResponse><")
                try await connection.post("Action=ListUsers")
                #expect(try await connection.answer()?.body == Self.page)
            }
        }
    }

    @Test("A length that is too long, or too short; the connection ends", arguments: [100, -20])
    func contentLength(difference: Int) async throws {
        try await run(FaultRule(contentLength: difference)) { server in
            let view = try await server.view(keepingAlive: true)
            #expect(view.text.contains("Content-Length: \(Self.page.utf8.count + difference)\r\n"))
            #expect(view.body == Self.page)
            #expect(view.end == .closed)
        }
    }

    @Test("A body in small parts")
    func drip() async throws {
        try await run(FaultRule(drip: .init(bytes: 40, every: .milliseconds(10)))) { server in
            let start = ContinuousClock.now
            let view = try await server.view()
            #expect(view.body == Self.page)
            #expect(ContinuousClock.now - start >= .milliseconds(Self.page.utf8.count / 40 * 10))
        }
    }

    @Test("A body of megabytes")
    func oversize() async throws {
        try await run(FaultRule(oversize: .init(size: 8_000_000))) { server in
            let view = try await server.view()
            #expect(view.byteCount > 8_000_000)
            #expect(view.text.hasSuffix("</ListUsersResponse>"))
        }
    }

    @Test("Nobody listens for a while: connections are dropped and refused, and then it goes on")
    func refuse() async throws {
        try await run(FaultRule(when: .calls(2), refuse: .seconds(2))) { server in
            try await RawConnection.open(to: server) { connection in
                try await connection.post("Action=ListUsers")
                #expect(try await connection.answer()?.status == 200)
                let view = try await server.view()
                #expect(view.text.isEmpty)
                // The connection that only stood by.
                #expect((try? await connection.answer()) == nil)
            }
            var refused = 0
            while true {
                do {
                    #expect(try await server.post("Action=ListUsers")?.status == 200)
                    break
                } catch is NIOConnectionError {
                    refused += 1
                    try await Task.sleep(for: .milliseconds(5))
                } catch let error as IOError where error.errnoCode == ECONNRESET {
                    // The kernel had taken the connection when the port was closed.
                }
            }
            #expect(refused > 0)
        }
    }

    @Test("Where the port is somebody else's after that, whoever waits for the server's end is told")
    func portTaken() async throws {
        let fault = FaultRule(when: .calls(1), refuse: .milliseconds(300))
        await #expect(throws: MockIAM.ListenError.self) {
            try await run(fault) { server in
                _ = try? await server.post("Action=ListUsers")
                let other = try await Self.listen(inPlaceOf: server)
                // Nothing else ends a wait in vain.
                let rescue = Task {
                    try await Task.sleep(for: .seconds(20))
                    server.stop()
                }
                await server.stopped()
                rescue.cancel()
                let wasRescued = (try? await rescue.value) != nil
                #expect(!wasRescued)
                try await other.close()
            }
        }
    }

    /// Listens where a server does, as soon as that has stopped to.
    private static func listen(inPlaceOf server: MockIAM.Server) async throws -> any Channel {
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        while true {
            do { return try await bootstrap.bind(host: server.host, port: server.port).get() } catch is IOError {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    // MARK: Plans

    @Test("Another plan counts from then on")
    func replaced() async throws {
        try await run(FaultRule(error: .status(500))) { server in
            var statuses = [try await server.post("Action=ListUsers")?.status]
            server.serve(MockIAM.FaultPlan(rules: [FaultRule(error: .status(503))]))
            statuses.append(try await server.post("Action=ListUsers")?.status)
            server.serve(MockIAM.FaultPlan())
            statuses.append(try await server.post("Action=ListUsers")?.status)
            #expect(statuses == [500, 503, 200])
        }
    }

    @Test(
        "The example overlays can be read",
        arguments: ["throttled", "flaky", "hostile-xml", "slow", "moving-account", "outage"])
    func examples(name: String) throws {
        let path = URL(filePath: #filePath).appending(path: "../../../../MockIAM/Faults/\(name).yaml")
        let plan = try MockIAM.FaultPlan(path: path.standardizedFileURL.path)
        #expect(plan.rules.allSatisfy { $0.name != nil })
        #expect(try MockIAM.FaultPlan(parsing: plan.json) == plan)
    }
}

extension MockIAM.Server {
    /// What a client sees that sends one request and reads to the end.
    fileprivate func view(keepingAlive: Bool = false) async throws -> WireView {
        let connection = keepingAlive ? "" : "Connection: close\r\n"
        return try await WireClient.view(
            host: host, port: port,
            sending: "GET /?Action=ListUsers HTTP/1.1\r\nHost: x\r\n\(connection)\r\n")
    }
}
