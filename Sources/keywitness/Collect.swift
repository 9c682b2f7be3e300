import CanonicalJSON
import AWSClient
import ArgumentParser
import Collector
import Evidence
import FoundationEssentials
import PlainText
import Synchronization

/// `keywitness collect`
struct Collect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        abstract: "Scan an account's access keys and leave an evidence bundle.",
        discussion: """
            Makes read-only calls, those that 'keywitness permissions' names. What can't be read is reported as \
            undetermined and never passes.

            Sources of facts:
              auto    the credential report as the map, and a call wherever it may no longer hold (default)
              live    a call for every fact
              report  the credential report alone, up to four hours old, with the keys' ids

            Examples:
              keywitness collect --profile audit
              keywitness collect --source live --include tags --include mfa-devices
              keywitness collect --source report --without-key-ids
              keywitness collect --policy cis-aws --exceptions exceptions.yaml
              keywitness collect --framework soc2-tsc-2017
              keywitness collect --fail-on critical --output-dir /var/lib/evidence
              bundle=$(keywitness collect --format path --quiet)
              keywitness collect --sign ~/.ssh/evidence_ed25519 \\
                --timestamp-url http://timestamp.digicert.com
              keywitness collect --endpoint-url http://127.0.0.1:4566 \\
                --as-of 2026-11-22T20:45:00Z

            Exit codes:
            \(ExitStatus.ofCollect.map { "  \($0.rawValue)   \($0.meaning)" }.joined(separator: "\n"))
              64  wrong usage
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
        /// Where the bundle is, for a script that goes on with it.
        case path
    }

    @OptionGroup(title: "AWS options") var aws: AWSOptions

    @OptionGroup(title: "What keys are judged by") var judging: CriteriaOptions

    @Option(
        name: .customLong("as-of"),
        help: ArgumentHelp(
            "The instant at which ages are counted, such as 2026-11-22T20:45:00Z.",
            discussion:
                "Now, without it. The bundle says that you gave it. AWS tells how the account is now: at an instant more than a day from that nothing passes.",
            valueName: "instant"))
    var asOf: Instant?

    @OptionGroup var sources: SourceOptions

    @OptionGroup(title: "Evidence bundle") var bundle: BundleOptions

    @Option(help: "What goes to standard output: a summary, report.json, or the bundle's path and nothing else.")
    var format = Format.text

    @Option(
        name: .customLong("fail-on"),
        help: ArgumentHelp(
            "Exit with 3 when a key has this level or a worse one: critical, high, medium or low. A root user's key counts at each. Keys all of whose failures exceptions answer for don't count.",
            discussion: "Without it, a failed control test decides.", valueName: "level"))
    var failOn: RiskLevel?

    @Flag(
        name: .customLong("exit-zero"),
        help: "Exit with 0 although there are findings. An incomplete scan still exits with 4.")
    var exitZero = false

    @Flag(help: "Print neither progress nor summary; errors and warnings remain.")
    var quiet = false

    @Flag(name: .customLong("no-color"), help: "Use no color. NO_COLOR does the same.")
    var noColor = false

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let console = Console(quiet: quiet, noColor: noColor, environment: environment)
        // Before anything is asked of AWS: a mistake in a file shouldn't cost a scan.
        let criteria = try CommandLineFile.reading { try judging.criteria() }
        try sources.check(criteria)
        for remark in criteria.remarks { console.warn(remark) }
        let signingKey = try await bundle.signing(environment)
        let (outcome, accessKeyID) = try await AWSSession.with(
            aws, connections: OpenFiles.connections(of: CollectionPlan.usualConcurrency.upperBound),
            environment: environment, console: console
        ) { session, provider in
            let authority = bundle.timestampURL.map { _ in session.timestampTransport() }
            let seal = BundleSeal(signingKey: signingKey, timestampAuthority: bundle.timestampAuthority(authority))
            let result = await collectUntilInterrupted(session, provider, criteria, seal, console)
            await authority?.shutdown()
            console.clearProgress()
            return (try result.get(), provider.current.accessKeyID)
        }
        try report(outcome, accessKeyID, console: console)
        throw ExitStatus(
            outcome.assessment, isSealed: outcome.missing.isEmpty, failOn: failOn, maskFindings: exitZero
        ).exitCode
    }

    private func collectUntilInterrupted(
        _ session: AWSSession, _ provider: CredentialProvider, _ criteria: Criteria, _ seal: BundleSeal,
        _ console: Console
    ) async -> Result<CollectRun.Outcome, any Error> {
        let start = ContinuousClock.now
        let display = ProgressDisplay(console: console) { ContinuousClock.now - start }
        let hasRead = Atomic(false)
        let work = Task {
            try await session.run {
                try await collect(session, provider, criteria, seal, console, display) {
                    hasRead.store(true, ordering: .relaxed)
                }
            }
        }
        let interruption = Interruption {
            guard !hasRead.load(ordering: .relaxed) else {
                return
                    "interrupted: everything was read, and the bundle is being published. Interrupt again to stop at once, "
                    + "without it."
            }
            work.cancel()
            return "interrupted: the bundle will say what was not read. Interrupt again to stop at once."
        } say: { text in
            console.clearProgress()
            console.warn(text)
        }
        let ticks = Task {
            while (try? await Task.sleep(for: .seconds(1))) != nil { display.tick() }
        }
        let result = await work.result
        ticks.cancel()
        interruption.stop()
        // Whatever else went wrong meanwhile is said as it is.
        if interruption.hasHappened, case .failure(let error) = result, error.isCancellation {
            return .failure(Failure("interrupted before anything was read; there is no bundle."))
        }
        return result
    }

    private func collect(
        _ session: AWSSession, _ provider: CredentialProvider, _ criteria: Criteria, _ seal: BundleSeal,
        _ console: Console, _ display: ProgressDisplay, noteRead: @escaping @Sendable () -> Void
    ) async throws -> CollectRun.Outcome {
        var run = CollectRun(
            credentials: provider, endpoints: session.endpoints, region: session.region, profile: session.profile,
            criteria: criteria,
            asOf: asOf?.date, outputFolder: bundle.outputFolder, transport: session.transport, now: { Date() })
        run.plan = { [sources] criteria, asOf in sources.plan(criteria, at: asOf) }
        run.retry = session.retry
        run.oscalVersion = bundle.oscalVersion
        run.seal = seal
        let (url, origin) = (session.endpoints.sts.url, provider.current.origin)
        return try await run.execute { event in
            switch event {
            case .connected(let identity):
                console.note("Connected to \(url) as \(identity.arn), with \(origin)")
            case .progressed(let progress):
                display.update(progress)
            case .outage(let callAndCode, let pause):
                display.noteOutage(callAndCode.escapedForTerminal, pause: pause)
            case .collected: noteRead()
            case .waiting(let path):
                console.clearProgress()
                console.note("Another run is publishing in \(path); waiting for it.")
            }
        }
    }

    /// How to find out more about the user of the worst key, or else about one who fails a test.
    private func hint(_ outcome: CollectRun.Outcome) -> String {
        let key = outcome.assessment.byUrgency.first { $0.needsAction && !$0.isExcused }
        let worst = key?.user ?? outcome.assessment.users.first { $0.outcomes.hasOpenFailures }?.user
        guard let user = worst?.name.shellQuoted, let bundle = outcome.bundle.shellQuoted
        else { return "" }
        // A name may look like an option.
        let option = "--bundle\(bundle.hasPrefix("-") ? "=" : " ")\(bundle)"
        let subject = user.hasPrefix("-") ? "\(option) -- \(user)" : "\(user) \(option)"
        return "Why, and the commands for it: keywitness explain \(subject)\n"
    }

    private static let mostNotes = 10

    private func printProduct(_ outcome: CollectRun.Outcome, _ console: Console) throws(Failure) {
        switch format {
        case .json: try StandardOutput.write(contentsOf: "\(outcome.bundle)/\(BundleMember.report)")
        case .path: try StandardOutput.write("\(outcome.bundle)\n")
        case .text where !quiet:
            try console.write(
                TerminalSummary(outcome.assessment, style: console.style).text + "Evidence bundle: \(outcome.bundle)\n"
                    + hint(outcome))
        case .text: break
        }
    }

    private func report(
        _ outcome: CollectRun.Outcome, _ accessKeyID: String, console: Console
    ) throws(Failure) {
        let printing = Result { () throws(Failure) in try printProduct(outcome, console) }
        // The summary says it, where there is one.
        if quiet || format != .text {
            let notes = outcome.assessment.exceptionNotes
            for note in notes.prefix(Self.mostNotes) {
                console.warn("exception \(note.ticket) (\(note.subject)): \(note.message)")
            }
            if notes.count > Self.mostNotes {
                console.warn(
                    "\(notes.count - Self.mostNotes) more exceptions to look at: see exceptions in report.json.")
            }
        }
        for missing in outcome.missing { console.warn(missing) }
        if !outcome.unreadableRuns.isEmpty {
            let names = outcome.unreadableRuns
            let shown =
                names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
            console.warn(
                "the chain of runs is broken: \(shown) could not be read, beside \(outcome.bundle). 'keywitness verify --chain' "
                    + "will not pass. Bring back \(BundleMember.manifest) and \(BundleMember.checksums) of each as they were, take this "
                    + "bundle away, and run it again.")
        }
        if !outcome.assessment.isComplete {
            let gaps = outcome.assessment.gaps.joined(separator: ", ")
            // The summary lists them, where there is one.
            let cause =
                quiet || format != .text ? outcome.assessment.mostFrequentGap.map { " Most often: \($0)." } : nil
            console.warn(
                "incomplete: \(gaps).\(cause ?? "") See \(sections(outcome.assessment)) in "
                    + "\(outcome.bundle)/\(BundleMember.report).")
            let snapshot = outcome.assessment.snapshot
            if snapshot.failures.contains(where: { $0.code.rawValue == UserSession.refusal.rawValue }),
                UserSession.isOne(accessKeyID, caller: snapshot.account.callerARN)
            {
                console.warn(Failure.userSession)
            } else if snapshot.failures.contains(where: { AWSErrorCode(rawValue: $0.code.rawValue).isExpiredToken }) {
                console.warn(Failure.expiredMeanwhile)
            }
        }
        if outcome.assessment.isComplete, failOn != nil, outcome.assessment.rootHasKeys == nil {
            console.warn(
                "incomplete: whether the root user has access keys isn't known, and --fail-on asks for them. Grant "
                    + "iam:GetAccountSummary, or iam:GenerateCredentialReport and iam:GetCredentialReport.")
        }
        do { try printing.get() } catch {
            throw Failure("\(error.text) The evidence bundle is whole: \(outcome.bundle)")
        }
    }

    /// Where the report says more of what keeps a run from being complete.
    private func sections(_ assessment: Assessment) -> String {
        let isOfDatesAlone =
            assessment.doubtfulKeys > 0 && assessment.blockingFailures.isEmpty && assessment.asOfGap == nil
        return ((isOfDatesAlone ? [] : ["completeness"]) + (assessment.doubtfulKeys > 0 ? ["data_findings"] : []))
            .joined(separator: " and ")
    }
}

extension Assessment {
    /// What most of what could not be read failed by, in a few words: `ListAccessKeys (57 times): ExpiredToken: …`. Nil where
    /// nothing failed.
    fileprivate var mostFrequentGap: String? {
        struct Cause: Hashable {
            var operation: String
            var code: ReadFailure.Code
        }
        let failures = blockingFailures.oncePerCall
        let counts = Dictionary(
            failures.map { (Cause(operation: $0.operation, code: $0.code), 1) }, uniquingKeysWith: +)
        let most = counts.values.max()
        let first = failures.first { counts[Cause(operation: $0.operation, code: $0.code)] == most }
        return first.map { failure in
            let times = most == 1 ? "" : " (\(most ?? 0) times)"
            return
                "\(failure.operation)\(times): \(failure.code): \(failure.message.prefix(500).description.withoutStop)"
        }
    }
}

extension Error {
    /// Whether nothing went wrong but that the work was to end.
    fileprivate var isCancellation: Bool {
        switch self {
        case is CancellationError: true
        case let error as AWSError: error.isCancellation
        default: false
        }
    }
}

/// An instant as an argument, as policies and exceptions have it; rounded down to whole seconds, as bundles have them.
struct Instant: ExpressibleByArgument {
    let date: Date

    init?(argument: String) {
        guard let date = Date(iso8601Instant: argument) else { return nil }
        self.date = date.inWholeSeconds
    }
}

extension RiskLevel: ExpressibleByArgument {
    /// The level of that name, in any case; COMPLIANT is nothing to fail on.
    public init?(argument: String) {
        guard let level = Self.allCases.first(where: { $0.name.lowercased() == argument.lowercased() }),
            level != .compliant
        else { return nil }
        self = level
    }

    /// The names for help and completion.
    public static var allValueStrings: [String] { ["critical", "high", "medium", "low"] }
}
