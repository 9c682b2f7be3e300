import AWSClient
import Testing

/// Services call one thing by two names.
@Suite struct AWSErrorCodeTests {
    private func meanings(_ code: String) -> [String] {
        let code = AWSErrorCode(rawValue: code)
        let all = [
            ("denied", code.isAccessDenied), ("expired", code.isExpiredToken), ("unknown key", code.isUnknownKey),
            ("signature", code.isSignatureMismatch), ("date", code.isOfSignatureDate),
        ]
        return all.filter(\.1).map(\.0)
    }

    @Test(arguments: [
        ("AccessDenied", "denied"), ("AccessDeniedException", "denied"), ("ExpiredToken", "expired"),
        ("ExpiredTokenException", "expired"), ("InvalidClientTokenId", "unknown key"),
        ("UnrecognizedClientException", "unknown key"), ("SignatureDoesNotMatch", "signature"),
        ("InvalidSignatureException", "signature"), ("RequestExpired", "date"), ("RequestTimeTooSkewed", "date"),
    ])
    func `a code means one thing, and nothing else`(code: String, meaning: String) {
        #expect(meanings(code) == [meaning])
        #expect(meanings(code.lowercased()) == [])
    }

    @Test(arguments: ["AccessDenied", "AccessDeniedException"])
    func `AWS denies knowledge of a key that isn't there by either name`(code: String) throws {
        let key = GetAccessKeyLastUsed(accessKeyID: "AKIA1")
        func error(_ message: String) throws -> AWSError {
            AWSError(
                operation: "GetAccessKeyLastUsed", reason: .service(code: code, message: message, status: 403),
                endpoint: try #require(EndpointURL("https://iam.amazonaws.com")), attempts: 1, receipt: nil)
        }
        #expect(key.isUnknown(by: try error("not authorized to perform: … on resource: access key AKIA1")))
        #expect(!key.isUnknown(by: try error("not authorized to perform: … on resource: user ci-deploy")))
    }
}
