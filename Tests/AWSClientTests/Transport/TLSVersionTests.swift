import AWSClient
import NIOCore
import Synchronization
import Testing

/// Which versions of TLS are offered, as the first message of the handshake tells it.
@Suite struct TLSVersionTests {
    /// The versions that a ClientHello offers: the extension `supported_versions` of RFC 8446, 4.2.1, or the one version
    /// that older clients name.
    private static func versions(inClientHello bytes: ByteBuffer) -> [UInt16]? {
        var record = bytes
        guard record.readInteger(as: UInt8.self) == 22, record.readInteger(as: UInt16.self) != nil,
            var message = record.readLengthPrefixedSlice(as: UInt16.self), message.readInteger(as: UInt8.self) == 1,
            message.readBytes(length: 3) != nil, let legacy = message.readInteger(as: UInt16.self),
            message.readBytes(length: 32) != nil, message.readLengthPrefixedSlice(as: UInt8.self) != nil,
            message.readLengthPrefixedSlice(as: UInt16.self) != nil,
            message.readLengthPrefixedSlice(as: UInt8.self) != nil,
            var extensions = message.readLengthPrefixedSlice(as: UInt16.self)
        else { return nil }
        while let type = extensions.readInteger(as: UInt16.self),
            var content = extensions.readLengthPrefixedSlice(as: UInt16.self)
        {
            guard type == 43, var list = content.readLengthPrefixedSlice(as: UInt8.self) else { continue }
            var versions: [UInt16] = []
            while let version = list.readInteger(as: UInt16.self) { versions.append(version) }
            return versions
        }
        return [legacy]
    }

    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func `nothing older than 1.2 is offered, with and without a proxy`(byProxy: Bool) async throws {
        let hello = Mutex(ByteBuffer())
        let error = try await Loopback.serving({ inbound, outbound in
            var iterator = inbound.makeAsyncIterator()
            if byProxy {
                _ = try await inbound.head(&iterator)
                try await outbound.write(ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n"))
            }
            while var next = try await iterator.next() {
                let isWhole = hello.withLock { hello in
                    hello.writeBuffer(&next)
                    return Self.versions(inClientHello: hello) != nil
                }
                if isWhole { return }
            }
        }) { server in
            let environment = byProxy ? ["HTTPS_PROXY": "http://127.0.0.1:\(server.port)"] : [:]
            let transport = HTTPTransport(
                connections: 1,
                proxy: try ProxySettings(try Machine(environment: environment).surroundings().configuration))
            let request = HTTPRequest(url: try #require(EndpointURL("https://127.0.0.1:\(server.port)/")))
            let result = await Result.catching {
                try await transport.send(request, for: Call(operation: "ListUsers", attempt: 1))
            }
            await transport.shutdown()
            return #expect(throws: TransportError.self) { try result.get() }
        }
        #expect(error?.kind == .unreachable)
        let versions = try #require(hello.withLock { Self.versions(inClientHello: $0) })
        // Those that GREASE makes up (RFC 8701) are 0x?A?A.
        let real = versions.filter { $0 & 0x0F0F != 0x0A0A }
        #expect(real.contains(0x0304))
        #expect(real.allSatisfy { $0 >= 0x0303 }, "\(real)")
    }
}
