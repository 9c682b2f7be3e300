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

    /// Why a run can't be done again: what it did depended on when it was cut short.
    static func obstacle(to snapshot: AccountSnapshot) -> String? {
        let cut: Set = [
            "interrupted", "ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId",
            "UnrecognizedClientException",
            "credentials",
        ]
        guard let failure = snapshot.failures.first(where: { cut.contains($0.code) }) else { return nil }
        return "the run was cut short (\(failure.code)), and what it still asked depended on the moment"
    }

    /// - Throws: ``AWSError`` where the recording doesn't even say whose the account is.
    init(of reading: BundleReading, _ exchanges: [Exchange]) async throws {
        let transport = ReplayTransport(exchanges)
        let time = Mutex(Duration.zero)
        let clock = ClientClock(
            now: { transport.now }, uptime: { time.withLock { $0 } },
            sleep: { pause in time.withLock { $0 += pause } }, random: { 0 })
        let reported = reading.report.snapshot
        // As often as the run tried at most; where it gave up before, the transport fails as the last attempt did.
        let attempts = min(exchanges.map(\.attempt).max() ?? 1, Self.mostAttempts)
        let retry = RetryPolicy(
            mode: .standard, attempts: attempts, throttledAttempts: attempts, hasQuota: false)
        let client = AWSClient(
            credentials: CredentialProvider(
                Credentials(
                    accessKeyID: "replay", secretAccessKey: Secret("replay"), sessionToken: nil, origin: "replay")),
            endpoints: try Endpoints(region: "us-east-1"), transport: transport, retry: retry,
            userAgent: KeyWitnessTool.name, clock: clock)
        let started = transport.now
        let identity = try await client.send(GetCallerIdentity())
        var plan = CollectionPlan(criteria: reading.criteria, asOf: reading.report.asOf)
        plan.source = reported.source
        plan.include.formUnion(
            OptionalSource.allCases.filter { source in exchanges.contains { $0.operation == source.operation } })
        plan.withoutKeyIDs = reported.source == .report && !exchanges.contains { $0.operation == ListAccessKeys.name }
        plan.concurrency = 8...8
        var found = await AccountCollection(
            client: client, clock: CollectionClock(clock, began: identity.serverDate ?? started), plan: plan
        ).collect()
        // What isn't told by answers: when it was, and what the network did.
        snapshot = AccountSnapshot(
            account: AccountIdentity(
                id: identity.output.account, partition: reported.account.partition, callerARN: identity.output.arn),
            region: reported.region, profile: reported.profile, window: reported.window, users: found.takeUsers(),
            userListing: found.userListing, failures: found.failures, traffic: reported.traffic,
            source: reported.source, root: found.root, accountSummary: found.accountSummary,
            credentialReport: found.credentialReport, notes: found.notes)

        var flaws = transport.missing.map { "the recording has no answer to \($0)" }
        let operations = Dictionary(exchanges.map { ($0.sequence, $0.operation) }) { first, _ in first }
        flaws += transport.unused.map { "nothing asks for exchange \($0), \(operations[$0] ?? "")" }
        let requests = Dictionary(grouping: exchanges, by: \.operation).mapValues(\.count)
        if requests != reported.traffic.requests { flaws.append("the report counts other requests than were recorded") }
        let retries = exchanges.count { $0.attempt > 1 }
        if retries != reported.traffic.retries {
            flaws.append("the report counts \(reported.traffic.retries) retries, and \(retries) were recorded")
        }
        self.flaws = flaws
    }
}

extension OptionalSource {
    /// The AWS operation that it takes.
    fileprivate var operation: String {
        switch self {
        case .tags: ListUserTags.name
        case .mfaDevices: ListMFADevices.name
        case .serviceSpecificCredentials: ListServiceSpecificCredentials.name
        case .signingCertificates: ListSigningCertificates.name
        case .sshPublicKeys: ListSSHPublicKeys.name
        }
    }
}
