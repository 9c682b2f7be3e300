extension QueryOperation {
    /// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html: a root user's session is an hour long
    /// at most; a longer one that is asked for becomes that. No permission is needed.
    static let getSessionToken = QueryOperation(
        .sts, "GetSessionToken", needsPermission: false,
        reading: { parameters throws(AWSError) in
            (
                duration: try parameters.number("DurationSeconds", in: 900...129_600),
                serial: parameters.text("SerialNumber", .serialNumber), code: parameters.text("TokenCode", .tokenCode)
            )
        }
    ) { call, asked, result throws(AWSError) in
        let (duration, serial, code) = asked
        let identity = call.identity
        guard !identity.isSession else {
            throw .accessDenied("Cannot call GetSessionToken with session credentials", .sts)
        }
        try call.checkDevice(serial, code: code)
        try call.refuseWrongCode(code)
        let isRoot = identity.principal == .root
        let credentials = call.world.issueCredentials(
            for: identity.session(code != nil ? .withMFA : .withoutMFA),
            lasting: isRoot ? min(duration ?? 3600, 3600) : duration ?? 43_200, from: call.callerNow)
        result.credentials(credentials)
    }
}
