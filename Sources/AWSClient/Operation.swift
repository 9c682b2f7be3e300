/// One call to an AWS service as a value: its parameters, and how its answer is read.
///
/// One file per operation. What is written here follows the service's own model: names, required elements, types.
package protocol Operation: Sendable {
    associatedtype Output: Sendable

    /// The action's name, such as `ListUsers`.
    static var name: String { get }
    static var service: AWSService { get }

    /// The request's parameters in their own order, without `Action` and `Version`; nothing for those left at their
    /// default.
    var parameters: [(name: String, value: String)] { get }

    /// Reads the `<…Result>` element at which the reader stands.
    static func output(from xml: inout XMLReader) throws(XMLError) -> Output
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
}

/// A service that speaks AWS's Query protocol.
package enum AWSService: String, Sendable {
    case iam
    case sts

    /// The version of the service's API.
    var version: String {
        switch self {
        case .iam: "2010-05-08"
        case .sts: "2011-06-15"
        }
    }
}

/// A decoded answer.
package struct Answer<Output: Sendable>: Sendable {
    package var output: Output
    /// As in ``HTTPResponse/receipt``.
    package var receipt: Int?

    package init(output: Output, receipt: Int?) {
        self.output = output
        self.receipt = receipt
    }
}
