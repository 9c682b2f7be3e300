import AWSClient
import FoundationEssentials
import Testing

/// AWS's own SigV4 test suite (`aws-sig-v4-test-suite`): its credentials, instant and expected signatures.
@Suite struct SigV4SignerTests {
    private let token =
        "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwt"
        + "hAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNV"
        + "XAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA"
        + "=="

    private func signature(body: String, headers: [HTTPHeader], token: String? = nil) throws -> SigV4Signer.Steps {
        let url = try #require(EndpointURL("https://example.amazonaws.com/"))
        let signer = SigV4Signer(scope: SigningScope(service: "service", region: "us-east-1"))
        let credentials = Credentials(
            accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            sessionToken: token.map(Secret.init), origin: "test")
        return signer.steps(
            for: HTTPRequest(url: url, headers: headers, body: Array(body.utf8)), with: credentials,
            at: Date(timeIntervalSince1970: 1_440_938_160))
    }

    @Test func `post-vanilla`() throws {
        let steps = try signature(body: "", headers: [])
        #expect(
            steps.canonicalText == """
                POST
                /

                host:example.amazonaws.com
                x-amz-date:20150830T123600Z

                host;x-amz-date
                e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                """)
        #expect(
            steps.textToSign == """
                AWS4-HMAC-SHA256
                20150830T123600Z
                20150830/us-east-1/service/aws4_request
                553f88c9e4d10fc9e109e2aeb65f030801b70c2f6468faca261d401ae622fc87
                """)
        #expect(steps.signature == "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")
    }

    @Test func `post-x-www-form-urlencoded`() throws {
        let type = HTTPHeader(name: "Content-Type", value: "application/x-www-form-urlencoded")
        let steps = try signature(body: "Param1=value1", headers: [type])
        #expect(steps.signature == "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")
    }

    @Test func `post-sts-header-before: a session token is a signed header`() throws {
        let steps = try signature(body: "", headers: [], token: token)
        #expect(steps.signedHeaders == "host;x-amz-date;x-amz-security-token")
        #expect(steps.signature == "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead")
    }

    @Test func `values are trimmed and folded, and equal names joined`() throws {
        let headers = [
            HTTPHeader(name: "My-Header", value: "  a   b  "), HTTPHeader(name: "my-header", value: "c"),
        ]
        #expect(try signature(body: "", headers: headers).canonicalText.contains("\nmy-header:a b,c\n"))
    }

    @Test func `percent encoding escapes everything but the unreserved characters`() {
        #expect(PercentEncoding.encode("az AZ-09._~/+=é") == "az%20AZ-09._~%2F%2B%3D%C3%A9")
        #expect(PercentEncoding.encode("/a b/", keepingSlash: true) == "/a%20b/")
    }

    // MARK: What isn't in AWS's suite

    private let credentials = Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret("s"), origin: "test")
    private let instant = Date(timeIntervalSince1970: 1_440_938_160)

    private func signer() -> SigV4Signer {
        SigV4Signer(scope: SigningScope(service: "service", region: "us-east-1"))
    }

    private func request(query: String = "") throws -> HTTPRequest {
        HTTPRequest(url: try #require(EndpointURL("https://example.amazonaws.com/")), query: query)
    }

    @Test(arguments: [
        ("a=%2f", "a=%2F"), ("a=%+1", "a=%25%2B1"), ("a=%-1", "a=%25-1"), ("a=%g1", "a=%25g1"), ("a=%4", "a=%254"),
    ])
    func `what is no escape in a query stands for its own characters`(query: String, canonical: String) throws {
        let steps = signer().steps(for: try request(query: query), with: credentials, at: instant)
        #expect(steps.canonicalText.split(separator: "\n", omittingEmptySubsequences: false)[2] == canonical)
    }

    /// A signer keeps its keys.
    @Test func `another secret under the same id signs otherwise`() throws {
        var other = credentials
        other.secretAccessKey = Secret("other")
        let used = signer()
        _ = used.steps(for: try request(), with: credentials, at: instant)
        #expect(
            used.steps(for: try request(), with: other, at: instant).signature
                == signer().steps(for: try request(), with: other, at: instant).signature)
    }

    /// A signer keeps the last timestamp.
    @Test func `an instant is signed for the second that it lies in, whatever was signed before`() throws {
        let signer = signer()
        let stamps = try [0.5, 1.0, 1.75, 0.999].map { offset in
            let steps = signer.steps(for: try request(), with: credentials, at: instant + offset)
            return String(steps.textToSign.split(separator: "\n")[1])
        }
        #expect(stamps == ["20150830T123600Z", "20150830T123601Z", "20150830T123601Z", "20150830T123600Z"])
    }
}

extension SigV4Signer.Steps {
    var canonicalText: String { String(decoding: canonicalRequest, as: UTF8.self) }
    var textToSign: String { String(decoding: stringToSign, as: UTF8.self) }
}
