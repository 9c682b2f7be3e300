import AWSClient
import Synchronization

/// Remembers that going on is useless: credentials that expired in mid-scan fail every further call, each after its own
/// round trip.
final class CollectionHalt: Sendable {
    private static let hopeless: Set<String> = [
        "ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException",
    ]

    private let cause = Mutex<AWSError?>(nil)

    /// The error that made the rest useless; nil while calls are worth making.
    var error: AWSError? { cause.withLock { $0 } }

    func notice(_ error: AWSError) {
        let isHopeless =
            switch error.reason {
            case .service(let code, _, _): Self.hopeless.contains(code)
            // After its retries: nothing listens there any more.
            case .transport(let error): error.kind == .unreachable || error.kind == .cancelled
            case .unreadable, .pagination: false
            case .credentials: true
            }
        if isHopeless { cause.withLock { $0 = $0 ?? error } }
    }
}

/// A client that stops asking when that has become useless.
struct CollectionClient: Sendable {
    let client: AWSClient
    let halt: CollectionHalt

    func send<Op: Operation>(_ operation: Op) async throws(AWSError) -> Answer<Op.Output> {
        if let error = halt.error { throw error }
        do {
            return try await client.send(operation)
        } catch {
            halt.notice(error)
            throw error
        }
    }

    /// All items of a list, each with the receipt of its page.
    func all<Op: UserListOperation>(_ operation: Op) async throws(AWSError) -> [(item: Op.Item, receipt: Receipt?)] {
        try await list(operation).items
    }

    /// All items of a list, each with the receipt of its page, and the receipt of the first page, which an empty list has
    /// as well.
    func list<Op: UserListOperation>(
        _ operation: Op
    ) async throws(AWSError) -> (items: [(item: Op.Item, receipt: Receipt?)], first: Receipt?) {
        if let error = halt.error { throw error }
        var items: [(item: Op.Item, receipt: Receipt?)] = []
        var first: Receipt?
        do {
            for try await page in client.pages(operation) {
                first = first ?? page.receipt
                items += page.output.items.map { ($0, page.receipt) }
            }
        } catch {
            halt.notice(error)
            throw error
        }
        return (items, first)
    }
}
