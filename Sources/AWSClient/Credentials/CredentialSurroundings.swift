import FoundationEssentials

/// The world in which credentials are looked for: what the files and the environment say, and ways to the network, to
/// programs, to files and to the person at the terminal.
package struct CredentialSurroundings: Sendable {
    package var configuration: SharedConfiguration
    /// For the session's region. Those of Identity Center go by a region of their own: ``endpointsOf``.
    package var endpoints: Endpoints
    /// The endpoints for another region.
    package var endpointsOf: @Sendable (_ region: String) throws(EndpointError) -> Endpoints
    package var transport: any Transport
    /// As for the other calls of the session.
    package var retry: RetryPolicy
    /// Gives a file's bytes; nil where there is no such file, and throws where it can't be read.
    package var readFile: @Sendable (_ path: String) throws -> [UInt8]?
    /// Writes a file that only its owner may read, whole or not at all.
    package var replaceFile: @Sendable (_ path: String, _ bytes: [UInt8]) throws -> Void
    /// Asks the person at the terminal; nil where there is nobody.
    package var ask: (@Sendable (_ prompt: String) throws -> String)?
    package var userAgent: String
    package var clock: ClientClock
    /// A name for a session that the configuration gives none, after AWS CLI's (`botocore-session-…`). It stays when the
    /// session is renewed, so that a run has one name in the account's logs.
    let sessionName: String

    package init(
        configuration: SharedConfiguration, endpoints: Endpoints,
        endpointsOf: @escaping @Sendable (_ region: String) throws(EndpointError) -> Endpoints,
        transport: any Transport, retry: RetryPolicy, readFile: @escaping @Sendable (_ path: String) throws -> [UInt8]?,
        replaceFile: @escaping @Sendable (_ path: String, _ bytes: [UInt8]) throws -> Void,
        ask: (@Sendable (_ prompt: String) throws -> String)?, userAgent: String,
        clock: ClientClock = ClientClock()
    ) {
        self.configuration = configuration
        self.endpoints = endpoints
        self.endpointsOf = endpointsOf
        self.transport = transport
        self.retry = retry
        self.readFile = readFile
        self.replaceFile = replaceFile
        self.ask = ask
        self.userAgent = userAgent
        self.clock = clock
        sessionName = "keywitness-session-\(Int(clock.now().timeIntervalSince1970))"
    }
}

extension CredentialSurroundings {
    /// A client that asks for credentials; without any of its own it sends what isn't signed.
    func client(_ credentials: CredentialProvider? = nil, _ endpoints: Endpoints? = nil) -> AWSClient {
        AWSClient(
            credentials: credentials, endpoints: endpoints ?? self.endpoints, transport: transport,
            retry: retry, userAgent: userAgent, clock: clock)
    }

    /// Looks for something that another program is about to write, for two seconds.
    ///
    /// A refresh token is good for one use: where another program has used it in the same moment, what that got stands in
    /// their common cache in a moment.
    ///
    /// - Throws: ``CredentialError/cancelled``.
    func look<Found>(for find: () -> Found?) async throws(CredentialError) -> Found? {
        for _ in 0..<20 {
            if let found = find() { return found }
            do { try await clock.sleep(.milliseconds(100)) } catch { throw .cancelled }
        }
        return find()
    }

    /// A file's text; nil where there is none.
    func text(of path: String) throws(CredentialError) -> String? {
        let bytes: [UInt8]?
        do {
            bytes = try readFile(path)
        } catch {
            throw .unreadable(file: path, reason: "\(error)")
        }
        guard let bytes else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .unreadable(file: path, reason: "the file isn't UTF-8 text")
        }
        return text
    }
}
