import Logging
@testable import MockIAM
import NIOCore
import NIOPosix
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
            let head = "POST / HTTP/1.1\r\nHost: x\r\n\(String.formType)Content-Length: \(form.bytes.count)\r\n\r\n"
            let outcome = try await HostileClient.talk(
                to: server, [ByteBuffer(string: head), ByteBuffer(bytes: form.bytes)], until: 1)
            let answer = try #require(outcome.answers.first)
            #expect(answer.status == form.status)
            #expect(form.answer.isEmpty ? answer.body.isEmpty : answer.body.contains(form.answer))
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
        Form(
            "an action twice, the first empty", "Action=&Action=ListUsers", 400, "Could not find operation  for version"
        ),
        Form("a parameter twice", "Version=2010-05-08&Action=GetUser&UserName=user-00&UserName=user-01"),
        Form(
            "a thousand actions",
            "Version=2010-05-08&Action=ListUsers" + String(repeating: "&Action=GetUser", count: 1000)),
        Form("names in another case", "action=ListUsers", 302, ""),
        Form(
            "separators only", String(repeating: "&", count: HTTPRequest.bodyLimit), 302, ""),
        Form("separators before it", String(repeating: "&", count: 100_000) + "Version=2010-05-08&Action=ListUsers"),
        Form(
            "equals signs only", String(repeating: "=", count: HTTPRequest.bodyLimit), 302, ""
        ),
        Form(
            "ten thousand parameters", "Version=2010-05-08&Action=ListUsers" + (0..<10_000).map { "&p\($0)=v" }.joined()
        ),
        Form(
            "ten thousand filters",
            "Version=2010-05-08&Action=GetAccountAuthorizationDetails"
                + (1...3500).map { "&Filter.member.\($0)=User" }.joined(), 200, "<UserDetailList>"),
        Form(
            "filters with the largest number",
            "Version=2010-05-08&Action=GetAccountAuthorizationDetails&Filter.member.\(Int.max)=User&Filter.member.-1=User&Filter.member.99999999999999999999=x",
            400, "<Code>MalformedInput</Code>"),
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
        Form("an empty body", "", 302, ""),
    ]

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
            #expect(server.journal.entries.map(\.outcome).filter { $0 == .tooLarge } == [.tooLarge, .tooLarge])
        }
    }

    /// As Python's http.client does it.
    @Test("Who reads only when the whole body is sent reads that it was too large", arguments: [1 << 20, 12 << 20])
    func sentBeforeRead(excess: Int) async throws {
        try await withHostility { server async throws in
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelOption(.autoRead, value: false)
                // Or it would close when the server has said its last word, in the middle of what it sends.
                .channelOption(.allowRemoteHalfClosure, value: true)
                .connect(host: server.host, port: server.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            try await channel.executeThenClose { inbound, _ in
                // It returns when all of it is sent, and throws where the server doesn't take it.
                try await channel.channel.writeAndFlush(
                    ByteBuffer(string: .post(String(repeating: "a", count: HTTPRequest.bodyLimit + excess))))
                try await channel.channel.setOption(.autoRead, value: true).get()
                var unread = ByteBuffer()
                for try await bytes in inbound { unread.writeImmutableBuffer(bytes) }
                #expect(RawAnswer(takingFrom: &unread, toHEAD: false)?.status == 413)
                #expect(unread.readableBytes == 0)
            }
            #expect(server.journal.entries.map(\.outcome).filter { $0 == .tooLarge } == [.tooLarge])
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
        "A body without an end gets 413 and is hung up on",
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
            #expect(outcome.statuses == [413])
            #expect(server.journal.entries.map(\.outcome).filter { $0 == .tooLarge } == [.tooLarge])
        }
    }

    @Test(
        "Whoever asks before it sends a body that is too large gets 413 and no 100 Continue",
        arguments: [("/", HTTPRequest.bodyLimit), ("/_mock/verify", HTTPRequest.controlBodyLimit)])
    func expectationTooLarge(path: String, limit: Int) async throws {
        try await withHostility { server async throws in
            func head(_ length: Int) -> String {
                "POST \(path) HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: \(length)\r\n\r\n"
            }
            let outcome = try await HostileClient.talk(to: server, head(limit + 1))
            #expect(outcome.statuses == [413])
            #expect(outcome.isOver)
            #expect(outcome.answers.first?.headers["connection"] == "close")
            #expect(server.journal.entries.map(\.outcome).filter { $0 == .tooLarge } == [.tooLarge])
            #expect(try await HostileClient.talk(to: server, head(limit), until: 1).statuses == [100])
        }
    }

    @Test(
        "A client that gives up in the middle of a request has asked nothing",
        arguments: [
            "POST / HT", "POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nAction=Li", .chunked("5\r\nActio"),
            "POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\n",
        ])
    func givesUp(beginning: String) async throws {
        let lines = LoggedLines()
        var options = MockIAM.Options(authentication: .off)
        options.logger = Logger(label: "") { _ in RememberingLogHandler(lines: lines) }
        try await withHostility(options: options) { server async throws in
            for isReset in [false, true] {
                let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .channelOption(.allowRemoteHalfClosure, value: true)
                    .connect(host: server.host, port: server.port).get()
                try await channel.writeAndFlush(ByteBuffer(string: beginning))
                if isReset {
                    try await channel.reset()
                } else {
                    try await channel.close(mode: .output)
                    try await channel.closeFuture.get()
                }
            }
            // Until the server has seen to both.
            while server.connectionCount > 1 { try await Task.sleep(for: .milliseconds(5)) }
            #expect(server.journal.counts == ["ListUsers": 1])
            #expect(server.journal.entries.map(\.status) == [200])
        }
        #expect(!lines.all.contains { $0.hasPrefix("warning ") }, "\(lines.all)")
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

extension MockIAM.Journal.Outcome {
    fileprivate static let tooLarge = MockIAM.Journal.Outcome.refused(code: "RequestEntityTooLarge")
}
