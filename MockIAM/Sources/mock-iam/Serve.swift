import ArgumentParser
import FoundationEssentials
import Logging
import MockIAM

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve an account, or the recorded answers of a fixture, over HTTP.",
        discussion: """
            An account comes from a YAML file (--account) or is made up (--generate); a fixture (--fixtures) is a \
            directory that holds exchanges.jsonl, an evidence bundle of keywitness, or a .jsonl file itself. An account \
            that is told no clock takes that of the first account, or the machine's time at the start.

            Standard output has one line, 'listening on http://HOST:PORT', as soon as the server can be asked. \
            SIGINT and SIGTERM let answers in the making come to their end, for five seconds or until the signal comes \
            again, and end the server with exit code 0; SIGHUP reads its files again, unless it is of \
            a terminal that was closed.

            Requests must be signed with a key that the server knows: 'test' with the secret 'test', the twelve digits \
            of an account's id with the secret 'test', or one of the account file. The control interface is at \
            /_mock/ (see docs/mock-iam.md).

            EXAMPLES
              mock-iam serve --account MockIAM/Accounts/small.yaml --port 8080
              mock-iam serve --generate users=5000,keys=1.2,profile=messy --vary-pages
              mock-iam serve --fixtures MockIAM/Fixtures/demo-account
              mock-iam serve --fixtures evidence/2026-11-22 --repeat error \\
                --faults MockIAM/Faults/throttled.yaml
            """
    )

    @OptionGroup(title: "What to serve")
    var source: ServeSource

    @Option(help: "The port to listen on; 0 takes a free one.")
    var port = 0

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(
        help: ArgumentHelp(
            "Serve over TLS with a certificate made at the start: trusted, self-signed, expired, not-yet-valid, wrong-host, "
                + "untrusted-ca, or broken-handshake.", valueName: "mode"))
    var tls: MockIAM.TLSMode?

    @Option(
        help: ArgumentHelp("Write the certificate to trust to a file, as AWS_CA_BUNDLE takes it.", valueName: "file"))
    var caFile: String?

    @OptionGroup(title: "How to answer")
    var behaviour: ServeBehaviour

    @Option(help: ArgumentHelp("Write the URL to a file once the server can be asked.", valueName: "file"))
    var readyFile: String?

    @Flag(
        help: "End when the last connection is closed after a request was served that isn't for the control interface.")
    var once = false

    @Flag(help: "Read the files again whenever one of them changes, the faults file as well.")
    var watch = false

    @Flag(help: "Leave the control interface, /_mock/, out.")
    var noControl = false

    @Flag(name: .shortAndLong, help: "Log every request.")
    var verbose = false

    func validate() throws {
        guard 0...65535 ~= port else { throw ValidationError("--port is from 0 to 65535, not \(port).") }
        if caFile != nil, tls == nil { throw ValidationError("--ca-file goes with --tls.") }
    }

    func run() async throws {
        // That of an earlier server, which had no time to remove it. Whoever waits for it must not take that one's address.
        readyFile.map { PlacedFile(path: $0).remove() }
        var logger = Logger(label: "mock-iam", factory: StreamLogHandler.standardError(label:))
        logger.logLevel = verbose ? .debug : .info
        let start = Date.now
        let content = try source.content(now: start, isClockMoving: behaviour.movingClock)
        let options = try options(start: start, logger: logger)
        // Asked for before anybody can know that there is something to end.
        let signals = Signals()
        try await MockIAM.run(content, options: options) { server in
            logger.info("\(server.contentSummary)")
            logger.info(
                "clock \(server.clock.formatted(Date.ISO8601FormatStyle())), \(options.isClockMoving ? "moving" : "frozen")"
            )
            if options.isClockMoving, options.authentication != .off, abs(server.clock.timeIntervalSinceNow) > 15 * 60 {
                logger.warning(
                    """
                    the clock runs far from the machine's: who signs by the machine's time is refused; go by the Date \
                    header, or take --auth off
                    """)
            }
            if let caFile, let certificate = server.caCertificatePEM {
                try PlacedFile(path: caFile).write(certificate)
            }
            try readyFile.map { try PlacedFile(path: $0).write(server.endpointURL + "\n") }
            defer { readyFile.map { PlacedFile(path: $0).remove() } }
            try StandardStream.output.put("listening on \(server.endpointURL)\n")
            let named = source.files + [behaviour.faults].compactMap(\.self)
            var ending = Ending(service: server, signals: signals.names)
            ending.hangUp = { [logger] in Self.reload(server, logger) }
            if watch { ending.meanwhile = { [logger] in await Self.watch(named, of: server, logger) } }
            let reason = await ending.wait()
            if server.connectionCount > 0 {
                logger.warning("connections cut off before their answers have ended: \(server.connectionCount)")
            }
            let unmatched = server.journal.unmatchedCount
            logger.info("\(reason): \(server.journal.served) requests served, \(unmatched) without an answer")
        }
    }

    /// - Parameter start: what spans such as `3d ago` count from in a file without a clock whenever it is read again, so that
    ///   the same file says the same; unless the clock was given by another file since then.
    private func options(start: Date, logger: Logger) throws -> MockIAM.Options {
        var options = try behaviour.options()
        options.host = host
        options.port = port
        options.tls = tls
        options.hasControl = !noControl
        options.endsWhenLeft = once
        options.logger = logger
        let (source, behaviour) = (source, behaviour)
        options.reload = { instant in
            (try source.content(now: instant ?? start, isClockMoving: behaviour.movingClock), try behaviour.faultPlan())
        }
        return options
    }

    /// Reads the files again whenever one of them changes, until it is cancelled.
    private static func watch(_ named: [String], of server: MockIAM.Server, _ logger: Logger) async {
        var files = named + server.recordedFiles
        var seen = modified(files)
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(250))
            let now = modified(files)
            guard now != seen else { continue }
            reload(server, logger)
            // The recording may name other files now. What was written after it was read is seen next time.
            files = named + server.recordedFiles
            seen = modified(files).merging(now.filter { files.contains($0.key) }) { $1 }
        }
    }

    /// When each of the files that are there was last changed.
    private static func modified(_ files: [String]) -> [String: Date?] {
        Dictionary(
            files.map { file in
                (file, try? FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date)
            }
        ) { first, _ in first }
    }

    private static func reload(_ server: MockIAM.Server, _ logger: Logger) {
        do {
            try server.reload()
        } catch {
            logger.error("not reloaded, nothing has changed: \(error)")
        }
    }
}
