/// One page of a list whose pages are tied together by opaque tokens.
struct TokenPage {
    private let paging: Paging
    private let query: String
    private let limit: Int
    private let start: Position

    /// Where a page begins: the index of its first element, and whether an empty page was given there before.
    private struct Position: CustomStringConvertible {
        var index = 0
        var wasEmpty = false

        init() {}

        init?(_ text: String) {
            guard let index = Int(text.prefix { $0 != "e" }), index >= 0 else { return nil }
            self.index = index
            wasEmpty = text.hasSuffix("e")
        }

        var description: String {
            wasEmpty ? "\(index)e" : "\(index)"
        }
    }

    /// Nil for a token that isn't of this list.
    ///
    /// - Parameters:
    ///   - size: how many elements at most.
    ///   - query: the account and what was asked for.
    init?(_ paging: Paging, size: Int, token: String?, of query: String) {
        var start = Position()
        if let token {
            guard let text = try? paging.markers.position(of: token, of: query), let position = Position(text) else {
                return nil
            }
            start = position
        }
        self.start = start
        self.paging = paging
        self.query = query
        limit = min(size, paging.options.largest)
    }

    /// The elements of the page out of all of them, and the token of the next page.
    ///
    /// - Parameter mayBeEmpty: whether an empty page with a token is something that the service gives. Where pages
    ///   vary, there is one before the last page of every list, and some before others.
    func cut<Element>(_ all: [Element], mayBeEmpty: Bool = false) -> (elements: ArraySlice<Element>, next: String?) {
        let first = min(start.index, all.count)
        var limit = limit
        if paging.options.varies {
            var random = SplitMix64(seed: paging.seed, UInt64(first))
            limit = random.number(in: 1...limit)
            if mayBeEmpty, !start.wasEmpty, first + limit >= all.count || random.chance(500) {
                var again = start
                again.wasEmpty = true
                return (all[first..<first], paging.markers.marker(for: again.description, of: query))
            }
        }
        let end = min(first + limit, all.count)
        return (all[first..<end], end < all.count ? paging.markers.marker(for: "\(end)", of: query) : nil)
    }
}
