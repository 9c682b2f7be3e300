import MockIAM
import NIOCore
import NIOPosix
import NIOSSL

/// A client that speaks TLS, and that trusts whom a test lets it trust.
struct TLSClient {
    /// In PEM.
    var trusted: String?
    /// Nil asks for the address that it connects to.
    var host: String? = "localhost"
    var verification = CertificateVerification.fullVerification

    /// What came of a request: the answer, and the certificate that the server showed.
    struct Outcome {
        var answer: RawAnswer
        var certificate: NIOSSLCertificate?
    }

    struct Closed: Error {}

    func get(_ path: String, from server: MockIAM.Server) async throws -> Outcome {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = try .certificates(
            trusted.map { try NIOSSLCertificate.fromPEMBytes(Array($0.utf8)) } ?? [])
        configuration.certificateVerification = verification
        let context = try NIOSSLContext(configuration: configuration)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: server.host, port: server.port) { [host] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: host))
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            // Where the handshake fails first, the inbound side says why, and this only that the channel is closed.
            try? await outbound.write(ByteBuffer(string: "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n"))
            var read = ByteBuffer()
            for try await var bytes in inbound {
                read.writeBuffer(&bytes)
                guard let answer = RawAnswer(takingFrom: &read, toHEAD: false) else { continue }
                let certificate = try await channel.channel.nioSSL_peerCertificate().get()
                return Outcome(answer: answer, certificate: certificate)
            }
            throw Closed()
        }
    }
}
