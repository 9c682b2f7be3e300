import AWSClient
@testable import Collector
import Evidence
import Foundation
import MockIAM
import Recording
import Synchronization
import Testing

/// Whole runs against the emulator: from credentials to files.
@Suite struct CollectRunTests {
    /// 2026-11-22T20:45:00Z, the fixtures' clock.
    private static let asOf = Date(timeIntervalSince1970: 1_795_380_300)

    private func run<Result>(
        _ fixture: MockIAM.Fixture, output: String, asOf: Date? = asOf, source: CollectionSource = .auto,
        _ check: (CollectRun.Outcome, MockIAM.Server) async throws -> Result
    ) async throws -> Result {
        try await MockIAM.run(fixture) { server in
            let endpoint = try #require(EndpointURL(server.endpointURL))
            let transport = HTTPTransport(connections: 4)
            var run = CollectRun(
                credentials: CredentialProvider(
                    Credentials(
                        accessKeyID: "AKIAIOSFODNN7EXAMPLE",
                        secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
                        sessionToken: Secret("very-secret-token"), origin: "test")),
                endpoints: try Endpoints(region: "us-east-1", urls: [.iam: endpoint, .sts: endpoint]),
                region: "us-east-1",
                profile: nil, criteria: Criteria(policy: Policy(), crosswalk: try Crosswalk.builtIn()), asOf: asOf,
                outputFolder: output, transport: transport,
                now: { Date(timeIntervalSince1970: Self.asOf.timeIntervalSince1970 + 60) })
            run.plan = { criteria, asOf in
                var plan = CollectionPlan(criteria: criteria, asOf: asOf)
                plan.source = source
                plan.concurrency = 4...4
                return plan
            }
            run.retry = RetryPolicy(attempts: 2, throttledAttempts: 2)
            let outcome = await Swift.Result.catching { try await run.execute { _ in } }
            await transport.shutdown()
            return try await check(try outcome.get(), server)
        }
    }

    private func run<Result>(
        fixture name: String, source: CollectionSource = .auto,
        _ check: (CollectRun.Outcome, MockIAM.Server, String) async throws -> Result
    ) async throws -> Result {
        try await withTemporaryFolder { folder in
            try await run(try MockIAM.Fixture(path: fixturePath(name)), output: folder, source: source) {
                try await check($0, $1, folder)
            }
        }
    }

    @Test func `demo-account: every level, three pages, nothing left unread`() async throws {
        try await run(fixture: "demo-account") { outcome, server, _ in
            let summary = outcome.assessment.summary
            #expect(outcome.assessment.isComplete)
            #expect(summary.users == 25)
            #expect(outcome.assessment.snapshot.userListing == .complete(pages: 3))
            for level in RiskLevel.allCases { #expect(summary.count(level) > 0, "\(level)") }
            #expect(summary.neverUsed > 0 && summary.inactive > 0)
            #expect(outcome.assessment.overallStatus == .nonCompliant)
            #expect(server.journal.unmatched.isEmpty)
            #expect(outcome.assessment.snapshot.traffic.total == server.journal.served)
        }
    }

    /// A list of keys for each user that has some; beyond that AWS is asked seven times: who calls, the users on a page
    /// of a thousand, the summary, to make the report, and for the report until it is made.
    @Test func `auto asks for no more than it must`() async throws {
        let account = MockIAM.Account.generated(users: 300, keys: 1, seed: 7, profile: .typical, clock: .now)
        try await withBundle(
            of: account, MockIAM.Options(authentication: .lenient), .auto,
            prepare: { $0.plan = { CollectionPlan(criteria: $0, asOf: $1) } }
        ) { bundle in
            let file = bundle.appending(path: "raw/exchanges.jsonl")
            let exchanges = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
            func count(_ action: String) -> Int { exchanges.count { $0.contains("Action=\(action)&") } }
            let withKeys = account.users.count { !$0.accessKeys.isEmpty }
            #expect(count("ListAccessKeys") == withKeys)
            #expect(count("ListUsers") == 1)
            #expect(exchanges.count <= withKeys + 7)
        }
    }

    /// Collects with credentials of which an answer says something, and hands over the bundle with what the report has of
    /// that answer.
    private func withRefusal(
        of credentials: Credentials, _ code: String, _ said: String,
        _ body: (_ bundle: URL, _ failure: ReadFailure) throws -> Void
    ) async throws {
        let account = MockIAM.Account.generated(users: 3, keys: 1, seed: 7, profile: .typical, clock: .now)
        let name = account.users[0].name
        let refusal = MockIAM.FaultPlan.Rule(
            match: .init(action: "ListAccessKeys", parameters: ["UserName": .init([name])]),
            error: .init(status: 403, code: code, message: said))
        try await withBundle(
            of: account, MockIAM.Options(authentication: .off, faults: MockIAM.FaultPlan(rules: [refusal])), .live,
            prepare: { $0.credentials = CredentialProvider(credentials) }
        ) { bundle in
            let flaws = await recomputationFlaws(bundle)
            #expect(flaws.isEmpty, "\(flaws)")
            let report = try BundleReading(folder: bundle.path).report.snapshot
            try body(bundle, try #require(report.failures.first { $0.subject == .user(name) }))
        }
    }

    /// As where AWS says what it would have signed.
    @Test func `an answer that repeats the session token is kept, without it`() async throws {
        let token = "IQoJb3JpZ2luX2VjEXAMPLE/token+with=signs"
        let credentials = Credentials(
            accessKeyID: "test", secretAccessKey: Secret("test"), sessionToken: Secret(token), origin: "test")
        try await withRefusal(
            of: credentials, "SignatureDoesNotMatch", "not x-amz-security-token:\(token), \(token)"
        ) { bundle, failure in
            #expect(failure.code == "SignatureDoesNotMatch")
            #expect(failure.message == "not x-amz-security-token:<redacted>, <redacted>")
            for path in try FileManager.default.subpathsOfDirectory(atPath: bundle.path) {
                guard let bytes = FileManager.default.contents(atPath: "\(bundle.path)/\(path)") else { continue }
                #expect(!String(decoding: bytes, as: UTF8.self).contains(token), "\(path)")
            }
        }
    }

    /// A replay has other credentials. Whatever they are, its answers have the same words.
    @Test(arguments: [
        ("test-secret-of-the-test", "keys of test-secret-of-the-test", "keys of <redacted>"),
        ("testing", "user load-testing, by replay-audit", "user load-testing, by replay-audit"),
    ])
    func `a secret in an answer is taken out before anybody reads it`(
        secret: String, said: String, kept: String
    ) async throws {
        let credentials = Credentials(
            accessKeyID: "test", secretAccessKey: Secret(secret), sessionToken: Secret("test"), origin: "test")
        try await withRefusal(of: credentials, "AccessDenied", said) { bundle, failure in
            #expect(failure.message == kept)
            let recording = try String(contentsOf: bundle.appending(path: "raw/exchanges.jsonl"), encoding: .utf8)
            #expect(recording.contains(kept.replacing("<redacted>", with: "&lt;redacted&gt;")))
        }
    }

    /// As by a time server, or where a machine wakes up.
    @Test(arguments: [-3.0, -1300, 1300])
    func `a clock that is set in mid-run does no harm`(step: Double) async throws {
        let account = MockIAM.Account.generated(users: 20, keys: 1, seed: 7, profile: .typical, clock: .now)
        let answered = Mutex(0)
        try await withBundle(
            of: account, MockIAM.Options(), .live,
            prepare: { run in
                let now = run.clock.now
                run.clock.now = { now() + (answered.withLock { $0 } < 12 ? 0 : step) }
                run.transport = EditedTransport(run.transport) { _, _, _, reply in
                    answered.withLock { $0 += 1 }
                    return reply
                }
            }
        ) { bundle in
            let flaws = await recomputationFlaws(bundle)
            #expect(flaws.isEmpty, "\(flaws)")
            let reading = try BundleReading(folder: bundle.path)
            #expect(reading.assessment.isComplete)
            #expect(reading.report.snapshot.traffic.clockSkew.map { abs(Double($0) + step) < 60 } ?? (abs(step) < 600))
        }
    }

    @Test(arguments: [-10.0, 10])
    func `ages are counted by AWS's clock where the machine's is wrong`(days: Double) async throws {
        let now = Date(timeIntervalSince1970: Date.now.timeIntervalSince1970.rounded(.down))
        var account = MockIAM.Account(clock: now, created: now - 9e7)
        account.users = [
            MockIAM.User(
                "anna", created: now - 8e7,
                accessKeys: [
                    MockIAM.AccessKey(
                        "AKIA0000000000000001", created: now - 95 * 86_400, lastUse: MockIAM.LastUse(now - 86_400)),
                    MockIAM.AccessKey(
                        "AKIA0000000000000002", created: now - 85 * 86_400, lastUse: MockIAM.LastUse(now - 86_400)),
                ])
        ]
        try await withBundle(
            of: account, MockIAM.Options(authentication: .lenient), .auto,
            prepare: { $0.clock.now = { .now + days * 86_400 } }
        ) { bundle in
            let flaws = await recomputationFlaws(bundle)
            #expect(flaws.isEmpty, "\(flaws)")
            let reading = try BundleReading(folder: bundle.path)
            #expect(reading.report.asOfSource == .awsClock)
            #expect(reading.manifest.packaging.asOfSource == .awsClock)
            #expect(abs(reading.report.asOf.timeIntervalSince(now)) < 600)
            #expect(reading.assessment.keys.map(\.ageDays) == [95, 85])
            let text = TerminalSummary(reading.assessment, style: TerminalStyle(color: false)).text
            #expect(text.contains("clock is 2") && text.contains(days < 0 ? "behind AWS's" : "ahead of AWS's"))
            #expect(text.contains("made during this run"))
        }
    }

    @Test func `clean-account: complete and satisfied`() async throws {
        try await run(fixture: "clean-account") { outcome, _, _ in
            #expect(outcome.assessment.isComplete)
            #expect(outcome.assessment.status(of: .cc6_1) == .compliant)
            #expect(outcome.assessment.overallStatus == .compliant)
        }
    }

    @Test func `partial-account: what couldn't be read is undetermined and named, and nothing passes`() async throws {
        try await run(fixture: "partial-account") { outcome, _, _ in
            let assessment = outcome.assessment
            #expect(!assessment.isComplete)
            func codes(_ failures: [ReadFailure]) -> Set<String> {
                Set(failures.map { "\($0.operation) \($0.code)" })
            }
            #expect(
                codes(assessment.blockingFailures) == [
                    "GetAccessKeyLastUsed AccessDenied", "GetAccessKeyLastUsed unreadable-answer",
                    // Without both of these nobody knows of the root user's keys.
                    "GetAccountSummary AccessDenied", "GenerateCredentialReport AccessDenied",
                ])
            // No level and no test depends on this.
            #expect(codes(assessment.otherFailures) == ["GetLoginProfile AccessDenied"])
            #expect(assessment.snapshot.notes.map(\.kind) == [.userVanished])
            #expect(assessment.snapshot.notes.map(\.subject) == [.user("temp-migration")])
            #expect(assessment.conclusion(of: .unusedKey) == .notSatisfied)
            #expect(assessment.conclusion(of: .keyRotation) == .notSatisfied)
            #expect(assessment.status(of: .ia4) != .compliant)
            #expect(assessment.overallStatus == .nonCompliant)
            #expect(assessment.snapshot.traffic.retries == 1)
        }
    }

    @Test func `the bundle is whole, private, and has no secret in it`() async throws {
        try await run(fixture: "demo-account") { outcome, _, folder in
            #expect(outcome.bundle == "\(folder)/111122223333/20261122T204500Z")
            let files = try FileManager.default.subpathsOfDirectory(atPath: outcome.bundle).filter {
                $0.contains(".") || $0 == "SHA256SUMS"
            }
            #expect(
                Set(files) == [
                    "SHA256SUMS", "keys.csv", "manifest.json", "oscal/assessment-results.json", "raw/exchanges.jsonl",
                    "report.json", "summary.csv", "policy.json", "controls.json", "oscal/assessment-plan.json",
                    "oscal/ssp.json", "oscal/profile.json", "oscal/index-catalog.json", "VERIFY.md",
                ])
            for file in files {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(outcome.bundle)/\(file)")
                #expect(attributes[.posixPermissions] as? UInt == 0o600, "\(file)")
                let text = String(
                    decoding: try Data(contentsOf: URL(filePath: "\(outcome.bundle)/\(file)")), as: UTF8.self)
                for secret in ["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "very-secret", "Signature="] {
                    #expect(!text.contains(secret), "\(file)")
                }
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["111122223333"])
        }
    }

    @Test func `the recording of a run is a fixture that gives the same report`() async throws {
        try await run(fixture: "demo-account") { first, _, folder in
            try await run(try MockIAM.Fixture(path: first.bundle), output: "\(folder)/again") { second, server in
                #expect(server.journal.unmatched.isEmpty)
                #expect(server.clock == Self.asOf)
                var (one, other) = (first.assessment.snapshot, second.assessment.snapshot)
                for index in one.users.indices { one.users[index].forgetExchanges() }
                for index in other.users.indices { other.users[index].forgetExchanges() }
                #expect(one.users == other.users)
            }
        }
    }

    @Test func `evidence is never overwritten`() async throws {
        try await withTemporaryFolder { folder in
            let fixture = try MockIAM.Fixture(path: fixturePath("clean-account"))
            let bundle = try await run(fixture, output: folder) { outcome, _ in outcome.bundle }
            let before = try Data(contentsOf: URL(filePath: "\(bundle)/report.json"))
            await #expect(throws: BundleError.exists(path: bundle)) {
                try await run(fixture, output: folder) { _, _ in }
            }
            #expect(try Data(contentsOf: URL(filePath: "\(bundle)/report.json")) == before)
            // Nothing of the run that failed is left behind.
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left == ["222233334444"])
        }
    }

    /// As a schedule starts them, for two policies, say.
    @Test func `of two runs of the same second one is of the next`() async throws {
        try await withTemporaryFolder { folder in
            let fixture = try MockIAM.Fixture(path: fixturePath("clean-account"))
            // Their clock stands still, so that both are of one instant.
            let bundles = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        try await run(fixture, output: folder, asOf: nil) { outcome, _ in
                            #expect(outcome.asOfSource == .clock)
                            #expect(outcome.bundle.hasSuffix(outcome.assessment.asOf.compactISO8601))
                            // Though its recording began in the second that the other one has.
                            let flaws = await recomputationFlaws(URL(filePath: outcome.bundle))
                            #expect(flaws == [])
                            return outcome.bundle
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let names = bundles.map { URL(filePath: $0).lastPathComponent }
            #expect(names.sorted() == ["20261122T204600Z", "20261122T204601Z", "20261122T204602Z"])
        }
    }

    @Test func `of two runs with one as-of the second doesn't begin`() async throws {
        try await withTemporaryFolder { folder in
            let output = try OutputFolder(folder)
            let first = try await output.stage(account: "222233334444", run: "20261122T204500Z")
            let fixture = try MockIAM.Fixture(path: fixturePath("clean-account"))
            let stages = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/222233334444").filter {
                $0.hasPrefix(".stage-20261122T204500Z-")
            }
            let stage = "\(folder)/222233334444/\(try #require(stages.first))"
            await #expect(throws: BundleError.underWay(path: first.destination, stage: stage)) {
                try await run(fixture, output: folder) { _, _ in }
            }
            first.discard()
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/222233334444") == [".lock"])
        }
    }

    /// As a run leaves it that was killed.
    @Test func `a stage that nobody works on any more is taken away, and no other`() async throws {
        try await withTemporaryFolder { folder in
            let output = try OutputFolder(folder)
            let first = try await output.stage(account: "222233334444", run: "20261122T204500Z")
            let abandoned = "\(folder)/222233334444/.stage-20261122T204600Z-abandoned"
            try FileManager.default.createDirectory(atPath: "\(abandoned)/raw", withIntermediateDirectories: true)
            let second = try await output.stage(account: "222233334444", run: "20261122T204600Z")
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/222233334444")
            #expect(names.count { $0.hasPrefix(".stage-") } == 2 && !names.contains { $0.hasSuffix("-abandoned") })
            first.discard()
            second.discard()
        }
    }

    @Test func `a folder that can't be written ends the run before the first call`() async throws {
        try await withTemporaryFolder { folder in
            let file = "\(folder)/file"
            try Data("x".utf8).write(to: URL(filePath: file))
            let fixture = try MockIAM.Fixture(path: fixturePath("clean-account"))
            try await MockIAM.run(fixture) { server in
                #expect(throws: BundleError.self) { try OutputFolder("\(file)/out") }
                #expect(server.journal.served == 0)
            }
        }
    }

    @Test func `credentials that expire in mid-scan leave the rest undetermined, without a call for each`() async throws
    {
        try await withTemporaryFolder { folder in
            var fixture = try MockIAM.Fixture(path: fixturePath("demo-account"))
            for index in fixture.exchanges.indices where fixture.exchanges[index].operation != "GetCallerIdentity" {
                guard fixture.exchanges[index].operation != "ListUsers" else { continue }
                fixture.exchanges[index].outcome = .answer(.expired)
            }
            try await run(fixture, output: folder) { outcome, server in
                #expect(!outcome.assessment.isComplete)
                #expect(outcome.assessment.snapshot.users.count == 25)
                #expect(outcome.assessment.keys.isEmpty)
                #expect(outcome.assessment.overallStatus == .undetermined)
                #expect(outcome.assessment.snapshot.failures.count == 50 + 2 + 1)
                // The list, the identity, and no more than what was under way already.
                #expect(server.journal.served <= 4 + 8)
            }
        }
    }

    @Test func `a list of users that is denied is no empty account`() async throws {
        try await withTemporaryFolder { folder in
            var fixture = try MockIAM.Fixture(path: fixturePath("clean-account"))
            for index in fixture.exchanges.indices where fixture.exchanges[index].operation == "ListUsers" {
                fixture.exchanges[index].outcome = .answer(.denied)
            }
            try await run(fixture, output: folder) { outcome, _ in
                #expect(!outcome.assessment.isComplete)
                #expect(outcome.assessment.overallStatus == .undetermined)
                #expect(outcome.assessment.status(of: .ia4) == .undetermined)
                #expect(outcome.assessment.snapshot.failures.map(\.code) == ["AccessDenied"])
            }
        }
    }
}

extension IAMUser {
    fileprivate mutating func forgetExchanges() {
        listed.forget()
        consoleAccess.forgetSource()
        if case .read(var listed, let source) = keys {
            for index in listed.indices {
                listed[index].listed.forget()
                listed[index].lastUse.forgetSource()
            }
            keys = .read(listed, source)
        }
        keys.forgetSource()
    }
}

extension Provenance {
    fileprivate mutating func forget() {
        exchange = nil
        furtherExchanges = []
        asOf = .distantPast
    }
}

extension Fact {
    fileprivate mutating func forgetSource() {
        guard case .read(let value, var source) = self else { return }
        source.forget()
        self = .read(value, source)
    }
}

extension Exchange.Response {
    private static func error(_ code: String) -> Exchange.Response {
        Exchange.Response(
            status: 403,
            body: Array(
                """
                <ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>\
                <Code>\(code)</Code><Message>no</Message></Error></ErrorResponse>
                """.utf8))
    }

    static var expired: Exchange.Response { error("ExpiredToken") }
    static var denied: Exchange.Response { error("AccessDenied") }
}

extension Result where Failure == any Error {
    static func catching(_ body: () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
