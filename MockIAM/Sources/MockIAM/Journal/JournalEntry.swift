import Recording

extension MockIAM.Journal {
    /// One request and its answer.
    public struct Entry: Sendable {
        /// Counted from 1 in the order in which the requests came.
        public let number: Int
        let request: RequestKey?
        /// The account that was asked; nil where nobody could tell.
        public var account: String?
        /// The access key id that signed the request; nil for an unsigned one.
        public var accessKeyID: String?
        /// The HTTP status of the answer.
        public var status: Int
        /// Where the answer came from.
        public var outcome: MockIAM.Journal.Outcome
        /// The names of the fault rules that had a hand in it.
        public var faults: [String] = []

        /// The AWS operation, such as `ListUsers`; nil for what wasn't a request of an AWS protocol.
        public var action: String? {
            request?.action
        }

        /// The parameters without `Action` and `Version`, and without a signature.
        public var parameters: [String: String] {
            Dictionary((request?.parameters ?? []).map { ($0.name, $0.value) }) { first, _ in first }
        }

        /// About how much memory it takes, in bytes.
        var size: Int {
            let request = request.map { request in
                request.parameters.reduce(request.action.utf8.count) {
                    $0 + $1.name.utf8.count + $1.value.utf8.count + 64
                }
            }
            return 200 + (request ?? 0)
        }

        /// Whether the request was understood but has no answer, though AWS has one.
        public var isUnmatched: Bool {
            if case .unmatched = outcome { true } else { false }
        }
    }

    /// Where an answer came from.
    public enum Outcome: Hashable, Sendable {
        /// From the recording; the sequence number is that of the recorded exchange.
        case replayed(exchange: Int)
        /// From an account: the operation was carried out on it.
        case answered
        /// The error of the given code, as AWS would have answered.
        case failed(code: String)
        /// There is no answer, though AWS has one. For a recording, the recorded requests most like it, the likest first;
        /// none for an operation of AWS's that accounts don't serve.
        case unmatched(nearest: [String])
        /// It wasn't a request of an AWS protocol, or its signature wasn't right: the error's code.
        case refused(code: String)
        /// No answer of the emulator's: a fault took its place.
        case faulted
    }
}

extension MockIAM.Journal.Entry: CustomStringConvertible {
    /// `400 ListAccessKeys UserName=ci-deploy`
    public var description: String {
        "\(status) \(request?.description.printable() ?? "-")"
            + (faults.isEmpty ? "" : " (\(faults.joined(separator: ", ")))")
    }
}
