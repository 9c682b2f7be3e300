import AWSClient
import Evidence
import FoundationEssentials
import Recording
import Synchronization

/// The collection done once more, with the recorded answers in the place of AWS.
struct Reperformance {
    /// What the answers come to.
    let snapshot: AccountSnapshot
    /// Where the recording isn't what such a collection leaves behind.
    let flaws: [String]

    /// No run tries more often; a recording may say anything.
    private static let mostAttempts = 100

    /// - Throws: ``AWSError`` where the recording doesn't even say whose the account is.
    init(of reading: BundleReading, _ exchanges: [Exchange]) async throws {
        let reported = reading.report.snapshot
        let halt = reported.halt
        let transport = ReplayTransport(exchanges, isWhole: halt == nil)
        let time = Mutex(Duration.zero)
        let clock = ClientClock(
            now: { transport.now }, uptime: { time.withLock { $0 } },
            sleep: { pause in time.withLock { $0 += pause } }, random: { 0 })
        // As often as the run tried at most; where it gave up before, the transport fails as the last attempt did.
        let attempts = min(exchanges.map(\.attempt).max() ?? 1, Self.mostAttempts)
        let retry = RetryPolicy(
            mode: .standard, attempts: attempts, throttledAttempts: attempts, hasQuota: false)
        let endpoints = try Endpoints(region: "us-east-1")
        let client = AWSClient(
            credentials: ReplayCredentials().provider, endpoints: endpoints, transport: transport, retry: retry,
            userAgent: KeyWitnessTool.name, clock: clock)
        let started = transport.now
        let identity = try await client.send(GetCallerIdentity())
        var plan = CollectionPlan(criteria: reading.criteria, asOf: reading.report.asOf)
        plan.source = reported.source
        let operations = Set(exchanges.map(\.operation))
        plan.include.formUnion(reported.included(asking: operations))
        plan.withoutKeyIDs =
            reported.source == .report && !operations.contains(ListAccessKeys.name)
            && reported.users.allSatisfy(\.isKnownBySlots)
        plan.concurrency = 8...8
        let account = AccountIdentity(
            id: identity.output.account, partition: identity.output.partition ?? reported.account.partition,
            callerARN: identity.output.arn)
        var found = await AccountCollection(
            of: account, client: client, clock: CollectionClock(clock, began: identity.serverDate ?? started),
            plan: plan,
            // Once at the beginning, and at the end where the credentials were others by then.
            hasOtherCredentials: exchanges.count { $0.operation == GetCallerIdentity.name && $0.attempt == 1 } > 1,
            replaying: halt.map { AWSError(again: $0, endpoints[.iam].url) }
        ).collect()
        // What isn't told by answers: when it was, and what the network did.
        snapshot = AccountSnapshot(
            account: account, region: reported.region, profile: reported.profile, window: reported.window,
            users: found.takeUsers(),
            userListing: found.userListing, failures: found.failures, traffic: reported.traffic,
            source: reported.source, root: found.root, accountSummary: found.accountSummary,
            credentialReport: found.credentialReport, notes: found.notes)

        var flaws = transport.missing.map { "the recording has no answer to \($0)" }
        let named = Dictionary(exchanges.map { ($0.sequence, $0.operation) }) { first, _ in first }
        flaws += transport.unused.map { "nothing asks for exchange \($0), \(named[$0] ?? "")" }
        let requests = Dictionary(grouping: exchanges, by: \.operation).mapValues(\.count)
        if requests != reported.traffic.requests { flaws.append("the report counts other requests than were recorded") }
        let retries = exchanges.count { $0.attempt > 1 }
        if retries != reported.traffic.retries {
            flaws.append("the report counts \(reported.traffic.retries) retries, and \(retries) were recorded")
        }
        flaws += Self.trafficFlaws(reported.traffic, exchanges, endpoints[.iam].url)
        if client.correctedClockSkew != nil, reported.traffic.clockSkew == nil {
            flaws.append("a request was refused for its clock, and the report says nothing of it")
        }
        self.flaws = flaws
    }

    /// Whether the report counts the errors that were recorded: what AWS answered, and what came to no answer.
    private static func trafficFlaws(
        _ reported: Traffic, _ exchanges: [Exchange], _ endpoint: EndpointURL
    ) -> [String] {
        let recorded = TrafficMeter()
        for exchange in exchanges { exchange.failure(at: endpoint).map(recorded.noteFailure) }
        let traffic = recorded.traffic
        var flaws: [String] = []
        for error in Set(traffic.errors.keys).union(reported.errors.keys).sorted() {
            // What ended before there was an exchange, or what an answer was found to be, no exchange tells.
            let code = error.split(separator: " ", maxSplits: 1).last.map { ReadFailure.Code(rawValue: String($0)) }
            guard code != .credentials, code != .interrupted, code != .unreadableAnswer else { continue }
            let (counted, found) = (reported.errors[error] ?? 0, traffic.errors[error] ?? 0)
            if counted != found {
                flaws.append("the report counts \(error) \(counted) times, and \(found) were recorded")
            }
        }
        if reported.throttles != traffic.throttles {
            flaws.append("the report counts \(reported.throttles) throttles, and \(traffic.throttles) were recorded")
        }
        return flaws
    }
}

extension Exchange {
    /// What the client made of it, as far as its answer alone tells; nil where it was none of a failure.
    fileprivate func failure(at endpoint: EndpointURL) -> AWSError? {
        let reason: AWSError.Reason
        switch outcome {
        case .answer(let response):
            guard !response.isSuccess else { return nil }
            let answer = HTTPResponse(status: response.status, body: response.body)
            guard let error = try? GetCallerIdentity.failure(in: answer) else { return nil }
            reason = .service(code: error.code, message: error.message, status: response.status)
        case .noAnswer(let why):
            reason = .transport(TransportError(recorded: why, receipt: Receipt(number: sequence, sent: started)))
        }
        return AWSError(operation: operation, reason: reason, endpoint: endpoint, attempts: attempt, receipt: nil)
    }
}

extension GetCallerIdentity.Output {
    /// The partition that the caller's ARN names.
    var partition: String? { ARN(arn)?.partition }
}

extension AWSError {
    /// One that is reported in the same words.
    fileprivate init(again failure: ReadFailure, _ endpoint: EndpointURL) {
        // Each call is interrupted by itself.
        let exchange = failure.code == .interrupted ? nil : failure.exchange
        self.init(
            operation: failure.operation,
            reason: .service(
                code: failure.code.rawValue, message: failure.message, status: AWSError.statusOfReport),
            endpoint: endpoint, attempts: 1,
            receipt: exchange.map { Receipt(number: $0, sent: Date(timeIntervalSince1970: 0)) })
    }
}

/// There are always others: whether the run had others to put in the place of expired ones, the recording says.
private final class ReplayCredentials: CredentialSource {
    private let number = Mutex(0)

    var name: String { "recording" }

    var provider: CredentialProvider { CredentialProvider(next, from: self) }

    func credentials() async throws(CredentialError) -> Credentials? { next }

    private var next: Credentials {
        let number = number.withLock { number in
            number += 1
            return number
        }
        return Credentials(
            // No secret, which answers could have in them by chance.
            accessKeyID: "replay-\(number)", secretAccessKey: Secret(""), expiration: .distantFuture,
            origin: name)
    }
}

extension AccountSnapshot {
    /// What was asked for of every user, whether or not it could be had.
    ///
    /// - Parameter operations: those that were asked for at all: everybody may have gone since.
    fileprivate func included(asking operations: Set<String>) -> [OptionalSource] {
        OptionalSource.allCases.filter { source in
            // Of one who seemed gone it wasn't asked.
            operations.contains(source.operation)
                || users.contains { user in
                    switch source {
                    case .tags: user.optional.tags != nil
                    case .mfaDevices: user.optional.mfaDevices != nil
                    case .serviceSpecificCredentials: user.optional.serviceSpecificCredentials != nil
                    case .signingCertificates: user.optional.signingCertificates != nil
                    case .sshPublicKeys: user.optional.sshPublicKeys != nil
                    }
                }
        }
    }
}

extension IAMUser {
    /// Whether its keys, if it has any, were taken from the credential report alone.
    fileprivate var isKnownBySlots: Bool {
        keys.value.map { $0.allSatisfy { $0.id == nil } } ?? false
    }
}
