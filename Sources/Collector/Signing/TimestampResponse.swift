import CanonicalJSON
import FoundationEssentials
import SwiftASN1

/// What a time-stamping authority answers (RFC 3161, 2.4.2), as far as it says what was seen and when. The authority's
/// signature isn't looked at: `openssl ts -verify` does that, with the certificates that one trusts.
struct TimestampResponse: Sendable, Equatable {
    /// What the authority saw.
    let digest: [UInt8]
    /// When, by its clock, in whole seconds.
    let time: Date
    let nonce: UInt64?

    init(_ bytes: [UInt8]) throws(SealFormatError) {
        do {
            let (status, token) = try Self.parts(of: try BER.parse(bytes))
            guard status == 0 || status == 1, let token else {
                throw SealFormatError("the authority refuses (status \(status))")
            }
            let info = try Self.info(in: token)
            (digest, time, nonce) = try Self.read(info)
        } catch let error as SealFormatError { throw error } catch {
            throw SealFormatError("it isn't a time-stamp response")
        }
    }

    /// TimeStampResp ::= SEQUENCE { status PKIStatusInfo, timeStampToken ContentInfo OPTIONAL }
    private static func parts(of node: ASN1Node) throws -> (status: Int, token: ASN1Node?) {
        try BER.sequence(node, identifier: .sequence) { nodes in
            guard let first = nodes.next() else { throw SealFormatError("it is empty") }
            let status = try BER.sequence(first, identifier: .sequence) { parts in
                let status = try Int(berEncoded: &parts)
                while parts.next() != nil {}
                return status
            }
            return (status, nodes.next())
        }
    }

    /// The content of the signed data in a ContentInfo (RFC 5652): the TSTInfo.
    private static func info(in token: ASN1Node) throws -> ASN1Node {
        let content = try BER.sequence(token, identifier: .sequence) { nodes in
            guard try ASN1ObjectIdentifier(berEncoded: &nodes) == .signedData else {
                throw SealFormatError("it isn't signed")
            }
            return try BER.explicitlyTagged(&nodes, tagNumber: 0, tagClass: .contextSpecific) { $0 }
        }
        let octets = try BER.sequence(content, identifier: .sequence) { nodes in
            _ = try Int(berEncoded: &nodes)
            // The digest algorithms.
            _ = nodes.next()
            guard let encapsulated = nodes.next() else { throw SealFormatError("there is nothing in it") }
            while nodes.next() != nil {}
            return try BER.sequence(encapsulated, identifier: .sequence) { parts in
                guard try ASN1ObjectIdentifier(berEncoded: &parts) == .timestampInfo else {
                    throw SealFormatError("what is signed isn't a timestamp")
                }
                return try BER.explicitlyTagged(&parts, tagNumber: 0, tagClass: .contextSpecific) {
                    try ASN1OctetString(berEncoded: $0)
                }
            }
        }
        return try BER.parse(octets.bytes)
    }

    /// TSTInfo ::= SEQUENCE { version, policy, messageImprint, serialNumber, genTime, accuracy OPTIONAL, ordering DEFAULT
    /// FALSE, nonce OPTIONAL, … }
    private static func read(_ info: ASN1Node) throws -> (digest: [UInt8], time: Date, nonce: UInt64?) {
        try BER.sequence(info, identifier: .sequence) { nodes in
            _ = try Int(berEncoded: &nodes)
            _ = try ASN1ObjectIdentifier(berEncoded: &nodes)
            guard let imprint = nodes.next() else { throw SealFormatError("it names nothing") }
            let digest = try BER.sequence(imprint, identifier: .sequence) { parts in
                guard let algorithm = parts.next() else { throw SealFormatError("it names no algorithm") }
                let name = try BER.sequence(algorithm, identifier: .sequence) { words in
                    let name = try ASN1ObjectIdentifier(berEncoded: &words)
                    while words.next() != nil {}
                    return name
                }
                guard name == .sha256 else { throw SealFormatError("its digest isn't SHA-256") }
                return Array(try ASN1OctetString(berEncoded: &parts).bytes)
            }
            // The serial number may be larger than any of our integers.
            _ = nodes.next()
            let time = try GeneralizedTime(berEncoded: &nodes)
            var nonce: UInt64?
            while let node = nodes.next() {
                if node.identifier == .integer { nonce = try UInt64(berEncoded: node) }
            }
            return (digest, try Self.date(time), nonce)
        }
    }

    private static func date(_ time: GeneralizedTime) throws -> Date {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = "\(time.year)-\(two(time.month))-\(two(time.day))"
        let text = "\(day)T\(two(time.hours)):\(two(time.minutes)):\(two(time.seconds))Z"
        guard let date = Date(iso8601Instant: text) else { throw SealFormatError("its time isn't one") }
        return date
    }
}
