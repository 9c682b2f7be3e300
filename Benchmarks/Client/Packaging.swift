import AWSClient
import ArgumentParser
import Collector
import Evidence
import FoundationEssentials
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension BenchmarkClient {
    /// `keywitness collect`, and what of its CPU time was collecting and what packaging: judging, writing the documents,
    /// publishing.
    struct Packaging: AsyncParsableCommand {
        @Option var url: String
        @Option var output: String
        @Option var source: CollectionSource

        func run() async throws {
            guard let url = EndpointURL(url) else { throw ValidationError("--url isn't a URL.") }
            let transport = HTTPTransport(connections: 64)
            var run = CollectRun(
                credentials: CredentialProvider(.ofEnvironment),
                endpoints: try Endpoints(region: "us-east-1", urls: [.iam: url, .sts: url]), region: "us-east-1",
                profile: nil, criteria: Criteria(policy: Policy(), crosswalk: try Crosswalk.builtIn()), asOf: nil,
                outputFolder: output, transport: transport, now: { Date() })
            run.plan = { [source] criteria, asOf in
                var plan = CollectionPlan(criteria: criteria, asOf: asOf)
                plan.source = source
                plan.concurrency = 2...64
                return plan
            }
            let collected = Mutex(CPUTime())
            let outcome = try await transport.run { [run] in
                try await run.execute { event in
                    if case .collected = event { collected.withLock { $0 = .now } }
                }
            }
            let end = CPUTime.now
            await transport.shutdown()
            let begin = collected.withLock { $0 }
            print(
                """
                {"keys":\(outcome.assessment.keys.count),"collecting":\(begin.total),\
                "packaging":\(end.total - begin.total),"system":\(end.system - begin.system)}
                """)
        }
    }

    /// User and system time of this process, in seconds.
    private struct CPUTime {
        var user = 0.0
        var system = 0.0

        var total: Double { user + system }

        static var now: CPUTime {
            var usage = rusage()
            #if canImport(Glibc)
                let own = __rusage_who_t(RUSAGE_SELF.rawValue)
            #else
                let own = RUSAGE_SELF
            #endif
            guard unsafe getrusage(own, &usage) == 0 else { return CPUTime() }
            func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
            return CPUTime(user: seconds(usage.ru_utime), system: seconds(usage.ru_stime))
        }
    }
}

extension CollectionSource: ExpressibleByArgument {}
