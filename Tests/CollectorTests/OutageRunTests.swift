import AWSClient
import Collector
import Evidence
import Foundation
import MockIAM
import Synchronization
import Testing

/// AWS answers nothing but errors for a while, longer than the attempts of a call last.
@Suite struct OutageRunTests {
    private static let account = MockIAM.Account.generated(
        users: 25, keys: 1.3, seed: 11, profile: .typical, clock: .now)

    /// - Parameter calls: those that fail, by number.
    private func withBundle(
        _ source: CollectionSource, failing calls: Range<Int>, retry: RetryPolicy,
        _ body: (URL, _ outages: Set<String>) async throws -> Void
    ) async throws {
        var options = MockIAM.Options(authentication: .lenient, pages: MockIAM.PageOptions(largest: 7))
        options.faults = try MockIAM.FaultPlan(
            parsing: """
                faults: [{error: ServiceUnavailable, when: {from: \(calls.lowerBound), to: \(calls.upperBound - 1)}}]
                """)
        let outages = Mutex<Set<String>>([])
        try await CollectorTests.withBundle(
            of: Self.account, options, source, prepare: { $0.retry = retry },
            notify: { event in
                if case .outage(let kind, _) = event { outages.withLock { _ = $0.insert(kind) } }
            }
        ) { try await body($0, outages.withLock(\.self)) }
    }

    @Test(arguments: [CollectionSource.auto, .live, .report])
    func `a run gets over it, says so meanwhile, and can be done again`(_ source: CollectionSource) async throws {
        let retry = RetryPolicy(patience: .seconds(120))
        try await withBundle(source, failing: 15..<200, retry: retry) { bundle, outages in
            #expect(outages.contains { $0.hasSuffix(" ServiceUnavailable") }, "\(outages)")
            let reading = try BundleReading(folder: bundle.path)
            #expect(reading.assessment.isComplete, "\(reading.assessment.snapshot.failures)")
            #expect(await recomputationFlaws(bundle) == [])
        }
    }

    @Test func `without patience it is incomplete`() async throws {
        try await withBundle(.live, failing: 15..<200, retry: RetryPolicy()) { bundle, outages in
            #expect(outages.isEmpty)
            let reading = try BundleReading(folder: bundle.path)
            #expect(!reading.assessment.isComplete)
            #expect(await recomputationFlaws(bundle) == [])
        }
    }
}
