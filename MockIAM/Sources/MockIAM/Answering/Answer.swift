import NIOCore
import Recording

/// An HTTP answer, up to the bytes that go over the wire.
///
/// A recording's answers never change, so their head is made once, when it is loaded, and not by an encoder at every
/// request. It also leaves the server free to send what no encoder would.
struct Answer: Sendable {
    let status: Int
    /// Status line and headers without those that belong to the moment: date, length, connection.
    let head: ByteBuffer
    /// Whether ``head`` has a `Date` of its own, as a recorded answer may.
    let hasDate: Bool
    /// Whether there may be a body. A client takes what follows an answer of these statuses for the next answer, whatever
    /// its length is said to be: https://www.rfc-editor.org/rfc/rfc9112#section-6.3
    var mayHaveBody: Bool { Self.mayHaveBody(status) }
    var body: ByteBuffer

    init(status: Int, headers: [Exchange.Header], body: ByteBuffer) {
        var head = ByteBuffer(string: "HTTP/1.1 \(status) \(Self.reason(status))\r\n")
        for header in headers {
            head.writeString("\(header.name): \(header.value)\r\n")
        }
        self.status = status
        self.head = head
        self.body = Self.mayHaveBody(status) ? body : ByteBuffer()
        hasDate = headers.contains { $0.name.lowercased() == "date" }
    }

    /// An answer of the emulator's own.
    ///
    /// - Parameters:
    ///   - type: of the body; nil where there is none.
    ///   - service: that answers, where it isn't one of those that have no headers of their own.
    ///   - methods: for 405, those that are taken: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6
    ///   - location: for 302, where to go.
    init(
        status: Int, type: String?, requestID: String, of service: Service? = nil, allowing methods: [String] = [],
        location: String? = nil, body: ByteBuffer
    ) {
        var headers = [Exchange.Header(name: "x-amzn-RequestId", value: requestID)]
        if service == .sts {
            // As captures of live answers have it.
            headers.append(
                Exchange.Header(name: "x-amz-sts-extended-request-id", value: RequestID.extended(requestID)))
        }
        if let type { headers.append(Exchange.Header(name: "Content-Type", value: type)) }
        if let location { headers.append(Exchange.Header(name: "Location", value: location)) }
        if !methods.isEmpty { headers.append(Exchange.Header(name: "Allow", value: methods.joined(separator: ", "))) }
        self.init(status: status, headers: headers, body: body)
    }

    /// The whole answer.
    ///
    /// - Parameters:
    ///   - date: the `Date` header, where the answer has none of its own.
    ///   - length: the `Content-Length` to claim; the body's own unless told otherwise.
    ///   - toHEAD: leaves the body out but keeps its length, as HEAD wants.
    ///   - closing: says that the connection ends here.
    func bytes(date: String, length: Int? = nil, toHEAD: Bool, closing: Bool) -> ByteBuffer {
        var bytes = headBytes(date: date, length: length, closing: closing, capacity: toHEAD ? 0 : body.readableBytes)
        if !toHEAD { bytes.writeImmutableBuffer(body) }
        return bytes
    }

    /// Everything before the body, with the empty line that ends it.
    func headBytes(date: String, length: Int? = nil, closing: Bool, capacity: Int = 0) -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.reserveCapacity(head.readableBytes + capacity + 128)
        bytes.writeImmutableBuffer(head)
        if !hasDate { bytes.writeString("Date: \(date)\r\n") }
        // https://www.rfc-editor.org/rfc/rfc9110#section-8.6: a 204 has no length. A 304 may say that of the answer which
        // it stands for, which nobody knows here.
        if mayHaveBody { bytes.writeString("Content-Length: \(length ?? body.readableBytes)\r\n") }
        bytes.writeString(closing ? "Connection: close\r\n\r\n" : "\r\n")
        return bytes
    }

    private static func mayHaveBody(_ status: Int) -> Bool { status != 204 && status != 304 }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 204: "No Content"
        case 302: "Found"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 409: "Conflict"
        case 410: "Gone"
        case 413: "Content Too Large"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        default: "Status"
        }
    }
}
