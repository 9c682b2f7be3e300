package import AWSClient
package import Evidence
package import FoundationEssentials
import Recording

/// One run of `collect`: from credentials to a bundle on disk.
package struct CollectRun: Sendable {
    package var credentials: CredentialProvider
    package var endpoints: Endpoints
    package var region: String
    package var profile: String?
    package var criteria: Criteria
    /// Nil for the instant at which the run begins.
    package var asOf: Date?
    package var outputFolder: String
    /// What is read and how; made from criteria and instant.
    package var plan: @Sendable (Criteria, Date) -> CollectionPlan = { CollectionPlan(criteria: $0, asOf: $1) }
    package var transport: any Transport
    package var clock: ClientClock
    package var retry = RetryPolicy()

    package init(
        credentials: CredentialProvider, endpoints: Endpoints, region: String, profile: String?, criteria: Criteria,
        asOf: Date?, outputFolder: String, transport: any Transport, now: @escaping @Sendable () -> Date
    ) {
        self.credentials = credentials
        self.endpoints = endpoints
        self.region = region
        self.profile = profile
        self.criteria = criteria
        self.asOf = asOf
        self.outputFolder = outputFolder
        self.transport = transport
        clock = ClientClock(now: now)
    }

    /// What came of it.
    package struct Outcome: Sendable {
        package var assessment: Assessment
        package var asOfSource: AsOfSource
        /// The bundle's folder.
        package var bundle: String
    }

    /// What happens on the way.
    package enum Event: Sendable {
        case connected(GetCallerIdentity.Output)
        case progressed(CollectionProgress)
    }

    /// - Throws: ``AWSError`` where the caller's identity could not be had, ``BundleError`` where nothing can be
    ///   written. Everything else that goes wrong is part of the outcome.
    package func execute(_ notify: @escaping @Sendable (Event) -> Void) async throws -> Outcome {
        let stage = try BundleStage(output: outputFolder)
        do {
            return try await execute(in: stage, notify)
        } catch {
            stage.discard()
            throw error
        }
    }

    private func execute(in stage: BundleStage, _ notify: @escaping @Sendable (Event) -> Void) async throws -> Outcome {
        let started = clock.now()
        // Documents have whole seconds, and whoever judges by them again must come to the same ages.
        let asOf = (self.asOf ?? started).inWholeSeconds
        let meter = TrafficMeter()
        let recorder = Recorder(stage: stage, meter: meter)
        let client = AWSClient(
            credentials: credentials, endpoints: endpoints,
            transport: RecordingTransport(transport, recorder: recorder, now: clock.now), retry: retry,
            userAgent: "\(KeyWitnessTool.name)/\(KeyWitnessTool.version)", clock: clock,
            noticeFailure: { meter.noteFailure($0) })

        let answer = try await client.send(GetCallerIdentity())
        let identity = answer.output
        notify(.connected(identity))
        try stage.checkFree(account: identity.account, run: asOf.compactISO8601)
        let manifest = RecordingManifest(
            created: started, account: identity.account, tool: "\(KeyWitnessTool.name) \(KeyWitnessTool.version)",
            clock: asOf)
        try await stage.writing { try await recorder.open(manifest: manifest) }

        let plan = plan(criteria, asOf)
        var found = await AccountCollection(
            client: client, clock: CollectionClock(clock, began: answer.serverDate ?? started), plan: plan,
            load: { meter.load }, progress: { notify(.progressed($0)) }
        ).collect()
        let recording = try await stage.writing { try await recorder.finish() }
        var traffic = meter.traffic
        traffic.clockSkew = client.correctedClockSkew.map { Int($0.rounded()) }
        let snapshot = AccountSnapshot(
            account: AccountIdentity(
                id: identity.account, partition: endpoints.partition, callerARN: identity.arn),
            region: region, profile: profile, window: CollectionWindow(started: started, ended: clock.now()),
            users: found.takeUsers(), userListing: found.userListing, failures: found.failures, traffic: traffic,
            source: plan.source, root: found.root, accountSummary: found.accountSummary,
            credentialReport: found.credentialReport, notes: found.notes)

        let assessment = Assessment(of: snapshot, by: criteria, at: asOf)
        let asOfSource: AsOfSource = self.asOf == nil ? .clock : .option
        try BundleDocuments.write(assessment, asOfSource: asOfSource, recording: recording) {
            document throws(BundleError) in
            try stage.store(document)
        }
        let path = try stage.publish(account: identity.account, run: asOf.compactISO8601)
        return Outcome(assessment: assessment, asOfSource: asOfSource, bundle: path)
    }
}
