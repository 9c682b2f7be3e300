import NIOCore

/// Pages of lists that were given once and can be had again, under markers of our own.
struct KeptPages {
    /// In number. Older ones are forgotten: their markers then are as invalid as any made-up one.
    static let limit = 64

    private var bodies: [String: ByteBuffer] = [:]
    private var order: [String] = []
    private var issued = 0

    subscript(marker: String) -> ByteBuffer? {
        bodies[marker]
    }

    /// A marker that no page is kept under.
    mutating func newMarker() -> String {
        issued += 1
        return "MockIAM-page-\(issued)"
    }

    mutating func keep(_ body: ByteBuffer, under marker: String) {
        if bodies.updateValue(body, forKey: marker) == nil { order.append(marker) }
        if order.count > Self.limit { bodies[order.removeFirst()] = nil }
    }
}
