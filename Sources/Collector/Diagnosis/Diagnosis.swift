package import AWSClient
package import FoundationEssentials
import Synchronization

/// What a scan with these credentials would meet, found out by the smallest calls there are.
package struct Diagnosis: Sendable {
    package var identity: GetCallerIdentity.Output
    /// By how many seconds AWS's clock is ahead of this machine's; nil where AWS doesn't tell.
    package var clockSkew: Int?
    /// From sending a request to having the whole answer: of STS, and of IAM's first.
    package var latencies: [AWSService: Duration]
    package var permissions: [Finding]
    package var privilege: Privilege

    /// What became of a permission.
    package struct Finding: Sendable {
        package var permission: Permission
        /// Whether the scan asks for it.
        package var isAsked: Bool
        package var result: Result
    }

    package enum Result: Sendable, Equatable {
        case granted
        /// AWS's words.
        case denied(String)
        /// Why it could not be tried.
        case untried(String)
        /// Something else went wrong.
        case failed(String)
    }

    /// Whether the credentials can do more than a collector should.
    package enum Privilege: Sendable, Equatable {
        /// They are the root user's, who can do everything.
        case root
        /// These actions, which change something, are allowed.
        case writes([String])
        /// None of the actions asked about.
        case readsOnly
        /// Why nobody could tell.
        case unknown(String)
    }

    /// What a scan needs and nobody could try: whether it is granted isn't known.
    package var untried: [Permission] {
        permissions.filter { finding in
            if case .untried = finding.result { finding.permission.need == .required } else { false }
        }.map(\.permission)
    }

    /// What a scan asks for and isn't granted, though it can do without.
    package var missed: [Permission] {
        permissions.filter { finding in
            guard finding.isAsked, finding.permission.need != .required else { return false }
            if case .denied = finding.result { return true }
            return false
        }.map(\.permission)
    }

    /// Whether nothing that a scan needs is known to be missing; see ``untried``, too.
    package var isSufficient: Bool { !hidesRoot && lacking.isEmpty }

    /// What tells whether the root user has keys, which a control test asks: any one of these sets is enough, and it takes
    /// the whole of one. A report that nobody may have made isn't there, or is gone in four hours.
    package static let rootSources = [
        ["iam:GetAccountSummary"], ["iam:GenerateCredentialReport", "iam:GetCredentialReport"],
    ]

    /// Whether something is denied of each of them.
    package var hidesRoot: Bool {
        let denied = Set(missed.map(\.action))
        return Self.rootSources.allSatisfy { !denied.isDisjoint(with: $0) }
    }

    /// What no scan can do without, and what was denied or failed.
    package var lacking: [Permission] {
        permissions.filter { finding in
            guard finding.permission.need == .required else { return false }
            return switch finding.result {
            case .granted, .untried: false
            case .denied, .failed: true
            }
        }.map(\.permission)
    }
}

/// Makes a ``Diagnosis``.
package struct DiagnosisRun: Sendable {
    /// Actions with which who has them can take over an account or destroy evidence.
    static let writes = [
        "iam:CreateUser", "iam:DeleteUser", "iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey",
        "iam:CreateLoginProfile", "iam:AttachUserPolicy", "iam:PutUserPolicy", "iam:AttachRolePolicy",
        "iam:UpdateAssumeRolePolicy",
    ]
    /// Among so many users one is looked for that has a key.
    private static let usersTried = 10

    private let client: AWSClient
    private let meter: MeasuringTransport
    private let sources: Set<OptionalSource>

    /// - Parameters:
    ///   - makeClient: makes a client with a transport that measures.
    ///   - sources: the optional sources whose permissions are needed, too.
    package init(
        transport: any Transport, now: @escaping @Sendable () -> Date, sources: Set<OptionalSource>,
        makeClient: (any Transport) -> AWSClient
    ) {
        meter = MeasuringTransport(transport, now: now)
        client = makeClient(meter)
        self.sources = sources
    }

    /// - Throws: ``AWSError`` where the caller's identity can't be had: nothing else would work either.
    package func diagnose() async throws(AWSError) -> Diagnosis {
        let identity = try await client.send(GetCallerIdentity()).output
        var latencies = meter.lastLatency.map { [AWSService.sts: $0] } ?? [:]
        let skew = meter.skew
        let (users, listing) = await users()
        latencies[.iam] = meter.lastLatency
        let (key, keys) = await key(of: users)
        var findings: [Diagnosis.Finding] = []
        for permission in Permission.all {
            let isAsked = permission.need.isAsked(for: sources)
            let result: Diagnosis.Result =
                switch permission.action {
                case "iam:ListUsers": listing
                case "iam:ListAccessKeys": keys
                case "iam:GetAccessKeyLastUsed":
                    if let key {
                        await probe("GetAccessKeyLastUsed", ("AccessKeyId", key))
                    } else {
                        .untried("no access key was found to ask about")
                    }
                case _ where !isAsked: .untried("not needed")
                default: await probe(permission, of: users.first)
                }
            findings.append(Diagnosis.Finding(permission: permission, isAsked: isAsked, result: result))
        }
        return Diagnosis(
            identity: identity, clockSkew: skew, latencies: latencies, permissions: findings,
            privilege: await privilege(of: identity))
    }

    // MARK: Permissions

    private func users() async -> ([String], Diagnosis.Result) {
        do throws(AWSError) {
            let page = try await client.send(ListUsers(maxItems: Self.usersTried)).output
            return (page.users.map(\.userName), .granted)
        } catch {
            return ([], result(error))
        }
    }

    private func key(of users: [String]) async -> (String?, Diagnosis.Result) {
        guard !users.isEmpty else { return (nil, .untried("no user is known to ask about")) }
        for user in users {
            do throws(AWSError) {
                let page = try await client.send(ListAccessKeys(userName: user)).output
                if let key = page.items.first { return (key.accessKeyID, .granted) }
            } catch {
                return (nil, result(error))
            }
        }
        return (nil, .granted)
    }

    private func probe(_ permission: Permission, of user: String?) async -> Diagnosis.Result {
        let action = String(permission.action.dropFirst("iam:".count))
        switch action {
        case "GetAccountSummary", "GenerateCredentialReport", "GetCredentialReport": return await probe(action)
        default:
            guard let user else { return .untried("no user is known to ask about") }
            return await probe(action, ("UserName", user))
        }
    }

    private func probe(_ action: String, _ parameters: (name: String, value: String)...) async -> Diagnosis.Result {
        do throws(AWSError) {
            _ = try await client.send(PermissionProbe(action, parameters))
            return .granted
        } catch {
            return result(error)
        }
    }

    /// Who may ask and gets "there is no such thing" was allowed to ask.
    private func result(_ error: AWSError) -> Diagnosis.Result {
        switch error.reason {
        case .service(let code, let message, _) where ["AccessDenied", "AccessDeniedException"].contains(code):
            .denied(message)
        case .service(let code, _, _)
        where ["NoSuchEntity", "ReportNotPresent", "ReportInProgress", "ReportExpired"].contains(code):
            .granted
        default: .failed(error.description)
        }
    }

    // MARK: More than reading

    private func privilege(of identity: GetCallerIdentity.Output) async -> Diagnosis.Privilege {
        let parts = identity.arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6 else { return .unknown("'\(identity.arn)' isn't an ARN") }
        if parts[5] == "root" { return .root }
        let names = parts[5].split(separator: "/").map(String.init)
        let source =
            names.first == "assumed-role" && names.count > 1
            ? "arn:\(parts[1]):iam::\(parts[4]):role/\(names[1])" : identity.arn
        do throws(AWSError) {
            let operation = SimulatePrincipalPolicy(policySourceARN: source, actions: Self.writes)
            let allowed = try await client.send(operation).output.allowed
            return allowed.isEmpty ? .readsOnly : .writes(allowed)
        } catch {
            switch error.code {
            case "AccessDenied": return .unknown("iam:SimulatePrincipalPolicy is denied, as a narrow role has it")
            case "NoSuchEntity", "InvalidInput":
                return .unknown("IAM can't simulate \(source); the role may have a path that its sessions don't tell")
            default: return .unknown(error.description)
            }
        }
    }
}

/// Takes the time of exchanges, and looks at the server's clock.
private final class MeasuringTransport: Transport {
    private struct State {
        var latency: Duration?
        var skew: Int?
    }

    private let base: any Transport
    private let now: @Sendable () -> Date
    private let state = Mutex(State())

    init(_ base: any Transport, now: @escaping @Sendable () -> Date) {
        self.base = base
        self.now = now
    }

    var lastLatency: Duration? { state.withLock(\.latency) }
    /// Of the last answer.
    var skew: Int? { state.withLock(\.skew) }

    func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
        let begin = ContinuousClock.now
        let answer = try await base.send(request, for: call)
        let latency = ContinuousClock.now - begin
        let skew = answer.header("date").flatMap { Date(httpDate: $0) }.map { date in
            // The header has whole seconds: half of one is its middle.
            Int((date.timeIntervalSince(now()) + 0.5).rounded())
        }
        state.withLock { state in
            state.latency = latency
            state.skew = skew
        }
        return answer
    }
}
