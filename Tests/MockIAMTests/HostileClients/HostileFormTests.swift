@testable import MockIAM
import NIOCore
import Testing

@Suite("Forms that no client would send", .timeLimit(.minutes(1)))
struct HostileFormTests {
    /// A form, the answer's status, and what its body has in it.
    struct Form: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        var status = 200
        var answer = "<UserName>user-00</UserName>"

        init(_ description: String, _ text: String, _ status: Int = 200, _ answer: String? = nil) {
            self.init(description, Array(text.utf8), status, answer)
        }

        init(_ description: String, _ bytes: [UInt8], _ status: Int = 200, _ answer: String? = nil) {
            testDescription = description
            self.bytes = bytes
            self.status = status
            if let answer { self.answer = answer }
        }
    }

    @Test("A form is read as browsers read it, or refused in AWS's words", arguments: formCases)
    func form(form: Form) async throws {
        try await withHostility { server async throws in
            let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(form.bytes.count)\r\n\r\n"
            let outcome = try await HostileClient.talk(
                to: server, [ByteBuffer(string: head), ByteBuffer(bytes: form.bytes)], until: 1)
            let answer = try #require(outcome.answers.first)
            #expect(answer.status == form.status)
            #expect(answer.body.contains(form.answer))
            // What was sent comes back within XML, if it does.
            #expect(!answer.body.utf8.contains { $0 < 0x20 && $0 != 0x0A })
        }
    }

    private static let formCases = [
        Form(
            "percent signs that escape nothing", "Version=2010-05-08&Action=ListUsers&a=%&b=%2&c=%zz&%=%&PathPrefix=%2F"
        ),
        Form(
            "a percent sign at the end", "Version=2010-05-08&Action=GetUser&UserName=user-00%", 400,
            "<Code>ValidationError</Code>"),
        Form(
            "an escaped percent sign", "Version=2010-05-08&Action=GetUser&UserName=user%252D00", 400,
            "<Code>ValidationError</Code>"),
        Form("escapes of everything", "%41ction=%4cistUsers&%56ersion=2010%2D05%2D08"),
        Form("NUL in the action", "Version=2010-05-08&Action=ListUsers\0", 400, "<Code>InvalidAction</Code>"),
        Form(
            "NUL in a value", "Version=2010-05-08&Action=GetUser&UserName=user-00\0", 400,
            "<Code>ValidationError</Code>"),
        Form(
            "an escaped NUL", "Version=2010-05-08&Action=GetUser&UserName=user-00%00", 400,
            "<Code>ValidationError</Code>"),
        Form("NUL in a name", "Version=2010-05-08&Action=ListUsers&User\0Name=a"),
        Form("line breaks", "Action=Get\r\nUser&Version=\r\n\r\nHTTP/1.1 200 OK", 400, "<Code>InvalidAction</Code>"),
        Form("what isn't UTF-8", Array("Action=".utf8) + [0xFF, 0xC0, 0x80], 400, "\u{FFFD}"),
        Form("what isn't UTF-8 when it is unescaped", "Action=%ff%c0%80", 400, "\u{FFFD}"),
        Form("surrogates", "Action=%ed%a0%80", 400, "\u{FFFD}"),
        Form("markup", "Action=]]></Message><x/><!--&Version=\"'", 400, "]]&gt;&lt;/Message&gt;&lt;x/&gt;&lt;!--"),
        Form("an action twice", "Version=2010-05-08&Action=ListUsers&Action=GetUser"),
        Form("an action twice, the first empty", "Action=&Action=ListUsers", 400, "<Code>MissingAction</Code>"),
        Form("a parameter twice", "Version=2010-05-08&Action=GetUser&UserName=user-00&UserName=user-01"),
        Form(
            "a thousand actions",
            "Version=2010-05-08&Action=ListUsers" + String(repeating: "&Action=GetUser", count: 1000)),
        Form("names in another case", "action=ListUsers", 400, "<Code>MissingAction</Code>"),
        Form(
            "separators only", String(repeating: "&", count: HTTPRequest.bodyLimit), 400, "<Code>MissingAction</Code>"),
        Form("separators before it", String(repeating: "&", count: 100_000) + "Version=2010-05-08&Action=ListUsers"),
        Form(
            "equals signs only", String(repeating: "=", count: HTTPRequest.bodyLimit), 400, "<Code>MissingAction</Code>"
        ),
        Form(
            "ten thousand parameters", "Version=2010-05-08&Action=ListUsers" + (0..<10_000).map { "&p\($0)=v" }.joined()
        ),
        Form(
            "ten thousand filters",
            "Version=2010-05-08&Action=GetAccountAuthorizationDetails"
                + (0..<3500).map { "&Filter.member.\($0)=User" }.joined(), 200, "<UserDetailList>"),
        Form(
            "filters with the largest number",
            "Version=2010-05-08&Action=GetAccountAuthorizationDetails&Filter.member.\(Int.max)=User&Filter.member.-1=User&Filter.member.99999999999999999999=x",
            200, "<UserDetailList>"),
        Form(
            "a name of 100,000 letters",
            "Version=2010-05-08&Action=GetUser&UserName=" + String(repeating: "a", count: 100_000), 400,
            "<Code>ValidationError</Code>"),
        Form(
            "a marker of nonsense", "Version=2010-05-08&Action=ListUsers&Marker=" + String(repeating: "A", count: 320),
            400,
            "Invalid Marker"),
        Form(
            "a number that is none", "Version=2010-05-08&Action=ListUsers&MaxItems=0x10", 400,
            "<Code>MalformedInput</Code>"),
        Form(
            "a number beyond all integers",
            "Version=2010-05-08&Action=ListUsers&MaxItems=" + String(repeating: "9", count: 1000), 400,
            "<Code>"),
        Form("an empty body", "", 400, "<Code>MissingAction</Code>"),
    ]

    /// 64 bytes too many are read to the end, so that the client sees the answer; 64 MB are not.
    @Test("A body beyond the limit gets 413, whatever its length is said to be", arguments: [1, 1 << 20])
    func tooLarge(excess: Int) async throws {
        let body =
            "Version=2010-05-08&Action=ListUsers&a=" + String(repeating: "a", count: HTTPRequest.bodyLimit + excess)
        try await withHostility { server async throws in
            for request in [
                .post(body), String.chunked("\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n"),
            ] {
                let outcome = try await HostileClient.talk(to: server, request + .listUsers)
                #expect(outcome.statuses == [413])
                #expect(outcome.isOver)
            }
            #expect(server.journal.counts == ["ListUsers": 1])
        }
    }

    @Test("A body of exactly the limit is read")
    func limit() async throws {
        let start = "Version=2010-05-08&Action=ListUsers&a="
        let body = start + String(repeating: "a", count: HTTPRequest.bodyLimit - start.utf8.count)
        try await withHostility { server async throws in
            let outcome = try await HostileClient.talk(to: server, .post(body), until: 1)
            #expect(outcome.statuses == [200])
        }
    }

    @Test(
        "A body without an end is hung up on",
        arguments: [
            "Content-Length: 9223372036854775808", "Content-Length: 18446744073709551615", "Transfer-Encoding: chunked",
        ])
    func endless(header: String) async throws {
        try await withHostility { server async throws in
            let head = ByteBuffer(string: "POST / HTTP/1.1\r\nHost: x\r\n\(header)\r\n\r\n")
            let size = 1 << 16
            let piece = ByteBuffer(
                string: header.hasPrefix("T")
                    ? "\(String(size, radix: 16))\r\n\(String(repeating: "a", count: size))\r\n"
                    : String(repeating: "a", count: size))
            let outcome = try await HostileClient.talk(
                to: server, [[head], Array(repeating: piece, count: 1000)].joined())
            #expect(outcome.isOver)
            #expect(outcome.statuses.isEmpty)
        }
    }

    @Test(
        "An expectation gets 100 Continue once, and only from HTTP/1.1",
        arguments: [
            ("Expect: 100-continue\r\n", "1.1", [100, 200]),
            ("Expect: 100-continue\r\nExpect: 100-continue\r\n", "1.1", [100, 200]),
            ("Expect: 100-Continue, 100-continue\r\n", "1.1", [100, 200]),
            ("Expect: a miracle\r\n", "1.1", [200]), ("Expect: 100-Continue\r\n", "1.1", [100, 200]),
            ("Expect: 100-continue\r\n", "1.0", [200]),
        ])
    func expectation(headers: String, version: String, statuses: [Int]) async throws {
        try await withHostility { server async throws in
            let request = String.post("Version=2010-05-08&Action=ListUsers", headers: headers, version: version)
            let outcome = try await HostileClient.talk(to: server, request, until: statuses.count)
            #expect(outcome.statuses == statuses)
        }
    }

    @Test("An expectation without a body, or with one that never comes, holds nobody up")
    func expectationAlone() async throws {
        try await withHostility { server async throws in
            let head = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n"
            #expect(try await HostileClient.talk(to: server, head, until: 1).statuses == [100])
            let get = "GET /?Version=2010-05-08&Action=ListUsers HTTP/1.1\r\nExpect: 100-continue\r\n\r\n"
            #expect(try await HostileClient.talk(to: server, get, until: 2).statuses == [100, 200])
        }
    }
}
