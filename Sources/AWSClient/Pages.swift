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
            let hasMarker = page.output.marker.map { !$0.isEmpty } ?? false
            guard page.output.isTruncated ?? hasMarker else { return page }
            // What the page has is as good as ever: it comes first.
            if let marker = page.output.marker, !marker.isEmpty {
                // A marker that comes again would go round for ever, and hide the users that were to follow.
                if markers.insert(marker).inserted {
                    upcoming = operation.from(marker: marker)
                } else {
                    problem = client.failure(
                        of: operation, .pagination("the Marker for the next page came a second time"), page.receipt)
                }
            } else {
                problem = client.failure(
                    of: operation, .pagination("IsTruncated is true, but there is no Marker for the next page"),
                    page.receipt)
            }
            return page
        }
    }
}
