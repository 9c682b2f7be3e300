import Foundation
@testable import MockIAM
import NIOCore
import NIOPosix

/// A client that sends bytes as a test gives them, legal HTTP or not, and reads HTTP answers from one connection.
struct RawConnection {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var unread = ByteBuffer()

    static func open<Result: Sendable>(
        to server: MockIAM.Server, _ body: (inout RawConnection) async throws -> Result
    ) async throws -> Result {
        try await open(host: server.host, port: server.port, body)
    }

    static func open<Result: Sendable>(
        host: String, port: Int, _ body: (inout RawConnection) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = RawConnection(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&connection)
        }
    }

    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    /// A POST of a form, as the AWS clients send it: signed.
    func post(_ form: String, path: String = "/", headers: String = "", as key: SigningKey = .test) async throws {
        var lines = "POST \(path) HTTP/1.1\r\n"
        for header in try key.signedHeaders(of: form, path: path) { lines += "\(header.name): \(header.value)\r\n" }
        try await send("\(lines)\(headers)Content-Length: \(form.utf8.count)\r\n\r\n\(form)")
    }

    /// The next answer; nil where the server closed the connection instead. `toHEAD` says that no body follows.
    mutating func answer(toHEAD: Bool = false) async throws -> RawAnswer? {
        while true {
            if let answer = RawAnswer(takingFrom: &unread, toHEAD: toHEAD) { return answer }
            guard var more = try await inbound.next() else { return nil }
            unread.writeBuffer(&more)
        }
    }
}

/// What a test signs with.
struct SigningKey {
    var id: String
    var secret: String
    var token: String?
    var region = "us-east-1"
    /// The time of the signature.
    var date = Date.now
    /// What it signs for; nil for the service whose version the form has.
    var service: String?

    static var test: SigningKey { SigningKey(id: "test", secret: "test") }

    func signedHeaders(of form: String, path: String = "/") throws -> [(name: String, value: String)] {
        let service = service ?? (form.contains("Version=2011-06-15") ? "sts" : "iam")
        let message = SignedMessage(
            method: "POST", target: path,
            headers: [("Host", "localhost"), ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
            body: Array(form.utf8))
        let signer = RequestSigner(
            accessKeyID: id, secret: secret, sessionToken: token, region: region, service: service)
        return try signer.signed(message, at: date).headers
    }
}

/// An HTTP answer as it came.
struct RawAnswer: Sendable {
    var status: Int
    /// With lower-case names.
    var headers: [String: String]
    var body: String

    /// Takes one whole answer from the front; nil, and nothing taken, where it isn't all there yet.
    init?(takingFrom buffer: inout ByteBuffer, toHEAD: Bool) {
        let text = String(buffer: buffer)
        guard let headEnd = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<headEnd.lowerBound].split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        headers = Dictionary(
            lines.dropFirst().map { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return (parts[0].lowercased(), parts.count > 1 ? parts[1].drop { $0 == " " }.description : "")
            }
        ) { first, _ in first }
        let length = toHEAD ? 0 : headers["content-length"].flatMap { Int($0) } ?? 0
        let start = text[..<headEnd.upperBound].utf8.count
        guard buffer.readableBytes >= start + length else { return nil }
        buffer.moveReaderIndex(forwardBy: start)
        body = buffer.readString(length: length) ?? ""
        self.status = status
    }
}

extension MockIAM.Server {
    /// One form over a connection of its own.
    func post(_ form: String, path: String = "/", as key: SigningKey = .test) async throws -> RawAnswer? {
        try await RawConnection.open(to: self) { connection in
            try await connection.post(form, path: path, as: key)
            return try await connection.answer()
        }
    }
}
