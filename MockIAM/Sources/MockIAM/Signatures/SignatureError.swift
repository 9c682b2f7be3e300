/// Why a request is not taken for its sender's, in AWS's words.
struct SignatureError: Error, Equatable {
    /// The HTTP status with which a service of the Query protocol answers.
    var status: Int
    /// The Query protocol's error code.
    var code: String
    var message: String

    /// The error code of services that speak JSON 1.1, such as Organizations.
    var jsonCode: String {
        switch code {
        case "InvalidClientTokenId": "UnrecognizedClientException"
        case "SignatureDoesNotMatch": "InvalidSignatureException"
        default: code + "Exception"
        }
    }

    /// With JSON 1.1 every one of them comes with 400, as seen from EMR (aws-sdk-ruby#431), SageMaker
    /// (smithy4s#1568), Cognito (aws-sdk-php#2444) and DynamoDB (dynalite).
    var jsonStatus: Int { 400 }
}

extension SignatureError {
    /// aws-privateca-issuer#40, selling-partner-api-docs#3081.
    static let nothingSigned = SignatureError(
        status: 403, code: "MissingAuthenticationToken", message: "Request is missing Authentication Token"
    )

    static let mismatch = SignatureError(
        status: 403, code: "SignatureDoesNotMatch",
        message: "The request signature we calculated does not match the signature you provided. Check your AWS "
            + "Secret Access Key and signing method. Consult the service documentation for details."
    )

    /// AWS refuses a request that is signed both ways, and says nothing to it (scratchstack-aws-signature).
    static let signedTwice = SignatureError(status: 403, code: "SignatureDoesNotMatch", message: "")

    /// Also what a temporary key without its session token gets, and a key that isn't active.
    static let unknownKey = SignatureError(
        status: 403, code: "InvalidClientTokenId", message: "The security token included in the request is invalid."
    )

    /// Without a full stop when it is the token itself that is wrong (scratchstack-aws-signature, dynalite,
    /// iamlive#58).
    static let wrongSessionToken = SignatureError(
        status: 403, code: "InvalidClientTokenId", message: "The security token included in the request is invalid"
    )

    static let expiredToken = SignatureError(
        status: 403, code: "ExpiredToken", message: "The security token included in the request is expired"
    )

    /// AWSSigner#3, aws-sdk-php#2469.
    static let hostNotSigned = SignatureError(
        status: 403, code: "SignatureDoesNotMatch",
        message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
    )

    static func scope(_ complaints: String) -> SignatureError {
        SignatureError(status: 403, code: "SignatureDoesNotMatch", message: complaints)
    }

    /// S3's words. What IAM says is not known: the documentation wants all of these headers signed.
    static func headersNotSigned(_ names: [String]) -> SignatureError {
        SignatureError(
            status: 403, code: "SignatureDoesNotMatch",
            message: "There were headers present in the request which were not signed: "
                + names.joined(separator: ", ").echo
        )
    }

    /// terraform issues and bootcamp#101: `Signature expired: 20160609T184512Z is now earlier than 20160610T013008Z
    /// (20160610T014508Z - 15 min.)`.
    static func expired(_ date: SigningDate, now: SigningDate, window: Int) -> SignatureError {
        SignatureError(
            status: 403, code: "SignatureDoesNotMatch",
            message: "Signature expired: \(date.text) is now earlier than \((now + -window).text) "
                + "(\(now.text) - \(window / 60) min.)"
        )
    }

    static func notYetCurrent(_ date: SigningDate, now: SigningDate, window: Int) -> SignatureError {
        SignatureError(
            status: 403, code: "SignatureDoesNotMatch",
            message: "Signature not yet current: \(date.text) is still later than \((now + window).text) "
                + "(\(now.text) + \(window / 60) min.)"
        )
    }
}
