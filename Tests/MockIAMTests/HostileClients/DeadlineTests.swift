@testable import MockIAM
import NIOCore
import NIOEmbedded
import Testing

@Suite("A slow client's deadline")
struct DeadlineTests {
    /// A connection with ten seconds for a request and a minute between two of them, at a clock of its own.
    private struct SlowConnection {
        let channel = EmbeddedChannel()

        init() throws {
            try channel.pipeline.syncOperations.addHandler(
                Deadline(forRequest: .seconds(10), betweenRequests: .seconds(60)))
            channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        }

        var isOpen: Bool { channel.isActive }

        func receive(_ text: String = "P") throws {
            try channel.writeInbound(ByteBuffer(string: text))
        }

        func answer() throws {
            try channel.writeOutbound(ByteBuffer(string: "HTTP/1.1 200 OK\r\n\r\n"))
        }

        func wait(_ seconds: Int64) {
            channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
        }
    }

    @Test("A client that says nothing has the time between requests")
    func silent() throws {
        let connection = try SlowConnection()
        connection.wait(59)
        #expect(connection.isOpen)
        connection.wait(1)
        #expect(!connection.isOpen)
    }

    @Test("A request has its time from the first byte on, however often another one comes")
    func slowRequest() throws {
        let connection = try SlowConnection()
        connection.wait(59)
        for _ in 0..<10 {
            try connection.receive()
            #expect(connection.isOpen)
            connection.wait(1)
        }
        #expect(!connection.isOpen)
    }

    @Test("Each request has its time anew")
    func manyRequests() throws {
        let connection = try SlowConnection()
        for _ in 0..<100 {
            try connection.receive()
            connection.wait(9)
            try connection.receive()
            try connection.answer()
            connection.wait(59)
            #expect(connection.isOpen)
        }
        connection.wait(1)
        #expect(!connection.isOpen)
    }

    @Test("The request after an answer begins with its first byte, also if that came with the one before")
    func pipelinedRequest() throws {
        let connection = try SlowConnection()
        try connection.receive("a whole request and the beginning of another one")
        try connection.answer()
        for _ in 0..<10 {
            try connection.receive()
            connection.wait(1)
        }
        #expect(!connection.isOpen)
    }

    @Test("100 Continue gives the body its time, once")
    func expectation() throws {
        let connection = try SlowConnection()
        try connection.receive()
        connection.wait(9)
        try connection.answer()
        connection.wait(9)
        try connection.receive()
        connection.wait(9)
        #expect(connection.isOpen)
        try connection.receive()
        connection.wait(1)
        #expect(!connection.isOpen)
    }

    @Test("An answer that takes its time isn't the client's fault")
    func slowAnswer() throws {
        let connection = try SlowConnection()
        try connection.receive()
        connection.channel.pipeline.fireUserInboundEventTriggered(Deadline.RequestIsWhole())
        connection.wait(100_000)
        #expect(connection.isOpen)
        // What the client sends meanwhile is another request.
        try connection.receive()
        connection.wait(100_000)
        #expect(connection.isOpen)
        for _ in 0..<100 {
            try connection.answer()
            connection.wait(59)
        }
        #expect(connection.isOpen)
        connection.wait(1)
        #expect(!connection.isOpen)
    }

    @Test("A connection that is closed leaves no timer behind")
    func closed() throws {
        let connection = try SlowConnection()
        try connection.receive()
        connection.channel.close(promise: nil)
        connection.wait(1000)
        #expect(!connection.isOpen)
    }

    @Test("What comes in and goes out passes through unchanged")
    func passesThrough() throws {
        let connection = try SlowConnection()
        try connection.receive("abc")
        #expect(try connection.channel.readInbound(as: ByteBuffer.self) == ByteBuffer(string: "abc"))
        try connection.answer()
        #expect(try connection.channel.readOutbound(as: ByteBuffer.self)?.readableBytes == 19)
    }
}
