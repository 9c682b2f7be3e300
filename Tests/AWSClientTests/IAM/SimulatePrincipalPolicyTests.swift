import AWSClient
import Testing

/// The form of a real answer: resources have results of their own within an action's.
@Suite struct SimulatePrincipalPolicyTests {
    @Test func `what counts is the decision on the action as a whole`() throws {
        func result(_ action: String, _ decision: String, _ ofResources: [String]) -> String {
            let resources = ofResources.map {
                "<member><EvalResourceName>arn:aws:s3:::a</EvalResourceName><EvalResourceDecision>\($0)"
                    + "</EvalResourceDecision></member>"
            }
            return """
                <member><EvalActionName>\(action)</EvalActionName><EvalResourceName>*</EvalResourceName>
                <EvalDecision>\(decision)</EvalDecision><MatchedStatements/><MissingContextValues/>
                <OrganizationsDecisionDetail><AllowedByOrganizations>true</AllowedByOrganizations>
                </OrganizationsDecisionDetail><EvalDecisionDetails/>
                <ResourceSpecificResults>\(resources.joined())</ResourceSpecificResults></member>
                """
        }
        let results =
            result("iam:CreateUser", "allowed", ["allowed"])
            + result("iam:DeleteUser", "implicitDeny", ["allowed", "implicitDeny"])
            + result("iam:CreateAccessKey", "explicitDeny", [])
        let body = """
            <SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
            <SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated>
            <EvaluationResults>\(results)</EvaluationResults></SimulatePrincipalPolicyResult>
            </SimulatePrincipalPolicyResponse>
            """
        let answer = HTTPResponse(status: 200, body: Array(body.utf8))
        #expect(try SimulatePrincipalPolicy.output(of: answer).allowed == ["iam:CreateUser"])
    }
}
