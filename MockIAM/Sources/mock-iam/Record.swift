import ArgumentParser
import FoundationEssentials
import Logging
import MockIAM

struct Record: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Record what AWS answers, to replay it later.",
        discussion: """
            An HTTP proxy on this machine. Clients ask it as they would ask 'mock-iam serve', signed with the access \
            key 'test' and the secret 'test'; it asks the upstream, signed with the credentials of its own environment \
            (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN), passes the answer on and writes both down: \
            without signatures, tokens and other secrets, and with --anonymize without what names the account. It \
            passes on what reads; --allow-writes passes on everything.

            The recording, exchanges.jsonl in the output directory, grows as it is made and is never overwritten. \
            Standard output has one line, 'listening on http://HOST:PORT'; SIGINT, SIGTERM and SIGHUP end it, after five seconds \
            at the latest where the upstream doesn't answer, or when the signal comes again.

            EXAMPLES
              eval "$(aws configure export-credentials --profile audit --format env)"
              mock-iam record --upstream aws --out recorded --port 8080
              (in another shell) export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
              keywitness collect --endpoint-url http://127.0.0.1:8080
              mock-iam serve --fixtures recorded
            """
    )

    @Option(help: ArgumentHelp("Whom to ask: 'aws', or a URL, https:// or on this machine.", valueName: "url"))
    var upstream: String

    @Option(help: ArgumentHelp("The directory to write the recording to.", valueName: "dir"))
    var out: String

    @Option(help: "The port to listen on; 0 takes a free one.")
    var port = 0

    @Option(help: "The address of this machine to listen on.")
    var host = "127.0.0.1"

    @OptionGroup
    var anonymizing: AnonymizeOptions

    @Option(help: "Ask for this region instead of the one that a client's signature names.")
    var region: String?

    @Option(help: ArgumentHelp("Write the URL to a file once the recorder can be asked.", valueName: "file"))
    var readyFile: String?

    @Flag(help: "Pass on operations that change something, too.")
    var allowWrites = false

    @Flag(help: "End when the last connection is closed after a request was served.")
    var once = false

    @Flag(name: .shortAndLong, help: "Log every request.")
    var verbose = false

    func validate() throws {
        guard 0...65535 ~= port else { throw ValidationError("--port is from 0 to 65535, not \(port).") }
        do {
            _ = try MockIAM.Upstream(upstream)
        } catch {
            throw ValidationError("--upstream: \(error).")
        }
        if let region, !region.utf8.allSatisfy({ "abcdefghijklmnopqrstuvwxyz0123456789-".utf8.contains($0) }) {
            throw ValidationError("--region is a name such as eu-west-1.")
        }
    }

    func run() async throws {
        // That of an earlier server, which had no time to remove it. Whoever waits for it must not take that one's address.
        readyFile.map { PlacedFile(path: $0).remove() }
        var logger = Logger(label: "mock-iam", factory: StreamLogHandler.standardError(label:))
        logger.logLevel = verbose ? .debug : .info
        let options = MockIAM.RecordOptions(
            host: host, port: port, upstream: try MockIAM.Upstream(upstream),
            credentials: try MockIAM.UpstreamCredentials(environment: ProcessInfo.processInfo.environment),
            directory: out, region: region, anonymizer: anonymizing.anonymizer, allowsWrites: allowWrites,
            endsWhenLeft: once, logger: logger)
        // Asked for before anybody can know that there is something to end.
        let signals = Signals()
        let recorded = try await MockIAM.record(options) { recorder in
            logger.info("recording \(options.upstream) to \(recorder.path)")
            try readyFile.map { try PlacedFile(path: $0).write(recorder.endpointURL + "\n") }
            defer { readyFile.map { PlacedFile(path: $0).remove() } }
            try StandardStream.output.put("listening on \(recorder.endpointURL)\n")
            // There is nothing to read again: SIGHUP ends it, too. Nobody would know any more of what asks AWS with their keys.
            let reason = await Ending(service: recorder, signals: signals.names).wait()
            if recorder.connectionCount > 0 {
                logger.warning("connections cut off before their answers have ended: \(recorder.connectionCount)")
            }
            return reason
        }
        logger.info("\(recorded.result): \(recorded.exchanges) exchanges recorded in \(out)")
    }
}
