import Testing

@testable import MockIAM

@Suite("Signatures that lack something or make no sense")
struct IncompleteSignatureTests {
    @Test("A presigned request lives for 15 minutes, whatever it says, but must not say nonsense")
    func expiry() {
        for good in ["1", "60", "604800"] {
            #expect(SignedExample.error(SignedExample.presigned(["X-Amz-Expires": good])) == .mismatch)
        }
        for bad in ["", "0", "-1", "604801", "1.5", "x", "99999999999999999999999999", "%00", "%FF"] {
            #expect(
                SignedExample.error(SignedExample.presigned(["X-Amz-Expires": bad]))?.code == "IncompleteSignature",
                "\(bad)")
        }
    }

    @Test("An Authorization header that lacks something, whose text is never repeated")
    func incompleteHeaders() throws {
        func message(_ header: String, date: Bool = true) -> String? {
            let headers = [(name: "host", value: "h"), (name: "authorization", value: header)]
            let error = SignedExample.error(
                SignedMessage(
                    method: "GET", target: "/",
                    headers: headers + (date ? [(name: "x-amz-date", value: "20150830T123600Z")] : [])
                )
            )
            #expect(error?.status == 400)
            #expect(error?.code == "IncompleteSignature")
            return error?.message
        }
        #expect(
            message("AWS4-HMAC-SHA256", date: false) == "Authorization header requires 'Credential' parameter. "
                + "Authorization header requires 'Signature' parameter. "
                + "Authorization header requires 'SignedHeaders' parameter. "
                + "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
                + "(Hashed with SHA-256 and encoded with Base64) "
                + "Authorization=YI2YWea8FSxnksZL2ETHbs5elHm9HQufxTLK0W0ffV0="
        )
        #expect(
            message("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host")?
                .hasPrefix("Authorization header requires 'Signature' parameter. (Hashed") == true
        )
        #expect(
            message("AWS4-HMAC-SHA256 Credential=a b, SignedHeaders=host, Signature=secret")?
                .hasPrefix("Invalid key=value pair (missing equal-sign) in Authorization header (hashed with") == true
        )
        #expect(message("Bearer secret") == "Unsupported AWS 'algorithm': 'Bearer'.")
        #expect(message("") == "Unsupported AWS 'algorithm': ''.")
        #expect(message(String(repeating: "s", count: 33)) == "Unsupported AWS 'algorithm': '...'.")
        let rest = "SignedHeaders=host, Signature=secret"
        #expect(
            message("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam, \(rest)")
                == "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
                + "got 'AKIDEXAMPLE/20150830/us-east-1/iam'"
        )
        #expect(
            message("AWS4-HMAC-SHA256 Credential=ab/cd/20150830/us-east-1/iam/aws4_request, \(rest)")?
                .hasSuffix("got 'ab/cd/20150830/us-east-1/iam/aws4_request'") == true
        )
    }

    @Test("A query that lacks something")
    func incompleteQueries() {
        let error = SignedExample.error(
            SignedExample.presigned(["X-Amz-Signature": ""], without: ["X-Amz-Credential", "X-Amz-Date"])
        )
        #expect(
            error
                == SignatureError(
                    status: 400, code: "IncompleteSignature",
                    message: "AWS query-string parameters must include 'X-Amz-Credential'. "
                        + "AWS query-string parameters must include 'X-Amz-Signature'. "
                        + "AWS query-string parameters must include 'X-Amz-Date'. "
                        + "Re-examine the query-string parameters."
                )
        )
    }

    @Test("A date that is none")
    func malformedDates() {
        for date in [
            "x", "20150830", "20150830T123600", "20150830T123600z", "20150230T123600Z", "20150229T123600Z",
            "19000229T123600Z", "20151330T123600Z",
            "20150830T243600Z", "20150830T126000Z", "20150830T123660Z", "2015083OT123600Z", "00000000T000000Z",
            "Sun, 30 Aug 2015 12:36:00 GMT", "20150830T123600.5Z", "2015-08-30T12:36:00%2B00:00", "%2B0150830T123600Z",
        ] {
            let error = SignedExample.error(SignedExample.presigned(["X-Amz-Date": date.replacing(" ", with: "%20")]))
            #expect(error?.status == 400)
            #expect(
                error?.message == "Date must be in ISO-8601 'basic format'. "
                    + "Got '\(date.replacing("%2B", with: "+"))'. See http://en.wikipedia.org/wiki/ISO_8601"
            )
        }
    }

    @Test("An escape that is none")
    func malformedQueries() {
        for (query, message) in [
            ("a=%", "Incomplete trailing escape % sequence"), ("a=%4", "Incomplete trailing escape % sequence"),
            ("%4&b", "Incomplete trailing escape % sequence"),
            ("a=%zz", "Illegal hex character in escape % pattern: %zz"),
            ("a=%4é", "Illegal hex character in escape % pattern: %4???"),
        ] {
            #expect(
                SignedExample.error(SignedExample.plain.with { $0.target = "/?\(query)" })
                    == SignatureError(status: 400, code: "MalformedQueryString", message: message)
            )
        }
    }
}
