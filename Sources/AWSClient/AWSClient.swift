package import FoundationEssentials

/// Sends operations to AWS: signs them, sends them through a ``Transport``, retries, and decodes what comes back.
///
///     let identity = try await client.send(GetCallerIdentity()).output
///     for try await page in client.pages(ListUsers()) { … }
package struct AWSClient: Sendable {
    private let credentials: Credentials
    let endpoints: Endpoints
    private let transport: any Transport
    private let signingKeys = SigningKeys()
    private let retry: RetryPolicy
    private let userAgent: String
    private let now: @Sendable () -> Date
    private let random: @Sendable () -> Double
    private let sleep: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - userAgent: name and version of the program, for CloudTrail.
    ///   - now: the clock for signatures.
    ///   - random: from 0 to 1, spreads the retries.
    ///   - sleep: waits before a retry.
    package init(
        credentials: Credentials, endpoints: Endpoints, transport: any Transport,
        retry: RetryPolicy = RetryPolicy(), userAgent: String, now: @escaping @Sendable () -> Date,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.credentials = credentials
        self.endpoints = endpoints
        self.transport = transport
        self.retry = retry
        self.userAgent = userAgent
        self.now = now
        self.random = random
        self.sleep = sleep
    }

    /// Sends one operation, again where the ``RetryPolicy`` says so.
    ///
    /// - Throws: ``AWSError`` of the last attempt.
    package func send<Op: Operation>(_ operation: Op) async throws(AWSError) -> Answer<Op.Output> {
        var attempt = 1
        while true {
            do {
                return try await sendOnce(operation, attempt: attempt)
            } catch {
                guard retry.retries(error.reason, after: attempt) else { throw error }
                // A wait that was cancelled ends the tries with the last error.
                guard (try? await sleep(retry.delay(after: attempt, random: random()))) != nil else { throw error }
                attempt += 1
            }
        }
    }

    /// All pages of a list, one at a time.
    package func pages<Op: PagedOperation>(_ operation: Op) -> Pages<Op> {
        Pages(client: self, operation: operation)
    }

    private func sendOnce<Op: Operation>(_ operation: Op, attempt: Int) async throws(AWSError) -> Answer<Op.Output> {
        let endpoint = endpoints[Op.service]
        func failure(_ reason: AWSError.Reason, receipt: Int?) -> AWSError {
            AWSError(
                operation: Op.name, reason: reason, endpoint: endpoint.url, attempts: attempt, receipt: receipt)
        }
        let signer = SigV4Signer(scope: endpoint.scope, keys: signingKeys)
        let signed = signer.sign(request(for: operation, to: endpoint.url), with: credentials, at: now())
        let answer: HTTPResponse
        do {
            answer = try await transport.send(signed, for: Call(operation: Op.name, attempt: attempt))
        } catch {
            throw failure(.transport(error), receipt: error.receipt)
        }
        let reason: AWSError.Reason
        do {
            if (200..<300).contains(answer.status) {
                return Answer(output: try QueryAnswer.decode(Op.self, from: answer.body), receipt: answer.receipt)
            }
            let error = try QueryAnswer.error(in: answer.body)
            reason = .service(code: error.code, message: error.message, status: answer.status)
        } catch {
            reason = .unreadable(error, status: answer.status)
        }
        throw failure(reason, receipt: answer.receipt)
    }

    private func request<Op: Operation>(for operation: Op, to url: EndpointURL) -> HTTPRequest {
        let parameters =
            [("Action", Op.name), ("Version", Op.service.version)] + operation.parameters.map { ($0.name, $0.value) }
        let body = parameters.map { "\(PercentEncoding.encode($0.0))=\(PercentEncoding.encode($0.1))" }
        return HTTPRequest(
            url: url,
            headers: [
                HTTPHeader(name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8"),
                HTTPHeader(name: "User-Agent", value: userAgent),
            ],
            body: Array(body.joined(separator: "&").utf8)
        )
    }
}
