package import AWSClient
package import FoundationEssentials
import Recording

/// Hands every exchange of another transport to a ``Recorder``, and its sequence number on with the answer.
package struct RecordingTransport: Transport {
    private let base: any Transport
    private let recorder: Recorder
    private let now: @Sendable () -> Date

    package init(_ base: any Transport, recorder: Recorder, now: @escaping @Sendable () -> Date) {
        self.base = base
        self.recorder = recorder
        self.now = now
    }

    package func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
        let started = now().inWholeMilliseconds
        let clock = ContinuousClock()
        let begin = clock.now
        func exchange(_ outcome: Exchange.Outcome, _ response: Exchange.Response?) -> Exchange {
            let elapsed = clock.now - begin
            return Exchange(
                sequence: 0, operation: call.operation, attempt: call.attempt, outcome: outcome, started: started,
                milliseconds: elapsed.wholeMicroseconds / 1000, request: Exchange.Request(request), response: response)
        }
        do throws(TransportError) {
            var answer = try await base.send(request, for: call)
            // AWS doesn't repeat a session token. Whoever does must not get it into the evidence.
            if let token = request.header("x-amz-security-token"), answer.holds(token) {
                throw TransportError(
                    .refused, reason: "the answer repeats the request's session token, and isn't kept")
            }
            let outcome: Exchange.Outcome =
                (200..<300).contains(answer.status) ? .ok : .httpError(answer.status)
            let response = Exchange.Response(
                status: answer.status, headers: answer.headers.map(Exchange.Header.init), body: answer.body)
            answer.receipt = Receipt(number: await recorder.record(exchange(outcome, response)), sent: started)
            return answer
        } catch {
            var error = error
            error.receipt = Receipt(
                number: await recorder.record(exchange(.noAnswer(error.description), nil)), sent: started)
            throw error
        }
    }
}

extension Date {
    /// Rounded down, as recordings have it: an instant near the end of a second must not be one of the next when it is
    /// read back.
    fileprivate var inWholeMilliseconds: Date {
        Date(timeIntervalSince1970: (timeIntervalSince1970 * 1000).rounded(.down) / 1000)
    }
}

extension HTTPRequest {
    fileprivate func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name }?.value
    }
}

extension HTTPResponse {
    fileprivate func holds(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        return headers.contains { $0.value.contains(text) } || body.span.holds(wanted.span)
    }
}

extension Span<UInt8> {
    fileprivate func holds(_ wanted: Span<UInt8>) -> Bool {
        guard wanted.count > 0, count >= wanted.count else { return false }
        let first = wanted[0]
        for start in 0...count - wanted.count where self[start] == first {
            var matched = 1
            while matched < wanted.count, self[start + matched] == wanted[matched] { matched += 1 }
            if matched == wanted.count { return true }
        }
        return false
    }
}

extension Exchange.Request {
    fileprivate init(_ request: HTTPRequest) {
        self.init(
            method: request.method, url: request.url.description, headers: request.headers.map(Exchange.Header.init),
            body: request.body)
    }
}

extension Exchange.Header {
    fileprivate init(_ header: HTTPHeader) {
        self.init(name: header.name, value: header.value)
    }
}

extension Duration {
    fileprivate var wholeMicroseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) * 1_000_000 + Double(attoseconds / 1_000_000_000_000)
    }
}
