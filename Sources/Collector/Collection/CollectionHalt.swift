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
