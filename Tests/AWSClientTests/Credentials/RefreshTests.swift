import AWSClient
import FoundationEssentials
import MockIAM
import Synchronization
import Testing

/// Credentials that end: who fetches fresh ones, and when.
@Suite struct RefreshTests {
    /// Where one waits until the test lets it go on.
    private struct Gate: Sendable {
        private let arrivals = AsyncStream.makeStream(of: Void.self)
        private let opening = AsyncStream.makeStream(of: Void.self)

        func pass() async {
            arrivals.continuation.yield()
            for await _ in opening.stream { return }
        }

        func someoneHasCome() async {
            for await _ in arrivals.stream { return }
        }

        func open() {
            opening.continuation.yield()
            opening.continuation.finish()
        }
    }

    /// Gives credentials that are good for an hour, each with another id, or fails.
    private final class Source: CredentialSource {
        let name = "test"
        private let fetches = Mutex(0)
        private let works: Bool
        private let given: Credentials?
        /// What a fetch waits for.
        private let gate: @Sendable () async -> Void

        /// - Parameter given: what every fetch brings.
        init(works: Bool = true, given: Credentials? = nil, gate: @escaping @Sendable () async -> Void = {}) {
            self.works = works
            self.given = given
            self.gate = gate
        }

        var count: Int { fetches.withLock { $0 } }

        func credentials() async throws(CredentialError) -> Credentials? {
            let number = fetches.withLock { count in
                count += 1
                return count
            }
            await gate()
            guard works else { throw .failed(origin: "test", reason: "it is broken", advice: "") }
            return given ?? Self.made("fresh-\(number)", end: Machine.now + 3600)
        }

        static func made(_ id: String, end: Date?, method: CredentialMethod = .given) -> Credentials {
            Credentials(accessKeyID: id, secretAccessKey: Secret("s"), expiration: end, method: method, origin: "test")
        }
    }

    /// What is used where the credentials at hand have so many minutes.
    enum Outcome { case old, fresh, failure }

    @Test(arguments: [
        (16.0, true, Outcome.old, 0), (16, false, .old, 0), (14, true, .fresh, 1), (14, false, .old, 1),
        (9, true, .fresh, 1), (9, false, .old, 1), (0, true, .fresh, 1), (0, false, .failure, 1), (-1, true, .fresh, 1),
        (-1, false, .failure, 1),
    ])
    func `fresh ones are tried for from 15 minutes before the end, and the old ones serve to it`(
        minutes: Double, works: Bool, expected: Outcome, fetches: Int
    ) async {
        let source = Source(works: works)
        let provider = CredentialProvider(
            Source.made("old", end: Machine.now + minutes * 60), from: source, now: { Machine.now })
        let outcome: Outcome
        do {
            outcome = try await provider.credentials().accessKeyID == "old" ? .old : .fresh
        } catch {
            outcome = .failure
        }
        #expect(outcome == expected)
        #expect(source.count == fetches)
    }

    @Test(arguments: [14.0, 9, 3])
    func `a fetch that failed is tried again after a minute, not at each call`(minutes: Double) async throws {
        try await expectOneFetchAMinute(Source.made("old", end: Machine.now + minutes * 60), Source(works: false))
    }

    @Test(arguments: [14.0, 9, 3])
    func `so is one that brought what was there already, as an instance hands it out`(minutes: Double) async throws {
        let old = Source.made("old", end: Machine.now + minutes * 60)
        try await expectOneFetchAMinute(old, Source(given: old))
    }

    @Test(arguments: [false, true])
    func `an instance's credentials serve after their end where there are no others`(works: Bool) async throws {
        let old = Source.made("old", end: Machine.now - 60, method: .instance)
        try await expectOneFetchAMinute(old, Source(works: works, given: old))
    }

    private func expectOneFetchAMinute(_ old: Credentials, _ source: Source) async throws {
        let time = Mutex(Machine.now)
        let provider = CredentialProvider(old, from: source, now: { time.withLock { $0 } })
        for _ in 0..<5 { #expect(try await provider.credentials() == old) }
        #expect(source.count == 1)
        time.withLock { $0 += 61 }
        for _ in 0..<5 { #expect(try await provider.credentials() == old) }
        #expect(source.count == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func `whoever is cancelled doesn't wait for a fetch, and the others have it`() async throws {
        let gate = Gate()
        let source = Source(gate: { await gate.pass() })
        let provider = CredentialProvider(
            Source.made("old", end: Machine.now + 60), from: source, now: { Machine.now })
        let client = AWSClient(
            credentials: provider, endpoints: try Endpoints(region: "us-east-1"), transport: NoNetwork(),
            userAgent: "test")
        let first = Task { try await client.send(GetCallerIdentity()) }
        await gate.someoneHasCome()
        let second = Task { try await provider.credentials().accessKeyID }
        first.cancel()
        let error = await #expect(throws: AWSError.self) { try await first.value }
        #expect(error?.reason == .transport(TransportError(.cancelled, reason: "cancelled")))
        gate.open()
        #expect(try await second.value == "fresh-1")
        #expect(source.count == 1)
    }

    @Test func `all who wait at the same time wait for one fetch`() async throws {
        let gate = Gate()
        let source = Source(gate: { await gate.pass() })
        let provider = CredentialProvider(
            Source.made("old", end: Machine.now + 60), from: source, now: { Machine.now })
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { try await provider.credentials().accessKeyID } }
            await gate.someoneHasCome()
            gate.open()
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(ids == ["fresh-1"])
        #expect(source.count == 1)
    }

    @Test func `whoever comes when a fetch has just ended begins no second one`() async throws {
        // Which of them come when is chance.
        for _ in 0..<1000 {
            let source = Source()
            let provider = CredentialProvider(
                Source.made("old", end: Machine.now + 60), from: source, now: { Machine.now })
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { _ = try await provider.credentials() } }
                try await group.waitForAll()
            }
            #expect(source.count == 1)
        }
    }

    @Test func `those whose credentials were refused at the same time get one fresh set`() async throws {
        for _ in 0..<300 {
            let source = Source()
            let old = Source.made("old", end: Machine.now + 3600)
            let provider = CredentialProvider(old, from: source, now: { Machine.now })
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 { group.addTask { await provider.replace(old) } }
                for try await isReplaced in group { #expect(isReplaced) }
            }
            #expect(source.count == 1)
        }
    }

    @Test func `what can't be refreshed is used to its end`() async throws {
        let source = Source()
        var typed = Source.made("typed", end: Machine.now + 60)
        typed.isRefreshable = false
        #expect(
            try await CredentialProvider(typed, from: source, now: { Machine.now }).credentials().accessKeyID == "typed"
        )
        let lasting = CredentialProvider(Source.made("static", end: nil), from: source, now: { Machine.now })
        #expect(try await lasting.credentials().accessKeyID == "static")
        #expect(await !lasting.replace(lasting.current))
        #expect(source.count == 0)
    }

    @Test func `what has ended when it is fetched doesn't take the place of what lasts`() async throws {
        let source = Source(given: Source.made("stale", end: Machine.now - 1))
        let provider = CredentialProvider(
            Source.made("old", end: Machine.now + 60), from: source, now: { Machine.now })
        for _ in 0..<2 { #expect(try await provider.credentials().accessKeyID == "old") }
        #expect(provider.current.accessKeyID == "old")
    }

    // MARK: In mid-scan

    /// STS's word and the words of others.
    @Test(arguments: ["ExpiredToken", "ExpiredTokenException"])
    func `credentials that are refused as expired are replaced, which takes none of a call's attempts`(
        code: String
    ) async throws {
        let source = Source()
        let transport = Scripted([.refusal(code), .status(500), .status(500), .identity])
        let client = AWSClient(
            credentials: CredentialProvider(
                Source.made("old", end: Machine.now + 3600), from: source, now: { Machine.now }),
            endpoints: try Endpoints(region: "us-east-1"), transport: transport,
            retry: RetryPolicy(mode: .standard, attempts: 3), userAgent: "test",
            clock: ClientClock(now: { Machine.now }, uptime: { .zero }, sleep: { _ in }))
        _ = try await client.send(GetCallerIdentity())
        #expect(transport.asked.count == 4)
        #expect(source.count == 1)
    }

    private static let roleARN = "arn:aws:iam::111122223333:role/audit"

    /// A client with the credentials of a role, by the emulator's clock.
    private func withRole(
        faults: MockIAM.FaultPlan = MockIAM.FaultPlan(), clock: Date = Machine.now,
        _ body: (AWSClient, CredentialProvider, MockIAM.Server) async throws -> Void
    ) async throws {
        let machine = Machine(
            config: "[default]\nrole_arn = \(Self.roleARN)\nsource_profile = base\n",
            credentials: "[base]\naws_access_key_id = test\naws_secret_access_key = test\n")
        let account = MockIAM.Account(
            clock: clock, users: (0..<5).map { MockIAM.User("user-\($0)", created: clock - 86_400) },
            roles: [MockIAM.Role("audit")])
        try await MockIAM.run(account: account, options: MockIAM.Options(faults: faults)) { server in
            try await withTransport { transport in
                let now: @Sendable () -> Date = { server.clock }
                let surroundings = try machine.surroundings(transport: transport, url: server.endpointURL, now: now)
                let found = try await CredentialChain.standard(surroundings).find()
                let provider = CredentialProvider(found.credentials, from: found.source, now: now)
                let client = AWSClient(
                    credentials: provider, endpoints: surroundings.endpoints, transport: transport, userAgent: "test",
                    clock: surroundings.clock)
                try await body(client, provider, server)
            }
        }
    }

    @Test func `a scan that outlives its session goes on with the next, fetched once`() async throws {
        try await withRole { client, _, server in
            _ = try await client.send(ListUsers())
            server.advanceClock(by: 3600 - 5 * 60)
            try await withThrowingDiscardingTaskGroup { group in
                for number in 0..<5 {
                    group.addTask { _ = try await client.send(ListAccessKeys(userName: "user-\(number)")) }
                }
            }
            #expect(server.journal.counts == ["AssumeRole": 2, "ListUsers": 1, "ListAccessKeys": 5])
            let ids = Set(server.journal.entries.filter { $0.action == "ListAccessKeys" }.map(\.accessKeyID))
            #expect(ids.count == 1 && ids != [server.journal.entries[1].accessKeyID])
        }
    }

    @Test func `credentials that AWS ends early are replaced, once`() async throws {
        let rule = MockIAM.FaultPlan.Rule(
            match: .init(action: "ListAccessKeys"), when: .calls(2), expireToken: true)
        try await withRole(faults: MockIAM.FaultPlan(rules: [rule])) { client, provider, server in
            let first = provider.current.accessKeyID
            for number in 0..<4 { _ = try await client.send(ListAccessKeys(userName: "user-\(number)")) }
            #expect(server.journal.counts == ["AssumeRole": 2, "ListAccessKeys": 5])
            #expect(server.journal.entries.filter { $0.status == 403 }.count == 1)
            #expect(provider.current.accessKeyID != first)
        }
    }

    @Test func `where fresh ones are refused as well, the call fails with AWS's words`() async throws {
        let rule = MockIAM.FaultPlan.Rule(match: .init(action: "ListAccessKeys"), expireToken: true)
        try await withRole(faults: MockIAM.FaultPlan(rules: [rule])) { client, _, server in
            let error = await #expect(throws: AWSError.self) {
                _ = try await client.send(ListAccessKeys(userName: "user-0"))
            }
            #expect(error?.code?.rawValue == "ExpiredToken")
            #expect(error?.attempts == 2)
            #expect(server.journal.counts == ["AssumeRole": 2, "ListAccessKeys": 2])
        }
    }
}
