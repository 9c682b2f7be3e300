import Crypto
import FoundationEssentials

/// An X.509 certificate with its key, made on the spot and never written anywhere.
///
/// https://datatracker.ietf.org/doc/html/rfc5280#section-4.1, with what strict verifiers want besides: OpenSSL's of
/// Python 3.13, for one, wants key identifiers.
struct Certificate {
    let der: [UInt8]
    let key: P256.Signing.PrivateKey
    private let subject: String

    /// A certificate of an authority, which signs others.
    ///
    /// - Throws: what CryptoKit throws where a signature fails.
    init(authority name: String, validity: Range<Date>) throws {
        let key = P256.Signing.PrivateKey()
        try self.init(
            subject: name, key: key, issuer: nil, validity: validity,
            extensions: [
                .critical("2.5.29.19", DER.sequence(DER.true)),
                // keyCertSign and cRLSign.
                .critical("2.5.29.15", DER.bits([0b0000_0110], unused: 1)),
                .plain("2.5.29.14", DER.octets(key.identifier)),
            ])
    }

    /// A certificate of a server.
    ///
    /// - Parameter issuer: who signs it; nil signs it by itself.
    /// - Throws: what CryptoKit throws where a signature fails.
    init(server name: String, hosts: [HostIdentity], issuer: Certificate?, validity: Range<Date>) throws {
        let key = P256.Signing.PrivateKey()
        try self.init(
            subject: name, key: key, issuer: issuer, validity: validity,
            extensions: [
                .critical("2.5.29.19", DER.sequence()),
                // digitalSignature.
                .critical("2.5.29.15", DER.bits([0b1000_0000], unused: 7)),
                // serverAuth.
                .plain("2.5.29.37", DER.sequence(DER.identifier("1.3.6.1.5.5.7.3.1"))),
                .plain("2.5.29.14", DER.octets(key.identifier)),
                .plain("2.5.29.35", DER.sequence(DER.element(0x80, (issuer?.key ?? key).identifier))),
                .plain("2.5.29.17", DER.element(0x30, hosts.flatMap(\.generalName))),
            ])
    }

    private init(
        subject: String, key: P256.Signing.PrivateKey, issuer: Certificate?, validity: Range<Date>,
        extensions: [Extension]
    ) throws {
        let algorithm = DER.sequence(DER.identifier("1.2.840.10045.4.3.2"))  // ecdsa-with-SHA256
        let signed = DER.sequence(
            DER.tagged(0, DER.integer([2])),  // version 3
            DER.integer((0..<16).map { _ in UInt8.random(in: .min ... .max) }),
            algorithm,
            Self.name(issuer?.subject ?? subject),
            DER.sequence(DER.time(validity.lowerBound), DER.time(validity.upperBound)),
            Self.name(subject),
            Array(key.publicKey.derRepresentation),
            DER.tagged(3, DER.element(0x30, extensions.flatMap(\.der)))
        )
        let signature = try (issuer?.key ?? key).signature(for: signed)
        der = DER.sequence(signed, algorithm, DER.bits(Array(signature.derRepresentation)))
        self.key = key
        self.subject = subject
    }

    private static func name(_ text: String) -> [UInt8] {
        DER.sequence(DER.set(DER.sequence(DER.identifier("2.5.4.3"), DER.text(text))))
    }

    /// As a file of certificates has it.
    var pem: String {
        let text = Array(Data(der).base64EncodedString())
        let lines = stride(from: 0, to: text.count, by: 64).map { String(text[$0..<min($0 + 64, text.count)]) }
        return "-----BEGIN CERTIFICATE-----\n\(lines.joined(separator: "\n"))\n-----END CERTIFICATE-----\n"
    }

    private enum Extension {
        case critical(String, [UInt8])
        case plain(String, [UInt8])

        var der: [UInt8] {
            switch self {
            case .critical(let id, let value): DER.sequence(DER.identifier(id), DER.true, DER.octets(value))
            case .plain(let id, let value): DER.sequence(DER.identifier(id), DER.octets(value))
            }
        }
    }
}

extension P256.Signing.PrivateKey {
    /// What certificates tell this key by: anything that no other key has.
    fileprivate var identifier: [UInt8] {
        Array(SHA256.hash(data: publicKey.x963Representation).prefix(20))
    }
}
