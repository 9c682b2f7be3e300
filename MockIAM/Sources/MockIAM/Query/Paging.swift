/// How lists are cut into pages.
struct Paging: Sendable {
    let markers: MarkerCodec
    let options: MockIAM.PageOptions
    let seed: UInt64

    /// - Throws: ValidationError for a marker that isn't of this query.
    func page(size: Int?, marker: String?, of query: String) throws(AWSError) -> Page {
        var after: String?
        if let marker { after = try markers.position(of: marker, of: query) }
        var limit = min(size ?? 100, options.largest)
        if options.varies {
            // AWS may return fewer than was asked for, whether or not more follow. By position, so that the same page
            // has the same size whoever else is asking.
            var random = SplitMix64(
                seed: seed ^ UInt64(truncatingIfNeeded: (after ?? "").utf8.reduce(5381) { ($0 &* 33) ^ Int($1) }))
            limit = random.number(in: 1...limit)
        }
        return Page(limit: limit, after: after, query: query, markers: markers)
    }
}

/// One page of a list.
struct Page: Sendable {
    /// The largest number of elements on the page.
    let limit: Int
    /// The last element of the page before; nil for the first page.
    let after: String?
    fileprivate let query: String
    fileprivate let markers: MarkerCodec

    /// The elements of the page out of all of them, which are in a fixed order, and the position after them where more
    /// follow.
    ///
    /// - Parameter id: tells the elements apart, so that one that vanishes between two pages takes no other with it.
    func cut<Element>(_ all: [Element], by id: (Element) -> String) -> (elements: ArraySlice<Element>, next: String?) {
        let start = after.map { Position($0).index(in: all, by: id) } ?? 0
        let end = min(start + limit, all.count)
        return (all[start..<end], end < all.count && end > 0 ? Position(end, id(all[end - 1])).text : nil)
    }
}

/// A place in a list: how many elements come before it, and which is the last of them.
private struct Position {
    private let count: Int
    private let last: UInt64

    init(_ count: Int, _ last: String) {
        self.count = count
        self.last = last.stableHash
    }

    init(_ text: String) {
        let parts = text.split(separator: ":")
        count = parts.first.flatMap { Int($0) } ?? 0
        last = parts.last.flatMap { UInt64($0, radix: 36) } ?? 0
    }

    /// A hash, because a marker has 320 characters at most and the key of a tag may have 128 of any alphabet.
    var text: String {
        "\(count):\(String(last, radix: 36))"
    }

    func index<Element>(in all: [Element], by id: (Element) -> String) -> Int {
        if count > 0, count <= all.count, id(all[count - 1]).stableHash == last { return count }
        if let index = all.firstIndex(where: { id($0).stableHash == last }) { return index + 1 }
        // The last element itself is gone, and what came before it has one element less.
        return min(max(count - 1, 0), all.count)
    }
}

extension ResultXML {
    /// `IsTruncated`, and `Marker` where more follows.
    mutating func pagination(_ page: Page, next position: String?) {
        field("IsTruncated", position != nil)
        if let position { field("Marker", page.markers.marker(for: position, of: page.query)) }
    }
}

extension MockIAM {
    /// How lists are cut into pages, within what the client asks for.
    public struct PageOptions: Sendable, Equatable {
        /// No page has more elements, whatever `MaxItems` says: 1 to 1,000.
        public var largest: Int {
            didSet { largest = Self.possible(largest) }
        }
        /// Whether pages are of changing size, as AWS reserves it: the same in every run.
        public var varies: Bool

        /// Pages as large as they are asked for: 100 elements unless told otherwise.
        public init(largest: Int = 1000, varies: Bool = false) {
            self.largest = Self.possible(largest)
            self.varies = varies
        }

        private static func possible(_ size: Int) -> Int {
            min(max(size, 1), 1000)
        }
    }
}
