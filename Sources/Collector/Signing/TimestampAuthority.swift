package import AWSClient
import Evidence

/// A time-stamping authority that answers by HTTP (RFC 3161, 3.4).
package struct TimestampAuthority: Sendable {
    package let url: EndpointURL
    private let transport: any Transport
    private let nonce: @Sendable () -> UInt64

    /// How often it is asked before it is given up, and how long to wait before the next time.
    private static let attempts = 3
    private static let pause = Duration.seconds(1)
    private static let timeout = Duration.seconds(20)

    /// - Parameters:
    ///   - transport: it may carry plain HTTP: what is sent is a digest, and what comes back is signed.
    ///   - nonce: random numbers.
    package init(url: EndpointURL, transport: any Transport, nonce: @escaping @Sendable () -> UInt64) {
        self.url = url
        self.transport = transport
        self.nonce = nonce
    }

    /// The response, as `openssl ts -verify -in` takes it.
    func timestamp(
        over message: [UInt8], sleep: (Duration) async throws -> Void
    ) async throws(SigningError) -> [UInt8] {
        let request = TimestampRequest(over: message, nonce: nonce())
        guard let body = try? request.encoded() else { throw SigningError("the timestamp can't be asked for") }
        var attempt = 1
        while true {
            do throws(SigningError) {
                let bytes = try await ask(body, attempt)
                return try check(bytes, request)
            } catch {
                guard attempt < Self.attempts, (try? await sleep(Self.pause)) != nil else { throw error }
                attempt += 1
            }
        }
    }

    private func ask(_ body: [UInt8], _ attempt: Int) async throws(SigningError) -> [UInt8] {
        let request = HTTPRequest(
            url: url,
            headers: [
                HTTPHeader(name: "Content-Type", value: "application/timestamp-query"),
                HTTPHeader(name: "User-Agent", value: KeyWitnessTool.userAgent),
            ], body: body, timeout: Self.timeout)
        let response: HTTPResponse
        do { response = try await transport.send(request, for: Call(operation: "timestamp", attempt: attempt)) } catch {
            throw SigningError("no timestamp from \(url): \(error.reason)")
        }
        guard response.status == 200 else { throw SigningError("no timestamp from \(url): HTTP \(response.status)") }
        return response.body
    }

    private func check(_ bytes: [UInt8], _ request: TimestampRequest) throws(SigningError) -> [UInt8] {
        let response: TimestampResponse
        do { response = try TimestampResponse(bytes) } catch {
            throw SigningError("no timestamp from \(url): \(error)")
        }
        guard response.digest == request.digest, response.nonce == request.nonce else {
            throw SigningError("the timestamp from \(url) is for something else than was asked")
        }
        return bytes
    }
}
