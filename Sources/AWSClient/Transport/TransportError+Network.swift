import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension TransportError {
    /// Sorts what the network library throws into the few kinds that a caller can act on.
    init(_ error: any Error) {
        switch error {
        case let error as HTTPClientError:
            switch error {
            case .connectTimeout: self.init(.unreachable, reason: "no connection within 10 seconds")
            case .readTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout:
                self.init(.timedOut, reason: "no whole answer in time")
            case .remoteConnectionClosed: self.init(.interrupted, reason: "the connection was closed in the middle")
            case .cancelled: self.init(.cancelled, reason: "cancelled")
            default: self.init(.interrupted, reason: "\(error)")
            }
        case let error as TransportError: self = error
        case is ClosedWhileConnecting: self.init(.interrupted, reason: "the connection was closed in the middle")
        case HTTPParserError.invalidEOFState:
            self.init(.interrupted, reason: "the connection was closed in the middle")
        case let error as NIOConnectionError:
            if error.connectionErrors.isEmpty {
                self.init(.unreachable, reason: "the name '\(error.host)' could not be resolved")
            } else {
                let reasons = Set(error.connectionErrors.map { Self.plain($0.error) }).sorted()
                self.init(.unreachable, reason: reasons.joined(separator: "; "))
            }
        case let error as NIOSSLError: self.init(.unreachable, reason: "TLS failed: \(error)")
        case let error as NIOSSLExtraError: self.init(.unreachable, reason: "TLS failed: \(error)")
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            self.init(.unreachable, reason: Self.plain(error))
        case is ResponseAccumulator.ResponseTooBigError:
            self.init(.tooLarge, reason: "the answer is larger than any that AWS sends")
        case is CancellationError: self.init(.cancelled, reason: "cancelled")
        default: self.init(.interrupted, reason: Self.plain(error))
        }
    }

    private static func plain(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        return error.errnoCode == ECONNREFUSED ? "connection refused" : error.description
    }
}
