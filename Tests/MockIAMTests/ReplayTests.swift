@testable import MockIAM
import Recording
import Testing

@Suite("Replay")
struct ReplayTests {
    @Test("A request is matched by action and parameters, whatever their order and version")
    func matching() async throws {
        let fixture = MockIAM.Fixture.made([
            .made("Action=ListAccessKeys&Version=2010-05-08&UserName=svc%2Ba", answer: "<a/>"),
            .made("Action=ListAccessKeys&Version=2010-05-08&UserName=b", answer: "<b/>"),
        ])
        try await MockIAM.run(fixture) { server in
            let second = try await server.post("UserName=b&Action=ListAccessKeys")
            let first = try await server.post("UserName=svc%2ba&Version=2010-05-08&Action=ListAccessKeys")
            #expect(second?.body == "<b/>")
            #expect(first?.body == "<a/>")
        }
    }

    @Test(
        "A recorded page answers requests for other sizes if it has no more members than they ask for",
        arguments: [
            // As it was recorded, and what is asked for; then whether the recording answers it.
            ("", "MaxItems=1000", true), ("", "MaxItems=3", true), ("", "MaxItems=2", false),
            ("MaxItems=1000", "", true), ("MaxItems=1000", "MaxItems=2", false), ("MaxItems=1000", "MaxItems=0", false),
            ("MaxItems=1000", "MaxItems=1001", false), ("Marker=m", "Marker=m&MaxItems=1000", true),
            ("Marker=m", "Marker=n&MaxItems=1000", false), ("PathPrefix=/a/", "MaxItems=1000", false),
        ]
    )
    func pageSizes(recorded: String, asked: String, answers: Bool) async throws {
        let page = "<Users>" + String(repeating: "<member></member>", count: 3) + "</Users>"
        try await MockIAM.run(.made([.made("Action=ListUsers&\(recorded)", answer: page)])) { server in
            let answer = try #require(try await server.post("Action=ListUsers&\(asked)"))
            #expect((answer.status == 200) == answers)
            #expect((answer.body == page) == answers)
        }
    }

    @Test("Of several recorded sizes, the one that was asked for answers, else the largest that may")
    func largestPage() async throws {
        let pages = [5, 60, 200].map { count in
            Exchange.made(
                "Action=ListUsers&MaxItems=\(count)", answer: String(repeating: "<member>", count: count))
        }
        try await MockIAM.run(.made(pages)) { server in
            for (asked, count) in [("&MaxItems=5", 5), ("", 60), ("&MaxItems=100", 60), ("&MaxItems=1000", 200)] {
                let answer = try #require(try await server.post("Action=ListUsers\(asked)"))
                #expect(answer.body == String(repeating: "<member>", count: count), "\(asked)")
            }
        }
    }

    @Test(
        "Identical requests get their answers in order, and then what the policy says",
        arguments: [
            (MockIAM.RepeatPolicy.last, ["1", "2", "2", "2"]), (.cycle, ["1", "2", "1", "2"]),
            (.error, ["1", "2", nil, nil]),
        ]
    )
    func order(policy: MockIAM.RepeatPolicy, bodies: [String?]) async throws {
        let fixture = MockIAM.Fixture.made([
            .made("Action=A", answer: "1"), .made("Action=B", answer: "other"), .made("Action=A", answer: "2"),
        ])
        try await MockIAM.run(fixture, options: MockIAM.Options(repeat: policy)) { server in
            for body in bodies {
                let answer = try #require(try await server.post("Action=A"))
                if let body {
                    #expect(answer.body == body)
                } else {
                    #expect(answer.status == 400)
                    #expect(answer.body.contains("All recorded answers (2)"))
                }
            }
        }
    }

    @Test("A recorded throttle comes first and the success of the retry second")
    func retry() async throws {
        let fixture = MockIAM.Fixture.made([
            .made("Action=A", answer: "<Code>Throttling</Code>", status: 400), .made("Action=A", answer: "<ok/>"),
        ])
        try await MockIAM.run(fixture) { server in
            let first = try await server.post("Action=A")
            let second = try await server.post("Action=A")
            #expect(first?.status == 400)
            #expect(second?.status == 200)
        }
    }

    @Test("Organizations is answered by what was recorded, page by page, and by nothing else")
    func organizations() async throws {
        func recorded(_ operation: String, _ body: String, _ answer: String, status: Int = 200) -> Exchange {
            var exchange = Exchange.made(body, answer: answer, status: status)
            exchange.request.headers = [
                Exchange.Header(name: "X-Amz-Target", value: "AWSOrganizationsV20161128.\(operation)")
            ]
            return exchange
        }
        let first = #"{"Accounts": [{"Id": "999900001111"}], "NextToken": "t"}"#
        let fixture = MockIAM.Fixture.made([
            recorded("ListAccounts", "{}", first), recorded("ListAccounts", #"{ "NextToken":"t" }"#, "second"),
            recorded("ListRoots", "", #"{"__type":"AccessDeniedException"}"#, status: 400),
            recorded("ListTagsForResource", #"{"Filter":["a"]}"#, "tags"),
        ])
        try await MockIAM.run(fixture) { server async throws in
            let page = try await server.organizations("ListAccounts", "")
            #expect(page.body == first && page.headers["content-type"] == "application/x-amz-json-1.1")
            #expect(try await server.organizations("ListAccounts", #"{"NextToken": "t"}"#).body == "second")
            #expect(try await server.organizations("ListRoots").json["__type"] == "AccessDeniedException")
            #expect(try await server.organizations("ListTagsForResource", #"{"Filter":["a"]}"#).body == "tags")
            #expect(server.journal.unmatched.isEmpty)
            let asked = [
                ("ListAccounts", #"{"MaxResults": 5}"#), ("DescribeOrganization", "{}"),
                ("ListTagsForResource", #"{"Filter":["b"]}"#),
            ]
            for (operation, body) in asked {
                let answer = try await server.organizations(operation, body)
                #expect(answer.status == 400)
                #expect(answer.json["__type"] == "MockIAM.NoRecordedAnswer", "\(operation)")
            }
            #expect(server.journal.unmatched.map(\.action) == asked.map(\.0))
            guard case .unmatched(let nearest)? = server.journal.unmatched.first?.outcome else { return }
            #expect(nearest.contains("AWSOrganizationsV20161128.ListAccounts NextToken=t"))
            // The signature counts here as elsewhere.
            #expect(try await server.organizations("ListAccounts", as: nil).status == 400)
        }
    }

    @Test("What was taken out of a recording is no answer, and no operation that it knows")
    func takenOut() async throws {
        var (secret, known) = (Exchange.made("{}", answer: "hush"), Exchange.made("{}", answer: "{}", sequence: 2))
        for (index, operation) in ["CreateAccount", "DescribeOrganization"].enumerated() {
            let headers = [Exchange.Header(name: "X-Amz-Target", value: "AWSOrganizationsV20161128.\(operation)")]
            if index == 0 { secret.request.headers = headers } else { known.request.headers = headers }
        }
        let roles = Exchange.made("Action=ListRoles", answer: "<hush/>", sequence: 3)
        let fixture = MockIAM.Fixture.made([secret, known, roles].map(Scrubber().scrub))
        let replay = try Replay(fixture, policy: .last)
        #expect(replay.actions == ["AWSOrganizationsV20161128.DescribeOrganization"])
        try await MockIAM.run(fixture) { server async throws in
            #expect(try await server.organizations("DescribeOrganization").body == "{}")
            let unknown = try await server.organizations("CreateAccount")
            #expect(unknown.json["__type"] == "MockIAM.NoRecordedAnswer")
        }
    }

    @Test("An exchange that got no answer is passed over")
    func noAnswer() async throws {
        let fixture = MockIAM.Fixture.made([
            .made("Action=A", answer: nil), .made("Action=A", answer: "<ok/>"), .made("Action=B", answer: nil),
        ])
        try await MockIAM.run(fixture) { server in
            let answered = try await server.post("Action=A")
            let unanswered = try await server.post("Action=B")
            #expect(answered?.body == "<ok/>")
            #expect(unanswered?.body.contains("no answer to it arrived") == true)
        }
    }

    @Test("A recorded answer keeps its headers; its length is what is sent")
    func headers() async throws {
        let recorded = [
            Exchange.Header(name: "x-amzn-RequestId", value: "r-1"),
            Exchange.Header(name: "Content-Length", value: "999"),
            Exchange.Header(name: "Transfer-Encoding", value: "chunked"),
            Exchange.Header(name: "Date", value: "Sun, 22 Nov 2026 20:45:07 GMT"),
        ]
        try await MockIAM.run(.made([.made("Action=A", answer: "<a>ü</a>", headers: recorded)])) { server in
            let headers = try #require(try await server.post("Action=A")).headers
            #expect(
                headers == [
                    "x-amzn-requestid": "r-1", "content-length": "9", "date": "Sun, 22 Nov 2026 20:45:07 GMT",
                    "content-type": "text/xml",
                ]
            )
        }
    }

    @Test("What a recording left out is filled in the same way in every run, at the frozen clock")
    func defaultHeaders() async throws {
        try await MockIAM.run(.made([.made("Action=A", answer: "", sequence: 26)])) { server in
            let headers = try #require(try await server.post("Action=A")).headers
            #expect(headers["x-amzn-requestid"] == "6d6f636b-6961-4d00-8000-00000000001a")
            #expect(headers["date"] == "Sun, 22 Nov 2026 20:45:00 GMT")
            #expect(server.clock == .madeClock)
        }
    }

    @Test("A recorded header that would start another one is refused")
    func headerInjection() async throws {
        let bad = [Exchange.Header(name: "Date", value: "x\r\nSet-Cookie: y")]
        await #expect(throws: MockIAM.FixtureError.self) {
            try await MockIAM.run(.made([.made("Action=A", answer: "", headers: bad)])) { _ in }
        }
    }
}
