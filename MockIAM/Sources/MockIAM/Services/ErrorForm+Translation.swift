extension ErrorForm {
    /// The service's own error for one of the Query protocol, which is what faults and signatures speak of.
    func translated(_ error: AWSError) -> ServiceError {
        let known: (status: Int, code: String)? =
            switch self {
            case .organizations: Self.ofOrganizations[error.code]
            case .portal: Self.ofPortal[error.code]
            case .openID: Self.ofOpenID[error.code]
            case .query, .container, .metadata: nil
            }
        if let known { return ServiceError(status: known.status, code: known.code, message: error.message) }
        return ServiceError(status: error.status, code: error.code, message: error.message)
    }

    private typealias Table = [String: (status: Int, code: String)]

    /// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html, and for signatures
    /// ``SignatureError/jsonCode``.
    private static let ofOrganizations: Table = Dictionary(
        uniqueKeysWithValues: [
            "InvalidClientTokenId", "SignatureDoesNotMatch", "ExpiredToken", "MissingAuthenticationToken",
            "IncompleteSignature", "MalformedQueryString", "RequestExpired", "OptInRequired",
        ].map { code in
            let error = SignatureError(status: 403, code: code, message: "")
            return (code, (error.jsonStatus, error.jsonCode))
        }
    ).merging([
        "Throttling": (400, "TooManyRequestsException"),
        "AccessDenied": (400, "AccessDeniedException"),
        "ValidationError": (400, "InvalidInputException"),
        "InternalFailure": (500, "ServiceException"),
        "ServiceFailure": (500, "ServiceException"),
        "ServiceUnavailable": (503, "ServiceUnavailableException"),
    ]) { $1 }

    /// https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html, but for
    /// ForbiddenException, which is seen (aws-sam-cli#2129) and not documented.
    private static let ofPortal: Table = [
        "Throttling": (429, "TooManyRequestsException"),
        "TooManyRequestsException": (429, "TooManyRequestsException"),
        "AccessDenied": (403, "ForbiddenException"),
        "ExpiredToken": (401, "UnauthorizedException"),
        "UnauthorizedException": (401, "UnauthorizedException"),
        "ForbiddenException": (403, "ForbiddenException"),
        "ResourceNotFoundException": (404, "ResourceNotFoundException"),
        "ValidationError": (400, "InvalidRequestException"),
        "InternalFailure": (500, "InternalFailureException"),
        "ServiceFailure": (500, "InternalFailureException"),
        "ServiceUnavailable": (503, "ServiceUnavailableException"),
    ]

    /// https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html
    private static let ofOpenID: Table = [
        "Throttling": (400, "SlowDownException"),
        "AccessDenied": (400, "AccessDeniedException"),
        "ExpiredToken": (400, "ExpiredTokenException"),
        "InvalidClientException": (401, "InvalidClientException"),
        "ValidationError": (400, "InvalidRequestException"),
        "InternalFailure": (500, "InternalServerException"),
        "ServiceFailure": (500, "InternalServerException"),
        "InternalServerException": (500, "InternalServerException"),
    ]
}
