import FoundationEssentials

/// What the server knows about an access key id.
struct KnownKey: Sendable {
    var secret: String
    /// The token that requests by a temporary key carry; nil for a permanent one.
    var sessionToken: String?
}

/// Who signed a request, when, and for where.
struct VerifiedSignature: Sendable, Equatable {
    var accessKeyID: String
    var signedAt: Date
    var region: String
    var service: String
}

/// Checks requests that are signed by AWS's Signature Version 4, in the `Authorization` header or in the query.
///
/// What is signed, and how, is AWS's documentation. The checks come in the order in which AWS was seen to make them
/// (the diagram "AWS Auth Error Ordering" of scratchstack-aws-signature, and for DynamoDB the notes in dynalite): the
/// query string's escapes, whether and how the request is signed, that the host is, the date's form and window, the
/// credential's form and scope, the key, its session token, and last the signature.
struct SignatureVerifier: Sendable {
    /// How many seconds a signature's date may be away from the clock, on either side.
    static let window = 15 * 60

    private let keys = SigningKeys()

    /// - Parameters:
    ///   - now: the clocks that a signature's date may be in the window of; the errors quote the first. With none,
    ///     nothing is accepted.
    ///   - key: what is known of an access key id; nil for an unknown or inactive key.
    /// - Returns: who signed and when.
    func verify(
        _ message: SignedMessage, scope: SignatureScope, now: [Date], key: (String) -> KnownKey?
    ) throws(SignatureError) -> VerifiedSignature {
        let query = try QueryString(message.query)
        let claim = try SignatureClaim(message, query: query)
        guard claim.signedHeaders.contains("host".utf8) else { throw .hostNotSigned }
        let date = try claim.signingDate()
        try Self.check(date, against: now)
        let credential = try Credential(claim.credential)
        try scope.check(credential.scope, against: date)
        guard let known = key(credential.accessKeyID) else { throw .unknownKey }
        try known.check(claim.sessionToken)
        try checkSignature(of: message, query: query, claim, credential.scope, date, secret: known.secret)
        return VerifiedSignature(
            accessKeyID: credential.accessKeyID, signedAt: date.date, region: credential.scope.region,
            service: credential.scope.service
        )
    }

    private static func check(_ date: SigningDate, against now: [Date]) throws(SignatureError) {
        let clocks = now.map { SigningDate($0) }
        if clocks.contains(where: { abs($0.seconds - date.seconds) <= window }) { return }
        guard let clock = clocks.first else { throw .mismatch }
        throw date < clock
            ? .expired(date, now: clock, window: window) : .notYetCurrent(date, now: clock, window: window)
    }

    private func checkSignature(
        of message: SignedMessage, query: QueryString, _ claim: SignatureClaim, _ scope: CredentialScope,
        _ date: SigningDate, secret: String
    ) throws(SignatureError) {
        let unsigned = message.headers.lazy.map(\.name).filter {
            $0.isAmazons && !claim.signedHeaders.contains($0.utf8)
        }
        guard unsigned.isEmpty else { throw .headersNotSigned(unsigned.map { $0.lowercased() }) }
        let hash = CanonicalRequest.payloadHash(message.body)
        // IAM and STS don't know unsigned payloads, so a header that isn't this body's hash can't be right.
        if let claimed = message.header("x-amz-content-sha256"), !claimed.utf8.elementsEqual(hash) { throw .mismatch }
        guard
            let request = CanonicalRequest(
                message, query: claim.place == .query ? query.removingFirst("X-Amz-Signature") : query,
                signedHeaders: claim.signedHeaders, payloadHash: hash
            )
        else { throw .mismatch }
        let signature = keys.key(secret: secret, scope: scope)
            .signature(of: request.stringToSign(scope, date: date))
        guard claim.signature.isIdenticalInConstantTime(to: signature) else { throw .mismatch }
    }
}

extension KnownKey {
    fileprivate func check(_ token: String?) throws(SignatureError) {
        switch (sessionToken, token) {
        case (nil, nil): return
        case (_?, nil): throw .unknownKey
        case (nil, _?): throw .wrongSessionToken
        case (let expected?, let token?):
            guard Array(token.utf8).isIdenticalInConstantTime(to: Array(expected.utf8)) else {
                throw .wrongSessionToken
            }
        }
    }
}

extension String {
    /// Whether a header is one of those that AWS wants signed, `x-amz-…`. `x-amzn-trace-id` isn't.
    fileprivate var isAmazons: Bool {
        utf8.first?.lowercasedASCII == UInt8(ascii: "x") && utf8.prefix(6).isSpelled("x-amz-".utf8)
    }
}

extension [UInt8] {
    /// Compares without telling by the time it takes how far two secrets agree.
    fileprivate func isIdenticalInConstantTime(to other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        var difference: UInt8 = 0
        for index in indices { difference |= self[index] ^ other[index] }
        return difference == 0
    }
}
