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
    package var oscalVersion = OSCALVersion.standard
    /// What is made over the bundle's checksums.
    package var seal = BundleSeal()

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
        /// What the bundle should have and hasn't, and how to make it afterwards.
        package var missing: [String]
        /// The runs before it in the account's folder that could not be read, by their names: the chain doesn't hold for them.
        package var unreadableRuns: [String]
    }

    /// What happens on the way.
    package enum Event: Sendable {
        case connected(GetCallerIdentity.Output)
        case progressed(CollectionProgress)
        /// A call that failed in every attempt waits for so long before it is made again: AWS, or the way there, seems to be
        /// out.
        case outage(callAndCode: String, pause: Duration)
        /// Nothing more is asked of AWS.
        case collected
        /// Another run has been publishing in this account's folder for a while, and is waited for.
        case waiting(path: String)
    }

    /// - Throws: ``AWSError`` where the caller's identity could not be had, ``BundleError`` where nothing can be
    ///   written, `CancellationError` where it was interrupted before anything was read. Everything else that goes wrong is
    ///   part of the outcome.
    package func execute(_ notify: @escaping @Sendable (Event) -> Void) async throws -> Outcome {
        let output = try OutputFolder(outputFolder)
        let started = clock.now()
        let meter = TrafficMeter()
        let recorder = Recorder(meter: meter)
        let client = AWSClient(
            credentials: credentials, endpoints: endpoints,
            transport: RecordingTransport(transport, recorder: recorder, now: clock.now), retry: retry,
            userAgent: KeyWitnessTool.userAgent, clock: clock,
            noticeFailure: { meter.noteFailure($0) },
            noticeOutage: { notify(.outage(callAndCode: $0.callAndCode, pause: $1)) })

        let answer = try await client.send(GetCallerIdentity())
        let identity = answer.output
        notify(.connected(identity))
        // Where this machine's clock is wrong, ages are counted by AWS's. An emulator doesn't refuse a request for it.
        let skew =
            client.correctedClockSkew
            ?? answer.serverDate.map { $0.timeIntervalSince(clock.now()) }.flatMap {
                abs($0) > CollectionClock.mostSkew ? $0 : nil
            }
        // Documents have whole seconds, and whoever judges by them again must come to the same ages.
        let began = skew.map { answer.serverDate ?? started + $0 } ?? started
        var asOf = (self.asOf ?? began).inWholeSeconds
        let asOfSource: AsOfSource = self.asOf != nil ? .option : skew != nil ? .awsClock : .clock
        let waits: @Sendable (String) -> Void = { notify(.waiting(path: $0)) }
        let stage = try await stage(
            in: output, account: identity.account, asOf: &asOf, isOfClock: asOfSource == .clock, waits)
        do {
            let manifest = RecordingManifest(
                created: started, account: identity.account, tool: "\(KeyWitnessTool.name) \(KeyWitnessTool.version)",
                clock: asOf)
            try await stage.writing { try await recorder.open(at: stage.recordingPath, manifest: manifest) }

            let criteria = criteria.limited(to: identity.account)
            let plan = plan(criteria, asOf)
            let account = AccountIdentity(
                id: identity.account, partition: identity.partition ?? endpoints.partition, callerARN: identity.arn)
            let accessKeyID = credentials.current.accessKeyID
            var found = await AccountCollection(
                of: account, client: client, clock: CollectionClock(clock, began: answer.serverDate ?? started),
                plan: plan,
                hasOtherCredentials: { [credentials] in credentials.current.accessKeyID != accessKeyID },
                load: { meter.load }, progress: { notify(.progressed($0)) }
            ).collect()
            let recording = try await stage.writing { try await recorder.finish() }
            notify(.collected)
            let ended = clock.now()
            let span = await recorder.span ?? started...max(started, ended)
            var traffic = meter.traffic
            traffic.clockSkew = (client.correctedClockSkew ?? skew).map { Int($0.rounded()) }
            let snapshot = AccountSnapshot(
                account: account, region: region, profile: profile,
                window: CollectionWindow(started: min(started, span.lowerBound), ended: max(ended, span.upperBound)),
                users: found.takeUsers(), userListing: found.userListing, failures: found.failures, traffic: traffic,
                source: plan.source, root: found.root, accountSummary: found.accountSummary,
                credentialReport: found.credentialReport, notes: found.notes)
            let assessment = Assessment(of: snapshot, by: criteria, at: asOf)
            return try await publish(assessment, asOfSource, recording, stage, waits)
        } catch {
            stage.discard()
            throw error
        }
    }

    /// Begins the bundle. Of two runs that begin in the same second, as a schedule starts them, the other one is of the
    /// next.
    private func stage(
        in output: OutputFolder, account: String, asOf: inout Date, isOfClock: Bool, _ waits: @Sendable (String) -> Void
    ) async throws -> BundleStage {
        for _ in 0..<Self.mostRunsAtOnce {
            do {
                return try await output.stage(account: account, run: asOf.compactISO8601, waits)
            } catch let error as BundleError where error.isOfAnotherRun && isOfClock {
                asOf += 1
                // Nothing is judged as of an instant that hasn't come.
                try await clock.sleep(.seconds(max(0, asOf.timeIntervalSince(clock.now()))))
            }
        }
        return try await output.stage(account: account, run: asOf.compactISO8601, waits)
    }

    /// How many more runs of one account may begin at the same time: the last is as of so many seconds later.
    static let mostRunsAtOnce = 20

    /// Writes the documents and puts the bundle in its place.
    private func publish(
        _ assessment: Assessment, _ asOfSource: AsOfSource, _ recording: BundleFile, _ stage: borrowing BundleStage,
        _ waits: @Sendable (String) -> Void
    ) async throws -> Outcome {
        let packaging = Packaging(
            asOfSource: asOfSource, oscalVersion: oscalVersion, signingKey: seal.signingKey?.name,
            timestampAuthority: seal.timestampAuthority.map { "\($0.url)" })
        let files = try BundleDocuments.write(assessment, packaging, recording: recording) {
            try stage.store($0)
        }
        var missing: [String] = []
        var unreadableRuns: [String] = []
        let bundle = try await stage.publish(waits) { link in
            unreadableRuns = link.unreadableRuns
            let checksums = try BundleDocuments.seal(assessment, packaging, link, files: files) { try stage.store($0) }
            let made = await seal.make(over: Array(checksums.utf8), in: stage.destination, sleep: clock.sleep)
            for file in made.files { try stage.store(file.bytes, as: file.member) }
            missing = made.missing
        }
        return Outcome(
            assessment: assessment, asOfSource: packaging.asOfSource, bundle: bundle, missing: missing,
            unreadableRuns: unreadableRuns)
    }
}
