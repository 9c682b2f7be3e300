import NIOCore
import Recording

extension Answer {
    /// A recorded answer with what a recording may leave out: type and request id. Its length is counted anew,
    /// because hand-written fixtures rarely get it right.
    ///
    /// - Parameter defaultType: of an answer whose type wasn't recorded.
    /// - Throws: ``RecordingError`` for what can't be sent.
    init(_ response: Exchange.Response, sequence: Int, defaultType: String) throws {
        guard 200..<600 ~= response.status else {
            throw RecordingError("exchange \(sequence) has status \(response.status); an answer's is from 200 to 599")
        }
        // They tell how the body travelled then, not how it travels now.
        let framing: Set = ["content-length", "transfer-encoding", "content-encoding", "connection", "keep-alive"]
        var headers = response.headers.filter { !framing.contains($0.name.lowercased()) }
        guard headers.allSatisfy(\.isSendable) else {
            throw RecordingError("exchange \(sequence) has a header that can't be sent: control characters or no name")
        }
        for header in Self.defaultHeaders(requestID: RequestID.recorded(sequence), type: defaultType)
        where response.header(header.name) == nil {
            headers.append(header)
        }
        self.init(status: response.status, headers: headers, body: ByteBuffer(bytes: response.body))
    }

    private static func defaultHeaders(requestID: String, type: String) -> [Exchange.Header] {
        [
            Exchange.Header(name: "x-amzn-RequestId", value: requestID),
            Exchange.Header(name: "Content-Type", value: type),
        ]
    }
}

extension Exchange.Header {
    /// A line break in a header would start another one, or the body.
    fileprivate var isSendable: Bool {
        !name.isEmpty && !name.utf8.contains { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: ":") }
            && !value.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }
    }
}
