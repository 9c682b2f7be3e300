import AWSClient
import Collector
import Evidence
import Foundation
import MockIAM
import Synchronization
import Testing

/// AWS answers nothing but errors for a while, longer than the attempts of a call last, or every other time.
@Suite struct OutageRunTests {
    private static let account = MockIAM.Account.generated(
        users: 25, keys: 1.3, seed: 11, profile: .typical, clock: .now)

    /// - Parameter when: which calls fail, as a faults file says it.
    private func withBundle(
        _ source: CollectionSource, failing when: String, _ retry: RetryPolicy = RetryPolicy(patience: .seconds(600)),
        _ body: (URL, _ outages: Set<String>) async throws -> Void
    ) async throws {
        var options = MockIAM.Options(authentication: .lenient, pages: MockIAM.PageOptions(largest: 7))
        options.faults = try MockIAM.FaultPlan(
            parsing: "{seed: 5, faults: [{error: ServiceUnavailable, when: {\(when)}}]}")
        let outages = Mutex<Set<String>>([])
        try await CollectorTests.withBundle(
            of: Self.account, options, source, prepare: { $0.retry = retry },
            notify: { event in
                if case .outage(let call, _) = event { outages.withLock { _ = $0.insert(call) } }
            }
        ) { try await body($0, outages.withLock(\.self)) }
    }

    @Test(arguments: [CollectionSource.auto, .live, .report], ["from: 40, to: 299", "after: 40, probability: 0.5"])
    func `a run gets over it, says so meanwhile, and can be done again`(
        _ source: CollectionSource, when: String
    ) async throws {
        try await withBundle(source, failing: when) { bundle, outages in
            #expect(outages.contains { $0.hasSuffix(" ServiceUnavailable") }, "\(outages)")
            let assessment = try BundleReading(folder: bundle.path).assessment
            #expect(assessment.isComplete, "\(assessment.snapshot.failures)")
            #expect(Set(assessment.keys.map(\.key.id)) == Set(Self.account.users.flatMap { $0.accessKeys.map(\.id) }))
            #expect(await recomputationFlaws(bundle) == [])
        }
    }

    @Test func `without patience it is incomplete`() async throws {
        try await withBundle(.live, failing: "from: 40, to: 299", RetryPolicy()) { bundle, outages in
            #expect(outages.isEmpty)
            let reading = try BundleReading(folder: bundle.path)
            #expect(!reading.assessment.isComplete)
            #expect(await recomputationFlaws(bundle) == [])
        }
    }
}
