import FoundationEssentials
import Testing

@testable import MockIAM

/// The example of the AWS General Reference, "Signature Version 4 signing process", and requests of AWS's published
/// test suite for it. All are signed by AKIDEXAMPLE on 30 August 2015 at 12:36.
@Suite("AWS's own examples")
struct AWSExampleTests {
    private static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    private static let listUsers = SignedMessage(
        method: "GET", target: "/?Action=ListUsers&Version=2010-05-08",
        headers: [
            (name: "Host", value: "iam.amazonaws.com"),
            (name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8"),
            (name: "X-Amz-Date", value: "20150830T123600Z"),
        ]
    )

    @Test("ListUsers: canonical request, string to sign, signature")
    func documentation() throws {
        let names = SignedHeaderNames("content-type;host;x-amz-date".utf8)
        let request = try #require(
            CanonicalRequest(
                Self.listUsers, query: try QueryString(Self.listUsers.query), signedHeaders: names,
                payloadHash: CanonicalRequest.payloadHash([])
            )
        )
        #expect(
            String(decoding: request.bytes, as: UTF8.self) == """
                GET
                /
                Action=ListUsers&Version=2010-05-08
                content-type:application/x-www-form-urlencoded; charset=utf-8
                host:iam.amazonaws.com
                x-amz-date:20150830T123600Z

                content-type;host;x-amz-date
                e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                """
        )
        let scope = CredentialScope(day: "20150830", region: "us-east-1", service: "iam")
        let date = try #require(SigningDate(iso: "20150830T123600Z"))
        #expect(
            String(decoding: request.stringToSign(scope, date: date), as: UTF8.self) == """
                AWS4-HMAC-SHA256
                20150830T123600Z
                20150830/us-east-1/iam/aws4_request
                f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59
                """
        )
        let key = SigningKeys().key(secret: Self.secret, scope: scope)
        #expect(
            String(decoding: key.signature(of: request.stringToSign(scope, date: date)), as: UTF8.self)
                == "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
        )
    }

    @Test("ListUsers: the signer's header is the documentation's")
    func signer() throws {
        var message = Self.listUsers
        message.headers.removeLast()
        let date = try #require(SigningDate(iso: "20150830T123600Z")).date
        let signer = RequestSigner(
            accessKeyID: "AKIDEXAMPLE", secret: Self.secret, region: "us-east-1", service: "iam"
        )
        let headers = try signer.headers(for: message, at: date)
        #expect(headers.map(\.name) == ["X-Amz-Date", "Authorization"])
        #expect(
            headers.last?.value == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
                + "SignedHeaders=content-type;host;x-amz-date, "
                + "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
        )
    }

    /// A request of the test suite: its name there, first line, headers beyond host and date, body, and signature.
    struct SuiteCase: CustomTestStringConvertible {
        var testDescription: String
        var method: String
        var target: String
        var headers: [(name: String, value: String)]
        var body: String
        var signature: String

        init(
            _ name: String, _ signature: String, _ method: String, _ target: String,
            _ headers: [(name: String, value: String)] = [], body: String = ""
        ) {
            testDescription = name
            self.method = method
            self.target = target
            self.headers = headers
            self.body = body
            self.signature = signature
        }
    }

    @Test("A request of the test suite is verified", arguments: suite)
    func suiteCase(_ example: SuiteCase) throws {
        let names = Set(example.headers.map { $0.name.lowercased() } + ["host", "x-amz-date"]).sorted()
        let message = SignedMessage(
            method: example.method, target: example.target,
            headers: [
                (name: "Host", value: "example.amazonaws.com"), (name: "X-Amz-Date", value: "20150830T123600Z"),
                (
                    name: "Authorization",
                    value: "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                        + "SignedHeaders=\(names.joined(separator: ";")), Signature=\(example.signature)"
                ),
            ] + example.headers,
            body: Array(example.body.utf8)
        )
        let verified = try SignatureVerifier().verify(
            message, scope: SignatureScope(service: "service", regions: .oneOf(["us-east-1"])),
            now: [try #require(SigningDate(iso: "20150830T123600Z")).date]
        ) { id in
            id == "AKIDEXAMPLE" ? KnownKey(secret: Self.secret) : nil
        }
        #expect(verified.accessKeyID == "AKIDEXAMPLE")
    }
}
