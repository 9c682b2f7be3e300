/// Carries signed requests to AWS: live over HTTP, or answered from something else.
package protocol Transport: Sendable {
    func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse
}

/// No complete answer arrived.
package struct TransportError: Error, Equatable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        /// The name wasn't found, nothing listens there, or TLS could not be agreed: no request was sent.
        case unreachable
        case timedOut = "timed-out"
        /// The connection broke before the answer was whole.
        case interrupted
        /// The answer is larger than any that AWS sends.
        case tooLarge = "too-large"
        case cancelled
        /// The request isn't sent at all: it would not be safe.
        case refused
    }

    package var kind: Kind
    /// What the network said, in one sentence without the kind.
    package var reason: String
    /// As in ``HTTPResponse/receipt``.
    package var receipt: Receipt?
    /// Whether it stays so until somebody changes something, as with a certificate that isn't trusted. Recordings don't
    /// have it.
    package var isLasting = false

    package init(_ kind: Kind, reason: String, receipt: Receipt? = nil) {
        self.kind = kind
        self.reason = reason
        self.receipt = receipt
    }

    /// Whoever asked wanted no answer any more.
    package static let cancelled = TransportError(.cancelled, reason: "cancelled")

    package var description: String { "\(kind.rawValue): \(reason)" }
}
