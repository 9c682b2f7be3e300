/// Any operation of IAM's, asked only to see whether it is permitted: of what it answers only that it is an answer of
/// IAM's is looked at, as whoever stands in between answers anything.
package struct PermissionProbe: QueryCall {
    package static let service = AWSService.iam

    /// `ListUserTags`
    package let operationName: String
    package let parameters: [(name: String, value: String)]

    package init(_ action: String, _ parameters: [(name: String, value: String)] = []) {
        operationName = action
        self.parameters = parameters
    }

    package struct Output: Sendable {}

    package static func output(of answer: HTTPResponse) throws(AnswerError) -> Output {
        do throws(XMLError) { try QueryAnswer.checkAnswer(answer.body) } catch { throw .xml(error) }
        return Output()
    }
}
