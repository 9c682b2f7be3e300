import AWSClient
import Evidence
import FileContents
import FoundationEssentials
import SystemPackage

/// What the options, the environment and AWS's shared files say together, and the credentials that they lead to.
struct AWSSession {
    let configuration: SharedConfiguration
    let region: String
    let endpoints: Endpoints
    let retry: RetryPolicy
    let transport: any Transport
    /// To be shut down at the end.
    private let network: HTTPTransport
    /// What other connections than those to AWS have in common with them.
    private let trusted: TrustedCertificates?
    private let proxy: ProxySettings?
    private let surroundings: CredentialSurroundings
    private let role: RoleToAssume?
    private let debug: @Sendable (String) -> Void

    /// The profile that was named by option or environment; nil for the default one.
    var profile: String? {
        configuration.profileIsNamed ? configuration.profile : nil
    }

    /// Finds credentials, does something with them, and closes every connection.
    ///
    /// - Throws: ``Failure`` for whatever goes wrong, with the credentials that it went wrong with.
    static func with<Value>(
        _ options: AWSOptions, connections: Int, environment: [String: String], console: Console,
        _ body: (AWSSession, CredentialProvider) async throws -> Value
    ) async throws(Failure) -> Value {
        var credentials: Credentials?
        do {
            let session = try AWSSession(options, connections: connections, environment: environment, console: console)
            do {
                let provider = try await session.credentials()
                credentials = provider.current
                let value = try await body(session, provider)
                await session.close()
                return value
            } catch {
                await session.close()
                throw error
            }
        } catch {
            throw Failure(error, credentials: credentials)
        }
    }

    /// Makes no call yet.
    ///
    /// - Throws: ``CredentialError``, ``Failure``.
    private init(_ options: AWSOptions, connections: Int, environment: [String: String], console: Console) throws {
        let isDebugging = options.debug
        let debug: @Sendable (String) -> Void = { if isDebugging { console.debug($0) } }
        let configuration = try SharedConfiguration(
            profile: options.profile, environment: environment,
            // A service that systemd starts has no HOME; AWS CLI takes what the system knows of the user then.
            home: environment["HOME"] ?? Self.homeOfUser,
            read: { try Self.contents($0) })
        self.configuration = configuration
        let region = options.region ?? configuration.region ?? "us-east-1"
        guard region.isRegionName else {
            throw Failure("the configured region '\(region)' isn't the name of a region. Name one with --region.")
        }
        self.region = region
        let urls = try Self.endpointURLs(options, configuration)
        let variant = Endpoints.Variant(
            fips: configuration.flag(variable: "AWS_USE_FIPS_ENDPOINT", setting: "use_fips_endpoint"),
            dualStack: configuration.flag(variable: "AWS_USE_DUALSTACK_ENDPOINT", setting: "use_dualstack_endpoint"))
        do {
            endpoints = try Endpoints(region: region, variant: variant, urls: urls)
        } catch {
            throw Failure("\(error).")
        }
        retry = try RetryPolicy(configuration, maximumRate: options.maximumRate)
        let trusted = try Self.trustedCertificates(options, configuration)
        let proxy = try ProxySettings(configuration)
        let network = HTTPTransport(
            connections: connections, trusted: trusted, proxy: proxy, allowsPlainHTTP: options.insecureHTTP)
        let transport: any Transport = isDebugging ? DebugTransport(network, debug) : network
        self.network = network
        self.trusted = trusted
        self.proxy = proxy
        self.transport = transport
        self.debug = debug
        var ask: (@Sendable (String) throws -> String)?
        if console.canAsk { ask = { try console.ask($0) } }
        surroundings = CredentialSurroundings(
            configuration: configuration, endpoints: endpoints,
            endpointsOf: { region throws(EndpointError) in
                try Endpoints(region: region, variant: variant, urls: urls)
            },
            transport: transport, retry: retry, readFile: { try Self.contents($0) },
            replaceFile: { try PrivateFile(path: $0).replace(with: $1) },
            ask: ask, userAgent: KeyWitnessTool.userAgent)
        role = options.roleARN.map {
            RoleToAssume(arn: $0, sessionName: options.sessionName, externalID: options.externalID)
        }
        debug("profile '\(configuration.profile)', region \(region), partition \(endpoints.partition)")
        for service in [AWSService.iam, .sts] {
            debug("\(service.rawValue) is \(endpoints[service].url), signed for \(endpoints[service].scope.region)")
        }
        if let proxy { debug("https goes by way of \(proxy.host):\(proxy.port)") }
    }

    private static var homeOfUser: String {
        let path = FileManager.default.homeDirectoryForCurrentUser.path(percentEncoded: false)
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// Finds credentials, and assumes the role that the options name.
    ///
    /// - Throws: ``CredentialError``.
    private func credentials() async throws(CredentialError) -> CredentialProvider {
        let chain = CredentialChain.standard(surroundings)
        let (found, source) = try await chain.find()
        debug("credentials \(found.accessKeyID) by \(found.method.rawValue): \(found.origin)")
        let base = CredentialProvider(found, from: source)
        guard let role else { return base }
        let given = GivenRoleCredentials(role, with: base, in: surroundings)
        guard let credentials = try await given.credentials() else { return base }
        debug("credentials \(credentials.accessKeyID) by \(credentials.method.rawValue): \(credentials.origin)")
        return CredentialProvider(credentials, from: given)
    }

    /// - Parameters:
    ///   - transport: in the place of the session's own.
    ///   - isPatient: whether it gets over outages and much throttling. Somebody who asks what is wrong wants to know now.
    func client(
        _ credentials: CredentialProvider, transport: (any Transport)? = nil, isPatient: Bool = true
    ) -> AWSClient {
        var retry = retry
        if !isPatient {
            retry.patience = .zero
            retry.throttledAttempts = retry.attempts
        }
        return AWSClient(
            credentials: credentials, endpoints: endpoints, transport: transport ?? self.transport, retry: retry,
            userAgent: KeyWitnessTool.userAgent)
    }

    /// For a time-stamping authority, which is often reached by plain HTTP: its answers are signed. To be shut down by
    /// whoever has it.
    func timestampTransport() -> HTTPTransport {
        HTTPTransport(connections: 1, trusted: trusted, proxy: proxy, allowsPlainHTTP: true)
    }

    /// Runs work that makes many calls where a call needs no change of threads.
    func run<Value>(_ work: () async throws -> Value) async rethrows -> Value {
        try await network.run(work)
    }

    private func close() async {
        await network.shutdown()
    }

    private static func endpointURLs(
        _ options: AWSOptions, _ configuration: SharedConfiguration
    ) throws -> [AWSService: EndpointURL] {
        var urls: [AWSService: EndpointURL] = [:]
        for service in AWSService.allCases {
            guard let text = try options.endpointURL ?? configuration.endpointURL(service: service.rawValue) else {
                continue
            }
            guard let url = EndpointURL(text) else {
                throw Failure(
                    "the configured endpoint URL\(EndpointURL.quoted(text)) isn't an http:// or https:// URL without a user and a password. "
                        + "Mend endpoint_url or AWS_ENDPOINT_URL.")
            }
            urls[service] = url
        }
        return urls
    }

    private static func trustedCertificates(
        _ options: AWSOptions, _ configuration: SharedConfiguration
    ) throws -> TrustedCertificates? {
        let named = options.caBundle ?? configuration.variable("AWS_CA_BUNDLE") ?? configuration.setting("ca_bundle")
        // As Python's HTTP library does it for AWS CLI.
        guard let file = named?.expandingHome(configuration.home) else { return nil }
        let advice = "Mend --ca-bundle, AWS_CA_BUNDLE or the profile's ca_bundle."
        let pem: [UInt8]?
        do { pem = try contents(file) } catch {
            throw Failure("the file of trusted certificates '\(file)' can't be read: \(error). \(advice)")
        }
        guard let pem else { throw Failure("the file of trusted certificates '\(file)' isn't there. \(advice)") }
        do {
            return try TrustedCertificates(pem: pem)
        } catch {
            throw Failure("'\(file)' has no certificates in PEM. \(advice)")
        }
    }

    /// Far more than any file that is read here has.
    private static let largestFile = 16 << 20

    /// The bytes of a file, or of a pipe, such as a shell's `<(…)`; nil where there is no such file.
    private static func contents(_ path: String) throws -> [UInt8]? {
        let path = FilePath(path)
        // A missing file is told of where it is read.
        switch try? path.stat().type {
        // /dev/null is how people say "no such file" with AWS_CONFIG_FILE.
        case .characterSpecial?: return nil
        case .regular?, .fifo?, nil: break
        case .some: throw Cause("it isn't a file")
        }
        do { return try path.contents(atMost: largestFile) } catch {
            switch error {
            case .missing: return nil
            case .larger: throw Cause("it is larger than 16 MB")
            case .system(.permissionDenied), .system(.notPermitted): throw Cause("no permission to read it")
            case .folder, .system: throw Cause("\(error)")
            }
        }
    }
}

/// Says of every exchange what was asked of whom and what came of it; nothing of what was sent or answered.
private struct DebugTransport: Transport {
    let base: any Transport
    let say: @Sendable (String) -> Void

    init(_ base: any Transport, _ say: @escaping @Sendable (String) -> Void) {
        self.base = base
        self.say = say
    }

    func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
        let begin = ContinuousClock.now
        func note(_ outcome: String) {
            let milliseconds = (ContinuousClock.now - begin) / .milliseconds(1)
            let attempt = call.attempt > 1 ? ", attempt \(call.attempt)" : ""
            say("\(call.operation) at \(request.url): \(outcome), \(Int(milliseconds)) ms\(attempt)")
        }
        do {
            let answer = try await base.send(request, for: call)
            note("HTTP \(answer.status), \(answer.body.count) bytes")
            return answer
        } catch {
            note("\(error)")
            throw error
        }
    }
}
