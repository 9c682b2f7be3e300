import FoundationEssentials
import Testing

@testable import MockIAM

@Suite("Requests that botocore signed")
struct BotocoreVectorTests {
    @Test("There are as many as there were made")
    func count() {
        #expect(SignatureVector.all.count == 74)
    }

    @Test("Each is verified", arguments: SignatureVector.all)
    func verifies(_ vector: SignatureVector) throws {
        let verified = try vector.verify(with: SignatureVerifier())
        #expect(verified.accessKeyID == vector.accessKeyId)
        #expect(SigningDate(verified.signedAt) == vector.signingDate)
        #expect(verified.region == vector.region)
        #expect(verified.service == vector.service)
    }

    @Test("With a byte of what is signed changed, none is", arguments: SignatureVector.all)
    func bytesCount(_ vector: SignatureVector) {
        let verifier = SignatureVerifier()
        let message = vector.message
        let meaning = message.meaning(signed: vector.signedHeaders)
        var changed: [SignedMessage] = []
        changed += message.method.withBytesChanged(8).map { text in message.with { $0.method = text } }
        changed += message.target.withBytesChanged(40).map { text in message.with { $0.target = text } }
        for (index, header) in message.headers.enumerated() {
            let name = header.name.lowercased()
            guard vector.signedHeaders.contains(name) || name == "authorization" else { continue }
            changed += header.value.withBytesChanged(16).map { text in message.with { $0.headers[index].value = text } }
            changed += header.name.withBytesChanged(2).map { text in message.with { $0.headers[index].name = text } }
            changed.append(message.with { $0.headers.remove(at: index) })
            changed.append(message.with { $0.headers.append(header) })
        }
        for index in message.body.indices.spread(16) {
            changed.append(message.with { $0.body[index] ^= 0x01 })
        }
        changed.append(message.with { $0.body.append(0) })
        for wrong in changed where wrong.meaning(signed: vector.signedHeaders) != meaning {
            #expect(throws: SignatureError.self, "\(wrong)") { try vector.verify(wrong, with: verifier) }
        }
    }

    @Test("With another secret, token, service or region, none is", arguments: SignatureVector.all)
    func circumstancesCount(_ vector: SignatureVector) {
        let verifier = SignatureVerifier()
        var others = Array(repeating: vector, count: 4)
        others[0].secret += "x"
        others[1].sessionToken = vector.sessionToken.map { $0 + "x" } ?? "token"
        others[2].service = "ec2"
        others[3].region = "us-west-1"
        for other in others {
            #expect(throws: SignatureError.self) { try other.verify(with: verifier) }
        }
    }

    @Test("Where the signer covers the same headers, it signs the same", arguments: SignatureVector.all)
    func signsAlike(_ vector: SignatureVector) throws {
        let signer = RequestSigner(
            accessKeyID: vector.accessKeyId, secret: vector.secret, sessionToken: vector.sessionToken,
            region: vector.region, service: vector.service
        )
        let date = try #require(vector.signingDate).date
        let signed = try signer.signed(vector.message, at: date)
        _ = try vector.verify(signed, with: SignatureVerifier())
        // botocore signs a few headers more, and an old hash of the body is not the signer's to keep.
        let same = vector.signedHeaders.allSatisfy { name in
            ["host", "content-type"].contains(name) || name.hasPrefix("x-amz-") && name != "x-amz-content-sha256"
        }
        guard same, let expected = vector.message.header("authorization") else { return }
        #expect(signed.header("authorization") == expected)
    }
}
