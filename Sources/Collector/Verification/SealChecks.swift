import Crypto
import Evidence
import FoundationEssentials

/// What a bundle's signature is worth.
package enum SignatureFinding: Sendable, Equatable {
    case unsigned
    /// By the key of this fingerprint; whose that is wasn't asked.
    case good(String)
    /// By somebody who may sign, with the key of this fingerprint.
    case allowed(String, String)
    /// Why it doesn't count.
    case refused([String])

    /// Who made it, as far as that is known: a name of the list of allowed signers, or the key's fingerprint; nil where
    /// nobody did whose signature counts.
    package var signer: String? {
        switch self {
        case .unsigned, .refused: nil
        case .good(let fingerprint): fingerprint
        case .allowed(let signer, _): signer
        }
    }
}

/// What is made over a bundle's checksums: a signature, a timestamp.
struct SealChecks {
    let folder: BundleFolder
    /// `SHA256SUMS`.
    let checksums: [UInt8]
    /// Nil where it can't be read.
    let manifest: ManifestReading?
    let allowed: AllowedSigners?
    var now: @Sendable () -> Date = { Date() }

    // MARK: Signature

    var signature: VerificationCheck { VerificationCheck("signature", signatureResult) }

    private var signatureResult: VerificationCheck.Result {
        switch finding {
        case .unsigned: allowed == nil ? .noted("it isn't signed") : .failed(["it isn't signed"])
        case .good(let fingerprint):
            .noted("a good one by \(fingerprint); whose key that is, --allowed-signers tells")
        case .allowed(let signer, let fingerprint): .passed("a good one by \(signer), with \(fingerprint)")
        case .refused(let flaws): .failed(flaws)
        }
    }

    /// What the signature is worth.
    var finding: SignatureFinding {
        let announced = manifest?.packaging.signingKey
        guard folder.isPlainFile(BundleMember.signature.path) else {
            return announced.map {
                .refused(["the manifest says that \($0.fingerprint) signs it, and there is no signature"])
            } ?? .unsigned
        }
        do {
            let text = String(decoding: try folder.read(.signature), as: UTF8.self)
            let signature = try SSHSignature(armored: text)
            let flaws = flaws(of: signature, announced)
            return flaws.isEmpty ? finding(on: signature) : .refused(flaws)
        } catch let error as BundleError {
            return .refused([error.reason])
        } catch {
            return .refused(["\(BundleMember.signature): \(error)"])
        }
    }

    private func flaws(of signature: SSHSignature, _ announced: SigningKeyName?) -> [String] {
        var flaws: [String] = []
        let namespace = KeyWitnessTool.signatureNamespace
        if signature.namespace != namespace {
            flaws.append("the signature is for '\(signature.namespace.prefix(60))', not for \(namespace)")
        }
        if let announced, announced != signature.publicKey.name {
            flaws.append(
                "the manifest says that \(announced.fingerprint) signs it, not \(signature.publicKey.fingerprint)")
        }
        if !signature.isValid(over: checksums) {
            flaws.append("the signature by \(signature.publicKey.fingerprint) isn't one over these checksums")
        }
        return flaws
    }

    private func finding(on signature: SSHSignature) -> SignatureFinding {
        let fingerprint = signature.publicKey.fingerprint
        guard let allowed else { return .good(fingerprint) }
        guard let instant = manifest?.ended else { return .refused(["when it was signed can't be read"]) }
        return switch allowed.verdict(on: signature, at: instant) {
        case .allowed(let signer): .allowed(signer, fingerprint)
        case .refused(let why): .refused([why])
        }
    }

    // MARK: Timestamp

    /// How far the clocks of the collector and of an authority may be apart, in seconds.
    private static let clockTolerance = 300.0
    /// How far a timestamp may be ahead of this machine's clock, in seconds.
    private static let furthestAhead = 900.0

    /// Nil where there is none, and none should be.
    var timestamp: VerificationCheck? {
        timestampResult.map { VerificationCheck("timestamp", $0) }
    }

    private var timestampResult: VerificationCheck.Result? {
        let authority = manifest?.packaging.timestampAuthority
        guard folder.isPlainFile(BundleMember.timestamp.path) else {
            return authority.map {
                .failed(["the manifest says that \($0) is asked for a timestamp, and there is none"])
            }
        }
        do {
            let response = try TimestampResponse(try folder.read(.timestamp))
            guard response.digest == Array(SHA256.hash(data: checksums)) else {
                return .failed(["the timestamp isn't over these checksums"])
            }
            if let ended = manifest?.ended, response.time.timeIntervalSince(ended) < -Self.clockTolerance {
                return .failed([
                    "the timestamp, \(response.time.iso8601), is from before the run ended, \(ended.iso8601)"
                ])
            }
            guard response.time.timeIntervalSince(now()) <= Self.furthestAhead else {
                return .failed(["the timestamp, \(response.time.iso8601), is in the future"])
            }
            guard let authority else {
                // VERIFY.md was written for a bundle without one.
                return .noted(
                    "there at \(response.time.iso8601) by the word of an authority; the manifest names none. Whose it is: "
                        + "openssl ts -verify -data \(BundleMember.checksums) -in \(BundleMember.timestamp) -CAfile AUTHORITY.pem"
                )
            }
            return .noted(
                "there at \(response.time.iso8601) by the word of \(authority), which `openssl ts -verify` checks: see "
                    + "VERIFY.md")
        } catch let error as BundleError {
            return .failed([error.reason])
        } catch {
            return .failed(["\(BundleMember.timestamp): \(error)"])
        }
    }
}
