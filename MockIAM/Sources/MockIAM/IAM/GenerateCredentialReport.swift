extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateCredentialReport.html
    static let generateCredentialReport = QueryOperation(.iam, "GenerateCredentialReport") {
        call, result throws(AWSError) in
        switch try call.world.withReport(of: call.account, { report, now in report.generate(at: now) }) {
        case .started:
            result.field("State", "STARTED")
            result.field("Description", "No report exists. Starting a new report generation task")
        case .inProgress:
            result.field("State", "INPROGRESS")
        case .complete:
            result.field("State", "COMPLETE")
        }
    }
}
