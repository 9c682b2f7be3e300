import AWSClient
import Synchronization

/// Asks for the last use of many keys, some at the same time, as a scan does: in time that is only virtual.
struct VirtualScan {
    var calls: Int
    var concurrency = 10
    var retry = RetryPolicy()

    /// The key of a call, by its number from 1.
    static func key(_ number: Int) -> String { "AKIA\(number)" }

    func client(in time: VirtualTime, transport: some Transport) throws -> AWSClient {
        AWSClient(
            credentials: CredentialProvider(
                Credentials(accessKeyID: "test", secretAccessKey: Secret("test"), origin: "test")),
            endpoints: try Endpoints(region: "us-east-1"), transport: transport, retry: retry, userAgent: "test",
            clock: time.clock)
    }

    /// - Parameter begins: hears of each call before it is made.
    /// - Returns: how the calls failed that did.
    func run(
        in time: VirtualTime, transport: some Transport, begins: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws -> [AWSError] {
        let client = try client(in: time, transport: transport)
        return try await time.run {
            let numbers = Numbers(upTo: calls)
            return await withTaskGroup(of: [AWSError].self) { group in
                for _ in 0..<concurrency {
                    group.addTask {
                        var failures: [AWSError] = []
                        while let number = numbers.next() {
                            begins(number)
                            do throws(AWSError) {
                                _ = try await client.send(GetAccessKeyLastUsed(accessKeyID: Self.key(number)))
                            } catch {
                                failures.append(error)
                            }
                        }
                        return failures
                    }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
        }
    }

    private final class Numbers: Sendable {
        private let last = Mutex(0)
        private let end: Int

        init(upTo end: Int) {
            self.end = end
        }

        func next() -> Int? {
            last.withLock { last in
                guard last < end else { return nil }
                last += 1
                return last
            }
        }
    }
}

extension HTTPResponse {
    static let neverUsed = HTTPResponse(
        status: 200,
        body: Array(
            """
            <GetAccessKeyLastUsedResponse><GetAccessKeyLastUsedResult><AccessKeyLastUsed><ServiceName>N/A</ServiceName>\
            <Region>N/A</Region></AccessKeyLastUsed></GetAccessKeyLastUsedResult></GetAccessKeyLastUsedResponse>
            """.utf8))

    static func awsError(_ code: String, status: Int) -> HTTPResponse {
        HTTPResponse(
            status: status,
            body: Array("<ErrorResponse><Error><Code>\(code)</Code><Message>no</Message></Error></ErrorResponse>".utf8))
    }
}
