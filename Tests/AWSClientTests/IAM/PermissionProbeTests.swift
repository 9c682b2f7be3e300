import AWSClient
import Testing

/// A permission is granted where IAM answered, and not where anybody did.
@Suite struct PermissionProbeTests {
    private func probe(_ body: String) throws {
        _ = try PermissionProbe.output(of: HTTPResponse(status: 200, body: Array(body.utf8)))
    }

    @Test func `IAM's answer is one, whatever is in it`() throws {
        try probe("<GetAccountSummaryResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"/>")
        try probe("<ListUserTagsResponse><ListUserTagsResult><Tags/></ListUserTagsResult></ListUserTagsResponse>")
    }

    @Test(arguments: [
        "", "ok", "<!DOCTYPE html><html>Please sign in</html>", "<html><body>Please sign in</body></html>",
        "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>", "<Response/>",
        "<GetAccountSummaryResponse><GetAccountSummary",
    ])
    func `a page of somebody in between, and half an answer, are none`(body: String) throws {
        #expect(throws: AnswerError.self) { try probe(body) }
    }
}
