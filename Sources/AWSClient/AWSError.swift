package import FoundationEssentials

/// Why a call to AWS gave no answer that can be used.
package struct AWSError: Error, Equatable {
    package enum Reason: Equatable, Sendable {
        /// AWS answered with an error of its own.
        case service(code: String, message: String, status: Int)
        /// No complete answer arrived.
        case transport(TransportError)
        /// The answer isn't what the operation's answer must be; its HTTP status.
        case unreadable(AnswerError, status: Int)
        /// The pages of a list don't hang together.
        case pagination(String)
        /// The request couldn't be signed: there are no credentials, they have expired and no fresh ones can be had, or where
        /// they come from is broken.
        case credentials(CredentialError)
    }

    package var operation: String
    package var reason: Reason
    /// Where the request went.
    package var endpoint: EndpointURL
    /// How many times it was tried.
    package var attempts: Int
    /// As in ``HTTPResponse/receipt``, of the last attempt.
    package var receipt: Receipt?
    /// The answer's own date, where one came.
    package var serverDate: Date?

    package init(
        operation: String, reason: Reason, endpoint: EndpointURL, attempts: Int, receipt: Receipt?,
        serverDate: Date? = nil
    ) {
        self.operation = operation
        self.reason = reason
        self.endpoint = endpoint
        self.attempts = attempts
        self.receipt = receipt
        self.serverDate = serverDate
    }

    /// Whether AWS said that requests come too fast.
    package var isThrottling: Bool { RetryPolicy.isThrottling(reason) }

    /// Whether whoever asked wanted no answer any more.
    package var isCancellation: Bool {
        if case .transport(let error) = reason { error.kind == .cancelled } else { false }
    }

    /// Whether nothing was said about the call itself: no whole answer came, or only that there is none at the moment.
    package var isUnanswered: Bool {
        switch reason {
        case _ where isThrottling: false
        case .transport(let error): [.timedOut, .interrupted, .unreachable].contains(error.kind)
        case .service(_, _, let status), .unreadable(_, let status): RetryPolicy.isPassing(status)
        case .pagination, .credentials: false
        }
    }

    /// AWS's error code, where AWS gave one.
    package var code: AWSErrorCode? {
        if case .service(let code, _, _) = reason { AWSErrorCode(rawValue: code) } else { nil }
    }
}

extension AWSError: CustomStringConvertible {
    package var description: String {
        let tries = attempts > 1 ? " (\(attempts) attempts)" : ""
        return switch reason {
        case .service(let code, let message, let status): "\(operation): \(code) (HTTP \(status)): \(message)\(tries)"
        case .transport(let error): "\(operation) at \(endpoint): \(error)\(tries)"
        case .unreadable(let error, let status): "\(operation) at \(endpoint): \(error) (HTTP \(status))\(tries)"
        case .pagination(let problem): "\(operation): \(problem)"
        case .credentials(let error): "\(operation): \(error)"
        }
    }
}
