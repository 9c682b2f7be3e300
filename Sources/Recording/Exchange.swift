package import FoundationEssentials
import PlainText

/// One HTTP request to AWS and what came back: the unit of raw evidence.
///
/// An exchange is written as one HAR 1.2 `entry` per line (see ``RecordingWriter``), so that browsers, mitmproxy and
/// `jq` can read it.
package struct Exchange: Equatable, Sendable {
    /// The position in its recording, counted from 1 in the order in which the exchanges ended.
    package var sequence: Int
    /// The AWS operation, such as `ListUsers`.
    package var operation: String
    /// The twelve-digit account that the exchange belongs to; nil until the caller's identity is known.
    package var account: String?
    /// Counted from 1; more than 1 for a retry.
    package var attempt: Int
    /// What came of it.
    package var outcome: Outcome
    /// When the request was sent.
    package var started: Date
    /// From sending the request to having read the whole answer, in milliseconds.
    package var milliseconds: Double
    package var request: Request

    package init(
        sequence: Int, operation: String, account: String? = nil, attempt: Int = 1, started: Date,
        milliseconds: Double = 0, request: Request, outcome: Outcome
    ) {
        self.sequence = sequence
        self.operation = operation
        self.account = account
        self.attempt = attempt
        self.outcome = outcome
        self.started = started
        self.milliseconds = milliseconds
        self.request = request
    }

    /// The answer; nil where no complete one arrived.
    package var response: Response? {
        if case .answer(let response) = outcome { response } else { nil }
    }

    /// Changes the answer, if there is one.
    package mutating func changeResponse(_ change: (inout Response) -> Void) {
        guard case .answer(var response) = outcome else { return }
        change(&response)
        outcome = .answer(response)
    }

    /// An HTTP header; names compare without regard to case.
    package struct Header: Equatable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package struct Request: Equatable, Sendable {
        package var method: String
        package var url: String
        package var headers: [Header]
        package var body: [UInt8]

        package init(method: String = "POST", url: String, headers: [Header] = [], body: [UInt8]) {
            self.method = method
            self.url = url
            self.headers = headers
            self.body = body
        }
    }

    package struct Response: Equatable, Sendable {
        package var status: Int
        package var headers: [Header]
        package var body: [UInt8]

        package init(status: Int, headers: [Header] = [], body: [UInt8]) {
            self.status = status
            self.headers = headers
            self.body = body
        }
    }

    /// How an exchange ended.
    package enum Outcome: Equatable, Sendable {
        /// A complete answer, whatever it says.
        case answer(Response)
        /// No complete answer: why.
        case noAnswer(String)
    }
}

extension Exchange.Response {
    /// Whether AWS did as it was asked: 2xx.
    package var isSuccess: Bool { (200..<300).contains(status) }

    /// The first value of a header, compared without regard to case.
    package func header(_ name: String) -> String? {
        headers.value(of: name)
    }
}

extension [Exchange.Header] {
    /// The first value of a header, compared without regard to case.
    func value(of name: String) -> String? {
        first { $0.name.isSameIgnoringASCIICase(as: name) }?.value
    }
}
