import NIOCore
import Recording

/// An HTTP answer as the bytes that go over the wire.
///
/// A recording's answers never change, so their bytes are made once, when it is loaded, and not by an encoder at every
/// request. It also leaves the server free to send what no encoder would.
struct Answer: Sendable {
    let status: Int
    /// Status line and headers, without the empty line that ends them.
    private let head: ByteBuffer
    /// The whole answer on a connection that stays open.
    private let whole: ByteBuffer
    private let bodyLength: Int

    init(status: Int, headers: [Exchange.Header], body: [UInt8]) {
        var head = ByteBuffer(string: "HTTP/1.1 \(status) \(Self.reason(status))\r\n")
        for header in headers {
            head.writeString("\(header.name): \(header.value)\r\n")
        }
        head.writeString("Content-Length: \(body.count)\r\n")
        var whole = head
        whole.writeString("\r\n")
        whole.writeBytes(body)
        self.status = status
        self.head = head
        self.whole = whole
        bodyLength = body.count
    }

    /// - Parameters:
    ///   - toHEAD: leaves the body out but keeps its length, as HEAD wants.
    ///   - closing: says that the connection ends here.
    func bytes(toHEAD: Bool, closing: Bool) -> ByteBuffer {
        guard toHEAD || closing else { return whole }
        var bytes = head
        bytes.writeString(closing ? "Connection: close\r\n\r\n" : "\r\n")
        if !toHEAD {
            bytes.writeImmutableBuffer(
                whole.getSlice(at: whole.writerIndex - bodyLength, length: bodyLength) ?? ByteBuffer())
        }
        return bytes
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 400: "Bad Request"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 409: "Conflict"
        case 410: "Gone"
        case 413: "Content Too Large"
        case 500: "Internal Server Error"
        case 503: "Service Unavailable"
        default: "Status"
        }
    }
}
