package import FoundationEssentials
import PlainText

/// A request as it goes over the wire.
package struct HTTPRequest: Sendable {
    package var method: String
    package var url: EndpointURL
    /// Percent-encoded, without the question mark.
    package var query: String
    package var headers: [HTTPHeader]
    package var body: [UInt8]
    /// How long the whole exchange may take; the transport's own limit where it is nil.
    package var timeout: Duration?

    package init(
        method: String = "POST", url: EndpointURL, query: String = "", headers: [HTTPHeader] = [], body: [UInt8] = [],
        timeout: Duration? = nil
    ) {
        self.method = method
        self.url = url
        self.query = query
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }

    /// The URL with its query, as it goes over the wire.
    package var target: String {
        query.isEmpty ? url.description : "\(url)?\(query)"
    }
}

/// An answer as it came over the wire.
package struct HTTPResponse: Sendable {
    package var status: Int
    package var headers: [HTTPHeader]
    package var body: [UInt8]
    /// What the transport calls this exchange, if it keeps account of exchanges: handed on with the decoded answer, so
    /// that a fact can name the exchange it rests on.
    package var receipt: Receipt?

    package init(status: Int, headers: [HTTPHeader] = [], body: [UInt8], receipt: Receipt? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
        self.receipt = receipt
    }

    /// The first value of a header, compared without regard to case.
    package func header(_ name: String) -> String? {
        headers.value(of: name)
    }
}

extension [HTTPHeader] {
    /// The first value of a header, compared without regard to case.
    func value(of name: String) -> String? {
        first { $0.name.isSameIgnoringASCIICase(as: name) }?.value
    }
}

/// What a transport that keeps account of exchanges calls one of them.
package struct Receipt: Sendable, Equatable {
    package var number: Int
    /// When the request was sent, by this machine's clock.
    package var sent: Date
    /// The date that the request was signed for, where the answer is a recorded one: that of the recorded request.
    package var signed: Date?

    package init(number: Int, sent: Date, signed: Date? = nil) {
        self.number = number
        self.sent = sent
        self.signed = signed
    }
}

/// An HTTP header. Names compare without regard to case.
package struct HTTPHeader: Equatable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// Which call a request belongs to.
package struct Call: Sendable, Equatable {
    /// The AWS operation, such as `ListUsers`.
    package var operation: String
    /// Counted from 1; more for a retry.
    package var attempt: Int
    /// What no answer may repeat: the transport that gets it from the network takes them out.
    package var secrets: [Secret]

    package init(operation: String, attempt: Int, secrets: [Secret] = []) {
        self.operation = operation
        self.attempt = attempt
        self.secrets = secrets
    }
}
