import Crypto
import SwiftASN1

/// What a time-stamping authority is asked (RFC 3161, 2.4.1): its word that it has seen a digest.
struct TimestampRequest: Sendable {
    let digest: [UInt8]
    /// The answer has to repeat it, so that it is no older one.
    let nonce: UInt64

    init(over message: [UInt8], nonce: UInt64) {
        digest = Array(SHA256.hash(data: message))
        // The first bit is a number's sign.
        self.nonce = nonce >> 1
    }

    /// In DER. The authority's certificates are asked for, so that whoever checks the answer needs its root only.
    func encoded() throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence) { request in
            try request.serialize(1)
            try request.appendConstructedNode(identifier: .sequence) { imprint in
                try imprint.appendConstructedNode(identifier: .sequence) { algorithm in
                    try algorithm.serialize(ASN1ObjectIdentifier.sha256)
                    try algorithm.serialize(ASN1Null())
                }
                try imprint.serialize(ASN1OctetString(contentBytes: digest[...]))
            }
            try request.serialize(nonce)
            try request.serialize(true)
        }
        return serializer.serializedBytes
    }
}

extension ASN1ObjectIdentifier {
    /// id-sha256 (RFC 5754)
    static let sha256: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 2, 1]
    /// id-signedData (RFC 5652)
    static let signedData: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 7, 2]
    /// id-ct-TSTInfo (RFC 3161)
    static let timestampInfo: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 16, 1, 4]
}
