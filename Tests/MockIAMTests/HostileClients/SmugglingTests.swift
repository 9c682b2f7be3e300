import MockIAM
import Testing

/// Requests whose end is told in two ways, or in a wrong one. Where two servers disagree about it, a request hides in the
/// body of another one; so whatever isn't clear is refused.
@Suite("Requests that hide in others", .timeLimit(.minutes(1)))
struct SmugglingTests {
    /// What must never be answered.
    private static let hidden = String.post("Action=GetUser&UserName=user-00")

    @Test("A length that is unclear gets 400, and nothing after it is read", arguments: unclearCases)
    func unclear(hostile: HostileCase) async throws {
        try await withHostility { server async throws in
            let served = server.journal.served
            let outcome = try await HostileClient.talk(to: server, hostile.bytes)
            #expect(outcome.statuses == hostile.statuses)
            #expect(outcome.isOver)
            #expect(server.journal.served == served + hostile.statuses.count)
            #expect(server.journal.counts["GetUser"] == nil)
        }
    }

    private static let unclearCases =
        [
            ("both length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
            ("both chunks and length", "Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n"),
            ("chunks with a vertical tab", "Transfer-Encoding: \u{b}chunked", "0\r\n\r\n"),
            ("chunks with a space before the colon", "Transfer-Encoding : chunked", "0\r\n\r\n"),
            ("something like chunks", "Transfer-Encoding: xchunked", "0\r\n\r\n"),
            ("chunks within something", "Transfer-Encoding: chunked, identity", "0\r\n\r\n"),
            ("chunks, then something", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x", "0\r\n\r\n"),
            ("no encoding", "Transfer-Encoding: identity", "0\r\n\r\n"),
            ("two lengths", "Content-Length: 14\r\nContent-Length: 5", "Action=GetUser"),
            ("a length twice", "Content-Length: 14\r\nContent-Length: 14", "Action=GetUser"),
            ("a list of lengths", "Content-Length: 14, 14", "Action=GetUser"),
            ("a negative length", "Content-Length: -1", "Action=GetUser"),
            ("a length with a sign", "Content-Length: +14", "Action=GetUser"),
            ("a length in hexadecimal", "Content-Length: 0x0e", "Action=GetUser"),
            ("a length with a space", "Content-Length: 1 4", "Action=GetUser"),
            ("a length and more", "Content-Length: 14;a", "Action=GetUser"),
            ("an empty length", "Content-Length: ", "Action=GetUser"),
            ("a length of 2^64", "Content-Length: 18446744073709551616", "Action=GetUser"),
            ("a length of twenty digits", "Content-Length: 99999999999999999999", "Action=GetUser"),
        ].map { HostileCase($0.0, "POST / HTTP/1.1\r\nHost: x\r\n\($0.1)\r\n\r\n\($0.2)" + hidden) }
        + [
            ("a chunk that isn't hexadecimal", "zz\r\nabc\r\n0\r\n\r\n"),
            ("a negative chunk", "-1\r\nabc\r\n0\r\n\r\n"),
            ("a chunk of 2^64 bytes", "10000000000000000\r\nabc\r\n0\r\n\r\n"),
            ("a chunk with 0x", "0x3\r\nabc\r\n0\r\n\r\n"),
            ("a chunk with a space", "3 \r\nabc\r\n0\r\n\r\n"),
            ("a chunk that is longer than it says", "2\r\nabc\r\n0\r\n\r\n"),
            ("a chunk that ends with LF", "3\nabc\r\n0\r\n\r\n"),
            ("a chunk without an end", "3\r\nabc0\r\n\r\n"),
            ("a length after the chunks", "10\r\nAction=ListUsers\r\n0\r\nContent-Length: 5\r\n\r\n"),
            ("an empty line instead of a chunk", "\r\n0\r\n\r\n"),
        ].map { HostileCase($0.0, .chunked($0.1) + hidden) }

    @Test("A length that is clear makes one request of one", arguments: clearCases)
    func clear(hostile: HostileCase) async throws {
        try await withHostility { server async throws in
            let outcome = try await HostileClient.talk(
                to: server, hostile.bytes + .listUsers, until: hostile.statuses.count + 1)
            #expect(outcome.statuses == hostile.statuses + [200])
            #expect(server.journal.counts == ["ListUsers": 1 + hostile.statuses.count + 1])
        }
    }

    /// In the target, so that lengths are easy to read.
    private static let version = "/?Version=2010-05-08"

    private static let clearCases = [
        HostileCase("chunks", .chunked("8\r\nAction=L\r\n8\r\nistUsers\r\n0\r\n\r\n", target: version), [200]),
        HostileCase(
            "chunks of one byte",
            .chunked("Action=ListUsers".map { "1\r\n\($0)\r\n" }.joined() + "0\r\n\r\n", target: version), [200]),
        HostileCase(
            "chunks with extensions", .chunked("10;a=\"b\";c\r\nAction=ListUsers\r\n0;d=e\r\n\r\n", target: version),
            [200]),
        HostileCase(
            "chunks and what comes after",
            .chunked("10\r\nAction=ListUsers\r\n0\r\nX-Checksum: 99\r\n\r\n", target: version), [200]),
        HostileCase(
            "chunks that hold a request",
            .chunked("\(hex(hidden))\r\n\(hidden)\r\n0\r\n\r\n", target: "\(version)&Action=ListUsers"), [200]),
        HostileCase(
            "a body that holds a request",
            "POST \(version)&Action=ListUsers HTTP/1.1\r\nContent-Length: \(hidden.utf8.count)\r\n\r\n\(hidden)", [200]),
        HostileCase(
            "leading zeros",
            "POST \(version) HTTP/1.1\r\n\(String.formType)Content-Length: 0016\r\n\r\nAction=ListUsers", [200]),
    ]

    private static func hex(_ text: String) -> String {
        String(text.utf8.count, radix: 16)
    }
}
