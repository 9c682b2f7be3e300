package import FoundationEssentials

/// One call to an AWS service as a value: what is sent, and how the answer is read.
///
/// One file per operation. What is written here follows the service's own model: names, required elements, types.
package protocol Operation: Sendable {
    associatedtype Output: Sendable

    static var service: AWSService { get }
    /// Whether its requests are signed; those that bring a token of their own aren't.
    static var isSigned: Bool { get }

    /// The operation's name, such as `ListUsers`.
    var operationName: String { get }

    /// What is sent.
    var content: RequestContent { get }

    /// What of it must not be shown, whoever repeats it.
    var secrets: [Secret] { get }

    /// Whether a good answer may have its ``secrets`` in it, so that they can't be taken out before it is read: a refresh
    /// token that stays the same, or the six digits of an MFA code, which may be anywhere. Errors are shown without them in
    /// any case.
    static var mayAnswerWithItsSecrets: Bool { get }

    /// Reads an answer of status 2xx.
    static func output(of answer: HTTPResponse) throws(AnswerError) -> Output

    /// Reads an answer of any other status: the error's code and message.
    static func failure(in answer: HTTPResponse) throws(AnswerError) -> (code: String, message: String)
}

extension Operation {
    package static var isSigned: Bool { true }

    package var secrets: [Secret] { [] }

    package static var mayAnswerWithItsSecrets: Bool { false }
}

/// An operation of which all calls have one name.
package protocol NamedOperation: Operation {
    static var name: String { get }
}

extension NamedOperation {
    package var operationName: String { Self.name }
}

/// What an operation sends, without what belongs to the endpoint and the signature.
package struct RequestContent: Sendable, Equatable {
    package var method: String
    /// Below the endpoint's own path, percent-encoded.
    package var path: String
    /// Percent-encoded, without the question mark.
    package var query: String
    package var headers: [HTTPHeader]
    package var body: [UInt8]

    package init(
        method: String = "POST", path: String = "/", query: String = "", headers: [HTTPHeader] = [], body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }
}

/// An operation whose answer comes in pages.
package protocol PagedOperation: Operation where Output: Page {
    /// The same request for the page that begins at `marker`.
    func from(marker: String) -> Self
}

/// One page of a list.
package protocol Page: Sendable {
    /// Whether more pages follow; nil where the answer doesn't say, and ``marker`` alone tells. These two end a list:
    /// an empty page doesn't.
    var isTruncated: Bool? { get }
    var marker: String? { get }
    /// Whether nothing of the list is on it.
    var isEmpty: Bool { get }
}

/// An AWS service that the client asks.
package enum AWSService: String, Sendable, CaseIterable {
    case iam
    case sts
    /// The portal of IAM Identity Center.
    case sso
    case ssoOIDC = "sso_oidc"
    /// Where `aws login` signs in.
    case signin
}

/// A decoded answer.
package struct Answer<Output: Sendable>: Sendable {
    package var output: Output
    /// As in ``HTTPResponse/receipt``.
    package var receipt: Receipt?
    private let headers: [HTTPHeader]

    package init(output: Output, receipt: Receipt?, headers: [HTTPHeader] = []) {
        self.output = output
        self.receipt = receipt
        self.headers = headers
    }

    /// What AWS's clock said when it answered, in whole seconds; nil where the answer has no readable Date.
    package var serverDate: Date? { headers.value(of: "date").flatMap { Date(httpDate: $0) } }
}
