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
        func exchange(_ outcome: Exchange.Outcome) -> Exchange {
            let elapsed = clock.now - begin
            return Exchange(
                sequence: 0, operation: call.operation, attempt: call.attempt, started: started,
                milliseconds: elapsed.wholeMicroseconds / 1000, request: Exchange.Request(request), outcome: outcome)
        }
        var answer: HTTPResponse
        do throws(TransportError) {
            answer = try await base.send(request, for: call)
        } catch {
            var error = error
            error.receipt = Receipt(
                number: try await recorder.record(exchange(.noAnswer(error.description))), sent: started)
            throw error
        }
        let response = Exchange.Response(
            status: answer.status, headers: answer.headers.map(Exchange.Header.init), body: answer.body)
        answer.receipt = Receipt(number: try await recorder.record(exchange(.answer(response))), sent: started)
        return answer
    }
}

extension Date {
    /// Rounded down, as recordings have it: an instant near the end of a second must not be one of the next when it is
    /// read back.
    fileprivate var inWholeMilliseconds: Date {
        Date(timeIntervalSince1970: (timeIntervalSince1970 * 1000).rounded(.down) / 1000)
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
