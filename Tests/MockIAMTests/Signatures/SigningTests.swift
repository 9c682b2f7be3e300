import FoundationEssentials
import Testing

@testable import MockIAM

@Suite("Signing")
struct SigningTests {
    @Test("A date is read and written as it was, whatever the year")
    func dates() throws {
        for (text, seconds) in [
            ("19700101T000000Z", 0), ("20150830T123600Z", 1_440_938_160), ("20000229T235959Z", 951_868_799),
            ("20240301T000000Z", 1_709_251_200), ("19000228T120000Z", -2_203_934_400),
            ("00010101T000000Z", -62_135_596_800), ("99991231T235959Z", 253_402_300_799),
        ] {
            let date = try #require(SigningDate(iso: text))
            #expect(date.seconds == seconds)
            #expect(date.text == text)
            #expect(SigningDate(date.date) == date)
        }
        for day in stride(from: -62_135_596_800, to: 253_402_300_799, by: 86_400 * 97 + 12_345) {
            #expect(SigningDate(iso: SigningDate(seconds: day).text)?.seconds == day)
        }
    }

    @Test("AWS reads the extended form too, and HTTP's own in a Date header")
    func otherForms() {
        let date = SigningDate(seconds: 1_440_938_160)
        #expect(SigningDate(iso: "2015-08-30T12:36:00Z") == date)
        #expect(SigningDate(http: "Sun, 30 Aug 2015 12:36:00 GMT") == date)
        #expect(SigningDate(http: "Sun, 30 Aug 2015 12:36:00 -0000") == date)
        #expect(SigningDate(http: "Sun, 32 Aug 2015 12:36:00 GMT") == nil)
        #expect(SigningDate(http: "Sun, 30 Agu 2015 12:36:00 GMT") == nil)
        #expect(SigningDate(http: "Sun, 30 Aug 2015 12:36:00 CET") == nil)
        #expect(SigningDate(http: "Sun, 30 Aug 2015 12:36:00 +00") == nil)
    }

    @Test("A signature replaces the one before, in header or query")
    func replacing() throws {
        let date = SigningDate(seconds: 1_440_938_160).date
        let old = SignedMessage(
            method: "GET", target: "/?b=%2F&X-Amz-Signature=0&X-Amz-Credential=x&a&X-Amz-Algorithm=AWS4-HMAC-SHA256",
            headers: [
                (name: "host", value: "h"), (name: "authorization", value: "x"), (name: "X-AMZ-DATE", value: "x"),
                (name: "X-Amz-Content-Sha256", value: "UNSIGNED-PAYLOAD"), (name: "x-amz-security-token", value: "x"),
                (name: "Accept", value: "*/*"),
            ]
        )
        let signer = RequestSigner(
            accessKeyID: "ASIAEXAMPLE", secret: "s", sessionToken: "t", region: "eu-west-1", service: "sts"
        )
        let new = try signer.signed(old, at: date)
        #expect(new.target == "/?b=%2F&a")
        #expect(
            new.headers.map(\.name) == ["host", "Accept", "X-Amz-Date", "X-Amz-Security-Token", "Authorization"]
        )
        let verified = try SignatureVerifier().verify(
            new, scope: SignatureScope(service: "sts", regions: .anyKnown), now: [date]
        ) { _ in KnownKey(secret: "s", sessionToken: "t") }
        #expect(
            verified
                == VerifiedSignature(accessKeyID: "ASIAEXAMPLE", signedAt: date, region: "eu-west-1", service: "sts")
        )
        #expect(try signer.signed(new, at: date).headers.map(\.value) == new.headers.map(\.value))
        #expect(try signer.signed(old.with { $0.target = "/?X-Amz-Date=x" }, at: date).target == "/")
    }

    @Test("Signing keys are remembered, but not without end")
    func cache() {
        let keys = SigningKeys(capacity: 3)
        let scopes = (1...7).map { CredentialScope(day: "2015083\($0)", region: "us-east-1", service: "iam") }
        // Two keys are the same where they sign the same.
        func sign(_ secret: String, _ scope: CredentialScope) -> [UInt8] {
            keys.key(secret: secret, scope: scope).signature(of: Array("text".utf8))
        }
        let first = scopes.map { sign("s", $0) }
        #expect(Set(first).count == 7)
        #expect(keys.count == 1)
        #expect(scopes.map { sign("s", $0) } == first)
        #expect(sign("t", scopes[0]) != first[0])
        for (region, service) in [("us-east-1", "sts"), ("us-west-1", "iam")] {
            let other = CredentialScope(day: scopes[0].day, region: region, service: service)
            #expect(sign("s", scopes[0]) == first[0])
            #expect(sign("s", other) != first[0])
        }
        #expect(keys.count <= 3)
    }

    @Test("A list of headers out of order is refused, even where it was signed like that")
    func unorderedList() throws {
        let secret = "s"
        let date = SigningDate(seconds: 1_440_938_160)
        let scope = CredentialScope(day: "20150830", region: "us-east-1", service: "iam")
        func verify(_ lines: [String]) throws -> VerifiedSignature {
            let names = lines.map { String($0.prefix { $0 != ":" }) }.joined(separator: ";")
            let request =
                "GET\n/\n\n" + lines.map { $0 + "\n" }.joined() + "\n\(names)\n"
                + String(decoding: CanonicalRequest.payloadHash([]), as: UTF8.self)
            let hash = String(decoding: CanonicalRequest.payloadHash(Array(request.utf8)), as: UTF8.self)
            let signature = SigningKeys().key(secret: secret, scope: scope)
                .signature(of: Array("AWS4-HMAC-SHA256\n\(date.text)\n\(scope.text)\n\(hash)".utf8))
            let message = SignedMessage(
                method: "GET", target: "/",
                headers: [
                    (name: "host", value: "h"), (name: "x-amz-date", value: date.text),
                    (
                        name: "authorization",
                        value: "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\(scope.text),SignedHeaders=\(names),"
                            + "Signature=\(String(decoding: signature, as: UTF8.self))"
                    ),
                ]
            )
            return try SignatureVerifier().verify(
                message, scope: SignatureScope(service: "iam", regions: .oneOf(["us-east-1"])), now: [date.date]
            ) { _ in KnownKey(secret: secret) }
        }
        let lines = ["host:h", "x-amz-date:\(date.text)"]
        _ = try verify(lines)
        #expect(throws: SignatureError.mismatch) { try verify(lines.reversed()) }
        #expect(throws: SignatureError.mismatch) { try verify([lines[0]] + lines) }
        #expect(throws: SignatureError.mismatch) { try verify(["Host:h", lines[1]]) }
    }

    @Test("Of several parameters of a name the first signs, and the rest are signed")
    func repeatedParameters() throws {
        let vector = try #require(SignatureVector.all.first { $0.name == "presigned, short" })
        let verifier = SignatureVerifier()
        let extra = vector.message.with { $0.target += "&X-Amz-Signature=0" }
        #expect(throws: SignatureError.mismatch) { try vector.verify(extra, with: verifier) }
        #expect(throws: SignatureError.mismatch) {
            try vector.verify(vector.message.with { $0.target += "&X-Amz-Date=20150830T123600Z" }, with: verifier)
        }
    }
}
