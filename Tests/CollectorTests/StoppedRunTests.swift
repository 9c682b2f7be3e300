import AWSClient
import Collector
import Evidence
import Foundation
import MockIAM
import Synchronization
import Testing

/// Runs that were stopped before their end, wherever that was: what they come to follows from what was recorded of them
/// as it does for all others.
@Suite struct StoppedRunTests {
    /// What stops a run.
    enum Stop: String, CaseIterable, CustomTestStringConvertible {
        case interruption, expiredToken, nothingListens, noCredentials

        var testDescription: String { rawValue }

        /// As failures name it.
        var code: String {
            switch self {
            case .interruption: "interrupted"
            case .expiredToken: "ExpiredToken"
            case .nothingListens: "unreachable"
            case .noCredentials: "credentials"
            }
        }
    }

    private static func account(_ seed: UInt64) -> MockIAM.Account {
        .generated(users: 25, keys: 1.3, seed: seed, profile: .messy, clock: .now)
    }

    private func withStoppedRun(
        _ stop: Stop, atCall call: Int, _ source: CollectionSource, _ body: (URL) async throws -> Void
    ) async throws {
        var options = MockIAM.Options(authentication: .lenient, pages: MockIAM.PageOptions(largest: 7))
        // An interruption may also come while a call waits for its turn, or to be made again.
        let fault =
            switch stop {
            case .interruption: "{throttle: {rate: 100, burst: 5}}"
            case .expiredToken: "{error: ExpiredToken, when: {from: \(call)}}"
            case .nothingListens, .noCredentials: ""
            }
        options.faults = try MockIAM.FaultPlan(parsing: "{seed: 1, faults: [\(fault)]}")
        let calls = Mutex(0)
        let counter = CallCounter()
        try await withBundle(
            of: Self.account(UInt64(call)), options, source,
            prepare: { run in
                switch stop {
                case .interruption, .expiredToken: break
                case .nothingListens: run.transport = Unplugged(run.transport, from: call, counter)
                case .noCredentials:
                    run.transport = Counted(run.transport, counter)
                    run.credentials = CredentialProvider(
                        Credentials(
                            accessKeyID: "test", secretAccessKey: Secret("test"), expiration: .now + 3600,
                            origin: "test"),
                        from: Empty(), now: { counter.count < call ? .now : .now + 7200 })
                }
            },
            notify: { event in
                guard stop == .interruption, case .progressed = event else { return }
                // Calls end in any order, but so many events there are.
                let count = calls.withLock { calls in
                    calls += 1
                    return calls
                }
                if count == call { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
            }, body)
    }

    @Test(arguments: Stop.allCases, [CollectionSource.auto, .live, .report])
    func `a run that was stopped can be done again`(_ stop: Stop, _ source: CollectionSource) async throws {
        var stopped = 0
        for call in [2, 3, 4, 5, 7, 10, 14, 20, 27, 35] {
            try await withStoppedRun(stop, atCall: call, source) { bundle in
                let found = await recomputationFlaws(bundle)
                #expect(found.isEmpty, "\(call): \(found.map { String($0.prefix(400)) })")
                let report = try String(contentsOf: bundle.appending(path: "report.json"), encoding: .utf8)
                if report.contains("\"code\":\"\(stop.code)\"") { stopped += 1 }
            }
        }
        #expect(stopped >= 4, "too few of the runs were stopped in time to show anything")
    }

    /// Nobody is left to be read, and the report isn't needed for anything but to compare with: still nobody knows who was
    /// left out.
    @Test func `a run that was interrupted while it waited for the report is incomplete`() async throws {
        var account = MockIAM.Account.generated(users: 3, keys: 1, seed: 1, profile: .typical, clock: .now)
        account.credentialReport.polls = 1000
        try await withBundle(
            of: account, MockIAM.Options(authentication: .lenient), .live,
            // It is in the wait that it is interrupted.
            prepare: { $0.clock.sleep = { try await Task.sleep(for: $0) } },
            notify: { event in
                guard case .progressed(let progress) = event, progress.waitsForReport, progress.isListingDone,
                    progress.usersDone == 3
                else { return }
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            }
        ) { bundle in
            let found = await recomputationFlaws(bundle)
            #expect(found.isEmpty, "\(found.map { String($0.prefix(400)) })")
            let manifest = try String(contentsOf: bundle.appending(path: "manifest.json"), encoding: .utf8)
            #expect(manifest.contains("\"complete\": false"))
        }
    }

    @Test func `credentials that are replaced on the way don't show`() async throws {
        for call in [3, 9, 20] {
            let plan = try MockIAM.FaultPlan(
                parsing: "{seed: 1, faults: [{error: ExpiredToken, when: {calls: [\(call)]}}]}")
            try await withBundle(
                of: Self.account(4),
                MockIAM.Options(authentication: .lenient, pages: MockIAM.PageOptions(largest: 7), faults: plan), .live,
                prepare: { run in
                    run.credentials = CredentialProvider(
                        Credentials(
                            accessKeyID: "test", secretAccessKey: Secret("test"), expiration: .now + 36_000,
                            origin: "test"),
                        from: Fresh())
                }
            ) { bundle in
                let found = await recomputationFlaws(bundle)
                #expect(found.isEmpty, "\(found.map { String($0.prefix(400)) })")
                let manifest = try String(contentsOf: bundle.appending(path: "manifest.json"), encoding: .utf8)
                #expect(manifest.contains("\"complete\": true"))
            }
        }
    }
}

private final class CallCounter: Sendable {
    private let calls = Mutex(0)
    var count: Int { calls.withLock { $0 } }

    func next() -> Int {
        calls.withLock { calls in
            calls += 1
            return calls
        }
    }
}

/// Counts what goes through it.
private struct Counted: Transport {
    private let base: any Transport
    private let counter: CallCounter

    init(_ base: any Transport, _ counter: CallCounter) {
        self.base = base
        self.counter = counter
    }

    func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
        _ = counter.next()
        return try await base.send(request, for: call)
    }
}

/// From some request on nobody listens.
private struct Unplugged: Transport {
    private let base: any Transport
    private let counter: CallCounter
    private let first: Int

    init(_ base: any Transport, from first: Int, _ counter: CallCounter) {
        self.base = base
        self.first = first
        self.counter = counter
    }

    func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
        guard counter.next() < first else { throw TransportError(.unreachable, reason: "connection refused") }
        return try await base.send(request, for: call)
    }
}

private struct Empty: CredentialSource {
    var name: String { "test" }

    func credentials() async throws(CredentialError) -> Credentials? {
        throw .failed(origin: "test", reason: "there are no more", advice: "Wait")
    }
}

/// Keys that the emulator takes as well.
private struct Fresh: CredentialSource {
    var name: String { "test" }

    func credentials() async throws(CredentialError) -> Credentials? {
        Credentials(
            accessKeyID: "fresh", secretAccessKey: Secret("fresh"), expiration: .now + 36_000, origin: "test")
    }
}
