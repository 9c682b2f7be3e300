import MockIAM
import Testing

/// What a client sends, what it gets, and whether the server hangs up.
struct HostileCase: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: String
    var statuses: [Int]
    var isOver = true

    init(_ name: String, _ bytes: String, _ statuses: [Int] = [400], isOver: Bool = true) {
        self.name = name
        self.bytes = bytes
        self.statuses = statuses
        self.isOver = isOver
    }

    var testDescription: String { name }

    func check() async throws {
        try await withHostility { server async throws in
            let outcome = try await HostileClient.talk(to: server, bytes, until: isOver ? nil : statuses.count)
            // A client that is still sending when it is hung up on may read a reset instead of the answer.
            let isCutOff = isOver && bytes.utf8.count > 1 << 16 && outcome.statuses.isEmpty
            #expect(outcome.statuses == statuses || isCutOff)
            #expect(outcome.isOver == isOver)
        }
    }
}

@Suite("Clients that don't speak HTTP", .timeLimit(.minutes(1)))
struct MalformedHTTPTests {
    @Test("What isn't HTTP/1.1 gets 400 and is hung up on", arguments: notHTTPCases)
    func notHTTP(hostile: HostileCase) async throws {
        try await hostile.check()
    }

    private static let notHTTPCases = [
        HostileCase("HTTP/2 with prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0"),
        HostileCase("HTTP/3.0", "GET /?Action=ListUsers HTTP/3.0\r\n\r\n"),
        HostileCase("HTTP/1.2", "GET /?Action=ListUsers HTTP/1.2\r\n\r\n"),
        HostileCase("a version without a number", "GET / HTTP/x.y\r\n\r\n"),
        HostileCase(
            "a TLS hello", "\u{16}\u{3}\u{1}\0\u{7f}\u{1}\0\0\u{7b}\u{3}\u{3}" + String(repeating: "a", count: 120)),
        HostileCase("a method of 100,000 letters", String(repeating: "A", count: 100_000) + " / HTTP/1.1\r\n\r\n"),
        HostileCase("a megabyte without an end", String(repeating: "A", count: 1 << 20)),
        HostileCase("a target with a space in it", "GET /?Action=List Users HTTP/1.1\r\n\r\n"),
        HostileCase("a target that isn't ASCII", "GET /?Action=Lïst HTTP/1.1\r\nHost: x\r\n\r\n"),
        HostileCase("NUL in a target", "GET /?Action=\0 HTTP/1.1\r\nHost: x\r\n\r\n"),
        HostileCase("NUL in a header", "GET / HTTP/1.1\r\nX: a\0b\r\n\r\n"),
        HostileCase("a header without a colon", "GET / HTTP/1.1\r\nnonsense\r\n\r\n"),
        HostileCase("a header without a name", "GET / HTTP/1.1\r\n: a\r\n\r\n"),
        HostileCase("a space before a colon", "GET / HTTP/1.1\r\nContent-Length : 5\r\n\r\n"),
        HostileCase("a header on two lines", "GET / HTTP/1.1\r\nX: a\r\n Content-Length: 5\r\n\r\n"),
        HostileCase("CR alone in a header", "GET / HTTP/1.1\r\nX: a\rContent-Length: 5\r\n\r\n"),
        HostileCase("LF alone", "GET / HTTP/1.1\nHost: x\n\n"),
    ]

    @Test("A head that is too large gets 431 and is hung up on", arguments: largeHeadCases)
    func largeHead(hostile: HostileCase) async throws {
        try await hostile.check()
    }

    private static let largeHeadCases = [
        HostileCase(
            "a header of 100,000 letters", .post("", headers: "X: \(String(repeating: "a", count: 100_000))\r\n"), [431]
        ),
        HostileCase(
            "a name of 100,000 letters", .post("", headers: "\(String(repeating: "a", count: 100_000)): x\r\n"), [431]),
        HostileCase("257 headers", .post("", headers: headers(254, length: 1)), [431]),
        HostileCase("200 headers of 1,000 letters", .post("", headers: headers(200, length: 1000)), [431]),
        HostileCase("100,000 headers", .post("", headers: headers(100_000, length: 0)), [431]),
        HostileCase(
            "a request line of 100,000 letters",
            "GET /?Action=\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\n\r\n",
            [431]),
        HostileCase(
            "headers after the body", .chunked("0\r\n" + headers(10_000, length: 10)), [431]),
    ]

    private static func headers(_ count: Int, length: Int) -> String {
        (0..<count).map { "X-\($0): \(String(repeating: "a", count: length))\r\n" }.joined()
    }

    @Test("What is odd but legal is answered, and the connection goes on", arguments: legalCases)
    func legal(hostile: HostileCase) async throws {
        try await hostile.check()
    }

    private static let legalCases = [
        HostileCase(
            "a thousand empty lines", String(repeating: "\r\n", count: 1000) + .listUsers, [200], isOver: false),
        HostileCase("no host", "GET /?Version=2010-05-08&Action=ListUsers HTTP/1.1\r\n\r\n", [200], isOver: false),
        HostileCase(
            "256 headers", .post("Version=2010-05-08&Action=ListUsers", headers: headers(253, length: 1)), [200],
            isOver: false),
        HostileCase(
            "80,000 bytes of headers", .post("Version=2010-05-08&Action=ListUsers", headers: headers(20, length: 3900)),
            [200],
            isOver: false),
        HostileCase("any method", "BREW / HTTP/1.1\r\n\r\n" + .listUsers, [400], isOver: true),
        HostileCase("OPTIONS of everything", "OPTIONS * HTTP/1.1\r\n\r\n" + .listUsers, [404, 200], isOver: false),
        HostileCase(
            "a target with a host", "GET http://x/?Version=2010-05-08&Action=ListUsers HTTP/1.1\r\n\r\n", [200],
            isOver: false),
        HostileCase(
            "a target with a host and no path", "GET HTTP://x?Version=2010-05-08&Action=ListUsers HTTP/1.1\r\n\r\n",
            [200],
            isOver: false),
        HostileCase(
            "a target with a host and another path",
            "GET http://x/a?Version=2010-05-08&Action=ListUsers HTTP/1.1\r\n\r\n", [404],
            isOver: false),
        HostileCase(
            "a target of another scheme", "GET ftp://x/?Version=2010-05-08&Action=ListUsers HTTP/1.1\r\n\r\n", [404],
            isOver: false),
        HostileCase(
            "a body for GET",
            "GET /?Version=2010-05-08&Action=ListUsers HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcde" + .listUsers,
            [200, 200],
            isOver: false),
    ]

    /// The decoder reads no more after these, so nobody must wait for an answer to what follows.
    @Test(
        "Whoever wants another protocol is answered in this one, and hung up on",
        arguments: [
            HostileCase(
                "Upgrade",
                "GET /?Version=2010-05-08&Action=ListUsers HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
                    + .listUsers,
                [200]),
            HostileCase("CONNECT", "CONNECT iam.amazonaws.com:443 HTTP/1.1\r\n\r\n" + .listUsers, [404]),
        ]
    )
    func upgrade(hostile: HostileCase) async throws {
        try await hostile.check()
    }
}
