import NIOCore

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

    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetCredentialReport.html
    static let getCredentialReport = QueryOperation(.iam, "GetCredentialReport") { call, result throws(AWSError) in
        let account = call.account
        let (content, generated) = try call.world.withReport(of: account) { report, now throws(AWSError) in
            try report.fetch(account, at: now)
        }
        result.field("ReportFormat", "text/csv")
        result.field("Content") { bytes in
            if let content {
                bytes.writeImmutableBuffer(content)
            } else {
                CredentialReportCSV(account, at: generated).writeBase64(to: &bytes)
            }
        }
        result.field("GeneratedTime", generated)
    }
}
