package import AWSClient
import Evidence
package import FoundationEssentials

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
    /// How often a report that AWS is making is looked for, four times a second.
    private static let reportLooks = 20

    private let client: AWSClient
    private let meter: MeasuringTransport
    private let plan: CollectionPlan

    /// - Parameters:
    ///   - makeClient: makes a client with a transport that measures.
    ///   - plan: of the scan that is to be made.
    package init(
        transport: any Transport, now: @escaping @Sendable () -> Date, plan: CollectionPlan,
        makeClient: (any Transport) -> AWSClient
    ) {
        meter = MeasuringTransport(transport, now: now)
        client = makeClient(meter)
        self.plan = plan
    }

    /// - Parameter accessKeyID: of the credentials that it is made with.
    /// - Throws: ``AWSError`` where the caller's identity can't be had: nothing else would work either.
    package func diagnose(with accessKeyID: String) async throws(AWSError) -> Diagnosis {
        let identity = try await client.send(GetCallerIdentity()).output
        var latencies: [AWSService: Duration] = [:]
        latencies[.sts] = meter.takeLatency()
        let skew = meter.skew
        let (users, listing): ([String], Diagnosis.Result)
        do throws(AWSError) {
            (users, listing) =
                plan.source == .report ? (try await reportedUsers(), notNeeded) : try await self.users()
        } catch {
            return Diagnosis(
                identity: identity, clockSkew: skew, latencies: latencies, permissions: [],
                privilege: .unknown("IAM can't be asked"), accessKeyID: accessKeyID,
                asksAboutRoot: plan.asksAboutRoot, unanswered: error)
        }
        latencies[.iam] = meter.takeLatency()
        let (key, keys) = plan.source == .report && plan.withoutKeyIDs ? (nil, notNeeded) : await key(of: users)
        var findings: [Diagnosis.Finding] = []
        for permission in Permission.all {
            let demand = permission.demand(of: plan)
            let result: Diagnosis.Result =
                switch permission.operation {
                // Both were asked already, to know whom and what to ask about.
                case ListUsers.name: listing
                case ListAccessKeys.name: keys
                default: demand != .none ? await probe(permission, users.first, key) : notNeeded
                }
            findings.append(Diagnosis.Finding(permission: permission, demand: demand, result: result))
        }
        return Diagnosis(
            identity: identity, clockSkew: skew, latencies: latencies, permissions: findings,
            privilege: await privilege(of: identity), accessKeyID: accessKeyID, asksAboutRoot: plan.asksAboutRoot)
    }

    // MARK: Permissions

    private let notNeeded = Diagnosis.Result.untried("not needed")

    /// Some users by the credential report, where no list of them is asked for; those with keys rather. Nobody where AWS
    /// hasn't made one yet.
    ///
    /// - Throws: ``AWSError`` where IAM doesn't answer at all.
    private func reportedUsers() async throws(AWSError) -> [String] {
        do throws(AWSError) { _ = try await client.send(GenerateCredentialReport()) } catch {
            if error.isUnanswered { throw error }
        }
        var rows: [CredentialReport.Row] = []
        for _ in 0..<Self.reportLooks {
            do throws(AWSError) {
                rows = try await client.send(GetCredentialReport()).output.report.users
                break
            } catch {
                guard error.code == .reportInProgress, (try? await Task.sleep(for: .milliseconds(250))) != nil else {
                    break
                }
            }
        }
        let (with, without) = (rows.filter { !$0.keys.isEmpty }, rows.filter(\.keys.isEmpty))
        return (with + without).prefix(Self.usersTried).map(\.user)
    }

    /// - Throws: ``AWSError`` where IAM doesn't answer at all.
    private func users() async throws(AWSError) -> ([String], Diagnosis.Result) {
        do throws(AWSError) {
            let page = try await client.send(ListUsers(maxItems: Self.usersTried)).output
            return (page.items.map(\.userName), .granted)
        } catch {
            if error.isUnanswered { throw error }
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

    /// - Parameters:
    ///   - user: one to ask about; nil where none is known.
    ///   - key: one to ask about; nil where none is known.
    private func probe(_ permission: Permission, _ user: String?, _ key: String?) async -> Diagnosis.Result {
        var parameters: [(name: String, value: String)] = []
        switch permission.subject {
        case .account: break
        case .user:
            guard let user else { return .untried("no user is known to ask about") }
            parameters.append(("UserName", user))
        case .accessKey:
            guard let key else { return .untried("no access key was found to ask about") }
            parameters.append(("AccessKeyId", key))
        }
        do throws(AWSError) {
            _ = try await client.send(PermissionProbe(permission.operation, parameters))
            return .granted
        } catch {
            return result(error)
        }
    }

    /// Who may ask and gets "there is no such thing" was allowed to ask.
    private func result(_ error: AWSError) -> Diagnosis.Result {
        // It says nothing of what is granted.
        if error.isThrottling { return .untried("AWS takes no more calls at the moment; try again later") }
        guard case .service(let code, let message, _) = error.reason else { return .failed(error.description) }
        return switch AWSErrorCode(rawValue: code) {
        case let code where code.isAccessDenied: .denied(message)
        case .noSuchEntity, .reportNotPresent, .reportInProgress, .reportExpired: .granted
        case UserSession.refusal: .keyRefused(message)
        default: .failed(error.description)
        }
    }

    // MARK: More than reading

    private func privilege(of identity: GetCallerIdentity.Output) async -> Diagnosis.Privilege {
        guard let arn = ARN(identity.arn) else { return .unknown("'\(identity.arn)' isn't an ARN") }
        if arn.resource == "root" { return .root }
        // What can be simulated is the role, and not a session of it.
        let names = arn.resource.split(separator: "/")
        let source =
            names.first == "assumed-role" && names.count > 1
            ? ARN(partition: arn.partition, service: "iam", account: arn.account, resource: "role/\(names[1])")
            : arn
        do throws(AWSError) {
            let operation = SimulatePrincipalPolicy(policySourceARN: "\(source)", actions: Self.writes)
            let allowed = try await client.send(operation).output.allowed
            return allowed.isEmpty ? .readsOnly : .writes(allowed)
        } catch {
            switch error.code {
            case let code? where code.isAccessDenied:
                return .unknown("iam:SimulatePrincipalPolicy is denied, as a narrow role has it")
            case .noSuchEntity, .invalidInput:
                return .unknown("IAM can't simulate \(source)")
            default: return .unknown(error.description)
            }
        }
    }
}
