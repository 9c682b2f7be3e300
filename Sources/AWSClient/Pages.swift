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
        var markers: Set<String> = []

        package mutating func next() async throws -> Answer<Op.Output>? {
            try await next(isolation: #isolation)
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(AWSError) -> Answer<Op.Output>? {
            guard let operation = upcoming else { return nil }
            let page = try await client.send(operation)
            upcoming = nil
            let hasMarker = page.output.marker.map { !$0.isEmpty } ?? false
            guard page.output.isTruncated ?? hasMarker else { return page }
            guard let marker = page.output.marker, !marker.isEmpty else {
                throw client.paginationError(
                    Op.self, "IsTruncated is true, but there is no Marker for the next page", page.receipt)
            }
            // A marker that comes again would go round for ever, and hide the users that were to follow.
            guard markers.insert(marker).inserted else {
                throw client.paginationError(Op.self, "the Marker for the next page came a second time", page.receipt)
            }
            upcoming = operation.from(marker: marker)
            return page
        }
    }
}

extension AWSClient {
    func paginationError<Op: Operation>(_ operation: Op.Type, _ problem: String, _ receipt: Receipt?) -> AWSError {
        AWSError(
            operation: Op.name, reason: .pagination(problem), endpoint: endpoints[Op.service].url, attempts: 1,
            receipt: receipt)
    }
}
