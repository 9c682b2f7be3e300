import FoundationEssentials
import Logging
import MockIAM
import Recording
import Testing

@Suite("A request without a recorded answer")
struct UnmatchedTests {
    private let fixture = MockIAM.Fixture.made([
        .made("Action=ListUsers", answer: "<a/>"), .made("Action=ListAccessKeys&UserName=ci-deploy", answer: "<b/>"),
        .made("Action=ListAccessKeys&UserName=backup-agent", answer: "<c/>"),
    ])

    @Test("It gets an error in AWS's form that names the request and the nearest recorded ones")
    func shape() async throws {
        try await MockIAM.run(fixture) { server in
            let answer = try #require(
                try await server.post("Action=ListAccessKeys&Version=2010-05-08&UserName=ci-deploi"))
            #expect(answer.status == 400)
            #expect(answer.headers["content-type"] == "text/xml")
            let message =
                "The recording has no answer to 'ListAccessKeys UserName=ci-deploi'. "
                + "Nearest: ListAccessKeys UserName=ci-deploy; ListAccessKeys UserName=backup-agent."
            #expect(
                answer.body == """
                    <ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
                      <Error>
                        <Type>Sender</Type>
                        <Code>MockIAM.NoRecordedAnswer</Code>
                        <Message>\(message)</Message>
                      </Error>
                      <RequestId>6d6f636b-6961-4d00-9000-000000000001</RequestId>
                    </ErrorResponse>

                    """
            )
        }
    }

    @Test("An unknown action is told which ones there are")
    func unknownAction() async throws {
        try await MockIAM.run(fixture) { server in
            let answer = try #require(try await server.post("Action=GetUser"))
            #expect(answer.body.contains("It knows the actions: ListAccessKeys, ListUsers."))
        }
    }

    @Test("An STS request gets STS's namespace")
    func stsNamespace() async throws {
        try await MockIAM.run(fixture) { server in
            let answer = try #require(try await server.post("Action=GetCallerIdentity&Version=2011-06-15"))
            #expect(answer.body.contains(#"xmlns="https://sts.amazonaws.com/doc/2011-06-15/""#))
        }
    }

    @Test(
        "What the caller wrote can't break the XML",
        arguments: [
            ("%3C%2FMessage%3E%26%22", "&lt;/Message&gt;&amp;&quot;"), ("a%00b%1B%5B31m", "a\\u{0}b\\u{1b}[31m"),
            ("a%0D%0Ab", "a\\u{d}\\u{a}b"), ("%FF", "\u{FFFD}"), ("%EF%BF%BE", "\\u{fffe}"), ("gr%C3%BC%C3%9F", "grüß"),
        ]
    )
    func escaping(sent: String, shown: String) async throws {
        try await MockIAM.run(fixture) { server in
            let answer = try #require(try await server.post("Action=X&UserName=\(sent)"))
            #expect(answer.body.contains("UserName=\(shown)'."))
        }
    }

    @Test("It is in the journal and in the log, on one line")
    func journalAndLog() async throws {
        let lines = LoggedLines()
        let options = MockIAM.Options(logger: Logger(label: "test") { _ in RememberingLogHandler(lines: lines) })
        try await MockIAM.run(fixture, options: options) { server in
            _ = try await server.post("Action=ListUsers")
            _ = try await server.post("Action=ListAccessKeys&UserName=backup%0Aagent")
            #expect(server.journal.counts == ["ListUsers": 1, "ListAccessKeys": 1])
            #expect(
                server.journal.entries.map(\.description) == [
                    "200 ListUsers", "400 ListAccessKeys UserName=backup\\u{a}agent",
                ])
            let entry = try #require(server.journal.unmatched.first)
            #expect(server.journal.unmatched.count == 1)
            #expect(entry.action == "ListAccessKeys")
            #expect(entry.parameters == ["UserName": "backup\nagent"])
            #expect(
                entry.outcome
                    == .unmatched(nearest: [
                        "ListAccessKeys UserName=backup-agent", "ListAccessKeys UserName=ci-deploy",
                    ])
            )
        }
        let warnings = lines.all.filter { $0.hasPrefix("warning") }
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("Nearest: ListAccessKeys UserName=backup-agent") == true)
        #expect(warnings.allSatisfy { !$0.contains("\n") })
    }
}
