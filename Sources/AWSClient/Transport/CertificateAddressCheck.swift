import NIOCore
import NIOSSL
import NIOTLS

/// Looks whether a server's certificate is for the address that was asked for, where the socket is connected to somebody
/// else: to a proxy.
///
/// Stands right behind the TLS handler, which checks everything else about the certificate. That the handshake is done is
/// passed on only where the address is right, so that nothing is sent before.
final class CertificateAddressCheck: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let address: SocketAddress

    /// - Parameter address: its port doesn't count, and is 0.
    init(address: SocketAddress) {
        self.address = address
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted? = event as? TLSUserEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        if let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate(),
            names(address, in: certificate)
        {
            context.fireUserInboundEventTriggered(event)
        } else {
            context.fireErrorCaught(NIOSSLExtraError.failedToValidateHostname)
            context.close(promise: nil)
        }
    }

    /// An address is one of the certificate's addresses. Names, the common name among them, are never compared with it.
    private func names(_ address: SocketAddress, in certificate: NIOSSLCertificate) -> Bool {
        certificate._subjectAlternativeNames().contains { name in
            name.nameType == .ipAddress
                && (try? SocketAddress(packedIPAddress: ByteBuffer(bytes: name.contents), port: 0)) == address
        }
    }
}
