import AWSClient
import Collector
import Evidence
import FoundationEssentials
import Synchronization

/// Asks an ``InProcessEmulator``, and numbers the exchanges.
final class EmulatorTransport: Transport {
    private let emulator: InProcessEmulator
    private let count = Mutex(0)

    init(_ emulator: InProcessEmulator) {
        self.emulator = emulator
    }

    func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
        if Task.isCancelled { throw TransportError(.cancelled, reason: "cancelled") }
        let reply = emulator.answer(String(decoding: request.body, as: UTF8.self))
        let number = count.withLock { count in
            count += 1
            return count
        }
        return HTTPResponse(
            status: reply.status, headers: [HTTPHeader(name: "Date", value: reply.date)], body: Array(reply.body.utf8),
            receipt: Receipt(number: number, sent: .testNow))
    }
}

extension Date {
    /// 2026-11-22T20:45:00Z
    static let testNow = Date(timeIntervalSince1970: 1_795_380_300)

    static func ago(days: Double = 0, hours: Double = 0, seconds: Double = 0) -> Date {
        testNow - days * 86_400 - hours * 3600 - seconds
    }
}

extension InProcessEmulator {
    /// Collects from the emulator as `keywitness collect` does, without a bundle.
    func collect(
        _ source: CollectionSource, policy: Policy = Policy(), exceptions: [ControlException] = [],
        asOf: Date = .testNow, began: Date = .testNow, hasOtherCredentials: Bool = false,
        frameworks: Set<String> = Crosswalk.standardFrameworks,
        prepare: (inout CollectionPlan) -> Void = { _ in }
    ) async throws -> Assessment {
        // Nobody is asked there.
        guard let url = EndpointURL("http://127.0.0.1:1") else { throw NoURL() }
        let clock = ClientClock(now: { .testNow }, sleep: { _ in })
        let emulator = EmulatorTransport(self)
        let transport: any Transport = edit.map { EditedTransport(emulator, $0) } ?? emulator
        let client = AWSClient(
            credentials: CredentialProvider(
                Credentials(
                    accessKeyID: "test", secretAccessKey: Secret("test"), sessionToken: nil, origin: "test")),
            endpoints: try Endpoints(region: "us-east-1", urls: [.iam: url, .sts: url]),
            transport: transport, retry: RetryPolicy(attempts: 1, throttledAttempts: 1),
            userAgent: "test", clock: clock)
        let criteria = Criteria(
            policy: policy, exceptions: ExceptionList(exceptions), crosswalk: try Crosswalk.builtIn(),
            frameworks: frameworks)
        var plan = CollectionPlan(criteria: criteria, asOf: asOf)
        plan.source = source
        prepare(&plan)
        let account = AccountIdentity(
            id: "111122223333", partition: "aws", callerARN: "arn:aws:iam::111122223333:root")
        let found = await AccountCollection(
            of: account, client: client, clock: CollectionClock(clock, began: began), plan: plan,
            hasOtherCredentials: { hasOtherCredentials }
        ).collect()
        let snapshot = AccountSnapshot(
            account: account, region: "us-east-1", profile: nil,
            window: CollectionWindow(started: .testNow, ended: .testNow),
            users: found.users, userListing: found.userListing, failures: found.failures, traffic: Traffic(),
            source: source, root: found.root, accountSummary: found.accountSummary,
            credentialReport: found.credentialReport, notes: found.notes)
        return Assessment(of: snapshot, by: criteria, at: asOf)
    }
}

private struct NoURL: Error {}
