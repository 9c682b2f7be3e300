import AWSClient
import Collector
import Evidence
import Foundation
import MockIAM
import Testing

/// Collects an account over a socket, without waiting between attempts, and hands over the bundle's folder.
///
/// - Parameters:
///   - prepare: changes the run before it begins.
///   - notify: hears what happens on the way, in the run's own task.
func withBundle(
    of account: MockIAM.Account, _ options: MockIAM.Options, _ source: CollectionSource,
    prepare: (inout CollectRun) -> Void = { _ in }, notify: @escaping @Sendable (CollectRun.Event) -> Void = { _ in },
    _ body: (URL) async throws -> Void
) async throws {
    try await withTemporaryFolder { folder in
        let bundle = try await MockIAM.run(account: account, options: options) { server in
            let endpoint = try #require(EndpointURL(server.endpointURL))
            let transport = HTTPTransport(connections: 4)
            var run = CollectRun(
                credentials: CredentialProvider(
                    Credentials(
                        accessKeyID: "test", secretAccessKey: Secret("test"), sessionToken: nil, origin: "test")),
                endpoints: try Endpoints(region: "us-east-1", urls: [.iam: endpoint, .sts: endpoint]),
                region: "us-east-1", profile: nil,
                criteria: Criteria(policy: Policy(), crosswalk: try Crosswalk.builtIn()), asOf: nil,
                outputFolder: folder, transport: transport, now: { Date() })
            run.clock.sleep = { _ in await Task.yield() }
            run.retry = RetryPolicy(attempts: 3, throttledAttempts: 8)
            run.plan = { criteria, asOf in
                var plan = CollectionPlan(criteria: criteria, asOf: asOf)
                plan.source = source
                plan.include = [.tags, .mfaDevices]
                return plan
            }
            prepare(&run)
            let outcome = await Result.catching { [run] in
                // A task of its own, which may be cancelled.
                try await Task { try await run.execute(notify) }.value
            }
            await transport.shutdown()
            return try outcome.get().bundle
        }
        try await body(URL(filePath: bundle))
    }
}

/// What a verification with everything says is wrong, `CHECK: FLAW`.
func recomputationFlaws(_ folder: URL) async -> [String] {
    await BundleVerification(folder: folder.path, .init(recomputes: true)).checks.flatMap { check -> [String] in
        switch check.result {
        case .passed, .noted: []
        case .failed(let flaws): flaws.map { "\(check.name): \($0)" }
        case .notDone(let why): ["\(check.name): not done: \(why)"]
        }
    }
}
