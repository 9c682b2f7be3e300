/// Any operation of IAM's, asked only to see whether it is permitted: what it answers isn't looked at.
package struct PermissionProbe: QueryOperation {
    package static let name = "PermissionProbe"
    package static let service = AWSService.iam

    /// `ListUserTags`
    package var action: String
    private let others: [(name: String, value: String)]

    package init(_ action: String, _ parameters: [(name: String, value: String)] = []) {
        self.action = action
        others = parameters
    }

    package var parameters: [(name: String, value: String)] { others }

    package var operationName: String { action }

    package struct Output: Sendable {}

    package static func output(from xml: inout XMLReader) throws(XMLError) -> Output {
        Output()
    }

    package static func output(of answer: HTTPResponse) throws(AnswerError) -> Output {
        Output()
    }
}
