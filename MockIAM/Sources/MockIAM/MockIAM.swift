/// An emulator of AWS IAM and STS that answers over real HTTP, from an account model or from a recording.
///
///     let account = MockIAM.Account(users: [
///         MockIAM.User("ci-deploy", created: lastYear, accessKeys: [MockIAM.AccessKey("AKIAEXAMPLE000000001", created: lastYear)])
///     ])
///     try await MockIAM.run(account: account) { server in
///         let iam = IAM(endpoint: server.endpointURL, accessKeyID: "test", secretAccessKey: "test")
///         try await auditKeys(iam, asOf: server.clock)
///         #expect(server.journal.counts == ["ListUsers": 1, "ListAccessKeys": 1])
///     }
///
/// Everything public is nested in this type, which has its module's name: so `MockIAM.Journal` means the same thing
/// whether a reader takes `MockIAM` for the module or for the type.
public enum MockIAM {
    /// The version of the emulator.
    public static let version = "0.1.0"

    /// Serves an account while `body` runs, and stops when it returns or throws, whatever it is answering then.
    ///
    /// - Parameters:
    ///   - account: who is in it. Its `clock` is the server's.
    ///   - options: where to listen and how to answer; a free port of 127.0.0.1 unless told otherwise.
    ///   - body: what to run against the server.
    /// - Returns: what `body` returned.
    /// - Throws: ``ListenError``, or what `body` threw.
    public static func run<Result>(
        account: Account, options: Options = Options(), isolation: isolated (any Actor)? = #isolation,
        _ body: (Server) async throws -> Result
    ) async throws -> Result {
        try await run(accounts: [account], options: options, body)
    }

    /// Serves several accounts behind one port; credentials tell which of them is asked.
    ///
    /// - Parameters:
    ///   - accounts: at least one. The test keys ask the first, whose `clock` is the server's.
    ///   - options: where to listen and how to answer.
    ///   - body: what to run against the server.
    /// - Returns: what `body` returned.
    /// - Throws: ``ListenError``, or what `body` threw.
    public static func run<Result>(
        accounts: [Account], options: Options = Options(), isolation: isolated (any Actor)? = #isolation,
        _ body: (Server) async throws -> Result
    ) async throws -> Result {
        try await run(try await Server.listening(to: options, serving: .accounts(accounts)), body)
    }

    /// Serves a fixture while `body` runs, and stops when it returns or throws.
    ///
    /// - Parameters:
    ///   - path: a directory that holds `exchanges.jsonl`, an evidence bundle (`raw/exchanges.jsonl`) or a `.jsonl`
    ///     file.
    ///   - options: where to listen and how to replay.
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
        try await run(try await Server.listening(to: options, serving: .recording(fixture)), body)
    }

    /// Serves accounts or a recording, as the command does.
    package static func run<Result>(
        _ content: Content, options: Options = Options(), isolation: isolated (any Actor)? = #isolation,
        _ body: (Server) async throws -> Result
    ) async throws -> Result {
        try await run(try await Server.listening(to: options, serving: content), body)
    }

    private static func run<Result>(
        _ server: Server, isolation: isolated (any Actor)? = #isolation, _ body: (Server) async throws -> Result
    ) async throws -> Result {
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await server.serve() }
            let result = try await body(server)
            group.cancelAll()
            return result
        }
    }

    /// What a server answers from.
    package enum Content: Sendable, Equatable {
        /// At least one account.
        case accounts([Account])
        case recording(Fixture)
    }
}
