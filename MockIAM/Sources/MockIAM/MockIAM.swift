/// An emulator of AWS IAM and STS that answers from a recording, over real HTTP.
///
///     try await MockIAM.run(fixture: "MockIAM/Fixtures/demo-account") { server in
///         let iam = IAM(endpoint: server.endpointURL, now: server.clock)
///         try await auditKeys(iam)
///         #expect(server.journal.unmatched.isEmpty)
///     }
///
/// Everything public is nested in this type, which has its module's name: so `MockIAM.Journal` means the same thing
/// whether a reader takes `MockIAM` for the module or for the type.
public enum MockIAM {
    /// The version of the emulator.
    public static let version = "0.1.0"

    /// Serves a fixture while `body` runs, and stops when it returns or throws.
    ///
    /// - Parameters:
    ///   - path: a directory that holds `exchanges.jsonl`, an evidence bundle (`raw/exchanges.jsonl`) or a `.jsonl`
    ///     file.
    ///   - options: where to listen and how to replay; a free port of 127.0.0.1 unless told otherwise.
    ///   - body: what to run against the server.
    /// - Returns: what `body` returned.
    /// - Throws: ``FixtureError``, ``ListenError``, or what `body` threw.
    public static func run<Result>(
        fixture path: String, options: Options = Options(), isolation: isolated (any Actor)? = #isolation,
        _ body: (Server) async throws -> Result
    ) async throws -> Result {
        try await run(try Fixture(path: path), options: options, body)
    }

    /// Serves exchanges made in memory, as the tests of a client want them.
    package static func run<Result>(
        _ fixture: Fixture, options: Options = Options(), isolation: isolated (any Actor)? = #isolation,
        _ body: (Server) async throws -> Result
    ) async throws -> Result {
        let server = try await Server.listening(to: options, replaying: fixture)
        return try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await server.serve() }
            let result = try await body(server)
            group.cancelAll()
            return result
        }
    }
}
