import FoundationEssentials
import Testing

@testable import MockIAM

/// What is wrong, and what AWS says to it, word for word.
@Suite("Refused signatures")
struct SignatureErrorTests {
    @Test("What is right is verified, with a permanent and with a temporary key")
    func right() throws {
        #expect(SignedExample.error(try SignedExample.signed()) == nil)
        #expect(SignedExample.error(try SignedExample.signed(by: "ASIAEXAMPLE", token: SignedExample.token)) == nil)
    }

    @Test("Nothing signed")
    func nothingSigned() {
        let expected = SignatureError(
            status: 403, code: "MissingAuthenticationToken", message: "Request is missing Authentication Token"
        )
        #expect(SignedExample.error(SignedExample.plain) == expected)
        #expect(SignedExample.error(SignedExample.presigned(["X-Amz-Algorithm": "AWS4-ECDSA-P256-SHA256"])) == expected)
        #expect(SignedExample.error(SignedExample.presigned(without: ["X-Amz-Algorithm"])) == expected)
    }

    @Test("An unknown key, and every way in which a token can be wrong")
    func unknownKeys() throws {
        let invalid = SignatureError(
            status: 403, code: "InvalidClientTokenId",
            message: "The security token included in the request is invalid."
        )
        #expect(SignedExample.error(try SignedExample.signed(by: "AKIDOTHER")) == invalid)
        #expect(SignedExample.error(try SignedExample.signed(by: "ASIAEXAMPLE")) == invalid)
        let withoutStop = SignatureError(
            status: 403, code: "InvalidClientTokenId",
            message: "The security token included in the request is invalid"
        )
        #expect(
            SignedExample.error(try SignedExample.signed(by: "ASIAEXAMPLE", token: SignedExample.token + "x"))
                == withoutStop)
        #expect(
            SignedExample.error(try SignedExample.signed(by: "AKIDEXAMPLE", token: SignedExample.token)) == withoutStop)
    }

    @Test("A wrong signature")
    func mismatch() throws {
        let expected = SignatureError(
            status: 403, code: "SignatureDoesNotMatch",
            message: "The request signature we calculated does not match the signature you provided. Check your AWS "
                + "Secret Access Key and signing method. Consult the service documentation for details."
        )
        #expect(SignedExample.error(try SignedExample.signed(secret: "another")) == expected)
        #expect(SignedExample.error(SignedExample.presigned()) == expected)
        let signed = try SignedExample.signed()
        #expect(SignedExample.error(signed.with { $0.body[0] ^= 1 }) == expected)
        // A signature is written in lower case, and its list of headers in order.
        let signature = try #require(signed.header("authorization")?.suffix(64))
        for (old, new) in [
            (String(signature), signature.uppercased()), ("content-type;host", "host;content-type"), ("host;", "Host;"),
            ("host;", "host;missing;"), ("host;", "host;host;"), ("host;", "host;;"),
        ] {
            #expect(
                SignedExample.error(try SignedExample.authorized(signed) { $0.replacing(old, with: new) }) == expected,
                "\(new)")
        }
        #expect(SignedExample.error(signed, now: []) == expected)
        #expect(SignedExample.error(signed.with { $0.target = "http://iam.amazonaws.com/" }) == expected)
    }

    @Test("A signature in header and query both")
    func signedTwice() throws {
        let error = SignedExample.error(
            try SignedExample.signed().with { $0.target = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256" })
        #expect(error == SignatureError(status: 403, code: "SignatureDoesNotMatch", message: ""))
    }

    @Test("A body hash that isn't the body's, and a payload without signature")
    func payloads() throws {
        for claim in ["UNSIGNED-PAYLOAD", String(repeating: "0", count: 64), ""] {
            let message = try SignedExample.signed().with { message in
                message.headers.removeAll { $0.name == "Authorization" || $0.name == "X-Amz-Date" }
                message.headers.append((name: "X-Amz-Content-Sha256", value: claim))
            }
            let signer = RequestSigner(
                accessKeyID: "AKIDEXAMPLE", secret: SignedExample.secret, region: "us-east-1", service: "iam"
            )
            let headers = try signer.headers(for: message, at: SignedExample.date.date)
            #expect(SignedExample.error(message.with { $0.headers += headers }) == .mismatch)
        }
    }

    @Test("A date of 15 minutes is within the window, a second more is not")
    func window() throws {
        #expect(SignedExample.error(try SignedExample.signed(after: -900)) == nil)
        #expect(SignedExample.error(try SignedExample.signed(after: 900)) == nil)
        #expect(
            SignedExample.error(try SignedExample.signed(after: -901))
                == SignatureError(
                    status: 403, code: "SignatureDoesNotMatch",
                    message: "Signature expired: 20150830T122059Z is now earlier than 20150830T122100Z "
                        + "(20150830T123600Z - 15 min.)"
                )
        )
        #expect(
            SignedExample.error(try SignedExample.signed(after: 901))
                == SignatureError(
                    status: 403, code: "SignatureDoesNotMatch",
                    message: "Signature not yet current: 20150830T125101Z is still later than 20150830T125100Z "
                        + "(20150830T123600Z + 15 min.)"
                )
        )
        // A fraction of a second is not what a date in whole seconds can be late by.
        #expect(
            SignedExample.error(
                try SignedExample.signed(after: -900), now: [SignedExample.date.date.addingTimeInterval(0.9)]) == nil)
        let far = SignedExample.date.date.addingTimeInterval(1e9)
        #expect(SignedExample.error(try SignedExample.signed(), now: [far, SignedExample.date.date]) == nil)
        #expect(
            SignedExample.error(try SignedExample.signed(), now: [far])?.message.hasPrefix("Signature expired") == true)
        for absurd in [Double.nan, .infinity, -.infinity, .greatestFiniteMagnitude] {
            #expect(SignedExample.error(try SignedExample.signed(), now: [Date(timeIntervalSince1970: absurd)]) != nil)
        }
    }

    @Test("A scope that is not the service's, all in one answer")
    func scopes() throws {
        func message(_ scope: SignatureScope, region: String = "us-east-1", service: String = "iam") throws -> String? {
            let error = SignedExample.error(try SignedExample.signed(region: region, service: service), scope: scope)
            if let error {
                #expect(error.status == 403)
                #expect(error.code == "SignatureDoesNotMatch")
            }
            return error?.message
        }
        #expect(
            try message(SignedExample.iam, region: "eu-west-1")
                == "Credential should be scoped to a valid region, not 'eu-west-1'. "
        )
        #expect(
            try message(SignedExample.iam, service: "sts") == "Credential should be scoped to correct service: 'iam'. ")
        for region in [
            "us-east-1", "eu-central-1", "us-gov-west-1", "us-isob-east-1", "eusc-de-east-1", "ap-southeast-5",
        ] {
            #expect(try message(SignedExample.sts, region: region, service: "sts") == nil)
        }
        for region in [
            "", "aws-global", "nowhere", "us-east", "US-EAST-1", "us--east-1", "us-east-1-", "1-2-3", "us-eäst-1",
        ] {
            #expect(
                try message(SignedExample.sts, region: region, service: "sts")
                    == "Credential should be scoped to a valid region. ", "\(region)"
            )
        }
        let wrong = try SignedExample.authorized(try SignedExample.signed()) {
            $0.replacing("20150830/us-east-1/iam/aws4_request", with: "20150831/c/d/e")
        }
        #expect(
            SignedExample.error(wrong)?.message == "Credential should be scoped to a valid region, not 'c'. "
                + "Credential should be scoped to correct service: 'iam'. "
                + "Credential should be scoped with a valid terminator: 'aws4_request', not 'e'. "
                + "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                + "'20150831' != '20150830', from '20150830T123600Z'."
        )
    }

    @Test("A host that isn't signed, or an x-amz header that isn't")
    func unsignedHeaders() throws {
        let signed = try SignedExample.signed()
        #expect(
            SignedExample.error(try SignedExample.authorized(signed) { $0.replacing("host;", with: "") })
                == SignatureError(
                    status: 403, code: "SignatureDoesNotMatch",
                    message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
                )
        )
        #expect(
            SignedExample.error(signed.with { $0.headers.append((name: "X-AMZ-Foo", value: "")) })
                == SignatureError(
                    status: 403, code: "SignatureDoesNotMatch",
                    message: "There were headers present in the request which were not signed: x-amz-foo"
                )
        )
        #expect(SignedExample.error(signed.with { $0.headers.append((name: "X-Amzn-Trace-Id", value: "")) }) == nil)
    }

    @Test("Errors in the order in which AWS finds them")
    func order() throws {
        // Everything is wrong: with each repair the next error comes to light.
        var message = SignedExample.plain.with { $0.target = "/?%" }
        func code() -> String? { SignedExample.error(message).map { "\($0.code) \($0.message.prefix(20))" } }
        #expect(code() == "MalformedQueryString Incomplete trailing ")
        message.target = "/"
        #expect(code() == "MissingAuthenticationToken Request is missing A")
        func authorize(_ text: String) { message.headers.append((name: "Authorization", value: text)) }
        func repair(_ text: String) {
            message.headers.removeAll { $0.name == "Authorization" }
            authorize(text)
        }
        repair("AWS3 x")
        #expect(code() == "IncompleteSignature Unsupported AWS 'alg")
        repair("AWS4-HMAC-SHA256 x")
        #expect(code() == "IncompleteSignature Invalid key=value pa")
        repair("AWS4-HMAC-SHA256 x=")
        #expect(code() == "IncompleteSignature Authorization header")
        message.headers.append((name: "X-Amz-Date", value: "x"))
        repair("AWS4-HMAC-SHA256 Credential=x,SignedHeaders=x,Signature=x")
        #expect(code() == "SignatureDoesNotMatch 'Host' or ':authorit")
        repair("AWS4-HMAC-SHA256 Credential=x,SignedHeaders=host,Signature=x")
        #expect(code() == "IncompleteSignature Date must be in ISO-")
        message.headers.removeAll { $0.name == "X-Amz-Date" }
        message.headers.append((name: "X-Amz-Date", value: "20100101T000000Z"))
        #expect(code() == "SignatureDoesNotMatch Signature expired: 2")
        message.headers.removeAll { $0.name == "X-Amz-Date" }
        message.headers.append((name: "X-Amz-Date", value: "20150830T123600Z"))
        #expect(code() == "IncompleteSignature Credential must have")
        repair("AWS4-HMAC-SHA256 Credential=x/x/x/x/x,SignedHeaders=host,Signature=x")
        #expect(code() == "SignatureDoesNotMatch Credential should be")
        let scope = "20150830/us-east-1/iam/aws4_request"
        repair("AWS4-HMAC-SHA256 Credential=x/\(scope),SignedHeaders=host,Signature=x")
        #expect(code() == "InvalidClientTokenId The security token i")
        repair("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\(scope),SignedHeaders=host,Signature=x")
        #expect(code() == "SignatureDoesNotMatch There were headers p")
        repair("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\(scope),SignedHeaders=host;x-amz-date,Signature=x")
        #expect(code() == "SignatureDoesNotMatch The request signatur")
    }

    @Test("A service of JSON 1.1 has names of its own")
    func json() {
        #expect(SignatureError.nothingSigned.jsonCode == "MissingAuthenticationTokenException")
        #expect(SignatureError.unknownKey.jsonCode == "UnrecognizedClientException")
        #expect(SignatureError.mismatch.jsonCode == "InvalidSignatureException")
        #expect(SignatureError.malformedExpiry.jsonCode == "IncompleteSignatureException")
        #expect(SignatureError.expiredToken.jsonCode == "ExpiredTokenException")
        #expect(SignatureError.mismatch.jsonStatus == 400)
    }
}
