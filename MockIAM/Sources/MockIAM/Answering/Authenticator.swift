import FoundationEssentials
import NIOCore
import NIOHTTP1
import Recording

/// Finds out who a request comes from.
struct Authenticator: Sendable {
    /// Who asks, and what time it is there.
    struct Caller: Sendable {
        var identity: Identity
        /// The caller's time: that of its signature.
        var now: Date
        /// The access key id as it was sent; nil for an unsigned request.
        var accessKeyID: String?
    }

    let mode: MockIAM.Authentication
    let world: World
    private let verifier = SignatureVerifier()

    init(mode: MockIAM.Authentication, world: World) {
        self.mode = mode
        self.world = world
    }

    /// - Parameters:
    ///   - service: whose scope the signature must have.
    ///   - skew: seconds by which the emulator's clock is to be wrong.
    func caller(of request: HTTPRequest, for service: Service, skew: TimeInterval = 0) throws(AWSError) -> Caller {
        let claimed = request.claimedAccessKeyID
        switch mode {
        case .off: return unverified(claimed)
        case .lenient where claimed.flatMap(world.signer) == nil: return unverified(claimed)
        case .lenient, .strict: return try verified(request, service, skew)
        }
    }

    /// Who an unsigned request of an unsigned operation comes from.
    func anonymous() -> Caller {
        unverified(nil)
    }

    private func unverified(_ accessKeyID: String?) -> Caller {
        let identity = accessKeyID.flatMap(world.signer)?.identity ?? world.defaultIdentity
        return Caller(identity: identity, now: world.clock.isMoving ? world.clock.now : .now, accessKeyID: accessKeyID)
    }

    private func verified(_ request: HTTPRequest, _ service: Service, _ skew: TimeInterval) throws(AWSError) -> Caller {
        let message = SignedMessage(request)
        let signer = request.claimedAccessKeyID.flatMap(world.signer)
        let scope = SignatureScope(service: service.rawValue, regions: regions(of: service, signer))
        do throws(SignatureError) {
            let signature = try verifier.verify(message, scope: scope, now: clocks(skew)) { accessKeyID in
                guard let signer, signer.identity.accessKeyID == accessKeyID, signer.isActive else { return nil }
                return KnownKey(signer, presented: request.presentedToken)
            }
            guard let signer else { preconditionFailure("a signature was verified without a key") }
            if let session = signer.session, world.isExpired(session, at: signature.signedAt) {
                throw SignatureError.expiredToken
            }
            // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html: no operation of IAM without
            // MFA. AWS says of the token what it says of a wrong one.
            if service == .iam, signer.identity.userSession == .withoutMFA { throw SignatureError.wrongSessionToken }
            return Caller(identity: signer.identity, now: signature.signedAt, accessKeyID: signature.accessKeyID)
        } catch {
            throw AWSError(error, service)
        }
    }

    /// The clocks whose window a signature's date may lie in.
    ///
    /// Where the emulator's clock stands still it says at which instant the facts are to be judged, and most clients sign
    /// with their machine's time nevertheless. So either is right. A clock that is to be wrong is so for both: AWS takes
    /// a client whose clock is ten minutes off, whichever clock that is.
    private func clocks(_ skew: TimeInterval) -> [Date] {
        let clocks = world.clock.isMoving ? [world.clock.now] : [world.clock.now, .now]
        return clocks.map { $0 + skew }
    }

    /// IAM and Organizations have one region for the whole world; STS has one endpoint to each region, and behind one
    /// port nobody can tell which of them was meant. Who isn't known may be of any partition that is served: what is wrong
    /// with the request then is its key.
    private func regions(of service: Service, _ signer: Signer?) -> SignatureScope.Regions {
        let accounts = world.accounts
        let own = signer.flatMap { signer in accounts.first { $0.id == signer.identity.accountID } }
        let partitions = own.map { [$0.partition] } ?? accounts.map(\.partition)
        return switch service {
        case .sts: .anyKnown
        case .iam: .oneOf(partitions.map(\.iamRegion))
        case .organizations: .oneOf(partitions.map(\.organizationsRegion))
        }
    }

    /// What to do about a request that was refused for the region that it is signed for; nil for others.
    ///
    /// At AWS it is the endpoint that says the region: SDKs know that of IAM, whatever region they are set to. An endpoint
    /// that they are told they don't know, and sign for the region that they are set to.
    func advice(on request: HTTPRequest, for service: Service) -> String? {
        guard case .oneOf(let regions) = regions(of: service, request.claimedAccessKeyID.flatMap(world.signer)),
            let signed = request.claimedScope, signed.service == service.rawValue, !regions.contains(signed.region)
        else { return nil }
        let wanted = Set(regions).sorted().joined(separator: " or ")
        let name = service == .iam ? "IAM" : "Organizations"
        return "requests of \(name) are signed for \(wanted), and one came that is signed for "
            + "\(signed.region.printable(limit: 100)): an SDK that is told an endpoint signs for the region that it is "
            + "set to, so set it to \(wanted)"
    }
}

extension KnownKey {
    fileprivate init(_ signer: Signer, presented: String?) {
        let token: String? =
            switch signer.token {
            case .none: nil
            case .exactly(let token): token
            case .any: presented
            }
        // What AWS knows and we don't can't be matched by any signature.
        self.init(
            secret: signer.secret
                ?? Identifier.letters(40, of: ["unknown", signer.identity.accessKeyID], alphabet: .base64),
            sessionToken: token)
    }
}

extension AWSError {
    fileprivate init(_ error: SignatureError, _ service: Service) {
        self.init(status: error.status, code: error.code, message: error.message, service: service)
    }
}

extension HTTPRequest {
    /// The access key id that a request claims to be signed with.
    var claimedAccessKeyID: String? {
        if let authorization = headers.first(name: "authorization") {
            return authorization.text(after: "Credential=", before: "/, ")
        }
        return query.text(after: "X-Amz-Credential=", before: "%/&")
    }

    /// The service that a request claims to be signed for, where it is one of the Query protocol.
    var claimedService: Service? {
        guard let name = claimedScope?.service, let service = Service(rawValue: name) else { return nil }
        return service == .organizations ? nil : service
    }

    /// Region and service that a request claims to be signed for.
    fileprivate var claimedScope: (region: String, service: String)? {
        let credential: String? =
            if let authorization = headers.first(name: "authorization") {
                authorization.text(after: "Credential=", before: ", ")
            } else {
                FormParameter.parse(query.utf8).first { $0.name == "X-Amz-Credential" }?.value
            }
        let parts = credential?.split(separator: "/", omittingEmptySubsequences: false) ?? []
        return parts.count == 5 ? (String(parts[2]), String(parts[3])) : nil
    }

    /// The session token that came with it.
    fileprivate var presentedToken: String? {
        if let header = headers.first(name: "x-amz-security-token") { return header }
        return FormParameter.parse(query.utf8).first { $0.name == "X-Amz-Security-Token" }?.value
    }
}

extension StringProtocol {
    /// What stands behind the first `mark`, up to one of some bytes; nil where there is no mark.
    ///
    /// Byte by byte: it is asked of every request, and a search by characters took a fifteenth of its time.
    fileprivate func text(after mark: String, before ends: String) -> String? {
        guard let first = mark.utf8.first else { return nil }
        var rest = Substring(self).utf8
        while let start = rest.firstIndex(of: first) {
            rest = rest[start...]
            guard rest.starts(with: mark.utf8) else {
                rest = rest.dropFirst()
                continue
            }
            return String(Substring(rest.dropFirst(mark.utf8.count).prefix { byte in !ends.utf8.contains(byte) }))
        }
        return nil
    }
}

extension SignedMessage {
    fileprivate init(_ request: HTTPRequest) {
        self.init(
            method: request.method.rawValue, target: request.target,
            headers: request.headers.map { (name: $0.name, value: $0.value) },
            body: Array(request.body.readableBytesView))
    }
}
