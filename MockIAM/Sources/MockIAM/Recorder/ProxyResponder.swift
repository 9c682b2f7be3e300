#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import AsyncHTTPClient
import FoundationEssentials
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Recording
import Synchronization

/// Answers a caller with what the upstream answers, and writes it down.
struct ProxyResponder: Sendable {
    let client: UpstreamClient
    let log: RecordingLog
    let options: MockIAM.RecordOptions
    let lifecycle: Lifecycle
    private let verifier = SignatureVerifier()
    private let numbers = RequestNumbers()

    init(client: UpstreamClient, log: RecordingLog, options: MockIAM.RecordOptions) {
        self.client = client
        self.log = log
        self.options = options
        lifecycle = Lifecycle(endsWhenLeft: options.endsWhenLeft)
    }

    func answer(to request: HTTPRequest) async -> Answer {
        let form: ErrorForm = request.headers.contains(name: "x-amz-target") ? .organizations : .query
        do throws(AWSError) {
            let forwarded = try ForwardedRequest(
                request, verifier: verifier, keys: options.testKeys, now: .now, allowsWrites: options.allowsWrites)
            return try await answer(to: forwarded)
        } catch {
            return refusal(error, form)
        }
    }

    /// An answer of the recorder's own, which is no part of the recording.
    func refusal(_ error: AWSError, _ form: ErrorForm) -> Answer {
        options.logger.warning("\(error.status) \(error.summary.printable())")
        return form.answer(error, requestID: RequestID.ownAnswer(numbers.next()))
    }

    private func answer(to forwarded: ForwardedRequest) async throws(AWSError) -> Answer {
        let started = Date.now
        let begin = ContinuousClock.now
        var exchange: Exchange
        do throws(SignatureError) {
            exchange = Exchange(
                sequence: 0, operation: forwarded.operation, attempt: forwarded.attempt, started: started,
                request: try client.signed(forwarded, at: started), outcome: .noAnswer("not sent"))
        } catch {
            throw AWSError(status: error.status, code: error.code, message: error.message)
        }
        do {
            exchange.outcome = .answer(try await client.send(exchange.request))
        } catch {
            exchange.outcome = .noAnswer(error.reasonForNoAnswer)
        }
        let elapsed = ContinuousClock.now - begin
        exchange.milliseconds = elapsed.wholeMicroseconds / 1000
        let betrays = options.credentials.occur(in: exchange.response?.body ?? [])
        if betrays { exchange.changeResponse { $0.body = Array(Scrubber.redacted.utf8) } }
        do throws(MockIAM.RecordingFailure) {
            try await log.append(exchange)
        } catch {
            options.logger.error("\(error)")
            throw AWSError(
                status: 502, code: "MockIAM.NotRecorded",
                message: "The upstream has answered, but the answer can't be written down: \(error)")
        }
        if !log.keepsBodies(of: forwarded.operation) {
            options.logger.warning(
                """
                \(forwarded.operation) is recorded without what was asked and answered, which might hold secrets: it \
                can't be replayed
                """)
        }
        options.logger.debug("\(forwarded.operation) \(exchange.reply), \(exchange.milliseconds.shortDigits) ms")
        guard let response = exchange.response else {
            throw AWSError(
                status: 502, code: "MockIAM.UpstreamFailed",
                message: "No answer from \(options.upstream): \(exchange.reply)")
        }
        guard !betrays else {
            throw AWSError(
                status: 502, code: "MockIAM.SecretInAnswer",
                message: "The upstream's answer, status \(response.status), quotes the credentials that it was asked "
                    + "with, so it was left out. Is the secret access key right, and this machine's clock?")
        }
        return Answer(passingOn: response)
    }
}

/// Counts the answers of the recorder's own.
private final class RequestNumbers: Sendable {
    private let last = Mutex(0)

    func next() -> Int {
        last.withLock { last in
            last += 1
            return last
        }
    }
}

extension Answer {
    /// The upstream's answer, but for what tells how it travelled: its length is counted anew.
    fileprivate init(passingOn response: Exchange.Response) {
        let travel: Set = ["connection", "content-length", "keep-alive", "transfer-encoding"]
        self.init(
            status: response.status, headers: response.headers.filter { !travel.contains($0.name.lowercased()) },
            body: ByteBuffer(bytes: response.body))
    }
}

extension Error {
    /// In words, without names or addresses: it stands in the recording.
    fileprivate var reasonForNoAnswer: String {
        switch self {
        // The recorder was ended.
        case is CancellationError: "terminated"
        case let error as HTTPClientError where error == .cancelled: "terminated"
        case let error as HTTPClientError where error == .connectTimeout: "connection timed out"
        case let error as HTTPClientError where [.readTimeout, .deadlineExceeded, .writeTimeout].contains(error):
            "timed out"
        case let error as HTTPClientError where error == .remoteConnectionClosed: "connection closed"
        case let error as NIOConnectionError:
            error.connectionErrors.first?.error.reasonForNoAnswer ?? "name not found"
        case let error as IOError where error.errnoCode == ECONNREFUSED: "connection refused"
        case let error as IOError where error.errnoCode == ECONNRESET: "connection reset"
        case is HTTPParserError: "malformed answer"
        case is NIOTooManyBytesError: "answer too long"
        default: "connection failed"
        }
    }
}

extension Duration {
    fileprivate var wholeMicroseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) * 1_000_000 + Double(attoseconds / 1_000_000_000_000)
    }
}
