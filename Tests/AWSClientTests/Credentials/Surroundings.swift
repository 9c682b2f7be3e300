import AWSClient
import FoundationEssentials
import MockIAM
import Synchronization

/// A machine made up for a test: files, environment, and what answers.
final class Machine: Sendable {
    static let home = "/home/x"
    static let now = Date(timeIntervalSince1970: 1_795_380_300)

    private let contents: Mutex<[String: [UInt8]]>
    private let environment: [String: String]
    private let profile: String?

    init(
        config: String? = nil, credentials: String? = nil, environment: [String: String] = [:], profile: String? = nil,
        files: [String: String] = [:]
    ) {
        var all = files
        all["\(Self.home)/.aws/config"] = config
        all["\(Self.home)/.aws/credentials"] = credentials
        contents = Mutex(all.mapValues { Array($0.utf8) })
        self.environment = environment
        self.profile = profile
    }

    func file(_ path: String) -> String? {
        contents.withLock { $0[path] }.map { String(decoding: $0, as: UTF8.self) }
    }

    func surroundings(
        transport: any Transport = NoNetwork(), url: String? = nil, region: String = "us-east-1",
        now: @escaping @Sendable () -> Date = { Machine.now }, ask: (@Sendable (String) throws -> String)? = nil
    ) throws -> CredentialSurroundings {
        let configuration = try SharedConfiguration(
            profile: profile, environment: environment, home: Self.home,
            read: { path in file(path).map { Array($0.utf8) } })
        let all = url.flatMap { EndpointURL($0) }
        let urls = Dictionary(
            uniqueKeysWithValues: AWSService.allCases.compactMap { service in all.map { (service, $0) } })
        return CredentialSurroundings(
            configuration: configuration, endpoints: try Endpoints(region: region, urls: urls),
            endpointsOf: { region throws(EndpointError) in try Endpoints(region: region, urls: urls) },
            transport: transport, retry: try RetryPolicy(configuration),
            readFile: { [self] path in contents.withLock { $0[path] } },
            replaceFile: { [self] path, bytes in contents.withLock { $0[path] = bytes } }, ask: ask,
            userAgent: "test", clock: ClientClock(now: now, uptime: { .zero }, sleep: { _ in }, random: { 0 }))
    }

    func credentials(
        transport: any Transport = NoNetwork(), url: String? = nil, ask: (@Sendable (String) throws -> String)? = nil
    ) async throws -> Credentials? {
        try await CredentialChain.standard(try surroundings(transport: transport, url: url, ask: ask)).find()
            .credentials
    }
}

/// Nobody can be reached.
struct NoNetwork: Transport {
    func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
        throw TransportError(.unreachable, reason: "there is no network in this test")
    }
}

/// Runs against the emulator, by a transport that is closed afterwards.
func withTransport<Result>(_ body: (HTTPTransport) async throws -> Result) async throws -> Result {
    let transport = HTTPTransport(connections: 4)
    let result = await Swift.Result.catching { try await body(transport) }
    await transport.shutdown()
    return try result.get()
}
