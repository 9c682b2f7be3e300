extension MockIAM.FaultPlan {
    /// A token bucket: it holds `burst` requests, full at the start, and gains `rate` a second.
    public struct Throttle: Sendable, Equatable {
        /// Requests a second.
        public var rate: Double
        /// How many requests may come at once.
        public var burst: Double
        /// The error that requests beyond the limit get: `Throttling` 400 unless told otherwise.
        public var error: Failure

        /// A limit; a second's worth of requests may come at once unless told otherwise, and one at least.
        public init(rate: Double, burst: Double? = nil, error: Failure = .code("Throttling")) {
            self.rate = rate
            self.burst = burst ?? max(1, rate)
            self.error = error
        }
    }

    /// An error in AWS's form, XML and all. Its `Type` follows the status: `Receiver` from 500 on, `Sender` below.
    public struct Failure: Sendable, Equatable {
        /// The HTTP status.
        public var status: Int
        /// AWS's code.
        public var code: String
        /// The message, which is for people to read. Empty for an error that comes without one.
        public var message: String

        /// An error.
        public init(status: Int, code: String, message: String) {
            self.status = status
            self.code = code
            self.message = message
        }
    }

    /// Users or access keys that are listed but gone when they are asked about: calls that name such a user get
    /// `NoSuchEntity` 404, and GetAccessKeyLastUsed of such a key gets `AccessDenied` 403. It is what a reader sees of
    /// whoever is deleted between two of its calls.
    public struct Vanishing: Sendable, Equatable {
        /// The users, as `UserName` names them.
        public var user: Pattern?
        /// The access keys, as `AccessKeyId` names them.
        public var accessKey: Pattern?
        /// Whether they are missing from lists, too.
        public var fromLists: Bool

        /// Who is gone.
        public init(user: Pattern? = nil, accessKey: Pattern? = nil, fromLists: Bool = false) {
            self.user = user
            self.accessKey = accessKey
            self.fromLists = fromLists
        }
    }
}

extension MockIAM.FaultPlan.Failure {
    /// The error that AWS is most likely to send with this status; `InternalFailure` for one that AWS has no error for.
    public static func status(_ status: Int) -> Self {
        let (code, message) = known.first { $0.status == status }.map { ($0.code, $0.message) } ?? unknown
        return Self(status: status, code: code, message: message)
    }

    /// The error of this code, with the status and the message that AWS sends with it; 400 for an unknown one.
    public static func code(_ code: String) -> Self {
        let (status, message) = known.first { $0.code == code }.map { ($0.status, $0.message) } ?? (400, code)
        return Self(status: status, code: code, message: message)
    }

    private static let unknown = (
        code: "InternalFailure",
        message: "The request processing has failed because of an unknown error, exception or failure."
    )

    /// Statuses and codes as in "Common Errors" of the IAM and STS API references and in the operations' own lists; the
    /// first of a status is the likeliest.
    private static let known: [(status: Int, code: String, message: String)] = [
        (400, "ValidationError", "The input fails to satisfy the constraints specified by an AWS service."),
        (400, "Throttling", "Rate exceeded"),
        (400, "RequestExpired", "Request has expired."),
        (400, "IncompleteSignature", "The request signature does not conform to AWS standards."),
        (400, "IDPCommunicationError", "An error occurred while communicating with the identity provider."),
        (400, "ExpiredTokenException", "The web identity token that was passed is expired."),
        (400, "InvalidIdentityToken", "The web identity token that was passed could not be validated."),
        (400, "MalformedPolicyDocument", "The policy document was malformed."),
        (400, "PackedPolicyTooLarge", "The session policy and session tags are too large."),
        (400, "InvalidInput", "An invalid or out-of-range value was supplied for an input parameter."),
        (403, "AccessDenied", "User is not authorized to perform this operation."),
        (403, "InvalidClientTokenId", "The security token included in the request is invalid."),
        (
            403, "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. "
                + "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
        ),
        (403, "ExpiredToken", "The security token included in the request is expired"),
        (403, "OptInRequired", "The AWS access key ID needs a subscription for the service."),
        (403, "IDPRejectedClaim", "The identity provider (IdP) reported that authentication failed."),
        (403, "RegionDisabledException", "STS is not activated in the requested region for this account."),
        (404, "NoSuchEntity", "The request referenced a resource entity that does not exist."),
        (404, "NotSupportedService", "The specified service does not support service-specific credentials."),
        (404, "ReportInProgress", ""),
        (409, "LimitExceeded", "The request was rejected because it attempted to exceed a limit."),
        (410, "ReportNotPresent", ""),
        (410, "ReportExpired", "Report is expired. Please generate a new report."),
        (500, unknown.code, unknown.message),
        (500, "ServiceFailure", "The request processing has failed because of an unknown error."),
        (500, "PolicyEvaluation", "A provided policy could not be successfully evaluated."),
        (503, "ServiceUnavailable", "Service is unavailable. Please try again."),
    ]
}
