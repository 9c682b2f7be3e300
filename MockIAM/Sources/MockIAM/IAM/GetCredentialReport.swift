import NIOCore

extension QueryOperation {
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
