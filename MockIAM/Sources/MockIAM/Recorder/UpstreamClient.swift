import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1
import Recording

/// Asks the upstream, signed with its own credentials.
struct UpstreamClient: Sendable {
    /// In bytes. AWS's largest answer, a page of 1000 users, has some hundred thousand.
    static let bodyLimit = 16 << 20
    /// From the first byte sent to the last one read.
    static let timeout = TimeAmount.seconds(60)

    private let upstream: MockIAM.Upstream
    private let region: String?
    private let credentials: MockIAM.UpstreamCredentials
    private let client: HTTPClient

    init(_ options: MockIAM.RecordOptions) {
        upstream = options.upstream
        region = options.region
        credentials = options.credentials
        var configuration = HTTPClient.Configuration()
        // A signature is for one host. What a redirection says is for the caller to see.
        configuration.redirectConfiguration = .disallow
        configuration.timeout = HTTPClient.Configuration.Timeout(connect: .seconds(10), read: .seconds(30))
        configuration.decompression = .disabled
        configuration.httpVersion = .http1Only
        // It would try again until the time to connect is over, though nobody listens. Callers have retries of their own.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Closes the connections to the upstream. It is to be called once, after the last request.
    func shutdown() async {
        // It fails only where it was shut down before.
        try? await client.shutdown()
    }

    /// The request as it goes out, with its signature.
    ///
    /// - Throws: ``SignatureError`` for what nobody could sign.
    func signed(_ request: ForwardedRequest, at date: Date) throws(SignatureError) -> Exchange.Request {
        let region = region ?? request.region
        let destination = upstream.destination(service: request.service, region: region)
        let signer = RequestSigner(
            accessKeyID: credentials.accessKeyID, secret: credentials.secret, sessionToken: credentials.sessionToken,
            region: destination.signingRegion, service: request.service)
        let message = SignedMessage(
            method: "POST", target: "/", headers: [(name: "Host", value: destination.authority)] + request.headers,
            body: request.body)
        let headers =
            try signer.signed(message, at: date).headers
            + [
                (name: "User-Agent", value: "mock-iam/\(MockIAM.version)"),
                (name: "Accept-Encoding", value: "identity"),
            ]
        return Exchange.Request(
            url: "\(destination.url)/", headers: headers.map { Exchange.Header(name: $0.name, value: $0.value) },
            body: request.body)
    }

    /// - Throws: whatever keeps an answer from arriving whole.
    func send(_ request: Exchange.Request) async throws -> Exchange.Response {
        var wire = HTTPClientRequest(url: request.url)
        wire.method = .POST
        wire.headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        wire.body = .bytes(ByteBuffer(bytes: request.body))
        let answer = try await client.execute(wire, deadline: .now() + Self.timeout)
        let body = try await answer.body.collect(upTo: Self.bodyLimit)
        return Exchange.Response(
            status: Int(answer.status.code),
            headers: answer.headers.map { Exchange.Header(name: $0.name, value: $0.value) },
            body: Array(body.readableBytesView))
    }
}
