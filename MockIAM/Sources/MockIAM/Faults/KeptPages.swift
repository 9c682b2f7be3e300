import NIOCore

/// Pages of lists that were given once and can be had again, under markers of our own.
struct KeptPages {
    /// In number. Older ones are forgotten: their markers then are as invalid as any made-up one.
    static let limit = 64

    /// Which page of which list: a marker is good for its own list only.
    struct Place: Hashable {
        /// Account, action and parameters, as ``FaultQuery/list`` has them.
        var list: String
        var marker: String
    }

    private var bodies: [Place: ByteBuffer] = [:]
    private var order: [Place] = []
    private var issued = 0

    subscript(place: Place) -> ByteBuffer? {
        bodies[place]
    }

    /// A marker that no page is kept under.
    mutating func newMarker() -> String {
        issued += 1
        return "MockIAM-page-\(issued)"
    }

    mutating func keep(_ body: ByteBuffer, at place: Place) {
        if bodies.updateValue(body, forKey: place) == nil { order.append(place) }
        if order.count > Self.limit { bodies[order.removeFirst()] = nil }
    }
}
