import FoundationEssentials

extension QueryOperation {
    /// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html: not signed, the token
    /// says who asks.
    ///
    /// A token is a JSON Web Token whose signature nobody checks, so that a test can make one. It needs `iss`, `sub`, `aud`,
    /// `iat` and `exp`, and `exp` counts. The issuer
    /// `https://unreachable.example` gives IDPCommunicationError, the one error of this operation to be retried.
    ///
    /// Where a role has `trusts`, they must name the issuer's OIDC provider:
    /// `arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com`.
    static let assumeRoleWithWebIdentity = QueryOperation(
        .sts, "AssumeRoleWithWebIdentity", isSigned: false,
        reading: { parameters throws(AWSError) in
            (
                arn: parameters.requiredText("RoleArn", .arn),
                session: parameters.requiredText("RoleSessionName", .sessionName),
                token: parameters.requiredText("WebIdentityToken", .webIdentityToken),
                duration: try parameters.number("DurationSeconds", in: 900...43_200),
                policies: try SessionPolicies(of: &parameters)
            )
        }
    ) { call, asked, result throws(AWSError) in
        let policies = asked.policies
        try policies.check()
        guard let token = WebIdentityToken(asked.token) else {
            throw .invalidIdentityToken(
                "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)")
        }
        // In AWS's words (aws/aws-sdk-ruby#2698 of aud, aws-actions/configure-aws-credentials#502 of sub); in which order it
        // looks isn't known.
        if let missing = token.missingClaim { throw .invalidIdentityToken("Missing a required claim: \(missing)") }
        if token.iss == "https://unreachable.example" {
            throw AWSError(
                status: 400, code: "IDPCommunicationError", message: "Could not connect to the identity provider.",
                service: .sts)
        }
        if let expiry = token.exp, Date(timeIntervalSince1970: expiry) <= call.callerNow {
            throw AWSError(
                status: 400, code: "ExpiredTokenException",
                message:
                    "Token expired: current date/time \(call.callerNow.timeIntervalSince1970.wholeSeconds) must be before the "
                    + "expiration date/time \(expiry.wholeSeconds)", service: .sts)
        }
        // The same for a role that isn't there [live].
        let denied = AWSError.accessDenied("Not authorized to perform sts:AssumeRoleWithWebIdentity", .sts)
        let (account, role) = try call.role(asked.arn, orElse: denied)
        guard role.mayBeAssumed(withTokenOf: token.iss, in: account) else { throw denied }
        let credentials = try call.issue(role, session: asked.session, in: account, lasting: asked.duration)
        result.field("SubjectFromWebIdentityToken", token.sub)
        result.field("Audience", token.aud?.first)
        // The ARN for a provider of OpenID Connect, as the operation's page says.
        result.field("Provider", token.iss.map(account.oidcProvider))
        result.credentials(credentials)
        result.assumedRoleUser(credentials)
        if let size = policies.packedSize() { result.field("PackedPolicySize", size) }
        call.warning = policies.warning
    }
}

extension MockIAM.Role {
    /// Whether its trust policy lets the bearers of an issuer's tokens have it: by the ARN of the OIDC provider (also with
    /// `*`), or everybody. Providers are their account's, so a role that its own account may have trusts them all.
    fileprivate func mayBeAssumed(withTokenOf issuer: String?, in account: ServedAccount) -> Bool {
        let provider = issuer.map(account.oidcProvider)
        return (trusts ?? ["*"]).contains { trusted in
            trusted == "*" || provider.map { Glob.matches($0, trusted, ignoringCase: false) } ?? false
        }
    }
}

extension ServedAccount {
    /// The ARN that a provider of OpenID Connect has or would have in the account: the issuer's URL without its scheme.
    fileprivate func oidcProvider(of issuer: String) -> String {
        arn("oidc-provider/\(issuer.firstRange(of: "://").map { issuer[$0.upperBound...] } ?? issuer[...])")
    }
}

extension AWSError {
    fileprivate static func invalidIdentityToken(_ message: String) -> AWSError {
        AWSError(status: 400, code: "InvalidIdentityToken", message: message, service: .sts)
    }
}

/// The claims of a JSON Web Token, unchecked.
private struct WebIdentityToken: Decodable {
    var sub: String?
    var aud: Audience?
    var iss: String?
    var iat: Double?
    var exp: Double?

    /// The first that must be there and isn't.
    var missingClaim: String? {
        let claims: [(name: String, isThere: Bool)] = [
            ("iss", iss != nil), ("sub", sub != nil), ("aud", aud?.first != nil), ("iat", iat != nil),
            ("exp", exp != nil),
        ]
        return claims.first { !$0.isThere }?.name
    }

    /// Whom a token is for: one, or a list, as Kubernetes always has it
    /// (https://datatracker.ietf.org/doc/html/rfc7519#section-4.1.3).
    struct Audience: Decodable {
        var first: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let one = try? container.decode(String.self) {
                first = one
            } else {
                first = try container.decode([String].self).first
            }
        }
    }

    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var payload = parts[1].map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        payload += Array(repeating: "=", count: (4 - payload.count % 4) % 4)
        guard let data = Data(base64Encoded: String(payload)),
            let token = try? JSONDecoder().decode(WebIdentityToken.self, from: data)
        else { return nil }
        self = token
    }
}

extension Double {
    /// As AWS writes seconds since 1970. A token may name an instant that no integer holds.
    fileprivate var wholeSeconds: String {
        let seconds = rounded(.down)
        return Int(exactly: seconds).map { "\($0)" } ?? "\(seconds)"
    }
}
