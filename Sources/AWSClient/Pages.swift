/// The pages of a list, one request each. A page's IsTruncated and Marker alone say whether another follows.
package struct Pages<Op: PagedOperation>: AsyncSequence, Sendable {
    package typealias Element = Answer<Op.Output>
    package typealias Failure = AWSError

    let client: AWSClient
    let operation: Op

    package func makeAsyncIterator() -> Iterator {
        Iterator(client: client, upcoming: operation)
    }

    package struct Iterator: AsyncIteratorProtocol {
        let client: AWSClient
        var upcoming: Op?
        /// Why there is no next page, though one is to follow.
        var problem: AWSError?
        var markers: Set<String> = []
        /// How many pages in a row had nothing on them.
        var emptyPages = 0

        /// AWS may give fewer than it has, even none; somebody who does so for ever has no end.
        private static var mostEmptyPages: Int { 100 }
        /// So many has a list of a million at 100 a page.
        private static var mostPages: Int { 10_000 }

        package mutating func next() async throws -> Answer<Op.Output>? {
            try await next(isolation: #isolation)
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(AWSError) -> Answer<Op.Output>? {
            if let problem {
                self.problem = nil
                throw problem
            }
            guard let operation = upcoming else { return nil }
            let page = try await client.send(operation)
            upcoming = nil
            emptyPages = page.output.isEmpty ? emptyPages + 1 : 0
            // What the page has is as good as ever: it comes first.
            switch follow(page.output) {
            case .success(let marker): upcoming = marker.map(operation.from)
            case .failure(let flaw):
                problem = client.failure(of: operation, .pagination(flaw.text), page.receipt)
            }
            return page
        }

        /// - Returns: the marker of the next page; nil where none follows.
        private mutating func follow(_ page: Op.Output) -> Result<String?, Flaw> {
            let marker = page.marker.flatMap { $0.isEmpty ? nil : $0 }
            guard page.isTruncated ?? (marker != nil) else {
                // One of the two is wrong, and what the other page has would be left out.
                return marker == nil
                    ? .success(nil)
                    : .failure(Flaw(text: "IsTruncated is false, and there is a Marker for a next page"))
            }
            guard let marker else {
                return .failure(Flaw(text: "IsTruncated is true, but there is no Marker for the next page"))
            }
            // A marker that comes again would go round for ever, and hide the users that were to follow.
            guard markers.insert(marker).inserted else {
                return .failure(Flaw(text: "the Marker for the next page came a second time"))
            }
            guard emptyPages < Self.mostEmptyPages, markers.count < Self.mostPages else {
                let count = emptyPages < Self.mostEmptyPages ? "\(Self.mostPages)" : "\(Self.mostEmptyPages) empty"
                return .failure(Flaw(text: "the list had no end after \(count) pages"))
            }
            return .success(marker)
        }

        /// Why the pages of a list don't hang together.
        private struct Flaw: Error {
            var text: String
        }
    }
}
