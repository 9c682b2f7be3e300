/// An error code of AWS's. There are more than anybody has listed; what callers act on has a name here, and services that
/// call one thing by two names are told apart here alone.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html, and each operation's own page.
package struct AWSErrorCode: RawRepresentable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Nothing has that name.
    package static let noSuchEntity = AWSErrorCode(rawValue: "NoSuchEntity")
    /// Nobody has asked for a credential report, or the last one is gone.
    package static let reportNotPresent = AWSErrorCode(rawValue: "ReportNotPresent")
    package static let reportExpired = AWSErrorCode(rawValue: "ReportExpired")
    package static let reportInProgress = AWSErrorCode(rawValue: "ReportInProgress")
    /// An argument that the operation doesn't take.
    package static let invalidInput = AWSErrorCode(rawValue: "InvalidInput")
    package static let validationError = AWSErrorCode(rawValue: "ValidationError")
    /// IAM Identity Center's: the session isn't signed in, or the role isn't assigned to it.
    package static let unauthorized = AWSErrorCode(rawValue: "UnauthorizedException")
    package static let forbidden = AWSErrorCode(rawValue: "ForbiddenException")
    /// STS isn't activated in the region, for this account.
    package static let regionDisabled = AWSErrorCode(rawValue: "RegionDisabledException")

    /// The caller may not do it.
    package var isAccessDenied: Bool { ["AccessDenied", "AccessDeniedException"].contains(rawValue) }

    /// The temporary credentials have come to their end.
    package var isExpiredToken: Bool { ["ExpiredToken", "ExpiredTokenException"].contains(rawValue) }

    /// AWS doesn't know the access key.
    package var isUnknownKey: Bool { ["InvalidClientTokenId", "UnrecognizedClientException"].contains(rawValue) }

    /// Whether every other call with the same credentials will end like this one.
    package var isOfCredentials: Bool { isExpiredToken || isUnknownKey }

    /// The secret doesn't fit the key, or the request was changed on its way; or, by its message, the date is wrong.
    package var isSignatureMismatch: Bool { ["SignatureDoesNotMatch", "InvalidSignatureException"].contains(rawValue) }

    /// AWS says so in one of these words where a signature's date is beyond its window.
    package var isOfSignatureDate: Bool { ["RequestExpired", "RequestTimeTooSkewed"].contains(rawValue) }
}
