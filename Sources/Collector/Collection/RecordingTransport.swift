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
        do throws(TransportError) {
            var answer = try await base.send(request, for: call)
            // An answer may repeat the session token, as where AWS says what it would have signed. What AWS has to say
            // is kept, the token isn't; and what is kept is what goes on, so that a replay has the same answer.
            for secret in call.secrets { answer.redact(secret.exposed) }
            let response = Exchange.Response(
                status: answer.status, headers: answer.headers.map(Exchange.Header.init), body: answer.body)
            answer.receipt = Receipt(number: await recorder.record(exchange(.answer(response))), sent: started)
            return answer
        } catch {
            var error = error
            error.receipt = Receipt(
                number: await recorder.record(exchange(.noAnswer(error.description))), sent: started)
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

extension HTTPResponse {
    /// Puts `<redacted>` in the place of a text wherever it stands.
    fileprivate mutating func redact(_ text: String) {
        guard !text.isEmpty else { return }
        for index in headers.indices where headers[index].value.contains(text) {
            headers[index].value = headers[index].value.replacing(text, with: Scrubber.redacted)
        }
        let wanted = Array(text.utf8)
        let places = body.span.places(of: wanted.span)
        guard !places.isEmpty else { return }
        // XML stays XML.
        let isXML = body.first { $0 > UInt8(ascii: " ") } == UInt8(ascii: "<")
        let mark = Array((isXML ? "&lt;redacted&gt;" : Scrubber.redacted).utf8)
        for place in places.reversed() { body.replaceSubrange(place..<place + wanted.count, with: mark) }
    }
}

extension Span<UInt8> {
    /// Where it begins; one that begins within another isn't counted.
    fileprivate func places(of wanted: Span<UInt8>) -> [Int] {
        guard wanted.count > 0, count >= wanted.count else { return [] }
        let first = wanted[0]
        var places: [Int] = []
        var next = 0
        for start in 0...count - wanted.count where start >= next && self[start] == first {
            var matched = 1
            while matched < wanted.count, self[start + matched] == wanted[matched] { matched += 1 }
            guard matched == wanted.count else { continue }
            places.append(start)
            next = start + wanted.count
        }
        return places
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
