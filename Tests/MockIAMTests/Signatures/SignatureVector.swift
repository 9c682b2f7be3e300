import FoundationEssentials
import Testing

@testable import MockIAM

/// A request that botocore signed, from `botocore-vectors.jsonl`, which `generate_vectors.py` makes.
struct SignatureVector: Decodable, CustomTestStringConvertible {
    var name: String
    var accessKeyId: String
    var secret: String
    var sessionToken: String?
    var service: String
    var region: String
    var date: String
    var method: String
    var target: String
    var headers: [[String]]
    /// In lower case.
    var signedHeaders: [String]
    var bodyBase64: String

    static let all: [SignatureVector] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "botocore-vectors.jsonl")
        do {
            return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map {
                try JSONDecoder().decode(SignatureVector.self, from: $0)
            }
        } catch {
            Issue.record(error)
            return []
        }
    }()

    var testDescription: String { name }

    var message: SignedMessage {
        SignedMessage(
            method: method, target: target, headers: headers.map { (name: $0[0], value: $0[1]) },
            body: Array(Data(base64Encoded: bodyBase64) ?? Data())
        )
    }

    var scope: SignatureScope {
        SignatureScope(service: service, regions: .oneOf([region]))
    }

    var signingDate: SigningDate? {
        SigningDate(iso: date)
    }

    /// - Parameter message: another message than the vector's own.
    func verify(_ message: SignedMessage? = nil, with verifier: SignatureVerifier) throws -> VerifiedSignature {
        try verifier.verify(message ?? self.message, scope: scope, now: [try #require(signingDate).date]) { id in
            id == accessKeyId ? KnownKey(secret: secret, sessionToken: sessionToken) : nil
        }
    }
}
