import Recording

extension MockIAM.Journal {
    /// One request and its answer.
    public struct Entry: Sendable {
        /// Counted from 1 in the order of the answers.
        public let number: Int
        let request: RequestKey?
        /// The HTTP status of the answer.
        public let status: Int
        /// Where the answer came from.
        public let outcome: MockIAM.Journal.Outcome

        /// The AWS operation, such as `ListUsers`; nil for what wasn't a request of the Query protocol.
        public var action: String? {
            request?.action
        }

        /// The parameters without `Action` and `Version`, and without a signature.
        public var parameters: [String: String] {
            Dictionary((request?.parameters ?? []).map { ($0.name, $0.value) }) { first, _ in first }
        }

        /// Whether the request was understood but has no recorded answer.
        public var isUnmatched: Bool {
            if case .unmatched = outcome { true } else { false }
        }
    }

    /// Where an answer came from.
    public enum Outcome: Hashable, Sendable {
        /// From the recording, by the sequence number of its exchange.
        case replayed(exchange: Int)
        /// The recording has no answer; the recorded requests most like it, the likest first.
        case unmatched(nearest: [String])
        /// It wasn't a request of the Query protocol: the error's code.
        case refused(code: String)
    }
}

extension MockIAM.Journal.Entry: CustomStringConvertible {
    /// `400 ListAccessKeys UserName=ci-deploy`
    public var description: String {
        "\(status) \(request?.description.printable() ?? "-")"
    }
}
