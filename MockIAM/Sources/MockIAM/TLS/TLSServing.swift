import Crypto
import FoundationEssentials
import NIOCore
import NIOSSL

/// What a server needs for TLS.
struct TLSServing: Sendable {
    /// The certificate of the authority that clients must trust.
    let authorityPEM: String
    /// Nil where no handshake ever comes to its end.
    private let context: NIOSSLContext?

    /// - Parameter hosts: names and addresses that the certificate is for, besides the loopback ones.
    /// - Throws: what CryptoKit or NIOSSL throw; neither is expected to.
    init(_ mode: MockIAM.TLSMode, hosts: [String]) throws {
        // By the machine's clock, which is the clients' clock, whatever the emulator's shows.
        let now = Date.now
        let day: TimeInterval = 86_400
        let years = now - 60 * day..<now + 3650 * day
        let authority = try Certificate(authority: "MockIAM test authority", validity: years)
        authorityPEM = authority.pem
        let issuer: Certificate? =
            switch mode {
            case .selfSigned: nil
            case .untrustedCA: try Certificate(authority: "MockIAM unknown authority", validity: years)
            case .trusted, .expired, .notYetValid, .wrongHost, .brokenHandshake: authority
            }
        let validity =
            switch mode {
            case .expired: now - 30 * day..<now - day
            case .notYetValid: now + day..<now + 30 * day
            case .trusted, .selfSigned, .wrongHost, .untrustedCA, .brokenHandshake: now - day..<now + 365 * day
            }
        let names = mode == .wrongHost ? ["another-host.example.com"] : ["localhost", "127.0.0.1", "::1"] + hosts
        let server = try Certificate(
            server: "MockIAM", hosts: names.map(HostIdentity.init).uniqued, issuer: issuer, validity: validity)
        context = mode == .brokenHandshake ? nil : try NIOSSLContext(configuration: server.configuration)
    }

    /// To be called on the channel's event loop, before there are other handlers.
    func secure(_ channel: any Channel) throws {
        guard let context else { return try channel.pipeline.syncOperations.addHandler(HandshakeBreaker()) }
        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
    }
}

extension Certificate {
    /// What a server that shows this certificate needs.
    fileprivate var configuration: TLSConfiguration {
        get throws {
            var configuration = try TLSConfiguration.makeServerConfiguration(
                certificateChain: [.certificate(NIOSSLCertificate(bytes: der, format: .der))],
                privateKey: .privateKey(NIOSSLPrivateKey(bytes: Array(key.derRepresentation), format: .der)))
            // Clients that keep connections for later don't say goodbye when the server does, and it needn't wait.
            configuration.shutdownTimeout = .milliseconds(200)
            return configuration
        }
    }
}

/// Ends a connection at the client's first words.
private final class HandshakeBreaker: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.close(promise: nil)
    }
}

extension [HostIdentity] {
    fileprivate var uniqued: [HostIdentity] {
        var seen: Set<HostIdentity> = []
        return filter { seen.insert($0).inserted }
    }
}
