import ArgumentParser
import FoundationEssentials
import Logging
import MockIAM

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the recorded answers of a fixture over HTTP.",
        discussion: """
            The fixture is a directory that holds exchanges.jsonl, an evidence bundle of keywitness, or a .jsonl file \
            itself. Identical requests get their recorded answers in order. A request without one gets an error that \
            names the nearest recorded requests, and a line on standard error.

            Standard output has one line, 'listening on http://HOST:PORT', as soon as the server can be asked. \
            SIGINT and SIGTERM end it with exit code 0. Any credentials will do.

            EXAMPLES
              mock-iam serve --fixtures MockIAM/Fixtures/demo-account
              mock-iam serve --fixtures evidence/2026-11-22 --port 8080 --repeat error
            """
    )

    @Option(help: ArgumentHelp("What to replay.", valueName: "dir"))
    var fixtures: String

    @Option(help: "The port to listen on; 0 takes a free one.")
    var port = 0

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(
        name: .customLong("repeat"),
        help: "What a request gets after its last recorded answer: that one again, all from the first on, or an error."
    )
    var repeatPolicy = MockIAM.RepeatPolicy.last

    @Flag(name: .shortAndLong, help: "Log every request.")
    var verbose = false

    func validate() throws {
        guard 0...65535 ~= port else { throw ValidationError("--port is from 0 to 65535, not \(port).") }
    }

    func run() async throws {
        var logger = Logger(label: "mock-iam", factory: StreamLogHandler.standardError(label:))
        logger.logLevel = verbose ? .debug : .info
        let options = MockIAM.Options(host: host, port: port, repeat: repeatPolicy, logger: logger)
        // Asked for before anybody can know that there is something to end.
        let termination = TerminationSignals()
        try await MockIAM.run(fixture: fixtures, options: options) { server in
            let exchanges = server.fixture.exchanges.count
            logger.info("\(server.fixture.name): \(exchanges) exchanges")
            logger.info("clock \(server.clock.formatted(Date.ISO8601FormatStyle())), frozen")
            print("listening on \(server.endpointURL)")
            // Into a pipe, print writes nothing until a buffer is full.
            fflush(nil)
            let signal = await termination.first()
            let unmatched = server.journal.unmatched.count
            logger.info("\(signal): \(server.journal.served) requests served, \(unmatched) without a recorded answer")
        }
    }
}
