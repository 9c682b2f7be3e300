/// What a user or a role is allowed, by all its policies, without trying it.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
package struct SimulatePrincipalPolicy: QueryOperation {
    package static let name = "SimulatePrincipalPolicy"
    package static let service = AWSService.iam

    /// The ARN of a user or a role; not of a role's session.
    package var policySourceARN: String
    /// `iam:CreateUser` and so on.
    package var actions: [String]

    package init(policySourceARN: String, actions: [String]) {
        self.policySourceARN = policySourceARN
        self.actions = actions
    }

    package var parameters: [(name: String, value: String)] {
        [("PolicySourceArn", policySourceARN)]
            + actions.enumerated().map { ("ActionNames.member.\($0.offset + 1)", $0.element) }
    }

    package struct Output: Sendable, Equatable {
        /// The actions that are allowed.
        package var allowed: [String] = []
    }

    package static func output(from xml: inout XMLReader) throws(XMLError) -> Output {
        var output: Output?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            guard name == "EvaluationResults" else { continue }
            let results = try xml.members { (xml) throws(XMLError) in try evaluation(from: &xml) }
            output = Output(allowed: results.filter { $0.decision == "allowed" }.map(\.action))
        }
        guard let output else { throw .missing("EvaluationResults") }
        return output
    }

    private static func evaluation(from xml: inout XMLReader) throws(XMLError) -> (action: String, decision: String) {
        var action: String?
        var decision: String?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            switch name {
            case "EvalActionName": action = try xml.text()
            case "EvalDecision": decision = try xml.text()
            default: break
            }
        }
        guard let action else { throw .missing("EvalActionName") }
        guard let decision else { throw .missing("EvalDecision") }
        return (action, decision)
    }
}
