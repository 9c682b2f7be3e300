import FoundationEssentials
import Testing

@testable import MockIAM

/// A request to IAM of 30 August 2015, the keys that a server knows, and what is wrong by them.
enum SignedExample {
    static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    static let token = "IQoJb3JpZ2luX2VjEXAMPLE"
    static let keys = [
        "AKIDEXAMPLE": KnownKey(secret: secret), "ASIAEXAMPLE": KnownKey(secret: secret, sessionToken: token),
    ]
    static let date = SigningDate(seconds: 1_440_938_160)
    static let iam = SignatureScope(service: "iam", regions: .oneOf(["us-east-1"]))
    static let sts = SignatureScope(service: "sts", regions: .anyKnown)

    static let plain = SignedMessage(
        method: "POST", target: "/",
        headers: [
            (name: "Host", value: "iam.amazonaws.com"), (name: "Content-Type", value: "text/plain"),
        ],
        body: Array("Action=GetUser".utf8)
    )

    static func signed(
        _ message: SignedMessage = plain, by id: String = "AKIDEXAMPLE", secret: String = secret,
        token: String? = nil, region: String = "us-east-1", service: String = "iam", after seconds: Int = 0
    ) throws -> SignedMessage {
        try RequestSigner(accessKeyID: id, secret: secret, sessionToken: token, region: region, service: service)
            .signed(message, at: (date + seconds).date)
    }

    /// The error of a message; nil where there is none.
    static func error(
        _ message: SignedMessage, scope: SignatureScope = iam, now: [Date] = [date.date]
    ) -> SignatureError? {
        do throws(SignatureError) {
            _ = try SignatureVerifier().verify(message, scope: scope, now: now) { keys[$0] }
            return nil
        } catch {
            return error
        }
    }

    /// A message with its `Authorization` header replaced or changed.
    static func authorized(
        _ message: SignedMessage, _ change: (String) -> String
    ) throws -> SignedMessage {
        let index = try #require(message.headers.firstIndex { $0.name == "Authorization" })
        return message.with { $0.headers[index].value = change($0.headers[index].value) }
    }

    /// A query that is signed by a made-up signature.
    static func presigned(
        _ changes: [String: String] = [:], without missing: Set<String> = []
    ) -> SignedMessage {
        var parameters = [
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": "AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request",
            "X-Amz-Date": "20150830T123600Z", "X-Amz-SignedHeaders": "host",
            "X-Amz-Signature": String(repeating: "0", count: 64),
        ]
        parameters.merge(changes) { $1 }
        let query = parameters.filter { !missing.contains($0.key) }.map { "\($0)=\($1)" }.sorted()
        return SignedMessage(
            method: "GET", target: "/?" + query.joined(separator: "&"),
            headers: [(name: "host", value: "iam.amazonaws.com")]
        )
    }
}
