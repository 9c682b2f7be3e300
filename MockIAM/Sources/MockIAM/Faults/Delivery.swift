import NIOCore

/// An answer on its way: when it is sent, in which pieces, and what becomes of the connection afterwards.
struct Delivery: Sendable, Equatable {
    /// A part of the body.
    enum Piece: Sendable, Equatable {
        case bytes(ByteBuffer)
        /// `count` bytes of a pattern that is repeated. They are made when they are sent.
        case padding(ByteBuffer, count: Int)
    }

    /// What becomes of the connection.
    enum Ending: Sendable, Equatable {
        case open
        case close
        /// By RST, so that the client reads `ECONNRESET`.
        case reset
    }

    /// The pause before anything is sent.
    var delay: Duration
    var head: ByteBuffer
    var body: [Piece]
    /// How the body is sent; at once where it is nil.
    var drip: MockIAM.FaultPlan.Drip?
    var ending: Ending

    /// - Parameters:
    ///   - date: the `Date` header, where the answer has none of its own.
    ///   - toHEAD: leaves the body out but keeps its length, as HEAD wants.
    ///   - closing: says that the connection ends here.
    init(of answer: Answer, date: String, faults: WireFaults = WireFaults(), toHEAD: Bool, closing: Bool) {
        var pieces = answer.mayHaveBody ? Self.pieces(of: answer.body, grownBy: faults.oversize) : []
        switch faults.truncate {
        case .half: pieces = pieces.prefix(pieces.byteCount / 2)
        case .after(let bytes): pieces = pieces.prefix(bytes)
        case nil: break
        }
        let (length, overflows) = pieces.byteCount.addingReportingOverflow(faults.contentLength ?? 0)
        head = answer.headBytes(date: date, length: overflows ? .max : max(0, length), closing: closing)
        body = toHEAD ? [] : pieces
        delay = faults.latency
        drip = faults.drip
        // What the client takes for the rest of this answer must not be the next one.
        ending = closing || faults.contentLength != nil ? .close : .open
        switch faults.reset {
        case .before: self = .dropped(after: delay)
        case .within: reset(after: body.byteCount / 2)
        case .after(let bytes): reset(after: bytes)
        case nil: break
        }
    }

    /// Instead of an answer, the connection is reset.
    static func dropped(after delay: Duration = .zero) -> Delivery {
        Delivery(delay: delay, head: ByteBuffer(), body: [], drip: nil, ending: .reset)
    }

    private init(delay: Duration, head: ByteBuffer, body: [Piece], drip: MockIAM.FaultPlan.Drip?, ending: Ending) {
        self.delay = delay
        self.head = head
        self.body = body
        self.drip = drip
        self.ending = ending
    }

    private mutating func reset(after bytes: Int) {
        body = body.prefix(bytes)
        ending = .reset
    }

    /// The body, with padding at its end but within the document. JSON, which has no comments, gets white space after
    /// it.
    private static func pieces(of body: ByteBuffer, grownBy oversize: MockIAM.FaultPlan.Oversize?) -> [Piece] {
        guard let oversize, oversize.size > body.readableBytes else { return [.bytes(body)] }
        let missing = oversize.size - body.readableBytes
        let end = body.endOfDocument ?? body.writerIndex
        let pattern = (end == body.writerIndex ? .space : oversize.filling).pattern
        let beginning = body.getSlice(at: body.readerIndex, length: end - body.readerIndex) ?? ByteBuffer()
        // A pattern that broke off would not be XML.
        var rest = ByteBuffer(repeating: 0x20, count: missing % pattern.readableBytes)
        rest.writeImmutableBuffer(body.getSlice(at: end, length: body.writerIndex - end) ?? ByteBuffer())
        return [
            .bytes(beginning), .padding(pattern, count: missing - missing % pattern.readableBytes), .bytes(rest),
        ]
    }
}

extension MockIAM.FaultPlan.Oversize.Filling {
    fileprivate var pattern: ByteBuffer {
        switch self {
        // No white space between them: a reader that joins it anew after each comment would take minutes.
        case .comments: ByteBuffer(string: "<!-- " + String(repeating: "padding ", count: 7) + "-->")
        case .space: ByteBuffer(string: String(repeating: " ", count: 63) + "\n")
        }
    }
}

extension [Delivery.Piece] {
    /// The length of all of them.
    var byteCount: Int {
        reduce(0) { $0 + $1.byteCount }
    }

    /// The pieces up to a number of bytes.
    fileprivate func prefix(_ bytes: Int) -> Self {
        var left = Swift.max(0, bytes)
        return compactMap { piece in
            let taken = Swift.min(left, piece.byteCount)
            left -= taken
            return taken == 0 ? nil : piece.prefix(taken)
        }
    }
}

extension Delivery.Piece {
    fileprivate var byteCount: Int {
        switch self {
        case .bytes(let buffer): buffer.readableBytes
        case .padding(_, let count): count
        }
    }

    fileprivate func prefix(_ bytes: Int) -> Self {
        switch self {
        case .bytes(let buffer): .bytes(buffer.getSlice(at: buffer.readerIndex, length: bytes) ?? ByteBuffer())
        case .padding(let pattern, _): .padding(pattern, count: bytes)
        }
    }
}
